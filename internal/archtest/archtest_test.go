package archtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/archtest"
)

// root is the module's root as seen from this folder.
const root = "../.."

func load(t *testing.T, dir string) []archtest.File {
	t.Helper()
	files, err := archtest.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestPackageMap(t *testing.T) {
	t.Parallel()
	files := load(t, root)
	if len(files) < 400 { // a walk that finds nothing would pass everything
		t.Fatalf("only %d Go files were found", len(files))
	}
	for _, b := range archtest.Formwork().Check(files) {
		t.Error(b)
	}
}

func TestPackageMapRunsDownwards(t *testing.T) {
	t.Parallel()
	for _, s := range archtest.Formwork().Layers() {
		t.Error(s)
	}
}

// TestChecksCanFail holds the rules against a small tree in which each is broken once.
func TestChecksCanFail(t *testing.T) {
	t.Parallel()
	rules := archtest.Rules{
		Module: "example.com/house",
		Packages: []archtest.Package{
			{Path: "cellar", Layer: 0},
			{Path: "cellar/celltest", Layer: 0},
			{Path: "kitchen/...", Layer: 1, May: []string{"cellar/...", "kitchen/...", "!kitchen/stove"}},
			{Path: "garden", Layer: 1, May: []string{"cellar"}},
		},
		Apart:   [][2]string{{"garden", "kitchen"}},
		Homes:   map[string]archtest.Home{"lib.example/knife": {Packages: []string{"kitchen"}}, "lib.example/spade": {Tests: true}},
		MaxFile: 29, MaxFunc: 6, MaxIface: 2,
		Large: map[string]string{"kitchen/big.go: cook": "a recipe", "kitchen/gone.go": "was long"},
	}
	var got []string
	for _, b := range rules.Check(load(t, "testdata/house")) {
		got = append(got, b.String())
	}
	want := []string{
		"attic/attic.go:1: attic is not in the package map",
		"cellar/cellar.go:4: cellar imports example.com/house/garden",
		"cellar/cellar.go:5: cellar imports lib.example/knife/sharp; allowed in: kitchen",
		"cellar/cellar.go:6: cellar imports testing: no testing in production files",
		"garden/garden.go:4: garden imports cellar/celltest; allowed: cellar",
		"garden/garden.go:4: garden imports cellar/celltest: no test package in production files",
		"garden/garden.go:6: garden imports lib.example/spade; allowed in: none",
		"garden/garden.go:5: garden imports lib.example/rake: a library without a home",
		"garden/garden_test.go:4: garden imports kitchen: garden and kitchen never import each other",
		"kitchen/big.go:1: lines of the file: 30; the limit is 29",
		"kitchen/big.go:18: lines of (pot).boil: 7; the limit is 6",
		"kitchen/big.go:26: methods of Guest: 3; the limit is 2",
		"kitchen/big.go:4: kitchen imports kitchen/stove; allowed: ",
		`kitchen/gone.go:1: "kitchen/gone.go" is listed as large, but is not`,
	}
	for i := range want {
		want[i] = strings.Replace(want[i], "example.com/house/", "", 1)
	}
	if len(got) != len(want) {
		t.Fatalf("breaches:\n%s", strings.Join(got, "\n"))
	}
	for _, w := range want {
		if !anyHasPrefix(got, w) {
			t.Errorf("no breach begins %q; there are:\n%s", w, strings.Join(got, "\n"))
		}
	}
}

func TestLayersCanFail(t *testing.T) {
	t.Parallel()
	rules := archtest.Rules{Packages: []archtest.Package{{Path: "low", Layer: 0, May: []string{"high"}}, {Path: "high", Layer: 1, May: []string{"low"}}}}
	if diff := cmp.Diff([]string{"low (layer 0) may import high (layer 1)"}, rules.Layers()); diff != "" {
		t.Error(diff)
	}
}

func anyHasPrefix(l []string, prefix string) bool {
	for _, s := range l {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}
