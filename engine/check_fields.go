package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// checkFields checks the field rights of a node.
func (c *checker) checkFields(n *schema.Node, at string) {
	at += "/fields"
	c.names(n.Fields.Edit, at+"/edit")
	c.names(n.Fields.Read, at+"/read")
	c.names(n.Fields.Hide, at+"/hide")
	c.names(n.Fields.Require, at+"/require")
	c.checkRequire(n, at+"/require")
	c.checkBoth(n, at+"/hide")
	tables := make([]string, 0, len(n.Fields.Rows))
	for name := range n.Fields.Rows {
		tables = append(tables, name)
	}
	slices.Sort(tables)
	for _, name := range tables {
		f := c.form.Field(name)
		if f == nil {
			c.unknownField(name, at+"/rows/"+name)
		} else if f.Type != schema.TypeSubtable {
			c.add(at+"/rows/"+name, "not_a_subtable", name+" is no subtable", map[string]any{"field": name})
		}
	}
}

// names checks that each name is "all", a field, or a column of a subtable.
func (c *checker) names(list []string, at string) {
	for i, name := range list {
		if name != schema.FieldsAll && c.field(name) == nil {
			c.unknownField(name, at+"/"+strconv.Itoa(i))
		}
	}
}

func (c *checker) field(name string) *schema.Field {
	first, rest, deep := strings.Cut(name, ".")
	f := c.form.Field(first)
	if f == nil || !deep {
		return f
	}
	if f.Type != schema.TypeSubtable {
		return nil
	}
	return column(f, rest)
}

// checkRequire refuses what nobody could fill: a required field that this node
// hides, does not let be edited, or that is computed.
func (c *checker) checkRequire(n *schema.Node, at string) {
	for i, name := range n.Fields.Require {
		place := at + "/" + strconv.Itoa(i)
		f := c.field(name)
		switch {
		case f == nil && name != schema.FieldsAll:
		case name == schema.FieldsAll:
			c.add(place, "require_all", "name the required fields one by one", nil)
		case n.Fields.Hides(name):
			c.add(place, "required_hidden", name+" is required here but hidden", map[string]any{"field": name})
		case computed(f):
			c.add(place, "required_computed", name+" is computed: nobody can fill it", map[string]any{"field": name})
		case !n.Fields.Edits(name):
			c.add(place, "required_not_editable", name+" is required here but cannot be edited", map[string]any{"field": name})
		}
	}
}

// checkBoth refuses a field that a node both hides and lets be edited.
func (c *checker) checkBoth(n *schema.Node, at string) {
	for i, name := range n.Fields.Hide {
		if slices.Contains(n.Fields.Edit, name) {
			c.add(at+"/"+strconv.Itoa(i), "hidden_and_editable", name+" is both hidden and editable", map[string]any{"field": name})
		}
	}
}

// checkNeverFilled refuses a start node that hides a required field of the
// form, when no later node asks for it: the record would be approved without.
func (c *checker) checkNeverFilled() {
	if len(c.flow.Nodes) == 0 || c.flow.Nodes[0] == nil {
		return
	}
	start := c.flow.Nodes[0].Fields
	for _, f := range c.form.Fields {
		if !f.Required || computed(f) || !start.Hides(f.Key) || c.requiredLater(f.Key) {
			continue
		}
		c.add("/nodes/0/fields/hide", "required_never_filled",
			f.Key+" is required, but the start hides it and no later node requires it", map[string]any{"field": f.Key})
	}
}

func (c *checker) requiredLater(key string) (found bool) {
	c.flow.Walk(func(n *schema.Node, at string) {
		found = found || at != "/nodes/0" && slices.Contains(n.Fields.Require, key)
	})
	return found
}

// computed reports that nobody writes the field by hand.
func computed(f *schema.Field) bool {
	switch f.Type {
	case schema.TypeSerial, schema.TypeFormula, schema.TypeRollup, schema.TypeLookup, schema.TypeReverse:
		return true
	}
	return f.Formula != ""
}
