package formula

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

// site is one call in the text.
type site struct {
	name string
	args []ast.Node
	at   ast.Node
}

func (c *checker) call(s *site) *node {
	if closures[s.name] {
		return c.closureCall(s)
	}
	if s.name == "len" || s.name == "sum" {
		s.name = strings.ToUpper(s.name)
	}
	f, ok := library[s.name]
	if !ok {
		return c.unknownFunction(s)
	}
	if !c.count(s, f.min, f.max) {
		return c.skip(s, f.resultType(nil))
	}
	if f.macro != nil {
		return f.macro(c, s)
	}
	return c.plainCall(s, f)
}

// skip checks the arguments for their own mistakes after the call was found wrong.
func (c *checker) skip(s *site, t Type) *node {
	for _, a := range s.args {
		if _, isPredicate := a.(*ast.PredicateNode); !isPredicate {
			c.check(a)
		}
	}
	return &node{op: "nil", typ: t}
}

func (c *checker) unknownFunction(s *site) *node {
	l := s.at.Location()
	if _, isVariable := c.env.Fields[s.name]; isVariable {
		return c.fail(codeFunction, l.From, l.To, map[string]any{"name": s.name}, "%s is a field, not a function", s.name)
	}
	found := suggest(s.name, functionNames())
	return c.fail(codeFunction, l.From, l.To, map[string]any{"name": s.name, "suggest": found}, "there is no function %s%s", s.name, didYouMean(found))
}

// count checks the number of arguments; most < 0 means any number.
func (c *checker) count(s *site, least, most int) bool {
	n := len(s.args)
	if n >= least && (most < 0 || n <= most) {
		return true
	}
	want := spell(least)
	switch {
	case most < 0:
		want = "at least " + want
	case most > least:
		want += " to " + spell(most)
	}
	l := s.at.Location()
	c.fail(codeArgs, l.From, l.To, map[string]any{"name": s.name, "min": least, "max": most, "got": n}, "%s wants %s arguments, this has %d", s.name, want, n)
	return false
}

func spell(n int) string { return string(appendInt(nil, n)) }

func appendInt(b []byte, n int) []byte {
	if n >= 10 {
		b = appendInt(b, n/10)
	}
	return append(b, byte('0'+n%10))
}

func (c *checker) plainCall(s *site, f *function) *node {
	kids := make([]*node, 0, len(s.args))
	types := make([]Type, 0, len(s.args))
	for i, a := range s.args {
		n := c.check(a)
		if p := f.param(i); !p.accepts(n) {
			n = c.failAt(n, codeType, map[string]any{"function": s.name, "argument": i + 1, "want": p.want(), "got": n.typ.String()},
				"argument %d of %s is %s, this is %s%s", i+1, s.name, p.want(), n.typ, p.hint(n))
		}
		kids = append(kids, n)
		types = append(types, n.typ)
	}
	n := c.make("call", s.at, f.resultType(types), kids...)
	n.str, n.fn = f.Name, f
	return n
}

// accepts reports whether an argument may stand for the parameter.
func (p param) accepts(n *node) bool {
	t := n.typ
	if t.Kind == Any || n.isBlankLiteral() {
		return true
	}
	switch p.kind {
	case "number", "int":
		return t.Kind == Number
	case "text":
		return t.isText()
	case "bool":
		return t.Kind == Bool
	case "date":
		return t.isDate() || n.op == "s" && validDate(n.str)
	case "moment":
		return t.isDate() || t.Kind == Time || n.op == "s" && (validDate(n.str) || validTime(n.str))
	case "time":
		return t.Kind == Time || n.op == "s" && validTime(n.str)
	case "list":
		return t.Kind == List
	case "numbers":
		return t.Kind == List && t.elem().isNumeric()
	case "values":
		return t.elem().isNumeric()
	case "row":
		return t.Kind == Row || t.Kind == Record
	case "scalar":
		return t.Kind != List && t.Kind != Row
	}
	return true
}

var wantNames = map[string]string{
	"number": "a number", "int": "a number", "text": "a text", "bool": "yes/no", "date": "a date", "moment": "a date or time", "time": "a time",
	"list": "a list", "numbers": "a list of numbers", "values": "numbers or a list of numbers", "row": "a row", "scalar": "a single value", "any": "any value",
}

func (p param) want() string { return wantNames[p.kind] }

func (p param) hint(n *node) string {
	switch {
	case n.typ.Kind == String && (p.kind == "number" || p.kind == "int" || p.kind == "values"):
		return "; VALUE() makes a number of a text"
	case n.typ.Kind == String && (p.kind == "date" || p.kind == "moment"):
		return "; DATE() makes a date of a text"
	case n.typ.Kind == Number && p.kind == "text":
		return "; TEXT() makes a text of a number"
	}
	return ""
}
