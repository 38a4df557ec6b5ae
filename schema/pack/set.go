package pack

import (
	"io/fs"
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// ReadSet reads every folder of fsys that has a pack.yaml as a pack, each after
// those it requires, and checks references between them and to installed.
// Problems carry the folder in their path. Packs that require one another in a
// circle, or something that is nowhere, are reported.
func ReadSet(fsys fs.FS, installed ...*schema.App) ([]*Pack, []schema.Problem) {
	folders, requires, problems := scan(fsys)
	have := slices.Clone(installed)
	var out []*Pack
	for len(folders) > 0 {
		i := slices.IndexFunc(folders, func(f string) bool { return ready(requires[f], requires, folders) })
		if i < 0 {
			i = 0 // a circle: read on, what is missing is then reported
		}
		folder := folders[i]
		folders = slices.Delete(folders, i, i+1)
		sub, err := fs.Sub(fsys, folder)
		if err != nil {
			problems = append(problems, fileProblem(folder, "file.unreadable", "the folder cannot be read: %v", err))
			continue
		}
		p, ps := Read(sub, have...)
		for _, x := range ps {
			x.Path = folder + "/" + x.Path
			problems = append(problems, x)
		}
		if p != nil {
			out = append(out, p)
			have = append(have, p.App)
		}
	}
	return out, problems
}

// scan finds the packs of a folder and what each requires.
func scan(fsys fs.FS) (folders []string, requires map[string][]string, problems []schema.Problem) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, nil, []schema.Problem{fileProblem("", "file.unreadable", "the folder cannot be read: %v", err)}
	}
	requires = map[string][]string{}
	for _, e := range entries {
		src, err := fs.ReadFile(fsys, e.Name()+"/pack.yaml")
		if !e.IsDir() || err != nil {
			continue
		}
		folders = append(folders, e.Name())
		requires[e.Name()] = peekRequires(src)
	}
	return folders, requires, nil
}

// peekRequires reads requires and optional of a pack.yaml, ignoring everything wrong with it.
func peekRequires(src []byte) []string {
	doc, problems := parseYAML("pack.yaml", src)
	if len(problems) > 0 {
		return nil
	}
	r := &reader{doc: doc}
	var out []string
	for _, key := range []string{"requires", "optional"} {
		if n := doc.root.get(key); n != nil {
			var list []string
			r.texts(&list)(n)
			out = append(out, list...)
		}
	}
	return out
}

// ready tells whether none of the packs required is still to be read.
func ready(needs []string, all map[string][]string, waiting []string) bool {
	for _, key := range needs {
		if _, here := all[key]; here && slices.Contains(waiting, key) {
			return false
		}
	}
	return true
}
