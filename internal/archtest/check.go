package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Breach is one place that breaks a rule.
type Breach struct {
	File string
	Line int
	Text string // what is wrong, and the rule
}

// String shows a breach as compilers do.
func (b Breach) String() string { return fmt.Sprintf("%s:%d: %s", b.File, b.Line, b.Text) }

// Rules are what the sources are held to.
type Rules struct {
	Module string // import path of the module
	// Packages is the package map: each folder with what it may import. The
	// longest pattern that covers a folder counts; a folder that none covers is
	// a breach.
	Packages []Package
	// Apart are pairs of folders that never import each other, tests included.
	Apart [][2]string
	// Homes are the folders that may import a library, by the library's prefix;
	// a library without a home is a breach.
	Homes map[string]Home
	// Testing gives the reason of each folder whose production files import testing.
	Testing map[string]string
	// Sizes beyond which a reason is needed.
	MaxFile, MaxFunc, MaxIface int
	// Large gives the reason for what is larger, by "file", "file: function" or
	// "file: interface". An entry that is needed no longer is a breach.
	Large map[string]string
}

// Package says where a folder stands and what it may import of this module.
// A pattern "x/..." covers x and all below it; one with "!" in front takes away
// again.
type Package struct {
	Path  string
	Layer int
	May   []string
}

// Home says who may import a library.
type Home struct {
	Packages []string
	Tests    bool // every test file may, too
}

// Check holds files to the rules and returns the breaches in the order of the files.
func (r Rules) Check(files []File) []Breach {
	var out []Breach
	used := map[string]bool{}
	for _, f := range files {
		out = append(out, r.imports(f)...)
		out = append(out, r.sizes(f, used)...)
	}
	for _, key := range sortedKeys(r.Large) {
		if file, _, _ := strings.Cut(key, ":"); !used[key] {
			out = append(out, Breach{file, 1, fmt.Sprintf("%q is listed as large, but is not: take it off the list", key)})
		}
	}
	return out
}

// Layers reports entries of the package map that may import a higher layer.
func (r Rules) Layers() []string {
	var out []string
	for _, p := range r.Packages {
		for _, q := range r.Packages {
			if q.Layer > p.Layer && allows(p.May, strings.TrimSuffix(q.Path, "/...")) {
				out = append(out, fmt.Sprintf("%s (layer %d) may import %s (layer %d)", p.Path, p.Layer, q.Path, q.Layer))
			}
		}
	}
	return out
}

func (r Rules) imports(f File) []Breach {
	var out []Breach
	say := func(line int, format string, a ...any) {
		out = append(out, Breach{f.Path, line, fmt.Sprintf(format, a...)})
	}
	home, known := r.find(f.Package)
	if !known {
		say(1, "%s is not in the package map: give it a layer and what it may import (internal/archtest/rules.go)", f.Package)
	}
	for _, i := range f.Imports {
		own, inside := strings.CutPrefix(i.Path, r.Module+"/")
		switch {
		case inside:
			for _, pair := range r.Apart {
				if below(f.Package, pair[0]) && below(own, pair[1]) || below(f.Package, pair[1]) && below(own, pair[0]) {
					say(i.Line, "%s imports %s: %s and %s never import each other", f.Package, own, pair[0], pair[1])
				}
			}
			if known && !f.Test && own != f.Package && !allows(home.May, own) {
				say(i.Line, "%s imports %s; allowed: %s", f.Package, own, names(home.May))
			}
			if !f.Test && testKit(own) && !testKit(f.Package) {
				say(i.Line, "%s imports %s: no test package in production files", f.Package, own)
			}
		case i.Path == "testing" || strings.HasPrefix(i.Path, "testing/"):
			if _, ok := r.Testing[f.Package]; !ok && !f.Test && !testKit(f.Package) {
				say(i.Line, "%s imports %s: no testing in production files", f.Package, i.Path)
			}
		case external(i.Path):
			if text := r.library(f, i.Path); text != "" {
				say(i.Line, "%s", text)
			}
		}
	}
	return out
}

// library says why a file may not import a library, "" when it may.
func (r Rules) library(f File, imp string) string {
	best := ""
	for prefix := range r.Homes {
		if below(imp, prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	if best == "" {
		return fmt.Sprintf("%s imports %s: a library without a home (internal/archtest/rules.go, docs/dependencies.md)", f.Package, imp)
	}
	h := r.Homes[best]
	if slices.Contains(h.Packages, f.Package) || h.Tests && (f.Test || testKit(f.Package)) {
		return ""
	}
	return fmt.Sprintf("%s imports %s; allowed in: %s", f.Package, imp, names(h.Packages))
}

// names lists packages in a message.
func names(l []string) string {
	if len(l) == 0 {
		return "none"
	}
	return strings.Join(l, ", ")
}

// sizes reports what has grown too large; used collects the exceptions met.
func (r Rules) sizes(f File, used map[string]bool) []Breach {
	if f.Test {
		return nil
	}
	var out []Breach
	hold := func(key string, line, size, limit int, what string) {
		if size <= limit {
			return
		}
		if _, ok := r.Large[key]; ok {
			used[key] = true
			return
		}
		out = append(out, Breach{f.Path, line, fmt.Sprintf("%s: %d; the limit is %d", what, size, limit)})
	}
	hold(f.Path, 1, f.Lines, r.MaxFile, "lines of the file")
	for _, s := range f.Funcs {
		hold(f.Path+": "+s.Name, s.Line, s.Size, r.MaxFunc, "lines of "+s.Name)
	}
	for _, s := range f.Ifaces {
		hold(f.Path+": "+s.Name, s.Line, s.Size, r.MaxIface, "methods of "+s.Name)
	}
	return out
}

// find is the entry of the package map that covers a folder most closely.
func (r Rules) find(folder string) (best Package, ok bool) {
	for _, p := range r.Packages {
		if covers(p.Path, folder) && (!ok || len(p.Path) > len(best.Path)) {
			best, ok = p, true
		}
	}
	return best, ok
}

// allows reports whether patterns let a folder in; a later one overrides an earlier one.
func allows(patterns []string, folder string) bool {
	in := false
	for _, p := range patterns {
		p, out := strings.CutPrefix(p, "!")
		if covers(p, folder) {
			in = !out
		}
	}
	return in
}

func covers(pattern, folder string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return below(folder, base)
	}
	return pattern == folder
}

// below reports whether a path is base or lies under it.
func below(p, base string) bool { return p == base || strings.HasPrefix(p, base+"/") }

// testKit reports whether a package exists for tests: its name ends in "test".
func testKit(folder string) bool { return strings.HasSuffix(path.Base(folder), "test") }

// external reports whether an import is neither of the standard library nor of cgo.
func external(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return strings.Contains(first, ".")
}
