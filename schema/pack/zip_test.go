package pack_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/pack"
)

type zipFile struct {
	name string
	data string
	mode fs.FileMode
	// store writes the data as it is: compressing many megabytes takes time.
	store bool
}

func makeZip(t testing.TB, files ...zipFile) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		if f.store {
			h.Method = zip.Store
		}
		if f.mode != 0 {
			h.SetMode(f.mode)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(f.data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readZip(data []byte) (*pack.Pack, []schema.Problem) {
	return pack.ReadZip(bytes.NewReader(data), int64(len(data)))
}

// randomText does not compress well, so that only the size can be refused.
func randomText(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + r.IntN(26))
	}
	return string(b)
}

const meta = "key: a\nversion: 1.0.0\ntitle: A\n"

func TestZipGuards(t *testing.T) {
	t.Parallel()
	ok := zipFile{name: "pack.yaml", data: meta}
	many := []zipFile{ok}
	for i := range 2100 {
		many = append(many, zipFile{name: fmt.Sprintf("data/f%d.yaml", i), data: "records: []\n"})
	}
	var big []zipFile
	noise := randomText(12 << 20)
	for i := range 7 {
		big = append(big, zipFile{name: fmt.Sprintf("assets/f%d.txt", i), data: noise[:9<<20], store: true})
	}
	for _, c := range []struct {
		name, code string
		files      []zipFile
	}{
		{"parent folder", "file.path", []zipFile{ok, {name: "../evil.yaml", data: "x"}}},
		{"parent inside", "file.path", []zipFile{ok, {name: "forms/../../evil.yaml", data: "x"}}},
		{"absolute", "file.path", []zipFile{ok, {name: "/etc/passwd", data: "x"}}},
		{"backslash", "file.path", []zipFile{ok, {name: `forms\a.yaml`, data: "x"}}},
		{"drive", "file.path", []zipFile{ok, {name: "C:forms/a.yaml", data: "x"}}},
		{"not shortest", "file.path", []zipFile{ok, {name: "forms//a.yaml", data: "x"}}},
		{"not UTF-8", "file.path", []zipFile{ok, {name: "forms/\xff.yaml", data: "x"}}},
		{"long name", "file.path", []zipFile{ok, {name: "assets/" + strings.Repeat("a", 300) + ".txt", data: "x"}}},
		{"symlink", "file.irregular", []zipFile{ok, {name: "forms/a.yaml", data: "/etc/passwd", mode: fs.ModeSymlink | 0o777}}},
		{"device", "file.irregular", []zipFile{ok, {name: "forms/a.yaml", mode: fs.ModeDevice | 0o600}}},
		{"twice", "file.duplicate", []zipFile{ok, ok}},
		{"case clash", "file.duplicate", []zipFile{ok, {name: "assets/a.txt", data: "x"}, {name: "assets/A.txt", data: "y"}}},
		{"ratio", "zip.ratio", []zipFile{ok, {name: "assets/zero.txt", data: strings.Repeat("\x00", 8<<20)}}},
		{"asset too large", "file.too_large", []zipFile{ok, {name: "assets/big.txt", data: noise[:11<<20], store: true}}},
		{"yaml too large", "file.too_large", []zipFile{ok, {name: "data/big.yaml", data: noise[:3<<20], store: true}}},
		{"total", "pack.too_large", append([]zipFile{ok}, big...)},
		{"many files", "pack.too_many_files", many},
		{"latin-1", "file.encoding", []zipFile{{name: "pack.yaml", data: "key: a\ntitle: \xe4\n"}}},
		{"deep flow", "yaml.too_deep", []zipFile{ok, {name: "data/a.yaml", data: "records: " + strings.Repeat("[", 5000)}}},
		{"deep block", "yaml.too_deep", []zipFile{ok, {name: "data/a.yaml", data: strings.Repeat("- ", 5000) + "x"}}},
		{"many keys", "yaml.too_many_keys", []zipFile{ok, {name: "data/a.yaml", data: strings.Repeat("a:\n", 4000)}}},
		{"many keys below", "yaml.too_many_keys", []zipFile{ok, {name: "data/a.yaml", data: "x:\n" + strings.Repeat("  a:\n", 4000)}}},
		{"explicit keys", "yaml.key", []zipFile{ok, {name: "data/a.yaml", data: strings.Repeat("? a\n", 20000), store: true}}},
		{"executable", "pack.unknown_file", []zipFile{ok, {name: "assets/run.sh", data: "x"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, problems := readZip(makeZip(t, c.files...))
			for _, p := range problems {
				if p.Code == c.code {
					return
				}
			}
			t.Errorf("want %s, got %v", c.code, problems)
		})
	}
}

func TestZipUnreadable(t *testing.T) {
	t.Parallel()
	for _, data := range [][]byte{nil, []byte("PK"), []byte("not a zip at all"), makeZip(t, zipFile{name: "pack.yaml", data: meta})[:60]} {
		p, problems := readZip(data)
		if p != nil || len(problems) == 0 || problems[0].Code != "zip.unreadable" {
			t.Errorf("%q: got %v, %v", data, p, problems)
		}
	}
}

func TestZipMayHaveOneFolderAround(t *testing.T) {
	t.Parallel()
	p, problems := readZip(makeZip(t, zipFile{name: "my-pack/"}, zipFile{name: "my-pack/pack.yaml", data: meta}, zipFile{name: "__MACOSX/._x", data: "x"}, zipFile{name: "my-pack/.DS_Store", data: "x"}))
	if len(problems) > 0 || p == nil || p.Meta.Key != "a" {
		t.Errorf("got %v, %v", p, problems)
	}
}

func TestSymlinkInFolder(t *testing.T) {
	t.Parallel()
	_, problems := pack.Read(fstest.MapFS{
		"pack.yaml":    {Data: []byte(meta)},
		"forms/a.yaml": {Data: []byte("../../x"), Mode: fs.ModeSymlink},
	})
	if len(problems) != 1 || problems[0].Code != "file.irregular" {
		t.Errorf("got %v", problems)
	}
}

func TestBuild(t *testing.T) {
	t.Parallel()
	files := good(t)
	files["assets/uniform.txt"] = &fstest.MapFile{Data: bytes.Repeat([]byte{'x'}, 1<<20)}
	p, problems := pack.Read(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var one, two bytes.Buffer
	sum, err := pack.Build(p, &one)
	if err != nil || !strings.HasPrefix(sum, "sha256:") || len(sum) != len("sha256:")+64 {
		t.Fatalf("digest %q, error %v", sum, err)
	}
	if _, err := pack.Build(p, &two); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Fatalf("two builds differ (%v)", err)
	}
	back, problems := readZip(one.Bytes())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if back.Meta.Digest != sum {
		t.Errorf("digest in the file = %q, want %q", back.Meta.Digest, sum)
	}
	if d := pack.Diff(p, back); len(d) > 0 {
		t.Errorf("what was built differs from its source: %+v", d)
	}
	var three bytes.Buffer
	if again, err := pack.Build(back, &three); err != nil || again != sum || !bytes.Equal(one.Bytes(), three.Bytes()) {
		t.Errorf("building what was built gives %q (%v)", again, err)
	}
}

func TestBuiltPackMayNotBeChanged(t *testing.T) {
	t.Parallel()
	p, _ := pack.Read(good(t))
	var b bytes.Buffer
	if _, err := pack.Build(p, &b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := load(t, z)
	files["views/all_orders.yaml"] = &fstest.MapFile{Data: append(files["views/all_orders.yaml"].Data, "# changed\n"...)}
	_, problems := pack.Read(files)
	if len(problems) != 1 || problems[0].Code != "pack.digest" {
		t.Errorf("got %v", problems)
	}
}

// FuzzReadZip: whatever comes in, reading ends, does not panic, stays within
// its limits, and a pack without errors builds and reads back as itself.
func FuzzReadZip(f *testing.F) {
	f.Add(makeZip(f, zipFile{name: "pack.yaml", data: meta}))
	f.Add(makeZip(f, zipFile{name: "pack.yaml", data: meta}, zipFile{name: "forms/a.yaml", data: "key: a\nschema: {type: object, properties: {x: {type: string}}}\n"}))
	f.Add(makeZip(f, zipFile{name: "x/pack.yaml", data: meta}, zipFile{name: "x/data/a.yaml", data: "records: [{form: a, data: {}}]"}))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, problems := readZip(data)
		if p == nil || schema.HasErrors(problems) {
			return
		}
		var b bytes.Buffer
		if _, err := pack.Build(p, &b); err != nil {
			t.Fatal(err)
		}
		back, problems := readZip(b.Bytes())
		if back == nil || schema.HasErrors(problems) {
			t.Fatalf("what was built cannot be read: %v", problems)
		}
	})
}

// FuzzReadYAML reads arbitrary text as each kind of file.
func FuzzReadYAML(f *testing.F) {
	for _, name := range []string{"forms/order.yaml", "flows/order.yaml", "access/order.yaml", "views/all_orders.yaml", "data/orders.yaml", "scenarios/order.yaml", "i18n/en.yaml", "pack.yaml"} {
		data, err := fs.ReadFile(os.DirFS("testdata/good"), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("a: &a [*a]")
	f.Add("? [a, b]\n: c")
	f.Add("- - - - -")
	f.Fuzz(func(t *testing.T, text string) {
		files := fstest.MapFS{"pack.yaml": {Data: []byte(meta)}}
		for _, name := range []string{"forms/a.yaml", "flows/a.yaml", "access/a.yaml", "views/a.yaml", "data/a.yaml", "scenarios/a.yaml", "i18n/en.yaml", "roles.yaml"} {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		_, problems := pack.Read(files)
		for _, p := range problems {
			_ = pack.Format(p)
		}
		pack.ReadOrg("org.yaml", []byte(text))
	})
}
