package formula

import (
	"github.com/expr-lang/expr/ast"
)

// closures are the functions of expr that formulas keep; len and sum are the
// upper-case functions. All other builtins of expr are unknown.
var closures = map[string]bool{
	"all": true, "any": true, "none": true, "one": true, "filter": true, "map": true, "count": true, "find": true, "sum": true,
}

func (c *checker) closureCall(s *site) *node {
	if len(s.args) == 0 {
		return c.unknownFunction(s)
	}
	list := c.listArg(s, c.check(s.args[0]))
	if len(s.args) == 1 {
		return c.wholeList(s, list)
	}
	body := s.args[1]
	if p, ok := body.(*ast.PredicateNode); ok {
		body = p.Node
	}
	op := s.name
	if op == "sum" {
		op = "map"
	}
	n := c.closure(s.at, op, list, body, false)
	if s.name == "sum" {
		return c.sum(s, n)
	}
	return n
}

// wholeList is count(list) and sum(list).
func (c *checker) wholeList(s *site, list *node) *node {
	if s.name == "count" {
		return c.make("call", s.at, of(Number), list).function("COUNTARRAY")
	}
	return c.sum(s, list)
}

func (c *checker) sum(s *site, list *node) *node {
	if !list.typ.elem().isNumeric() {
		return c.failAt(list, codeType, map[string]any{"want": "number", "got": list.typ.elem().String()}, "sum wants numbers, these are %s", list.typ.elem())
	}
	return c.make("call", s.at, of(Number), list).function("SUM")
}

func (c *checker) listArg(s *site, n *node) *node {
	if n.typ.Kind == List || n.typ.Kind == Any {
		return n
	}
	return c.failAt(n, codeType, map[string]any{"function": s.name, "argument": 1, "want": "a list", "got": n.typ.String()}, "%s wants a list, this is %s", s.name, n.typ)
}

// closure checks a body over the elements of a list; names makes bare names
// mean the columns of the row first.
func (c *checker) closure(at ast.Node, op string, list *node, body ast.Node, names bool) *node {
	c.frames = append(c.frames, frame{elem: list.typ.elem(), origin: list.origin, names: names})
	b := c.check(body)
	c.frames = c.frames[:len(c.frames)-1]
	if op != "map" {
		c.wantBool(b)
	}
	n := c.make(op, at, closureType(op, list.typ, b.typ), list, b)
	if op == "filter" || op == "find" {
		n.origin = list.origin
	}
	return n
}

func closureType(op string, list, body Type) Type {
	switch op {
	case "filter":
		return listOf(list.elem())
	case "map":
		return listOf(body)
	case "find":
		return list.elem()
	case "count":
		return of(Number)
	}
	return of(Bool)
}

// deps collects the dotted names a tree reads.
type deps map[string]bool

// how a parent uses the value of a node.
type use uint8

const (
	whole   use = iota // the value itself
	parts              // only columns of it
	counted            // only how many there are
)

func (d deps) collect(n *node, u use) {
	switch n.op {
	case "id", "#":
		if n.origin != "" && u != parts {
			d[n.origin] = true
		}
	case ".", "col":
		if n.origin != "" && u != parts {
			d[n.origin] = true
		}
		under := parts
		if n.kids[0].typ.elem().Kind == Record {
			under = whole
		}
		d.collect(n.kids[0], under)
	case "at":
		d.collect(n.kids[0], u)
		d.collect(n.kids[1], whole)
	case "blank":
		d.collect(n.kids[0], counted)
	case "filter", "map", "find", "count", "any", "all", "none", "one":
		d.closure(n, u)
	default:
		d.kids(n)
	}
}

func (d deps) kids(n *node) {
	u := whole
	if n.op == "call" && (n.str == "LEN" || n.str == "COUNTARRAY" || n.str == "COUNT") {
		u = counted
	}
	for _, k := range n.kids {
		d.collect(k, u)
	}
}

// closure: the rows a closure walks over are read through the columns its
// body takes; only when it takes none, or hands the rows on, the list itself counts.
func (d deps) closure(n *node, u use) {
	list, body := n.kids[0], n.kids[1]
	rows := list.origin != "" && list.typ.isRows()
	if !rows {
		d.collect(list, whole)
		d.collect(body, whole)
		return
	}
	d.collect(list, parts)
	before := len(d)
	d.collect(body, whole)
	handsOn := u == whole && (n.op == "filter" || n.op == "find")
	if handsOn || (len(d) == before && !d.under(list.origin)) {
		d[list.origin] = true
	}
}

func (d deps) under(origin string) bool {
	for name := range d {
		if len(name) > len(origin) && name[:len(origin)] == origin && name[len(origin)] == '.' {
			return true
		}
	}
	return false
}
