package formula

import (
	"github.com/expr-lang/expr/ast"
)

// name resolves a bare name: lets, columns of a row condition, variables, USER.
func (c *checker) name(at ast.Node, name string) *node {
	for i := len(c.lets) - 1; i >= 0; i-- {
		if c.lets[i].name == name {
			n := c.make("var", at, c.lets[i].typ)
			n.k = len(c.lets) - 1 - i
			return n
		}
	}
	for i := len(c.frames) - 1; i >= 0; i-- {
		if f := c.frames[i]; f.names {
			if t, ok := f.elem.Fields[name]; ok {
				return c.dot(at, c.element(at, len(c.frames)-1-i), name, t)
			}
		}
	}
	if t, ok := c.env.Fields[name]; ok && name != "USER" {
		n := c.make("id", at, t)
		n.str, n.origin = name, name
		return n
	}
	if name == "USER" {
		return c.fail(codeName, at.Location().From, at.Location().To, map[string]any{"name": name, "suggest": sortedNames(userType.Fields)},
			"USER needs a member: USER.id, USER.name, USER.dept, USER.depts, USER.roles")
	}
	return c.unknownName(at, name, c.visible())
}

// visible lists the names that could be meant.
func (c *checker) visible() []string {
	names := sortedNames(c.env.Fields)
	for _, f := range c.frames {
		if f.names {
			names = append(names, sortedNames(f.elem.Fields)...)
		}
	}
	for _, l := range c.lets {
		names = append(names, l.name)
	}
	return append(names, "USER")
}

func (c *checker) unknownName(at ast.Node, name string, names []string) *node {
	found := suggest(name, names)
	if _, isFunction := library[name]; isFunction {
		found = append([]string{name + "()"}, found...)
	}
	l := at.Location()
	return c.fail(codeName, l.From, l.To, map[string]any{"name": name, "suggest": found}, "there is no %s here%s", name, didYouMean(found))
}

// pointer checks # and #index.
func (c *checker) pointer(a *ast.PointerNode) *node {
	if len(c.frames) == 0 {
		return c.forbidden(a, "# outside a closure", "use it in filter, map, any, all …")
	}
	switch a.Name {
	case "":
		return c.element(a, 0)
	case "index":
		return c.make("#i", a, of(Number))
	}
	return c.forbidden(a, "#"+a.Name, "only # and #index exist")
}

func (c *checker) element(at ast.Node, k int) *node {
	f := c.frames[len(c.frames)-1-k]
	n := c.make("#", at, f.elem)
	n.k, n.origin = k, f.origin
	return n
}

func (c *checker) dot(at ast.Node, x *node, name string, t Type) *node {
	n := c.make(".", at, t, x)
	n.str = name
	if x.origin != "" {
		n.origin = x.origin + "." + name
	}
	return n
}

func (c *checker) member(a *ast.MemberNode) *node {
	name, named := a.Property.(*ast.StringNode)
	if id, ok := a.Node.(*ast.IdentifierNode); ok && named && id.Value == "USER" && !c.hides("USER") {
		return c.user(a, name.Value)
	}
	x := c.check(a.Node)
	if !named {
		return c.index(a, x, c.check(a.Property))
	}
	return c.dotOn(a, x, name.Value)
}

func (c *checker) hides(name string) bool {
	for _, l := range c.lets {
		if l.name == name {
			return true
		}
	}
	return false
}

func (c *checker) user(a *ast.MemberNode, name string) *node {
	t, ok := userType.Fields[name]
	if !ok {
		return c.unknownName(a, "USER."+name, []string{"USER.id", "USER.name", "USER.dept", "USER.depts", "USER.roles"})
	}
	n := c.make("user", a, t)
	n.str = name
	return n
}

func (c *checker) dotOn(a *ast.MemberNode, x *node, name string) *node {
	e := x.typ.elem()
	switch e.Kind {
	case Any, Row, Record:
	default:
		return c.fail(codeType, a.Location().From, a.Location().To, map[string]any{"name": name, "got": x.typ.String()},
			"%s has no parts, so there is no .%s", x.typ, name)
	}
	t, ok := memberType(e, name)
	if !ok {
		return c.unknownName(a, name, sortedNames(e.Fields))
	}
	if x.typ.Kind != List {
		return c.dot(a, x, name, t)
	}
	n := c.dot(a, x, name, listOf(t.elem()))
	n.op = "col"
	return n
}

// memberType is the type of a member; members of Any, and of rows whose fields are unknown, are Any.
func memberType(t Type, name string) (Type, bool) {
	if t.Kind == Record && name == "id" {
		if f, ok := t.Fields[name]; ok {
			return f, true
		}
		return Type{Kind: Record, Fields: t.Fields, Form: t.Form}, true
	}
	if t.Kind == Any || t.Fields == nil {
		return Type{}, true
	}
	f, ok := t.Fields[name]
	return f, ok
}

func (c *checker) index(a *ast.MemberNode, x, i *node) *node {
	switch x.typ.Kind {
	case List, Any:
	case Row, Record:
		return c.forbidden(a, "a computed member name", "write the name in quotes or after a dot")
	default:
		return c.forbidden(a, "an index into "+x.typ.String(), "use MID for text")
	}
	if !i.typ.isNumeric() {
		return c.failAt(i, codeType, map[string]any{"want": "number", "got": i.typ.String()}, "an index is a number, this is %s", i.typ)
	}
	n := c.make("at", a, x.typ.elem(), x, i)
	n.origin = x.origin
	return n
}
