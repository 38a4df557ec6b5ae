package engine

import (
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// checkWho checks the sources of people that name fields or have a formula.
func (c *checker) checkWho(n *schema.Node, at string) {
	n.EachWho(func(w schema.Who, pointer string) {
		place := at + pointer
		switch {
		case w.Field != "":
			c.checkMember(w.Field, place+"/field")
		case w.DeptField != "":
			c.checkDept(w.DeptField, place+"/dept_field")
		case w.Formula != "":
			c.checkPeople(w.Formula, place+"/formula")
		}
	})
}

// checkPeople wants a formula that gives a person or a list of persons.
func (c *checker) checkPeople(src, at string) {
	p := c.program(src, at, formula.Any)
	if p == nil {
		return
	}
	t := p.Type()
	for t.Kind == formula.List && t.Elem != nil {
		t = *t.Elem
	}
	if t.Kind != formula.Person && t.Kind != formula.Any {
		c.add(at, "formula.type", "the formula gives "+p.Type().String()+", wanted are people", map[string]any{"want": "person", "got": p.Type().String()})
		return
	}
	c.people[src] = p
}

// checkMember wants a member field, a member column of a subtable, or a path
// through a relation ("project.pm") that ends in a person.
func (c *checker) checkMember(path, at string) {
	first, rest, deep := strings.Cut(path, ".")
	f := c.form.Field(first)
	if f != nil && deep && f.Type == schema.TypeSubtable {
		f, deep = column(f, rest), false
	}
	switch {
	case f == nil:
		c.unknownField(path, at)
	case !deep && f.Type == schema.TypeMember:
	case deep && f.Type == schema.TypeRelation:
		c.checkEnd(path, at, formula.Person)
	default:
		c.add(at, "who_field_type", path+" is no member field", map[string]any{"field": path, "type": string(f.Type)})
	}
}

func (c *checker) checkDept(path, at string) {
	first, rest, deep := strings.Cut(path, ".")
	f := c.form.Field(first)
	if f != nil && deep && f.Type == schema.TypeSubtable {
		f, deep = column(f, rest), false
	}
	switch {
	case f == nil:
		c.unknownField(path, at)
	case !deep && f.Type == schema.TypeDepartment:
	case deep && f.Type == schema.TypeRelation:
		c.checkEnd(path, at, formula.Dept)
	default:
		c.add(at, "who_field_type", path+" is no department field", map[string]any{"field": path, "type": string(f.Type)})
	}
}

// checkEnd checks where a path through relations ends, as far as the
// environment knows the fields of the other form.
func (c *checker) checkEnd(path, at string, want formula.Kind) {
	t := c.env
	for _, name := range strings.Split(path, ".") {
		for t.Kind == formula.List && t.Elem != nil {
			t = *t.Elem
		}
		if t.Fields == nil {
			return // not known here; the service finds nobody if it is wrong
		}
		next, ok := t.Fields[name]
		if !ok {
			c.unknownField(path, at)
			return
		}
		t = next
	}
	for t.Kind == formula.List && t.Elem != nil {
		t = *t.Elem
	}
	if t.Kind != want && t.Kind != formula.Any {
		c.add(at, "who_field_type", path+" names no people", map[string]any{"field": path})
	}
}

func (c *checker) unknownField(name, at string) {
	c.add(at, "unknown_field", "the form has no field "+strconv.Quote(name), map[string]any{"field": name, "form": c.form.Key})
}

func column(f *schema.Field, key string) *schema.Field {
	for _, col := range f.Columns {
		if col.Key == key {
			return col
		}
	}
	return nil
}
