package eval

import (
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// references checks what fields say about other forms, and their filters.
func (c *compiler) references() {
	if !c.resolves {
		return
	}
	for _, s := range c.form.slots {
		at := s.pointer() + "/x-field"
		if s.field.Relation != nil {
			c.relation(at, s, s.field.Relation)
		}
		if s.field.OptionsFrom != nil {
			c.options(at+"/options", s, s.field.OptionsFrom)
		}
		if s.field.Link != nil {
			c.link(at, s, s.field.Link)
		}
	}
}

// target finds the other form; one that is missing is a problem.
func (c *compiler) target(at, ref string) *schema.Form {
	f := c.forms(ref)
	if f == nil && ref == c.form.Def.Ref() {
		f = c.form.Def
	}
	if f == nil {
		c.problem(at, "unknown_form", "there is no form "+ref, map[string]any{"form": ref})
	}
	return f
}

func (c *compiler) targetField(at string, f *schema.Form, key string) *schema.Field {
	if key == "" {
		return nil
	}
	if _, ok := schema.DocPath(key); ok && isSystem(key) {
		return nil
	}
	x := f.Field(key)
	if x == nil {
		c.problem(at, "unknown_field", "the form "+f.Ref()+" has no field "+key, map[string]any{"form": f.Ref(), "field": key})
	}
	return x
}

func isSystem(name string) bool {
	return len(name) > 4 && (name[:4] == "sys." || len(name) > 5 && name[:5] == "case.")
}

// filter compiles a filter of a field over records of another form.
func (c *compiler) filter(at string, s *slot, src string, target *schema.Form) {
	if src != "" {
		c.form.filters[s.path] = c.program(at, src, FilterEnv(target, c.form.Env), kind(formula.Bool))
	}
}

func (c *compiler) relation(at string, s *slot, r *schema.Relation) {
	f := c.target(at+"/form", r.Form)
	if f == nil {
		return
	}
	c.targetField(at+"/display", f, r.Display)
	if parent := c.targetField(at+"/tree", f, r.Tree); parent != nil && (parent.Relation == nil || parent.Relation.Form != r.Form) {
		c.problem(at+"/tree", "not_a_parent", "the field "+r.Tree+" does not point to its own form", map[string]any{"field": r.Tree})
	}
	for own, theirs := range r.Fill {
		c.fill(at+"/fill"+escape(own), s, own, c.targetField(at+"/fill"+escape(own), f, theirs))
	}
	c.filter(at+"/filter", s, r.Filter, f)
}

// fill checks that the value of the chosen record fits the own field.
func (c *compiler) fill(at string, s *slot, own string, from *schema.Field) {
	path := own
	if s.parent != nil && c.form.byPath[s.parent.path+"."+own] != nil {
		path = s.parent.path + "." + own
	}
	to := c.form.byPath[path]
	if from == nil || to == nil {
		return
	}
	a, b := schema.FormulaType(from, nil).Kind, schema.FormulaType(to.field, nil).Kind
	if a != b && b != formula.Any && a != formula.Any {
		c.problem(at, "type", "the field "+own+" cannot take the value of "+from.Key, map[string]any{"field": own, "from": from.Key})
	}
}

func (c *compiler) options(at string, s *slot, o *schema.OptionSource) {
	if f := c.target(at+"/form", o.Form); f != nil {
		c.targetField(at+"/field", f, o.Field)
		c.filter(at+"/filter", s, o.Filter, f)
	}
}

func (c *compiler) link(at string, s *slot, l *schema.Link) {
	if l.Via != "" {
		c.lookup(at, s, l)
		return
	}
	f := c.target(at+"/form", l.Form)
	if f == nil {
		return
	}
	if m := c.targetField(at+"/match", f, l.Match); m != nil && (m.Relation == nil || m.Relation.Form != c.form.Def.Ref()) {
		c.problem(at+"/match", "not_a_relation", "the field "+l.Match+" of "+f.Ref()+" does not point here", map[string]any{"field": l.Match})
	}
	x := c.targetField(at+"/of", f, l.Field)
	if x != nil && (l.Fn == "sum" || l.Fn == "avg" || l.Fn == "min" || l.Fn == "max") && schema.FormulaType(x, nil).Kind != formula.Number {
		c.problem(at+"/of", "type", "only numbers can be summed up", map[string]any{"field": l.Field})
	}
	c.filter(at+"/where", s, l.Where, f)
}

func (c *compiler) lookup(at string, s *slot, l *schema.Link) {
	path := l.Via
	if s.parent != nil {
		path = s.parent.path + "." + l.Via
	}
	via := c.form.byPath[path]
	if via == nil || via.field.Relation == nil {
		return // ParseForm has reported it
	}
	if f := c.target(at+"/via", via.field.Relation.Form); f != nil {
		c.targetField(at+"/of", f, l.Field)
	}
}
