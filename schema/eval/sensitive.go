package eval

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// sealable are the types that may be sensitive: values that a person or a
// formula gives, and that nothing else in the product looks up by. Choices,
// people and relations decide access, tasks and lists; files lie elsewhere.
var sealable = []schema.FieldType{
	schema.TypeText, schema.TypeTextarea, schema.TypeRichText, schema.TypePhone, schema.TypeEmail, schema.TypeURL, schema.TypeIDCard,
	schema.TypeBarcode, schema.TypeNumber, schema.TypeMoney, schema.TypePercent, schema.TypeDate, schema.TypeTime, schema.TypeAddress,
	schema.TypeLocation, schema.TypeJSON, schema.TypeFormula,
}

// sensitive holds fields that are kept encrypted to what the store can still do
// with them, and finds the ways by which their values would come to rest in the clear.
func (c *compiler) sensitive() {
	c.taken()
	for _, s := range c.form.slots {
		f, at := s.field, s.pointer()+"/x-field"
		c.copied(s, at)
		if !f.Sensitive {
			continue
		}
		if !slices.Contains(sealable, f.Type) {
			c.problem(at+"/sensitive", "sensitive_type", "a field of the type "+string(f.Type)+" cannot be sensitive", nil)
		}
		if f.Index && !f.Hashed() {
			c.problem(at+"/index", "sensitive", f.Key+" is kept encrypted: no index can serve it", nil)
		}
	}
	c.listed()
}

// taken: what takes its value from a sensitive field must be sensitive itself.
func (c *compiler) taken() {
	need := func(at string, to *slot, deps []string) {
		if to.field.Sensitive {
			return
		}
		for _, d := range deps {
			if c.secret(to, d) {
				c.problem(at, "sensitive_copy", fmt.Sprintf("%s takes its value from %s, which is sensitive: make it sensitive, too", to.path, d), map[string]any{"field": to.path, "from": d})
			}
		}
	}
	for _, st := range c.form.steps {
		need(st.pointer, st.slot, st.prog.Deps())
	}
	for _, r := range c.form.rules {
		for _, b := range []*branch{r.then, r.els} {
			if b == nil {
				continue
			}
			for _, a := range b.sets {
				need(r.pointer, a.slot, a.prog.Deps())
			}
		}
	}
	if c.form.title == nil {
		return
	}
	for _, d := range c.form.title.Deps() {
		if c.secret(nil, d) {
			c.problem("/titleFormula", "sensitive", "the title would tell "+d+", which is sensitive", map[string]any{"from": d})
		}
	}
}

// secret reports whether a name in a formula reaches a sensitive field; in is
// the slot the formula belongs to, whose row it sees first.
func (c *compiler) secret(in *slot, name string) bool {
	name = strings.TrimPrefix(name, "form.")
	if in != nil && in.parent != nil {
		if s, rest := c.rooted(in.parent.path + "." + name); s != nil {
			return c.holds(s, rest)
		}
	}
	s, rest := c.rooted(name)
	return s != nil && c.holds(s, rest)
}

// rooted finds the field that a dotted name begins with, and what comes behind it.
func (c *compiler) rooted(name string) (*slot, string) {
	parts := strings.Split(name, ".")
	for n := min(2, len(parts)); n > 0; n-- {
		if s := c.form.byPath[strings.Join(parts[:n], ".")]; s != nil {
			return s, strings.Join(parts[n:], ".")
		}
	}
	return nil, ""
}

// holds: the field itself, a column of a whole subtable, or a field of the record it points to.
func (c *compiler) holds(s *slot, rest string) bool {
	switch {
	case s.field.Sensitive:
		return true
	case rest == "" && s.field.Type == schema.TypeSubtable:
		return slices.ContainsFunc(s.cols, func(col *slot) bool { return col.field.Sensitive })
	case rest != "" && s.field.Relation != nil:
		target := c.forms(s.field.Relation.Form)
		if target == nil {
			return false
		}
		f := target.Field(rest)
		return f != nil && f.Sensitive
	}
	return false
}

var inBraces = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// copied: a field that other records, numbers or sums take a sensitive value into.
func (c *compiler) copied(s *slot, at string) {
	f := s.field
	tells := func(at, what string) {
		c.problem(at, "sensitive", what+" is sensitive, and would rest here in the clear", map[string]any{"from": what})
	}
	if f.Serial != nil {
		for _, m := range inBraces.FindAllStringSubmatch(f.Serial.Pattern, -1) {
			if x := c.form.Def.Field(m[1]); x != nil && x.Sensitive {
				tells(at+"/pattern", m[1])
			}
		}
	}
	if r := f.Relation; r != nil {
		if c.secretOf(r.Form, r.Display) {
			tells(at+"/display", r.Display)
		}
		for own, from := range r.Fill {
			to := c.form.byPath[own]
			if s.parent != nil && c.form.byPath[s.parent.path+"."+own] != nil {
				to = c.form.byPath[s.parent.path+"."+own]
			}
			if to != nil && !to.field.Sensitive && c.secretOf(r.Form, from) {
				tells(at+"/fill"+escape(own), from)
			}
		}
	}
	if o := f.OptionsFrom; o != nil && c.secretOf(o.Form, o.Field) {
		tells(at+"/options", o.Field)
	}
	if l := f.Link; l != nil && l.Via == "" && l.Fn != "" && l.Fn != "count" && c.secretOf(l.Form, l.Field) {
		tells(at+"/of", l.Field)
	}
}

func (c *compiler) secretOf(form, key string) bool {
	t := c.forms(form)
	if t == nil && form == c.form.Def.Ref() {
		t = c.form.Def
	}
	if t == nil || key == "" {
		return false
	}
	f := t.Field(key)
	return f != nil && f.Sensitive
}

// listed: unique constraints and indexes over values of which the store has no hash.
func (c *compiler) listed() {
	each := func(at string, keys []string) {
		for _, k := range keys {
			f := c.form.Def.Field(strings.TrimPrefix(k, "-"))
			if f != nil && f.Sensitive && !f.Hashed() {
				c.problem(at, "sensitive", f.Key+" is kept encrypted without a hash: the store cannot tell which values are equal", map[string]any{"field": f.Key})
			}
		}
	}
	for i, keys := range c.form.Def.Unique {
		each(fmt.Sprintf("/unique/%d", i), keys)
	}
	for i, keys := range c.form.Def.Indexes {
		each(fmt.Sprintf("/indexes/%d", i), keys)
	}
}

// AsksTooMuch names the first sensitive field of which a condition over stored
// records asks more than equality, "" when there is none.
func (f *Form) AsksTooMuch(x filter.Expr) string {
	found := ""
	_, _ = filter.Map(x, func(c filter.Cmp) (filter.Expr, error) { // the function never fails
		name, isData := strings.CutPrefix(c.Path, "data.")
		if s := f.byPath[name]; isData && s != nil && s.field.Sensitive && found == "" && !slices.Contains(s.field.Operators(), c.Op) {
			found = name
		}
		return c, nil
	})
	return found
}
