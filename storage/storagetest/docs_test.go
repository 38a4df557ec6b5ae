package storagetest_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/formwork-run/formwork/storage/storagetest"
)

// Every case is named in docs/storage.md, and every name there is a case.
func TestDocsNameEveryCase(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/storage.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`([a-z]+/[a-z0-9-]+)`").FindAllStringSubmatch(string(text), -1) {
		named[m[1]] = true
	}
	for _, name := range storagetest.Cases() {
		if !named[name] {
			t.Errorf("%s is not in docs/storage.md", name)
		}
		delete(named, name)
	}
	for name := range named {
		if name != "storage/sqlite" && name != "storage/mongo" && name != "storage/storagetest" && name != "storage/filter" {
			t.Errorf("docs/storage.md names %s, which is no case", name)
		}
	}
}
