package formula

import (
	"github.com/expr-lang/expr/ast"
)

func (c *checker) unary(a *ast.UnaryNode) *node {
	x := c.check(a.Node)
	switch a.Operator {
	case "not", "!":
		c.wantBool(x)
		return c.make("not", a, of(Bool), x)
	case "-":
		if x.op == "n" {
			n := c.make("n", a, of(Number), x)
			n.num, n.kids = x.num.Neg(), nil
			return n
		}
		return c.wantNumbers(c.make("neg", a, of(Number), x))
	}
	return c.wantNumbers(c.make("neg", a, of(Number), c.make("neg", a, of(Number), x)))
}

// wantNumbers reports operands that are no numbers.
func (c *checker) wantNumbers(n *node) *node {
	for _, k := range n.kids {
		if !k.typ.isNumeric() && !k.isBlankLiteral() {
			hint := ""
			if k.typ.Kind == String {
				hint = "; VALUE() makes a number of a text"
			}
			if k.typ.Kind == List {
				hint = "; SUM() adds the numbers of a list"
			}
			return c.failAt(k, codeType, map[string]any{"want": "number", "got": k.typ.String()}, "a number is wanted here, this is %s%s", k.typ, hint)
		}
	}
	return n
}

var operatorNames = map[string]string{"&&": "and", "||": "or", "**": "^", "startsWith": "starts", "endsWith": "ends"}

func (c *checker) binary(a *ast.BinaryNode) *node {
	op := a.Operator
	if s, ok := operatorNames[op]; ok {
		op = s
	}
	switch op {
	case "matches":
		return c.forbidden(a, "matches", "use CONTAINS, STARTSWITH, ENDSWITH, or a pattern on the field")
	case "..":
		return c.forbidden(a, "a range", "write the list")
	case "|":
		return c.forbidden(a, "|", "write the function's name first")
	}
	l, r := c.check(a.Left), c.check(a.Right)
	return c.operation(a, op, l, r)
}

// operation makes the node of a binary operator over checked operands.
func (c *checker) operation(at ast.Node, op string, l, r *node) *node {
	switch op {
	case "and", "or":
		c.wantBool(l)
		c.wantBool(r)
		return c.make(op, at, of(Bool), l, r)
	case "+":
		return c.plus(at, l, r)
	case "-":
		return c.minus(at, l, r)
	case "*", "/", "%", "^":
		return c.wantNumbers(c.make(op, at, of(Number), l, r))
	case "??":
		t, ok := unifyNodes(l, r)
		if !ok {
			return c.failAt(r, codeType, map[string]any{"want": l.typ.String(), "got": r.typ.String()}, "both sides of ?? must be of one type: %s and %s", l.typ, r.typ)
		}
		return c.make("??", at, t, l, r)
	case "in":
		return c.in(at, l, r)
	case "contains", "starts", "ends":
		return c.textTest(at, op, l, r)
	}
	return c.compare(at, op, l, r)
}

func (c *checker) plus(at ast.Node, l, r *node) *node {
	switch {
	case l.typ.isDate() && r.typ.isNumeric():
		return c.make("call", at, l.typ, l, text("day"), r).function("DATEADD")
	case (joins(l) || joins(r)) && scalar(l.typ) && scalar(r.typ):
		return c.make("&", at, of(String), l, r)
	}
	return c.wantNumbers(c.make("+", at, of(Number), l, r))
}

// joins reports an operand that makes + a joining of texts.
func joins(n *node) bool { return (n.typ.isID() || n.typ.Kind == Time) && !n.isBlankLiteral() }

func scalar(t Type) bool { return t.Kind != List && t.Kind != Row }

func (c *checker) minus(at ast.Node, l, r *node) *node {
	switch {
	case l.typ.isDate() && r.typ.isDate():
		return c.make("call", at, of(Number), l, r).function("DAYS")
	case l.typ.isDate() && r.typ.isNumeric():
		return c.make("call", at, l.typ, l, text("day"), c.make("neg", nil, of(Number), r)).function("DATEADD")
	}
	return c.wantNumbers(c.make("-", at, of(Number), l, r))
}

func text(s string) *node { return &node{op: "s", str: s, typ: of(String)} }

// function names the function of a call.
func (n *node) function(name string) *node {
	n.str, n.fn = name, library[name]
	return n
}

func (c *checker) in(at ast.Node, l, r *node) *node {
	if r.typ.Kind != List && r.typ.Kind != Any && !r.isBlankLiteral() {
		hint := ""
		if r.typ.isText() {
			hint = "; CONTAINS(text, part) looks into a text"
		}
		return c.failAt(r, codeType, map[string]any{"want": "list", "got": r.typ.String()}, "in wants a list on its right, this is %s%s", r.typ, hint)
	}
	if l.typ.Kind == List {
		return c.failAt(l, codeType, map[string]any{"got": l.typ.String()}, "in looks for one value; use SUBSET or INTERSECTIONSET for a list")
	}
	e := &node{op: "#", typ: r.typ.elem(), from: r.from, to: r.to}
	if r.op == "list" && len(r.kids) == 0 {
		e.typ = Type{}
	}
	l, e, ok := c.comparable(l, e, literalElements(r))
	if !ok || e.op == "day" {
		return c.failAt(r, codeType, map[string]any{"want": l.typ.String(), "got": e.typ.String()}, "%s is never in a %s", l.typ, r.typ)
	}
	return c.make("in", at, of(Bool), l, r)
}

// literalElements returns the texts of a literal list, nil when it is none.
func literalElements(n *node) []string {
	if n.op != "list" {
		return nil
	}
	out := []string{}
	for _, k := range n.kids {
		if k.op != "s" {
			return nil
		}
		out = append(out, k.str)
	}
	return out
}

func (c *checker) textTest(at ast.Node, op string, l, r *node) *node {
	if op == "contains" && l.typ.Kind == List {
		return c.in(at, r, l)
	}
	for _, k := range []*node{l, r} {
		if !k.typ.isText() && k.typ.Kind != Any {
			return c.failAt(k, codeType, map[string]any{"want": "text", "got": k.typ.String()}, "a text is wanted here, this is %s", k.typ)
		}
	}
	return c.make(op, at, of(Bool), l, r)
}
