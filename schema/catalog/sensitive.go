package catalog

import (
	"fmt"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// unordered finds what a view cannot do with a field that is kept encrypted:
// sort or group by it, or add it up.
func unordered(at string, f *Form, v *schema.View) []schema.Problem {
	var out []schema.Problem
	check := func(path, name string) {
		if fd := f.Def.Field(strings.TrimPrefix(name, "-")); fd != nil && fd.Sensitive {
			out = append(out, schema.Problem{Path: at + path, Code: "sensitive", Params: map[string]any{"field": fd.Key},
				Message: fd.Key + " is kept encrypted: a view cannot sort or group by it, or add it up"})
		}
	}
	for i, k := range v.Sort {
		check(fmt.Sprintf("/sort/%d", i), k)
	}
	check("/group", v.Group)
	for k := range v.Totals {
		check("/totals/"+k, k)
	}
	return out
}

// rowRules finds access groups whose rows depend on a sensitive field: the
// store would have to compare what it does not know.
func (a *App) rowRules() []schema.Problem {
	var out []schema.Problem
	for i, g := range a.Def.Access.Groups {
		f := a.Forms[g.Form]
		if f == nil || schema.NamedRange(g.Rows) {
			continue
		}
		p, errs := formula.Compile(g.Rows, f.Env, formula.Type{Kind: formula.Bool})
		if len(errs) > 0 {
			continue // reported where access is compiled
		}
		for _, d := range p.Deps() {
			if fd := f.FieldAt(d); fd != nil && fd.Sensitive {
				out = append(out, schema.Problem{Path: fmt.Sprintf("access#/groups/%d/rows", i), Code: "sensitive", Params: map[string]any{"field": d, "group": g.Key},
					Message: d + " is kept encrypted: it cannot decide who sees which records"})
			}
		}
	}
	return out
}
