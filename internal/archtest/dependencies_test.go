package archtest_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/archtest"
)

// row is one line of a table of docs/dependencies.md.
type row struct{ name, why, home, alive string }

var (
	inTicks = regexp.MustCompile("`([^`]+)`")
	lives   = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+, 20[0-9]{2}\b`)
)

// documented reads the table below a heading; columns is how many it has.
func documented(t *testing.T, heading string, columns int) map[string]row {
	t.Helper()
	text := readFile(t, root+"/docs/dependencies.md")
	_, part, found := strings.Cut(text, "\n## "+heading+"\n")
	if !found {
		t.Fatalf("docs/dependencies.md has no part %q", heading)
	}
	part, _, _ = strings.Cut(part, "\n## ")
	out := map[string]row{}
	for _, line := range strings.Split(part, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		name := inTicks.FindStringSubmatch(cells[0])
		if !strings.HasPrefix(line, "| `") || name == nil {
			continue
		}
		if len(cells) != columns {
			t.Errorf("%s: %d columns, not %d", name[1], len(cells), columns)
			continue
		}
		r := row{name: name[1], why: cells[1], alive: cells[columns-1]}
		if columns == 4 {
			r.home = cells[2]
		}
		if r.why == "" || !lives.MatchString(r.alive) {
			t.Errorf("%s: a reason, and the version with its year, are missing: %q", r.name, line)
		}
		out[r.name] = r
	}
	return out
}

func TestGoDependenciesAreDocumented(t *testing.T) {
	t.Parallel()
	required := requirements(t)
	used := direct(t, load(t, root), required)
	docs := documented(t, "Go", 4)
	if diff := cmp.Diff(used, keys(docs)); diff != "" {
		t.Errorf("docs/dependencies.md and the imports that go.mod serves differ (-imported +documented):\n%s", diff)
	}
	homes := archtest.Formwork().Homes
	for _, r := range docs {
		if version, _, _ := strings.Cut(r.alive, ","); version != required[r.name] {
			t.Errorf("%s: documented %s, go.mod has %s", r.name, version, required[r.name])
		}
		if diff := cmp.Diff(homeText(homes, r.name), packagesIn(r.home)); diff != "" {
			t.Errorf("%s: homes differ (-enforced +documented):\n%s", r.name, diff)
		}
	}
}

func TestBrowserDependenciesAreDocumented(t *testing.T) {
	t.Parallel()
	var pkg struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(readFile(t, root+"/web/package.json")), &pkg); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, m := range []map[string]string{pkg.Dependencies, pkg.DevDependencies} {
		for name, version := range m {
			want[name] = version
		}
	}
	got := map[string]string{}
	for name, r := range documented(t, "Browser", 3) {
		got[name], _, _ = strings.Cut(r.alive, ",")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/dependencies.md and web/package.json differ (-package.json +documented):\n%s", diff)
	}
}

// requirements reads go.mod: module → version.
func requirements(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	line := regexp.MustCompile(`(?m)^(?:require )?\s*(\S+\.\S+/\S+) (v\S+)`)
	for _, m := range line.FindAllStringSubmatch(readFile(t, root+"/go.mod"), -1) {
		out[m[1]] = m[2]
	}
	return out
}

// direct are the required modules that some file imports, sorted.
func direct(t *testing.T, files []archtest.File, required map[string]string) []string {
	t.Helper()
	found := map[string]bool{}
	for _, f := range files {
		for _, i := range f.Imports {
			first, _, _ := strings.Cut(i.Path, "/")
			if !strings.Contains(first, ".") || strings.HasPrefix(i.Path, "github.com/formwork-run/") {
				continue
			}
			best := ""
			for m := range required {
				if (i.Path == m || strings.HasPrefix(i.Path, m+"/")) && len(m) > len(best) {
					best = m
				}
			}
			if best == "" {
				t.Errorf("%s:%d: go.mod does not require %s", f.Path, i.Line, i.Path)
			}
			found[best] = true
		}
	}
	return keys(found)
}

// homeText lists what archtest allows a module, as the page writes it.
func homeText(homes map[string]archtest.Home, module string) []string {
	var out []string
	for prefix, h := range homes {
		if prefix != module && !strings.HasPrefix(prefix, module+"/") {
			continue
		}
		out = append(out, h.Packages...)
		if h.Tests {
			out = append(out, "tests")
		}
	}
	sort.Strings(out)
	return out
}

func packagesIn(cell string) []string {
	var out []string
	for _, c := range strings.Split(cell, ", ") {
		out = append(out, strings.Trim(c, "`"))
	}
	sort.Strings(out)
	return out
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
