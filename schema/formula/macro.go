package formula

import (
	"github.com/expr-lang/expr/ast"
)

// Macros are functions that become nodes of the tree: lazy ones, operators
// under another name, and those whose arguments are no plain values.

func (c *checker) checkAll(args []ast.Node) []*node {
	out := make([]*node, len(args))
	for i, a := range args {
		out[i] = c.check(a)
	}
	return out
}

// operatorMacro is a function that is an operator.
func operatorMacro(op string) func(c *checker, s *site) *node {
	return func(c *checker, s *site) *node {
		kids := c.checkAll(s.args)
		return c.operation(s.at, op, kids[0], kids[1])
	}
}

func addMacro(c *checker, s *site) *node {
	kids := c.checkAll(s.args)
	sum := kids[0]
	for _, k := range kids[1:] {
		sum = c.plus(s.at, sum, k)
	}
	return sum
}

func joinMacro(c *checker, s *site) *node {
	return c.make("&", s.at, of(String), c.checkAll(s.args)...)
}

func logicMacro(op string) func(c *checker, s *site) *node {
	return func(c *checker, s *site) *node {
		kids := c.checkAll(s.args)
		for _, k := range kids {
			c.wantBool(k)
		}
		return c.make(op, s.at, of(Bool), kids...)
	}
}

func notMacro(c *checker, s *site) *node {
	x := c.check(s.args[0])
	c.wantBool(x)
	return c.make("not", s.at, of(Bool), x)
}

func boolMacro(k int) func(c *checker, s *site) *node {
	return func(c *checker, s *site) *node {
		n := c.make("b", s.at, of(Bool))
		n.k = k
		return n
	}
}

func blankMacro(c *checker, s *site) *node {
	return c.make("blank", s.at, of(Bool), c.check(s.args[0]))
}

func notBlankMacro(c *checker, s *site) *node {
	return c.make("not", s.at, of(Bool), blankMacro(c, s))
}

func ifMacro(c *checker, s *site) *node {
	kids := c.checkAll(s.args)
	if len(kids) == 2 {
		kids = append(kids, &node{op: "nil"})
	}
	return c.conditional(s.at, kids[0], kids[1], kids[2])
}

// ifsMacro is IFS and CASEWHEN: pairs, with an otherwise when the number is odd.
func ifsMacro(c *checker, s *site) *node {
	kids := c.checkAll(s.args)
	rest := &node{op: "nil"}
	if len(kids)%2 == 1 {
		rest, kids = kids[len(kids)-1], kids[:len(kids)-1]
	}
	for i := len(kids) - 2; i >= 0; i -= 2 {
		rest = c.conditional(s.at, kids[i], kids[i+1], rest)
	}
	return rest
}

// switchMacro evaluates x once, in a let.
func switchMacro(c *checker, s *site) *node {
	x := c.check(s.args[0])
	c.lets = append(c.lets, letVar{"", x.typ})
	kids := c.checkAll(s.args[1:])
	c.lets = c.lets[:len(c.lets)-1]
	rest := &node{op: "nil"}
	if len(kids)%2 == 1 {
		rest, kids = kids[len(kids)-1], kids[:len(kids)-1]
	}
	for i := len(kids) - 2; i >= 0; i -= 2 {
		v := c.make("var", s.args[0], x.typ)
		rest = c.conditional(s.at, c.compare(s.at, "==", v, kids[i]), kids[i+1], rest)
	}
	return c.make("let", s.at, rest.typ, x, rest)
}

func coalesceMacro(c *checker, s *site) *node {
	kids := c.checkAll(s.args)
	n := kids[len(kids)-1]
	for i := len(kids) - 2; i >= 0; i-- {
		n = c.operation(s.at, "??", kids[i], n)
	}
	return n
}

func arrayGetMacro(c *checker, s *site) *node {
	kids := c.checkAll(s.args)
	list := c.listArg(s, kids[0])
	n := c.make("at", s.at, list.typ.elem(), list, kids[1])
	n.origin = list.origin
	return c.wantIndex(n)
}

func (c *checker) wantIndex(n *node) *node {
	if i := n.kids[1]; !i.typ.isNumeric() {
		return c.failAt(i, codeType, map[string]any{"want": "number", "got": i.typ.String()}, "an index is a number, this is %s", i.typ)
	}
	return n
}

// textMacro sends a Date or Time, which is text when it runs, to DATEFORMAT.
func textMacro(c *checker, s *site) *node {
	n := c.plainCall(s, library["TEXT"])
	if k := n.kids[0].typ.Kind; len(n.kids) == 2 && (k == Date || k == Time) {
		return n.function("DATEFORMAT")
	}
	return n
}

func userNode(attr string, k Kind) func(c *checker, s *site) *node {
	return func(c *checker, s *site) *node {
		n := c.make("user", s.at, of(k))
		n.str = attr
		return n
	}
}

func userMacro(c *checker, s *site) *node {
	if len(s.args) == 0 {
		return userNode("id", Person)(c, s)
	}
	return c.plainCall(s, library["USER"])
}
