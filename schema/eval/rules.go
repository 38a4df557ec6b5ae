package eval

import (
	"fmt"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

type rule struct {
	when      *formula.Program
	then, els *branch // els nil = none
	pointer   string
}

// branch is what a rule does in one of its two cases.
type branch struct {
	show, hide, require, optional, lock, unlock []*slot
	sets                                        []assign
}

type assign struct {
	slot *slot
	prog *formula.Program
}

type check struct {
	prog    *formula.Program
	def     schema.Check
	path    string // field it is shown at, "" = the record
	pointer string
}

func (c *compiler) rules() {
	for i, def := range c.form.Def.Rules {
		at := fmt.Sprintf("/rules/%d", i)
		r := rule{pointer: at, when: c.program(at+"/when", def.When, c.form.Env, kind(formula.Bool))}
		r.then = c.branch(at+"/then", def.Then)
		if def.Else != nil {
			r.els = c.branch(at+"/else", *def.Else)
		}
		if r.when != nil {
			c.form.rules = append(c.form.rules, r)
		}
	}
	c.conflicts()
}

func (c *compiler) branch(at string, t schema.RuleThen) *branch {
	b := &branch{
		show: c.find(t.Show), hide: c.find(t.Hide), require: c.find(t.Require),
		optional: c.find(t.Optional), lock: c.find(t.Lock), unlock: c.find(t.Unlock),
	}
	for _, s := range b.show {
		s.shown, s.ruled = true, true
	}
	for _, s := range b.hide {
		s.ruled = true
	}
	for _, a := range t.Set {
		s := c.form.byPath[a.Field]
		if s == nil {
			continue // ParseForm has reported it
		}
		prog := c.program(at+"/set"+escape(a.Field), a.Value, c.env(s), schema.FormulaType(s.field, c.forms))
		if prog != nil {
			b.sets = append(b.sets, assign{s, prog})
		}
	}
	return b
}

func (c *compiler) find(names []string) []*slot {
	out := make([]*slot, 0, len(names))
	for _, n := range names {
		if s := c.form.byPath[n]; s != nil {
			out = append(out, s)
		}
	}
	return out
}

// conflicts warns of a field that two rules set.
func (c *compiler) conflicts() {
	first := map[string]int{}
	for i, def := range c.form.Def.Rules {
		sets := def.Then.Set
		if def.Else != nil {
			sets = append(append([]schema.Assign(nil), sets...), def.Else.Set...)
		}
		for _, a := range sets {
			j, set := first[a.Field]
			if !set {
				first[a.Field] = i
				continue
			}
			if j != i {
				c.warn(fmt.Sprintf("/rules/%d", i), "set_twice",
					fmt.Sprintf("the field %s is set by rule %d too; the later one wins", a.Field, j+1),
					map[string]any{"field": a.Field, "rule": j + 1})
			}
		}
	}
}

func (c *compiler) checks() {
	for i, def := range c.form.Def.Checks {
		prog := c.program(fmt.Sprintf("/checks/%d/assert", i), def.Assert, c.form.Env, kind(formula.Bool))
		if prog == nil {
			continue
		}
		field := def.Field
		if field == "" {
			field = c.firstRead(prog)
		}
		pointer := ""
		if name, _, _ := strings.Cut(field, "."); name != "" {
			pointer = escape(name) // a check is about the record: a column is shown at its subtable
		}
		c.form.checks = append(c.form.checks, check{prog: prog, def: def, path: field, pointer: pointer})
	}
}

// firstRead is the field that stands first in the text of a formula. A column
// is shown at its subtable.
func (c *compiler) firstRead(prog *formula.Program) string {
	best, at := "", len(prog.Source())+1
	for _, dep := range prog.Deps() {
		name, _, _ := strings.Cut(dep, ".")
		if c.form.byPath[name] == nil {
			continue
		}
		if i := strings.Index(prog.Source(), name); i >= 0 && i < at {
			best, at = name, i
		}
	}
	return best
}
