package formula

import (
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/formwork-run/formwork/internal/decimal"
)

// maxErrors bounds how many findings one compilation reports.
const maxErrors = 20

// checker turns expr's syntax tree into the checked tree.
type checker struct {
	runes  []rune
	env    Type
	errs   []Error
	frames []frame  // enclosing closures, innermost last
	lets   []letVar // enclosing lets, innermost last
	nodes  int
	depth  int
}

// frame is one enclosing closure.
type frame struct {
	elem   Type
	origin string
	names  bool // bare names mean the row's columns first (FILTER, SUMIF …)
}

type letVar struct {
	name string
	typ  Type
}

// fail records a finding and returns a node that fits everywhere, so that one mistake is reported once.
func (c *checker) fail(code string, from, to int, params map[string]any, format string, args ...any) *node {
	if len(c.errs) < maxErrors {
		c.errs = append(c.errs, newError(c.runes, code, from, to, params, format, args...))
	}
	return &node{op: "nil", from: from, to: to}
}

func (c *checker) failAt(n *node, code string, params map[string]any, format string, args ...any) *node {
	return c.fail(code, n.from, n.to, params, format, args...)
}

func (c *checker) make(op string, at ast.Node, typ Type, kids ...*node) *node {
	n := &node{op: op, typ: typ, kids: kids}
	if at != nil {
		n.from, n.to = at.Location().From, at.Location().To
	} else if len(kids) > 0 {
		n.from, n.to = kids[0].from, kids[0].to
	}
	return n.span()
}

// check checks one node of the text; it never returns nil.
func (c *checker) check(a ast.Node) *node {
	if a == nil {
		return c.fail(codeSyntax, 0, len(c.runes), nil, "the formula cannot be read")
	}
	c.nodes++
	c.depth++
	defer func() { c.depth-- }()
	from, to := a.Location().From, a.Location().To
	if c.nodes > MaxNodes || c.depth > MaxDepth {
		if c.nodes > MaxNodes+maxErrors || len(c.errs) > 0 && c.errs[len(c.errs)-1].Code == codeComplex {
			return &node{op: "nil"}
		}
		return c.fail(codeComplex, from, to, map[string]any{"nodes": MaxNodes, "depth": MaxDepth},
			"the formula has more than %d parts or is nested more than %d deep", MaxNodes, MaxDepth)
	}
	return c.dispatch(a)
}

func (c *checker) dispatch(a ast.Node) *node {
	switch a := a.(type) {
	case *ast.NilNode:
		return c.make("nil", a, Type{})
	case *ast.BoolNode:
		n := c.make("b", a, of(Bool))
		if a.Value {
			n.k = 1
		}
		return n
	case *ast.StringNode:
		n := c.make("s", a, of(String))
		n.str = a.Value
		return n
	case *ast.IntegerNode, *ast.FloatNode:
		return c.number(a)
	case *ast.IdentifierNode:
		return c.name(a, a.Value)
	case *ast.PointerNode:
		return c.pointer(a)
	case *ast.ChainNode:
		return c.check(a.Node)
	case *ast.MemberNode:
		return c.member(a)
	case *ast.UnaryNode:
		return c.unary(a)
	case *ast.BinaryNode:
		return c.binary(a)
	case *ast.ConditionalNode:
		return c.conditional(a, c.check(a.Cond), c.check(a.Exp1), c.check(a.Exp2))
	case *ast.ArrayNode:
		return c.array(a)
	case *ast.VariableDeclaratorNode:
		return c.let(a)
	case *ast.BuiltinNode:
		return c.call(&site{name: a.Name, args: a.Arguments, at: a})
	case *ast.CallNode:
		if id, ok := a.Callee.(*ast.IdentifierNode); ok {
			return c.call(&site{name: id.Value, args: a.Arguments, at: a})
		}
		return c.forbidden(a, "calling a method", "use a function such as UPPER(name)")
	}
	return c.construct(a)
}

// construct refuses what the language of expr has and formulas have not.
func (c *checker) construct(a ast.Node) *node {
	switch a.(type) {
	case *ast.SliceNode:
		return c.forbidden(a, "a slice", "use LEFT, RIGHT or MID for text, FILTER or INDEX for lists")
	case *ast.SequenceNode:
		return c.forbidden(a, "a sequence", "write one expression")
	case *ast.MapNode:
		return c.forbidden(a, "a map", "read fields by their names")
	case *ast.BytesNode:
		return c.forbidden(a, "a byte text", "write a text in quotes")
	case *ast.PredicateNode:
		return c.forbidden(a, "a closure here", "use it in filter, map, any, all, none, one, find, count or sum")
	}
	return c.forbidden(a, "this construct", "rewrite the formula")
}

func (c *checker) forbidden(a ast.Node, what, instead string) *node {
	l := a.Location()
	return c.fail(codeForbidden, l.From, l.To, map[string]any{"what": what}, "%s is not allowed; %s", what, instead)
}

// number reads a literal from the text, exactly as written.
func (c *checker) number(a ast.Node) *node {
	l := a.Location()
	text := strings.ReplaceAll(string(c.runes[l.From:l.To]), "_", "")
	if len(text) > 1 && strings.ContainsAny(text[1:2], "xXoObB") {
		return c.fail(codeForbidden, l.From, l.To, map[string]any{"what": text}, "write numbers in decimal notation")
	}
	d, err := decimal.Parse(text)
	if err != nil {
		return c.fail(codeSyntax, l.From, l.To, map[string]any{"number": text}, "%s: %s", text, err)
	}
	n := c.make("n", a, of(Number))
	n.num = d
	return n
}

func (c *checker) array(a *ast.ArrayNode) *node {
	out := c.make("list", a, listOf(Type{}))
	var first *node
	for _, k := range a.Nodes {
		n := c.check(k)
		out.kids = append(out.kids, n)
		if first == nil || first.isBlankLiteral() {
			first = n
			continue
		}
		t, ok := unifyNodes(first, n)
		if !ok {
			c.failAt(n, codeType, map[string]any{"want": first.typ.String(), "got": n.typ.String()},
				"the elements of a list must be of one type: %s and %s", first.typ, n.typ)
			continue
		}
		first = &node{op: "list", typ: t}
	}
	if first != nil {
		out.typ = listOf(first.typ)
	}
	return out.span()
}

func (c *checker) let(a *ast.VariableDeclaratorNode) *node {
	value := c.check(a.Value)
	c.lets = append(c.lets, letVar{a.Name, value.typ})
	body := c.check(a.Expr)
	c.lets = c.lets[:len(c.lets)-1]
	return c.make("let", a, body.typ, value, body)
}

func (c *checker) conditional(at ast.Node, cond, yes, no *node) *node {
	c.wantBool(cond)
	t, ok := unifyNodes(yes, no)
	if !ok {
		c.failAt(no, codeType, map[string]any{"want": yes.typ.String(), "got": no.typ.String()},
			"both results must be of one type: %s and %s", yes.typ, no.typ)
	}
	n := c.make("if", at, t, cond, yes, no)
	if at.Location().To == 0 { // expr gives if {} else {} no place
		n.from, n.to = cond.from, cond.to
	}
	return n.span()
}

// wantBool reports a condition that is neither yes/no nor of unknown type.
func (c *checker) wantBool(n *node) {
	if n.typ.Kind != Bool && n.typ.Kind != Any && !n.isBlankLiteral() {
		c.failAt(n, codeType, map[string]any{"want": "yes/no", "got": n.typ.String()}, "a condition is wanted here, this is %s", n.typ)
	}
}
