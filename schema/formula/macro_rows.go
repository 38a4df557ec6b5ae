package formula

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

// hasRows reports whether the first argument is a list of rows; otherwise it is a column, and the call is Excel's.
func hasRows(n *node) bool {
	e := n.typ.elem()
	return e.Kind == Row || e.Kind == Record && e.Fields != nil
}

func filterMacro(c *checker, s *site) *node {
	list := c.listArg(s, c.check(s.args[0]))
	return c.closure(s.at, "filter", list, s.args[1], hasRows(list))
}

// columnCall is the Excel form, over columns; the first argument is checked already.
func (c *checker) columnCall(s *site, first *node, most int) *node {
	f := library[s.name]
	if f.run == nil {
		return c.failAt(first, codeType, map[string]any{"function": s.name, "argument": 1, "want": "a list of rows", "got": first.typ.String()},
			"%s wants a list of rows, this is %s", s.name, first.typ)
	}
	rest := c.checkAll(s.args[1:])
	if !c.count(s, f.min, most) {
		return &node{op: "nil", typ: of(Number)}
	}
	n := c.make("call", s.at, of(Number), append([]*node{first}, rest...)...)
	n.str, n.fn = f.Name, f
	return c.wantColumns(s, n)
}

// wantColumns checks that ranges are lists, and that what is added are numbers.
func (c *checker) wantColumns(s *site, n *node) *node {
	for i, k := range n.kids {
		isRange := i == 0 || i == 2 && s.name != "SUMIFS" || s.name == "SUMIFS" && i%2 == 1
		if isRange {
			c.listArg(s, k)
		} else if k.typ.Kind == List {
			return c.failAt(k, codeType, map[string]any{"got": k.typ.String()}, "a criterion is one value, this is %s", k.typ)
		}
	}
	added := n.kids[0]
	if s.name != "SUMIFS" && len(n.kids) > 2 {
		added = n.kids[2]
	}
	if s.name != "COUNTIF" && added.typ.Kind == List && !added.typ.elem().isNumeric() {
		return c.failAt(added, codeType, map[string]any{"want": "number", "got": added.typ.elem().String()}, "%s wants numbers, these are %s", s.name, added.typ.elem())
	}
	return n
}

func countIfMacro(c *checker, s *site) *node {
	list := c.check(s.args[0])
	if !hasRows(list) {
		return c.columnCall(s, list, 2)
	}
	return c.closure(s.at, "count", list, both(s.args[1:]), true)
}

// overRows is SUMIF, AVERAGEIF, MAXIF and MINIF over rows: an aggregate of a column of the rows that meet a condition.
func overRows(aggregate string) func(c *checker, s *site) *node {
	return func(c *checker, s *site) *node {
		list := c.check(s.args[0])
		if !hasRows(list) {
			return c.columnCall(s, list, 3)
		}
		if !c.count(s, 3, 3) {
			return &node{op: "nil", typ: of(Number)}
		}
		return c.aggregate(s, aggregate, list, s.args[1], s.args[2])
	}
}

func sumIfsMacro(c *checker, s *site) *node {
	list := c.check(s.args[0])
	if hasRows(list) {
		return c.aggregate(s, "SUM", list, both(s.args[2:]), s.args[1])
	}
	if len(s.args)%2 == 0 {
		c.count(s, len(s.args)+1, len(s.args)+1)
		return &node{op: "nil", typ: of(Number)}
	}
	return c.columnCall(s, list, -1)
}

func (c *checker) aggregate(s *site, name string, list *node, cond, value ast.Node) *node {
	rows := c.closure(s.at, "filter", list, cond, true)
	mapped := c.closure(s.at, "map", rows, value, true)
	e := mapped.typ.elem()
	if (name == "SUM" || name == "AVERAGE") && !e.isNumeric() {
		return c.failAt(mapped.kids[1], codeType, map[string]any{"want": "number", "got": e.String()}, "a number is wanted here, this is %s", e)
	}
	return c.make("call", s.at, e, mapped).function(name)
}

// both joins conditions with and.
func both(conds []ast.Node) ast.Node {
	n := conds[0]
	for _, c := range conds[1:] {
		and := &ast.BinaryNode{Operator: "and", Left: n, Right: c}
		and.SetLocation(c.Location())
		n = and
	}
	return n
}

// nameArg reads an argument that is a name: a text, a bare name, or a dotted one.
func nameArg(a ast.Node) (string, bool) {
	switch n := a.(type) {
	case *ast.StringNode:
		return n.Value, n.Value != ""
	case *ast.IdentifierNode:
		return n.Value, true
	case *ast.MemberNode:
		head, ok := nameArg(n.Node)
		tail, ok2 := n.Property.(*ast.StringNode)
		if ok && ok2 {
			return head + "." + tail.Value, true
		}
	}
	return "", false
}

func (c *checker) names(s *site, at ...int) ([]*node, bool) {
	out := make([]*node, 0, len(at))
	for _, i := range at {
		name, ok := nameArg(s.args[i])
		if !ok {
			l := s.args[i].Location()
			c.fail(codeArgs, l.From, l.To, map[string]any{"function": s.name, "argument": i + 1}, "argument %d of %s is a name, written in quotes", i+1, s.name)
			return nil, false
		}
		n := text(name)
		n.from, n.to = s.args[i].Location().From, s.args[i].Location().To
		out = append(out, n)
	}
	return out, true
}

var rollups = []string{"sum", "count", "avg", "max", "min"}

// lookupMacro makes LOOKUP and ROLLUP calls: form, match, key, field, function.
// The match is "field == value", or a field that holds this record's id.
func lookupMacro(c *checker, s *site) *node {
	bare, ok := c.names(s, 0, 2)
	if !ok {
		return &node{op: "nil"}
	}
	match, key := c.match(s)
	fn, typ := text(""), Type{}
	if s.name == "ROLLUP" {
		fn, typ, ok = c.rollup(s, s.args[3])
		if !ok {
			return &node{op: "nil"}
		}
	}
	n := c.make("call", s.at, typ, bare[0], match, key, bare[1], fn)
	n.str, n.fn = s.name, library[s.name]
	return n
}

func (c *checker) rollup(s *site, a ast.Node) (*node, Type, bool) {
	name, _ := nameArg(a)
	name = strings.ToLower(name)
	for _, f := range rollups {
		if f == name {
			typ := Type{}
			if name == "sum" || name == "count" || name == "avg" {
				typ = of(Number)
			}
			return text(name), typ, true
		}
	}
	l := a.Location()
	c.fail(codeArgs, l.From, l.To, map[string]any{"function": s.name, "allowed": rollups}, "%s sums up with %s", s.name, strings.Join(rollups, ", "))
	return nil, Type{}, false
}

func (c *checker) match(s *site) (field, key *node) {
	a := s.args[1]
	if b, ok := a.(*ast.BinaryNode); ok && b.Operator == "==" {
		if name, ok := nameArg(b.Left); ok {
			return text(name), c.check(b.Right)
		}
	}
	name, ok := nameArg(a)
	sys, hasSys := c.env.Fields["sys"]
	if !ok || !hasSys {
		l := a.Location()
		return text(""), c.fail(codeArgs, l.From, l.To, map[string]any{"function": s.name, "argument": 2},
			"argument 2 of %s is field == value, where the field is one of the other form", s.name)
	}
	id := c.make("id", a, sys)
	id.str, id.origin = "sys", "sys"
	return text(name), c.dot(a, id, "id", of(String))
}

func mapxMacro(c *checker, s *site) *node {
	bare, ok := c.names(s, 2, 3)
	if !ok {
		return &node{op: "nil"}
	}
	form, field, ok := cutLast(bare[0].str)
	form2, value, ok2 := cutLast(bare[1].str)
	if !ok || !ok2 || form != form2 {
		return c.failAt(bare[1], codeArgs, map[string]any{"function": s.name}, "MAPX wants two fields of one form, written form.field")
	}
	fn, typ, ok := c.rollup(s, s.args[0])
	if !ok {
		return &node{op: "nil"}
	}
	n := c.make("call", s.at, typ, text(form), text(field), c.check(s.args[1]), text(value), fn)
	return n.function("ROLLUP")
}

func cutLast(s string) (head, tail string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i <= 0 || i == len(s)-1 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

func myMacro(c *checker, s *site) *node {
	bare, ok := c.names(s, 0, 1)
	if !ok {
		return &node{op: "nil"}
	}
	n := c.make("call", s.at, listOf(of(Record)), bare...)
	return n.function("MY")
}
