// Package archtest holds the shape of the program: which package may import
// which, where each library is at home, and how large files, functions and
// interfaces may grow. Its tests read the sources of the whole module and name
// every breach by file, line and rule; the rules themselves stand in rules.go.
package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// File is one Go file of the module.
type File struct {
	Path    string // from the module's root, with slashes
	Package string // its folder from the root, "." for the root
	Test    bool   // a _test.go file
	Lines   int
	Imports []Import
	Funcs   []Span // functions and methods with a body
	Ifaces  []Span // declared interfaces; Size counts their methods and embedded types
}

// Import is one import of a file.
type Import struct {
	Path string
	Line int
}

// Span is a declaration: where it begins and how large it is.
type Span struct {
	Name string // "Apply", "(Store).Find"
	Line int
	Size int // lines of a function, members of an interface
}

// Load reads every Go file below root, but no testdata, no hidden folders, no
// node_modules and no nested modules.
func Load(root string) ([]File, error) {
	var out []File
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skip(root, p, d.Name())
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		f, err := read(p, filepath.ToSlash(rel))
		out = append(out, f)
		return err
	})
	return out, err
}

// skip tells WalkDir which folders hold no sources of this module.
func skip(root, p, name string) error {
	if p == root {
		return nil
	}
	if name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}

func read(file, rel string) (File, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return File{}, err
	}
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, raw, parser.SkipObjectResolution)
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", rel, err)
	}
	out := File{Path: rel, Package: path.Dir(rel), Test: strings.HasSuffix(rel, "_test.go"), Lines: set.File(tree.Pos()).LineCount()}
	for _, i := range tree.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return File{}, fmt.Errorf("%s: %w", rel, err)
		}
		out.Imports = append(out.Imports, Import{Path: p, Line: set.Position(i.Pos()).Line})
	}
	for _, d := range tree.Decls {
		out.declare(set, d)
	}
	return out, nil
}

// declare notes the size of a function, or of the interfaces in a declaration.
func (f *File) declare(set *token.FileSet, d ast.Decl) {
	line := func(p token.Pos) int { return set.Position(p).Line }
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Body != nil {
			f.Funcs = append(f.Funcs, Span{Name: funcName(d), Line: line(d.Pos()), Size: line(d.End()) - line(d.Pos()) + 1})
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			t, ok := s.(*ast.TypeSpec)
			if !ok {
				continue
			}
			if i, ok := t.Type.(*ast.InterfaceType); ok {
				f.Ifaces = append(f.Ifaces, Span{Name: t.Name.Name, Line: line(t.Pos()), Size: members(i)})
			}
		}
	}
}

func members(i *ast.InterfaceType) int {
	n := 0
	for _, m := range i.Methods.List {
		n += max(len(m.Names), 1)
	}
	return n
}

func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	if s, ok := t.(*ast.StarExpr); ok {
		t = s.X
	}
	if i, ok := t.(*ast.IndexExpr); ok {
		t = i.X
	}
	if n, ok := t.(*ast.Ident); ok {
		return "(" + n.Name + ")." + d.Name.Name
	}
	return d.Name.Name
}
