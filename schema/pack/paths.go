package pack

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/formwork-run/formwork/schema"
)

// folders are the places definitions live in, each with what it holds.
var folders = map[string]string{
	"forms": "form", "flows": "flow", "access": "access", "views": "view",
	"data": "data", "scenarios": "scenario", "i18n": "i18n",
}

// later are folders of the format whose content this version cannot run yet.
var later = []string{"reports", "ledgers", "automations", "pages"}

var (
	itemName  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}\.yaml$`)
	dataName  = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}\.yaml$`)
	langName  = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\.yaml$`)
	assetName = regexp.MustCompile(`^assets/([A-Za-z0-9_-]+/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*\.(png|jpg|jpeg|webp|svg|pdf|txt|csv)$`)
)

// checkPath refuses names that would leave the pack or mean different files on different systems.
func checkPath(name string) *schema.Problem {
	var p schema.Problem
	switch {
	case name == "" || len(name) > MaxPath:
		p = fileProblem(clip(name), "file.path", "a file name has between 1 and %d bytes", MaxPath)
	case !utf8.ValidString(name):
		p = fileProblem(clip(strings.ToValidUTF8(name, "?")), "file.path", "the file name is not UTF-8")
	case strings.ContainsAny(name, "\\:\x00") || strings.HasPrefix(name, "/"):
		p = fileProblem(clip(name), "file.path", "%q is not a relative path with slashes", name)
	case path.Clean(name) != name || name == ".." || strings.HasPrefix(name, "../"):
		p = fileProblem(clip(name), "file.path", "%q leads out of the pack or is not in its shortest form", name)
	default:
		return nil
	}
	return &p
}

func clip(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}

// ignored are files every system leaves behind; they are no part of a pack.
func ignored(name string) bool {
	base := path.Base(name)
	return base == ".DS_Store" || base == "Thumbs.db" || base == ".gitignore" || base == ".gitkeep" ||
		strings.HasPrefix(name, ".git/") || strings.HasPrefix(name, "__MACOSX/")
}

// checkPlace refuses files that have no place in a pack.
func checkPlace(name string) *schema.Problem {
	dir, rest, nested := strings.Cut(name, "/")
	var p schema.Problem
	switch {
	case !nested && (name == "pack.yaml" || name == "roles.yaml" || name == "README.md" || name == "LICENSE"):
		return nil
	case slices.Contains(later, dir) && nested:
		p = fileProblem(name, "pack.unsupported", "folder %s/ is not supported by this version of Formwork", dir)
	case dir == "assets" && nested:
		if assetName.MatchString(name) {
			return nil
		}
		p = fileProblem(name, "pack.unknown_file", "an asset is named with letters, digits, - and _ and is a png, jpg, webp, svg, pdf, txt or csv")
	case folders[dir] != "" && nested:
		return checkItemName(name, dir, rest)
	case strings.HasSuffix(name, ".yml"):
		p = fileProblem(name, "pack.unknown_file", "the file must end in .yaml")
	default:
		p = fileProblem(name, "pack.unknown_file", "this file has no place in a pack; known are pack.yaml, roles.yaml, forms/, flows/, access/, views/, data/, scenarios/, i18n/ and assets/")
	}
	return &p
}

func checkItemName(name, dir, rest string) *schema.Problem {
	pattern, what := itemName, "a lower-case key such as expense_contract"
	switch dir {
	case "data", "scenarios":
		pattern, what = dataName, "lower-case letters, digits, - and _"
	case "i18n":
		pattern, what = langName, "a language tag such as en"
	}
	if pattern.MatchString(rest) {
		return nil
	}
	p := fileProblem(name, "pack.unknown_file", "a file in %s/ is named with %s and ends in .yaml", dir, what)
	return &p
}

// maxSize is the limit of a file by its place.
func maxSize(name string) int64 {
	if strings.HasPrefix(name, "assets/") {
		return MaxAsset
	}
	return MaxYAML
}
