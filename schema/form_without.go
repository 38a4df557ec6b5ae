package schema

import (
	"regexp"
	"slices"
	"strings"
)

// Without is the form as it works while apps that it names as optional are not
// there: what depends on their forms degrades to plain fields. A relation, and a
// choice fed by such a form, is a text; what is computed from such a form is a
// text that nobody fills; a formula, rule or check that reaches for them is left out. gone
// reports whether a form, "app.form", is of such an app. The form itself is not
// changed; nil comes back when nothing depends on what is gone.
func (f *Form) Without(gone func(ref string) bool) *Form {
	d := &degrading{gone: gone, fields: map[string]bool{}}
	fields := d.all(f.Fields)
	if len(d.fields) == 0 && !d.named(f) {
		return nil
	}
	out := *f
	out.Fields = d.plain(fields)
	if d.reaches(f.TitleFormula) {
		out.TitleFormula = ""
	}
	out.Rules = slices.DeleteFunc(slices.Clone(f.Rules), d.rule)
	out.Checks = slices.DeleteFunc(slices.Clone(f.Checks), func(c Check) bool { return d.reaches(c.Assert) })
	return &out
}

type degrading struct {
	gone   func(ref string) bool
	fields map[string]bool // keys of the fields that became plain, columns too
}

// all gives the fields with those that point to what is gone made plain.
func (d *degrading) all(l []*Field) []*Field {
	out := make([]*Field, len(l))
	for i, f := range l {
		out[i] = f
		c := *f
		switch {
		case f.Relation != nil && d.gone(f.Relation.Form):
			c.Type, c.Relation, c.Multiple = TypeText, nil, false
		case f.OptionsFrom != nil && d.gone(f.OptionsFrom.Form):
			c.Type, c.OptionsFrom, c.Multiple = TypeText, nil, false
		case f.Link != nil && (d.gone(f.Link.Form) || d.through(l, f.Link.Via)):
			c.Type, c.Link, c.Readonly = TypeText, nil, true
		case f.Type == TypeSubtable:
			c.Columns = d.all(f.Columns)
			out[i] = &c
			continue
		default:
			continue
		}
		c.Scale, c.Index = -1, false
		c.Schema = nil
		out[i], d.fields[f.Key] = &c, true
	}
	return out
}

// through reports whether a lookup's relation leads to what is gone.
func (d *degrading) through(l []*Field, via string) bool {
	i := slices.IndexFunc(l, func(f *Field) bool { return f.Key == via })
	return via != "" && i >= 0 && l[i].Relation != nil && d.gone(l[i].Relation.Form)
}

// plain takes away the formulas that reach for what is gone.
func (d *degrading) plain(l []*Field) []*Field {
	for i, f := range l {
		c := *f
		if d.reaches(f.Formula) {
			c.Formula = ""
		}
		if d.reaches(f.DefaultExpr) {
			c.DefaultExpr = ""
		}
		if f.Relation != nil && d.reaches(f.Relation.Filter) {
			r := *f.Relation
			r.Filter = ""
			c.Relation = &r
		}
		if f.Type == TypeSubtable {
			c.Columns = d.plain(slices.Clone(f.Columns))
		}
		l[i] = &c
	}
	return l
}

// named reports whether a formula names a form that is gone.
func (d *degrading) named(f *Form) bool {
	found := d.reaches(f.TitleFormula) || slices.ContainsFunc(f.Rules, d.rule)
	for _, c := range f.Checks {
		found = found || d.reaches(c.Assert)
	}
	for _, x := range f.Fields {
		for _, y := range append([]*Field{x}, x.Columns...) {
			found = found || d.reaches(y.Formula) || d.reaches(y.DefaultExpr)
		}
	}
	return found
}

func (d *degrading) rule(r Rule) bool {
	parts := []RuleThen{r.Then}
	if r.Else != nil {
		parts = append(parts, *r.Else)
	}
	if d.reaches(r.When) {
		return true
	}
	for _, p := range parts {
		if slices.ContainsFunc(p.Set, func(a Assign) bool { return d.reaches(a.Value) }) {
			return true
		}
	}
	return false
}

var (
	formsNamed = regexp.MustCompile(`["']([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)["']`)
	fieldsUsed = regexp.MustCompile(`[a-z][a-z0-9_]*`)
)

// reaches reports whether a formula names a form that is gone, or a field that
// became plain: its value is not what the formula was written for.
func (d *degrading) reaches(src string) bool {
	for _, m := range formsNamed.FindAllStringSubmatch(src, -1) {
		if d.gone(m[1]) {
			return true
		}
	}
	for _, at := range fieldsUsed.FindAllStringIndex(src, -1) {
		name, rest := src[at[0]:at[1]], src[at[1]:]
		if d.fields[name] && (strings.HasPrefix(rest, ".") || !d.onlyText(src)) {
			return true
		}
	}
	return false
}

// onlyText: joining texts works with a plain text as with anything else.
func (d *degrading) onlyText(src string) bool {
	return strings.HasPrefix(strings.TrimSpace(src), "CONCAT(")
}
