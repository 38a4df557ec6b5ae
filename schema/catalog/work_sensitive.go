package catalog

import (
	"maps"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// carriesSecrets finds mappings of a node by which a sensitive value would come to
// rest in the clear in another form, or back in this one (sensitive_copy), and
// warns of those that send it outside (sensitive_call).
func (f *Form) carriesSecrets(n *schema.Node, target *schema.Form, find resolver, w *WorkPrograms) []schema.Problem {
	own := mapping{from: f.Def, row: WorkEach(n), to: target, find: find}
	switch {
	case n.Data != nil && target != nil:
		return append(own.copies("/data/set", w.Set), mapping{from: target, to: f.Def, find: find}.copies("/data/into", w.Into)...)
	case n.Subflow != nil && target != nil:
		return append(own.copies("/subflow/data", w.Set), mapping{from: target, to: f.Def, find: find}.copies("/subflow/back", w.Into)...)
	case n.Call != nil:
		return own.sends(w)
	}
	return nil
}

// mapping is values going from the records of one form, or the rows of a subtable
// of it, to those of another.
type mapping struct {
	from *schema.Form
	row  string // subtable whose row the formulas see first; "" = none
	to   *schema.Form
	find resolver
}

func (m mapping) copies(at string, set map[string]*formula.Program) []schema.Problem {
	var out []schema.Problem
	for _, key := range slices.Sorted(maps.Keys(set)) {
		to := m.to.Field(key)
		if to == nil || to.Sensitive || set[key] == nil {
			continue // what is not there is reported where the mapping is compiled
		}
		for _, name := range set[key].Deps() {
			for _, from := range m.secrets(name) {
				if keptIn(to, from) {
					continue
				}
				out = append(out, schema.Problem{Path: at + "/" + key, Code: "sensitive_copy", Params: map[string]any{"field": key, "from": name, "form": m.to.Ref()},
					Message: m.to.Ref() + "." + key + " takes its value from " + name + ", which is sensitive: make it sensitive, too"})
				break
			}
		}
	}
	return out
}

// keptIn reports whether a subtable keeps a column's value as secret as it was.
func keptIn(to *schema.Field, column *schema.Field) bool {
	return slices.ContainsFunc(to.Columns, func(c *schema.Field) bool { return c.Key == column.Key && c.Sensitive })
}

// sends warns of what leaves: there is nothing to keep it secret there.
func (m mapping) sends(w *WorkPrograms) []schema.Problem {
	var out []schema.Problem
	tell := func(at string, p *formula.Program) {
		if p == nil {
			return
		}
		for _, name := range p.Deps() {
			if len(m.secrets(name)) > 0 {
				out = append(out, schema.Problem{Path: at, Code: "sensitive_call", Warning: true, Params: map[string]any{"from": name},
					Message: name + " is sensitive, and is sent to another system"})
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(w.Set)) {
		tell("/call/body/"+key, w.Set[key])
	}
	for _, part := range w.URL {
		tell("/call/url", part.Program)
	}
	return out
}

// secrets are the sensitive fields and columns that a name in a formula reaches.
func (m mapping) secrets(name string) []*schema.Field {
	rest, outer := strings.CutPrefix(name, "form.")
	if t := m.from.Field(m.row); t != nil && !outer {
		if found, known := m.within(t.Columns, rest); known {
			return found
		}
	}
	found, _ := m.within(m.from.Fields, rest)
	return found
}

// within follows a dotted name from a list of fields, through subtables and
// relations; false = it does not begin with one of them.
func (m mapping) within(fields []*schema.Field, name string) ([]*schema.Field, bool) {
	key, rest, deeper := strings.Cut(name, ".")
	i := slices.IndexFunc(fields, func(f *schema.Field) bool { return f.Key == key })
	if i < 0 {
		return nil, false
	}
	f := fields[i]
	switch {
	case f.Sensitive:
		return []*schema.Field{f}, true
	case f.Type == schema.TypeSubtable && !deeper:
		return slices.DeleteFunc(slices.Clone(f.Columns), func(c *schema.Field) bool { return !c.Sensitive }), true
	case f.Type == schema.TypeSubtable:
		found, _ := m.within(f.Columns, rest)
		return found, true
	case f.Relation != nil && deeper:
		if to := m.find(f.Relation.Form); to != nil {
			found, _ := m.within(to.Fields, rest)
			return found, true
		}
	}
	return nil, true
}
