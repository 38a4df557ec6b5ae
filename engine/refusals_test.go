package engine_test

import (
	"os"
	"regexp"
	"slices"
)

func refusalCodes(t tb) []string {
	t.Helper()
	var out []string
	raw, _ := os.ReadFile("refusals_test.go")
	_ = raw
	files, _ := os.ReadDir(".")
	for _, f := range files {
		src, _ := os.ReadFile(f.Name())
		for _, m := range regexp.MustCompile(`"([a-z]+\.[a-z_]+)"`).FindAllStringSubmatch(string(src), -1) {
			out = append(out, m[1])
		}
	}
	slices.Sort(out)
	return out
}
