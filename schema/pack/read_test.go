package pack_test

import (
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/formwork-run/formwork/schema/pack"
)

// good is the small pack most tests start from.
func good(t *testing.T) fstest.MapFS {
	t.Helper()
	return load(t, os.DirFS("testdata/good"))
}

func load(t *testing.T, fsys fs.FS) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestReadGood(t *testing.T) {
	t.Parallel()
	p, problems := pack.Read(good(t))
	for _, x := range problems {
		t.Error(pack.Format(x))
	}
	if t.Failed() {
		return
	}
	if p.Meta.Key != "shop" || p.App.Key != "shop" || p.App.Version != "0.1.0" {
		t.Errorf("meta = %+v", p.Meta)
	}
	if len(p.App.Forms) != 2 || len(p.App.Flows) != 1 || len(p.App.Views) != 1 || len(p.App.Access.Groups) != 2 || len(p.App.Access.Roles) != 2 {
		t.Errorf("app = %d forms, %d flows, %d views, %d groups, %d roles", len(p.App.Forms), len(p.App.Flows), len(p.App.Views), len(p.App.Access.Groups), len(p.App.Access.Roles))
	}
	var order []string
	for _, f := range p.App.Form("order").Fields {
		order = append(order, f.Key)
	}
	if got := strings.Join(order, " "); got != "name item price owner lines" {
		t.Errorf("fields stand in the order %q", got)
	}
	if got := p.App.Form("item").Title.In("en"); got != "Item" {
		t.Errorf("English title = %q: i18n was not applied", got)
	}
	if got := p.App.Form("item").Title.In("zh-CN"); got != "物品" {
		t.Errorf("Chinese title = %q", got)
	}
}

// TestReadBroken reads the good pack with the files of each folder of
// testdata/broken laid over it; "want" says "file[:line] code".
func TestReadBroken(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("testdata/broken")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 15 {
		t.Fatalf("only %d broken packs", len(entries))
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			files := good(t)
			for name, f := range load(t, os.DirFS(path.Join("testdata/broken", e.Name()))) {
				files[name] = f
			}
			want := strings.TrimSpace(string(files["want"].Data))
			delete(files, "want")
			place, code, _ := strings.Cut(want, " ")
			file, line, hasLine := strings.Cut(place, ":")
			_, problems := pack.Read(files)
			for _, p := range problems {
				at, _, _ := strings.Cut(p.Path, "#")
				if at != file || code != "*" && p.Code != code || hasLine && strconv.Itoa(p.Line) != line {
					continue
				}
				if hasLine && p.Column < 1 || p.Message == "" || p.Warning {
					t.Errorf("incomplete: %+v", p)
				}
				return
			}
			t.Errorf("want %s, got:", want)
			for _, p := range problems {
				t.Log(pack.Format(p))
			}
		})
	}
}

func TestReadReportsEverything(t *testing.T) {
	t.Parallel()
	files := good(t)
	files["forms/item.yaml"] = &fstest.MapFile{Data: []byte("key: item\ntitle: [\n")}
	files["views/all_orders.yaml"] = &fstest.MapFile{Data: []byte("form: order\nkind: pie\nsort: 3\n")}
	_, problems := pack.Read(files)
	got := map[string]bool{}
	for _, p := range problems {
		got[p.Path[:strings.Index(p.Path, "#")]+" "+p.Code] = true
	}
	for _, want := range []string{"forms/item.yaml yaml.syntax", "views/all_orders.yaml view.kind", "views/all_orders.yaml type"} {
		if !got[want] {
			t.Errorf("missing %q in %v", want, got)
		}
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	files := good(t)
	files["views/all_orders.yaml"] = &fstest.MapFile{Data: []byte("form: order\nkind: pie\n")}
	_, problems := pack.Read(files)
	if len(problems) != 1 {
		t.Fatalf("%d problems, want 1: %v", len(problems), problems)
	}
	if got, want := pack.Format(problems[0]), `views/all_orders.yaml:2:7: there is no view kind "pie" [view.kind]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestReadWithoutMeta(t *testing.T) {
	t.Parallel()
	p, problems := pack.Read(fstest.MapFS{"forms/a.yaml": {Data: []byte("key: a\n")}})
	if p != nil || len(problems) != 1 || problems[0].Code != "pack.no_meta" {
		t.Errorf("got %v, %v", p, problems)
	}
}

func TestReadSetOrdersByRequires(t *testing.T) {
	t.Parallel()
	packs, problems := pack.ReadSet(fstest.MapFS{
		"aaa/pack.yaml":   {Data: []byte("key: aaa\nversion: 1.0.0\ntitle: A\nrequires: [bbb]\n")},
		"bbb/pack.yaml":   {Data: []byte("key: bbb\nversion: 1.0.0\ntitle: B\nrequires: [ccc]\n")},
		"ccc/pack.yaml":   {Data: []byte("key: ccc\nversion: 1.0.0\ntitle: C\n")},
		"demo/org.yaml":   {Data: []byte("users: []\n")},
		"loop1/pack.yaml": {Data: []byte("key: loop1\nversion: 1.0.0\ntitle: L\nrequires: [loop2]\n")},
		"loop2/pack.yaml": {Data: []byte("key: loop2\nversion: 1.0.0\ntitle: L\nrequires: [loop1]\n")},
	})
	var keys []string
	for _, p := range packs {
		keys = append(keys, p.Meta.Key)
	}
	if got := strings.Join(keys, " "); got != "ccc bbb aaa loop1 loop2" {
		t.Errorf("order = %q", got)
	}
	if len(problems) != 1 || problems[0].Code != "requires.missing" || !strings.HasPrefix(problems[0].Path, "loop1/pack.yaml#") {
		t.Errorf("problems = %v", problems)
	}
}
