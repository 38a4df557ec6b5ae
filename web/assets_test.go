package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/web"
)

var script = []byte(strings.Repeat("console.log('模板工程');\n", 100))

func build(t *testing.T, js []byte) *web.Assets {
	t.Helper()
	a, err := web.New(fstest.MapFS{
		"index.html":      {Data: []byte(`<head><!--boot--></head><script src="./assets/main.js"></script>`)},
		"assets/main.js":  {Data: js},
		"assets/tiny.css": {Data: []byte("a{}")},
		"assets/pic.png":  {Data: bytes.Repeat([]byte{0}, 2000)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestIndexPointsAtThisBuild(t *testing.T) {
	t.Parallel()
	a := build(t, script)
	page, err := a.Index(map[string]string{"lang": "en"})
	if err != nil {
		t.Fatal(err)
	}
	want := `<head><script type="application/json" id="boot">{"lang":"en"}</script></head><script src="/a/` + a.Hash() + `/assets/main.js"></script>`
	if diff := cmp.Diff(want, string(page)); diff != "" {
		t.Error(diff)
	}
}

func TestBootCannotEndItsElement(t *testing.T) {
	t.Parallel()
	evil := `</script><script>alert(1)</script><!--` + "\u2028"
	page, err := build(t, script).Index(map[string]string{"name": evil})
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	if strings.Contains(text, "alert(1)</script>") || strings.Contains(text, "<!--") {
		t.Fatalf("boot data breaks out of its element: %s", text)
	}
	start := strings.Index(text, `id="boot">`) + len(`id="boot">`)
	var back map[string]string
	if err := json.Unmarshal([]byte(text[start:start+strings.Index(text[start:], "</script>")]), &back); err != nil {
		t.Fatal(err)
	}
	if back["name"] != evil {
		t.Errorf("boot data came back as %q", back["name"])
	}
}

func TestBootThatIsNoJSONIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := build(t, script).Index(func() {}); err == nil {
		t.Error("no error")
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	a := build(t, script)
	tests := []struct {
		path        string
		ok, current bool
	}{
		{a.Prefix() + "assets/main.js", true, true},
		{"/a/000000000000/assets/main.js", true, false},
		{a.Prefix() + "assets/none.js", false, true},
		{a.Prefix() + "../index.html", false, true},
		{a.Prefix() + "index.html", false, true},
		{"/a/assets", false, false},
		{"/assets/main.js", false, false},
	}
	for _, tt := range tests {
		f, current, ok := a.Lookup(tt.path)
		if ok != tt.ok || current != tt.current || (f != nil) != tt.ok {
			t.Errorf("Lookup(%q) = %v, %t, %t; want found %t, current %t", tt.path, f != nil, current, ok, tt.ok, tt.current)
		}
	}
}

func TestHashFollowsTheContent(t *testing.T) {
	t.Parallel()
	a, same, other := build(t, script), build(t, script), build(t, append(script[:len(script):len(script)], ' '))
	if a.Hash() != same.Hash() || a.Hash() == other.Hash() {
		t.Errorf("hashes %s, %s (same build), %s (another)", a.Hash(), same.Hash(), other.Hash())
	}
}

func TestVariants(t *testing.T) {
	t.Parallel()
	a := build(t, script)
	tests := []struct {
		name, accept string
		want         web.Encoding
	}{
		{"assets/main.js", "gzip, deflate, br", web.Brotli},
		{"assets/main.js", "gzip", web.Gzip},
		{"assets/main.js", "br;q=0, gzip;q=0.5", web.Gzip},
		{"assets/main.js", "", web.Plain},
		{"assets/tiny.css", "gzip, br", web.Plain},
		{"assets/pic.png", "gzip, br", web.Plain},
	}
	for _, tt := range tests {
		f, ok := a.File(tt.name)
		if !ok {
			t.Fatalf("%s is missing", tt.name)
		}
		if _, got := f.Body(tt.accept); got != tt.want {
			t.Errorf("%s with %q came as %q, want %q", tt.name, tt.accept, got, tt.want)
		}
	}
}

func TestVariantsHoldTheFile(t *testing.T) {
	t.Parallel()
	f, _ := build(t, script).File("assets/main.js")
	gz, _ := f.Body("gzip")
	zr, err := gzip.NewReader(bytes.NewReader(gz))
	if err != nil {
		t.Fatal(err)
	}
	br, _ := f.Body("br")
	for name, r := range map[string]io.Reader{"gzip": zr, "br": brotli.NewReader(bytes.NewReader(br))} {
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, script) {
			t.Errorf("%s does not unpack to the file: %v", name, err)
		}
	}
}

func TestNewRefusesWhatIsNoBuild(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fstest.MapFS{
		"no page": {"a.js": {Data: []byte("x")}},
		"no mark": {"index.html": {Data: []byte("<html>")}},
	} {
		if _, err := web.New(files); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
