package formula

import (
	"bytes"
	"encoding/json"
	"sort"

	"github.com/formwork-run/formwork/internal/decimal"
)

// Program is a compiled formula; it is immutable and safe for concurrent use.
type Program struct {
	src      string
	runes    []rune
	root     *node
	typ      Type
	code     eval
	deps     []string
	tree     json.RawMessage
	server   bool
	volatile bool
}

// Compile parses and type-checks src against env (a Row type) and the wanted
// result (Any accepts all). USER is always there; other names come from env.
// A DateTime where a Date is wanted becomes its calendar day.
func Compile(src string, env Type, want Type) (*Program, []Error) {
	runes := []rune(src)
	parsed, problem := parse(src, runes)
	if problem != nil {
		return nil, []Error{*problem}
	}
	c := &checker{runes: runes, env: env}
	root := c.check(parsed)
	if len(c.errs) == 0 {
		root = c.wanted(root, want)
	}
	if len(c.errs) > 0 {
		return nil, c.errs
	}
	return assemble(src, runes, root)
}

func assemble(src string, runes []rune, root *node) (*Program, []Error) {
	p := &Program{src: src, runes: runes, root: root, typ: root.typ, code: build(root)}
	tree, err := writeTree(root)
	if err != nil {
		return nil, []Error{newError(runes, codeSyntax, 0, len(runes), nil, "the formula cannot be written as a tree: %s", err)}
	}
	p.tree = tree
	d := deps{}
	d.collect(root, whole)
	for name := range d {
		p.deps = append(p.deps, name)
	}
	sort.Strings(p.deps)
	root.walk(p.flags)
	return p, nil
}

// TreeVersion is the version of the trees of this package, see docs/formula-tree.md.
const TreeVersion = 1

func writeTree(root *node) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(map[string]any{"v": TreeVersion, "e": root.array()}); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// flags notes what a node needs of the server and of the moment.
func (p *Program) flags(n *node) {
	switch {
	case n.op == "user":
		p.volatile = true
	case n.fn != nil:
		p.server = p.server || n.fn.Server || n.str == "USER"
		p.volatile = p.volatile || n.fn.Volatile
	case (n.op == "." || n.op == "col") && n.kids[0].typ.elem().Kind == Record && n.str != "id":
		p.server, p.volatile = true, true
	}
}

// wanted checks the result against the wanted type.
func (c *checker) wanted(n *node, want Type) *node {
	if n.isBlankLiteral() || n.typ.fits(want) {
		if n.typ.Kind == DateTime && want.Kind == Date {
			n = c.day(n)
		}
		if n.typ.Kind == Any || n.isBlankLiteral() {
			n.typ = want
		}
		return n
	}
	hint := ""
	if want.Kind == String && n.typ.Kind == Number {
		hint = "; TEXT() makes a text of it"
	}
	return c.failAt(n, codeType, map[string]any{"want": want.String(), "got": n.typ.String()}, "the result is %s, wanted is %s%s", n.typ, want, hint)
}

// Source returns the text it was compiled from.
func (p *Program) Source() string { return p.src }

// Type is the static result type.
func (p *Program) Type() Type { return p.typ }

// Deps lists the dotted names read, sorted; also those read inside closures.
// A list whose columns are read appears through them ("lines.qty"), USER not at all.
func (p *Program) Deps() []string { return append([]string(nil), p.deps...) }

// ServerOnly reports whether the browser must ask the server.
func (p *Program) ServerOnly() bool { return p.server }

// Volatile reports whether the result depends on more than the values.
func (p *Program) Volatile() bool { return p.volatile }

// Tree is the checked tree for the browser, see docs/formula-tree.md; it must not be modified.
func (p *Program) Tree() json.RawMessage { return p.tree }

// Eval runs the formula; the result is in stored form, nil = blank. A failure is a *RunError.
func (p *Program) Eval(c *Context, v Vars) (any, error) {
	r := newRun(c, v)
	out := p.code(r)
	if r.err != nil {
		return nil, r.err
	}
	out = stored(out, p.typ)
	if out != nil && !kindFits(out, p.typ) {
		return nil, &RunError{Code: "type", Message: "the result is " + kindOf(out) + ", wanted is " + p.typ.String()}
	}
	return out, nil
}

// kindFits guards the static type against what a value of type Any turned out to be.
func kindFits(v any, t Type) bool {
	ok := true
	switch t.Kind {
	case Number:
		_, ok = v.(decimal.Decimal)
	case Bool:
		_, ok = v.(bool)
	case String, Date, Time, Person, Dept, Record:
		_, ok = v.(string)
	case List:
		_, ok = v.([]any)
	}
	return ok
}

// EvalBool runs a condition; blank is false.
func (p *Program) EvalBool(c *Context, v Vars) (bool, error) {
	r := newRun(c, v)
	out := r.truth(p.code(r))
	if r.err != nil {
		return false, r.err
	}
	return out, nil
}
