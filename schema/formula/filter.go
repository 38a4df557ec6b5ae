package formula

import (
	"strings"

	"github.com/formwork-run/formwork/storage/filter"
)

// Filter renders a condition as a filter over stored documents. Names that
// o.Path knows are document paths; names below "form", names in o.Vars and
// USER are constants, and so is every part of the formula that reads no
// document. For every document whose unset values are absent, filter.Match of
// the result equals EvalBool. What no filter can express is a *Error with code
// "filter" that names the place; a constant that fails to evaluate is one too.
func (p *Program) Filter(o FilterOptions) (filter.Expr, error) {
	x := &renderer{p: p, o: o, run: newRun(o.Context, o.Vars)}
	x.run.my = o.My
	if p.typ.Kind != Bool && p.typ.Kind != Any {
		return nil, x.fail(p.root, "a condition is wanted, this is %s", p.typ)
	}
	return x.render(p.root)
}

// renderer turns a checked tree into a filter.
type renderer struct {
	p      *Program
	o      FilterOptions
	run    *run
	scopes []scope // enclosing quantifiers, innermost last
}

// scope is one quantifier: the dotted name and document path of its list.
type scope struct{ name, path string }

func (x *renderer) fail(n *node, format string, args ...any) error {
	e := newError(x.p.runes, codeFilter, n.from, n.to, nil, format, args...)
	return &e
}

func (x *renderer) render(n *node) (filter.Expr, error) {
	if x.constant(n) {
		v, err := x.value(n)
		if err != nil {
			return nil, err
		}
		holds := x.run.truth(v)
		if x.run.err != nil {
			return nil, x.fail(n, "%s", x.run.err.Message)
		}
		return truth(holds), nil
	}
	switch n.op {
	case "and", "or":
		return x.join(n)
	case "not":
		in, err := x.render(n.kids[0])
		return negate(in), err
	case "if":
		return x.choice(n)
	case "blank":
		return x.blank(n.kids[0])
	case "==", "!=", "<", "<=", ">", ">=":
		return x.compare(n, n.op, n.kids[0], n.kids[1])
	case "in":
		return x.in(n, n.kids[0], n.kids[1])
	case "contains", "starts", "ends":
		return x.textTest(n)
	case "any", "all", "none":
		return x.quantifier(n)
	case "id", ".", "#":
		path, err := x.path(n)
		return filter.Cmp{Path: path, Op: filter.Eq, Value: true}, err
	}
	return nil, x.fail(n, "this cannot be looked up in stored records; compare a field with a value")
}

func truth(b bool) filter.Expr {
	if b {
		return filter.True
	}
	return filter.False
}

func negate(e filter.Expr) filter.Expr {
	switch x := e.(type) {
	case filter.Not:
		return x.X
	case filter.And:
		if len(x) == 0 {
			return filter.False
		}
	case filter.Or:
		if len(x) == 0 {
			return filter.True
		}
	}
	return filter.Not{X: e}
}

// join renders and, or; constants that settle nothing are left out.
func (x *renderer) join(n *node) (filter.Expr, error) {
	parts := []filter.Expr{}
	for _, k := range n.kids {
		e, err := x.render(k)
		if err != nil {
			return nil, err
		}
		parts = append(parts, e)
	}
	if n.op == "and" {
		return allOf(parts...), nil
	}
	return anyOf(parts...), nil
}

func allOf(parts ...filter.Expr) filter.Expr {
	out := filter.And{}
	for _, e := range parts {
		switch p := e.(type) {
		case filter.And:
			out = append(out, p...)
			continue
		case filter.Or:
			if len(p) == 0 {
				return filter.False
			}
		}
		out = append(out, e)
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

func anyOf(parts ...filter.Expr) filter.Expr {
	out := filter.Or{}
	for _, e := range parts {
		switch p := e.(type) {
		case filter.Or:
			out = append(out, p...)
			continue
		case filter.And:
			if len(p) == 0 {
				return filter.True
			}
		}
		out = append(out, e)
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

func (x *renderer) choice(n *node) (filter.Expr, error) {
	var e [3]filter.Expr
	for i, k := range n.kids {
		var err error
		if e[i], err = x.render(k); err != nil {
			return nil, err
		}
	}
	return anyOf(allOf(e[0], e[1]), allOf(negate(e[0]), e[2])), nil
}

// quantifier renders any, all and none over a list of the document.
func (x *renderer) quantifier(n *node) (filter.Expr, error) {
	list, body := n.kids[0], n.kids[1]
	if x.constant(list) {
		return nil, x.fail(list, "only a list of the record can be searched this way; use in for a list of values")
	}
	path, err := x.path(list)
	if err != nil {
		return nil, err
	}
	full, _ := x.o.Path(list.origin)
	x.scopes = append(x.scopes, scope{list.origin, full})
	e, err := x.render(body)
	x.scopes = x.scopes[:len(x.scopes)-1]
	if err != nil {
		return nil, err
	}
	switch n.op {
	case "any":
		return someElement(list, path, e), nil
	case "none":
		return negate(someElement(list, path, e)), nil
	}
	return negate(someElement(list, path, negate(e))), nil
}

// someElement holds when one element of the list satisfies e; "always" over a
// list of plain values is written as a condition on the value itself.
func someElement(list *node, path string, e filter.Expr) filter.Expr {
	switch c := e.(type) {
	case filter.Or:
		if len(c) == 0 {
			return filter.False
		}
	case filter.And:
		if len(c) == 0 && list.typ.elem().Kind != Row {
			e = present("")
		}
	}
	return filter.ElemMatch{Path: path, X: e}
}

// blank renders the test for a value that is not there.
func (x *renderer) blank(n *node) (filter.Expr, error) {
	if n.op == "filter" {
		return x.quantifier(&node{op: "none", kids: n.kids, from: n.from, to: n.to})
	}
	for n.op == "col" { // a column is empty exactly when its list is
		n = n.kids[0]
	}
	path, err := x.path(n)
	if err != nil {
		return nil, err
	}
	if n.typ.Kind == List {
		return negate(someElement(n, path, filter.True)), nil
	}
	return filter.Cmp{Path: path, Op: filter.Eq, Value: nil}, nil
}

// constant reports whether a node reads no document.
func (x *renderer) constant(n *node) bool { return x.free(n, 0) }

// free is constant below a number of closures of the node itself.
func (x *renderer) free(n *node, closures int) bool {
	switch n.op {
	case "id":
		return x.isConstant(n.str)
	case "#", "#i":
		return n.k < closures
	case "filter", "map", "find", "count", "any", "all", "none", "one":
		return x.free(n.kids[0], closures) && x.free(n.kids[1], closures+1)
	}
	for _, k := range n.kids {
		if !x.free(k, closures) {
			return false
		}
	}
	return true
}

func (x *renderer) isConstant(name string) bool {
	if _, given := x.o.Vars[name]; given || name == "form" || x.o.Path == nil {
		return true
	}
	if name == "sys" || name == "case" { // only their members are paths
		return false
	}
	_, known := x.o.Path(name)
	return !known
}

// value evaluates a constant.
func (x *renderer) value(n *node) (any, error) {
	v := build(n)(x.run)
	if x.run.err != nil {
		return nil, x.fail(n, "%s", x.run.err.Message)
	}
	return v, nil
}

// path is the document path of a field, relative to the innermost quantifier
// when it starts at its element.
func (x *renderer) path(n *node) (string, error) {
	if n.op == "." && n.str == "id" && n.kids[0].typ.Kind == Record { // a record is stored as its id
		n = n.kids[0]
	}
	base := n
	for base.op == "." || base.op == "col" {
		if base.kids[0].typ.elem().Kind == Record {
			return "", x.fail(n, "the fields of another record cannot be looked up; compare the record itself, or use a rollup or a copied field")
		}
		base = base.kids[0]
	}
	if base.op != "id" && base.op != "#" || n.origin == "" {
		return "", x.fail(n, "only a field itself can be looked up, not a computed value")
	}
	full, ok := x.o.Path(n.origin)
	if !ok {
		return "", x.fail(n, "%s is not stored with the record", n.origin)
	}
	if base.op == "id" {
		if len(x.scopes) > 0 {
			return "", x.fail(n, "inside any, all and none only the fields of the row can be looked up")
		}
		return full, nil
	}
	if base.k != 0 {
		return "", x.fail(n, "only the innermost row can be looked up")
	}
	list := x.scopes[len(x.scopes)-1].path
	return strings.TrimPrefix(strings.TrimPrefix(full, list), "."), nil
}
