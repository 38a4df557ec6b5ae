package engine

import (
	"maps"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// checkTimes checks the date fields and formulas of a node's deadline or delay.
func (c *checker) checkTimes(n *schema.Node, at string) {
	if d := n.Deadline; d != nil && d.Field != "" {
		c.checkDate(d.Field, at+"/deadline/field")
	}
	if n.Delay == nil {
		return
	}
	if n.Delay.Field != "" {
		c.checkDate(n.Delay.Field, at+"/delay/field")
	}
	if n.Delay.Until != "" {
		c.checkUntil(n, at+"/delay/until")
	}
}

// checkDate wants a date field of the record itself.
func (c *checker) checkDate(name, at string) {
	f := c.form.Field(name)
	switch {
	case f == nil:
		c.unknownField(name, at)
	case f.Type != schema.TypeDate:
		c.add(at, "not_a_date", name+" is no date field", map[string]any{"field": name, "type": string(f.Type)})
	default:
		c.dates[name] = periodOf(f)
	}
}

func (c *checker) checkUntil(n *schema.Node, at string) {
	p := c.program(n.Delay.Until, at, formula.Any)
	if p == nil {
		return
	}
	switch p.Type().Kind {
	case formula.Date, formula.DateTime, formula.Any:
		c.until[n] = p
	default:
		c.add(at, "formula.type", "the formula gives "+p.Type().String()+", wanted is a date or a time",
			map[string]any{"want": "date", "got": p.Type().String()})
	}
}

// checkWork checks what a node that works outside names of this form. What it
// names of other forms is checked where all forms are known.
func (c *checker) checkWork(n *schema.Node, at string) {
	switch {
	case n.Subflow != nil:
		c.checkEach(n.Subflow.Each, at+"/subflow/each")
		c.checkTargets(n.Subflow.Back, n.Subflow.Each, at+"/subflow/back")
	case n.Data != nil:
		c.checkEach(n.Data.Each, at+"/data/each")
		c.checkTargets(n.Data.Into, n.Data.Each, at+"/data/into")
	case n.Call != nil:
		c.checkTargets(n.Call.Into, "", at+"/call/into")
	}
}

func (c *checker) checkEach(name, at string) {
	if name == "" {
		return
	}
	f := c.form.Field(name)
	if f == nil {
		c.unknownField(name, at)
	} else if f.Type != schema.TypeSubtable {
		c.add(at, "not_a_subtable", name+" is no subtable", map[string]any{"field": name})
	}
}

// checkTargets checks the fields of this record that an outcome is written to:
// fields, and the columns of the subtable a node works through.
func (c *checker) checkTargets(m map[string]string, each, at string) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		place := at + "/" + name
		table, _, column := strings.Cut(name, ".")
		f := c.field(name)
		switch {
		case f == nil:
			c.unknownField(name, place)
		case column && (each == "" || table != each):
			c.add(place, "not_this_row", name+" is a column of rows this node does not work through", map[string]any{"field": name})
		case computed(f) || f.Type == schema.TypeSubtable:
			c.add(place, "not_writable", name+" cannot be written to", map[string]any{"field": name})
		}
	}
}
