package engine_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var docRow = regexp.MustCompile("(?m)^\\| `([a-z_]+\\.[a-z_]+)` \\| ([a-z_]+) \\|")

// documented reads the table of refusals in docs/flow.md: code → kind.
var documented = sync.OnceValues(func() (map[string]string, error) {
	raw, err := os.ReadFile("../docs/flow.md")
	out := map[string]string{}
	for _, m := range docRow.FindAllStringSubmatch(string(raw), -1) {
		out[m[1]] = m[2]
	}
	return out, err
})

func refusalCodes(t tb) []string {
	t.Helper()
	codes, err := documented()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(codes))
}

var (
	faultCall = regexp.MustCompile(`fault\.Newf?\(fault\.(\w+), "([a-z_]+\.[a-z_]+)"`)
	toCall    = regexp.MustCompile(`(?:toInvalid|choiceInvalid)\("([a-z_]+\.[a-z_]+)"`)
	lacksCall = regexp.MustCompile(`(?:lacks|tooMuch)\("([a-z_]+\.[a-z_]+)"`)
	stateCode = regexp.MustCompile(`code, text :?= "([a-z_]+\.[a-z_]+)"`)
	camel     = regexp.MustCompile(`([a-z])([A-Z])`)
)

// TestRefusalsAreDocumented: the table in docs/flow.md lists exactly the codes of the source, with their kinds.
func TestRefusalsAreDocumented(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	source := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range faultCall.FindAllStringSubmatch(string(raw), -1) {
			if m[1] != "Internal" { // defects, not refusals
				source[m[2]] = strings.ToLower(camel.ReplaceAllString(m[1], "${1}_${2}"))
			}
		}
		for _, m := range lacksCall.FindAllStringSubmatch(string(raw), -1) {
			source[m[1]] = "invalid"
		}
		for _, m := range toCall.FindAllStringSubmatch(string(raw), -1) {
			source[m[1]] = "invalid"
		}
		for _, m := range stateCode.FindAllStringSubmatch(string(raw), -1) {
			source[m[1]] = "refused"
		}
	}
	docs, err := documented()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(source, docs); d != "" {
		t.Errorf("source and docs/flow.md differ (-source +docs): %s", d)
	}
}
