package web_test

import (
	"encoding/json"
	"os"
	"path"
	"sort"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/web"
)

// What a phone may load until the first form takes input, gzip, and the most
// that a kind of field or control may add when it is first shown.
const (
	maxFirstJS  = 150 * 1000
	maxFirstCSS = 20 * 1000
	maxLazyJS   = 25 * 1000
)

// chunk is an entry of Vite's manifest.
type chunk struct {
	File    string   `json:"file"`
	Src     string   `json:"src"`
	Imports []string `json:"imports"`
	CSS     []string `json:"css"`
}

func manifest(t *testing.T) (map[string]chunk, *web.Assets) {
	t.Helper()
	a, err := web.Load()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("dist/manifest.json")
	if err != nil {
		t.Fatalf("run `npm run build`: %v", err)
	}
	var m map[string]chunk
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m, a
}

// closure collects the files a chunk needs before it runs.
func closure(t *testing.T, m map[string]chunk, key string, files map[string]bool) {
	t.Helper()
	c, ok := m[key]
	if !ok {
		t.Fatalf("the manifest has no %s", key)
	}
	if files[c.File] {
		return
	}
	files[c.File] = true
	for _, css := range c.CSS {
		files[css] = true
	}
	for _, next := range c.Imports {
		closure(t, m, next, files)
	}
}

// weigh sums the gzip sizes of the files with an extension.
func weigh(t *testing.T, a *web.Assets, files map[string]bool, ext string) int {
	t.Helper()
	sum := 0
	for name := range files {
		if path.Ext(name) != ext {
			continue
		}
		f, ok := a.File(name)
		if !ok {
			t.Fatalf("%s is not in the build", name)
		}
		if size := f.Size(web.Gzip); size > 0 {
			sum += size
		} else {
			sum += f.Size(web.Plain)
		}
	}
	return sum
}

// firstForm is what a phone loads for a form with plain fields, a subtable and pickers.
var firstForm = []string{
	"index.html",
	"src/kit/phone/index.tsx",
	"src/runtime/shell/phone.tsx",
	"src/runtime/record/form-page.tsx",
	"src/render/subtable/edit.tsx",
	"src/render/subtable/cards.tsx",
	"src/fields/relation/edit.tsx",
	"src/kit/phone/remote-select.tsx",
}

func TestFirstFormOnAPhoneIsSmall(t *testing.T) {
	t.Parallel()
	m, a := manifest(t)
	files := map[string]bool{"compat.js": true}
	for _, key := range firstForm {
		closure(t, m, key, files)
	}
	for name := range files {
		if strings.Contains(name, "desktop") {
			t.Errorf("%s is loaded on a phone", name)
		}
	}
	js, css := weigh(t, a, files, ".js"), weigh(t, a, files, ".css")
	t.Logf("first form: %d bytes of script, %d bytes of style", js, css)
	if js > maxFirstJS || css > maxFirstCSS {
		t.Errorf("script %d (at most %d), style %d (at most %d): %v", js, maxFirstJS, css, maxFirstCSS, names(files))
	}
}

func TestLazyKindsAreSmall(t *testing.T) {
	t.Parallel()
	m, a := manifest(t)
	base := map[string]bool{}
	for _, key := range firstForm[:4] {
		closure(t, m, key, base)
	}
	found := 0
	for key := range m {
		if !strings.HasPrefix(key, "src/fields/") && !strings.HasPrefix(key, "src/kit/phone/") && !strings.HasPrefix(key, "src/render/") {
			continue
		}
		found++
		files := map[string]bool{}
		closure(t, m, key, files)
		for name := range base {
			delete(files, name)
		}
		if js := weigh(t, a, files, ".js"); js > maxLazyJS {
			t.Errorf("%s adds %d bytes of script, at most %d: %v", key, js, maxLazyJS, names(files))
		}
	}
	if found < 5 {
		t.Errorf("only %d lazy kinds in the manifest: does the test look at the right names?", found)
	}
}

func names(files map[string]bool) []string {
	out := make([]string, 0, len(files))
	for name := range files {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
