package formula

import (
	"github.com/expr-lang/expr/ast"
)

// compare makes the node of == != < <= > >=; comparing with the literal nil or
// "" tests for blank.
func (c *checker) compare(at ast.Node, op string, l, r *node) *node {
	if l.isBlankLiteral() && !r.isBlankLiteral() {
		l, r = r, l
	}
	if r.isBlankLiteral() {
		switch op {
		case "==":
			return c.make("blank", at, of(Bool), l)
		case "!=":
			return c.make("not", at, of(Bool), c.make("blank", nil, of(Bool), l))
		}
	}
	if op != "==" && op != "!=" && (!ordered(l.typ) || !ordered(r.typ)) {
		worse := l
		if ordered(l.typ) {
			worse = r
		}
		return c.failAt(worse, codeType, map[string]any{"op": op, "got": worse.typ.String()}, "%s has no order, so %s does not apply", worse.typ, op)
	}
	a, b, ok := c.comparable(l, r, nil)
	if !ok {
		return c.failAt(r, codeType, map[string]any{"want": l.typ.String(), "got": r.typ.String()}, "%s and %s cannot be compared%s", l.typ, r.typ, compareHint(l.typ, r.typ))
	}
	return c.make(op, at, of(Bool), a, b)
}

func compareHint(a, b Type) string {
	switch {
	case a.Kind == List || b.Kind == List:
		return "; use in, SUBSET or INTERSECTIONSET for lists"
	case a.isDate() || b.isDate():
		return "; DATE() makes a date of a text"
	case a.Kind == Number && b.isText() || b.Kind == Number && a.isText():
		return "; VALUE() makes a number of a text, TEXT() a text of a number"
	}
	return ""
}

func ordered(t Type) bool {
	switch t.Kind {
	case Bool, List, Row:
		return false
	}
	return true
}

// comparable brings both sides to kinds that compare; literals are the texts
// of a literal list on the right. A date compared with a date and time is
// compared by day; a literal text may stand for a date or a time.
func (c *checker) comparable(l, r *node, literals []string) (a, b *node, ok bool) {
	lt, rt := l.typ, r.typ
	switch {
	case lt.Kind == List || rt.Kind == List:
		return l, r, false
	case lt.Kind == Any || rt.Kind == Any:
		return l, r, true
	case lt.Kind == Date && rt.Kind == DateTime:
		return l, c.day(r), true
	case lt.Kind == DateTime && rt.Kind == Date:
		return c.day(l), r, true
	case lt.isDate() && rt.Kind == String:
		return c.dateLiteral(l, r, literals)
	case rt.isDate() && lt.Kind == String:
		b, a, ok = c.dateLiteral(r, l, nil)
		return a, b, ok
	case lt.Kind == Time && rt.Kind == String:
		return l, r, literalsAre(r, literals, validTime)
	case rt.Kind == Time && lt.Kind == String:
		return l, r, literalsAre(l, nil, validTime)
	case lt.isID() && rt.isID():
		return l, r, true
	}
	return l, r, lt.Kind == rt.Kind && lt.Kind != List
}

// day wraps a date and time into its calendar day.
func (c *checker) day(n *node) *node { return c.make("day", nil, of(Date), n) }

func (c *checker) dateLiteral(d, s *node, literals []string) (a, b *node, ok bool) {
	if !literalsAre(s, literals, validDate) {
		return d, s, false
	}
	if d.typ.Kind == DateTime {
		d = c.day(d)
	}
	return d, s, true
}

func literalsAre(n *node, literals []string, valid func(string) bool) bool {
	if literals == nil {
		return n.op == "s" && valid(n.str)
	}
	for _, s := range literals {
		if !valid(s) {
			return false
		}
	}
	return true
}
