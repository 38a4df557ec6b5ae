package archtest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	markdownLink = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)
	sourcePath   = regexp.MustCompile("`((?:bench|builder-api|cmd|docs|engine|examples|integration|internal|rbac|runtime|schema|storage|web)/[A-Za-z0-9_./-]*)`")
)

// TestDocumentsNameWhatIsThere follows every relative link of the documents, and
// looks for every path of the repository that they name in backticks.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	t.Parallel()
	named := 0
	for _, file := range documents(t) {
		text := readFile(t, file)
		for _, m := range markdownLink.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			named++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", file, m[1])
			}
		}
		for _, m := range sourcePath.FindAllStringSubmatch(text, -1) {
			named++
			if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
				t.Errorf("%s names %s, which is not there", file, m[1])
			}
		}
	}
	if named < 100 { // patterns that match nothing would pass everything
		t.Errorf("only %d names were found", named)
	}
}

// documents lists the Markdown files of the root and of docs.
func documents(t *testing.T) []string {
	t.Helper()
	out, err := filepath.Glob(root + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root+"/docs", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".md") {
			out = append(out, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
