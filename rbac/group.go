package rbac

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage/filter"
)

// group is a compiled access group; immutable.
type group struct {
	app     string
	index   int
	def     *schema.GroupDef
	members []string // members in the enforcer's words, in the order written
	rows    *formula.Program
	env     formula.Type          // of rows
	caps    map[string]FieldRight // the most a named field may be
	my      []string              // forms whose records rows or members ask with MY, "app.form"
	via     map[string]through    // member fields that reach through a relation
}

// through is a member field of the record that a relation points to.
type through struct {
	relation string // the relation, a field or column of this record
	form     string // "app.form" that it points to
	path     string // the member field there
}

// name is the group's name in the enforcer.
func (g *group) name() string { return groupPrefix + g.def.Key }

// qualify makes a role's reference complete: "pm" → "cost.pm".
func qualify(app, ref string) string {
	if strings.Contains(ref, ".") {
		return ref
	}
	return app + "." + ref
}

// compileGroups compiles the groups of an app; those with problems are left out.
func compileGroups(src AppSource, forms map[string]*schema.Form) ([]*group, []schema.Problem) {
	var groups []*group
	var problems []schema.Problem
	perForm := map[string]int{}
	for i := range src.Access.Groups {
		g, found := compileGroup(src, i, forms)
		if perForm[g.def.Form]++; perForm[g.def.Form] > MaxGroups {
			found = append(found, g.problem("/form", "too_many_groups",
				"form %q has more than %d access groups", g.def.Form, MaxGroups))
		}
		problems = append(problems, found...)
		if !schema.HasErrors(found) {
			groups = append(groups, g)
		}
	}
	return groups, problems
}

func compileGroup(src AppSource, index int, forms map[string]*schema.Form) (*group, []schema.Problem) {
	g := &group{app: src.App, index: index, def: &src.Access.Groups[index]}
	form, ok := src.Forms[g.def.Form]
	if !ok {
		return g, []schema.Problem{g.problem("/form", "unknown_form", "there is no form %q", g.def.Form)}
	}
	var problems []schema.Problem
	for i, m := range g.def.Members {
		token := memberToken(src.App, m)
		if token == "" {
			problems = append(problems, g.problem(fmt.Sprintf("/members/%d", i), "member_kind",
				"a member is exactly one of role, dept, user, everyone, field"))
			continue
		}
		if p := g.reach(m.Field, form.Form, forms); p != nil {
			p.Path = fmt.Sprintf("access#/groups/%d/members/%d/field", index, i)
			problems = append(problems, *p)
			continue
		}
		g.members = append(g.members, token)
	}
	g.caps = fieldCaps(g.def.Fields)
	if isFormula(g.def.Rows) {
		problems = append(problems, g.compileRows(form)...)
	}
	return g, problems
}

// reach prepares a member field that lies behind a relation. A form of an app that
// is not installed names nobody; a field that is none there is a problem.
func (g *group) reach(field string, form *schema.Form, forms map[string]*schema.Form) *schema.Problem {
	if field == "" || form == nil {
		return nil
	}
	rel, path := form.Through(field)
	if rel == nil {
		return nil
	}
	target := qualify(g.app, rel.Relation.Form)
	if other := forms[target]; other != nil && !namesPeople(other, path) {
		p := g.problem("", "member_field", "%q is no member field of %s", path, target)
		return &p
	}
	if g.via == nil {
		g.via = map[string]through{}
	}
	g.via[field] = through{relation: field[:len(field)-len(path)-1], form: target, path: path}
	g.my = append(g.my, target)
	return nil
}

func namesPeople(form *schema.Form, path string) bool {
	key, column, isColumn := strings.Cut(path, ".")
	f := form.Field(key)
	if f != nil && isColumn {
		i := slices.IndexFunc(f.Columns, func(c *schema.Field) bool { return c.Key == column })
		if i < 0 {
			return false
		}
		f = f.Columns[i]
	}
	return f != nil && f.Type == schema.TypeMember
}

// compileRows compiles the row formula and renders it once for a made-up
// subject, so that what cannot be a filter is found at publish, not at login.
func (g *group) compileRows(form FormSource) []schema.Problem {
	program, errs := formula.Compile(g.def.Rows, form.Env, formula.Type{Kind: formula.Bool})
	if len(errs) > 0 {
		return g.formulaProblems(errs)
	}
	g.rows, g.env = program, form.Env
	if name := unfit(program.Tree()); name != "" {
		return []schema.Problem{g.problem("/rows", "rows_volatile",
			"%s cannot decide a row range: its answer changes while a plan is in use", name)}
	}
	for _, name := range program.Deps() {
		if _, ok := g.recordPath(name); !ok {
			return []schema.Problem{g.problem("/rows", "rows_path",
				"%s is not kept in the record itself; use MY(form, path) to reach through a relation", name)}
		}
	}
	probe := Subject{User: "probe", Name: "probe", Depts: []string{"probe"}, Roles: []string{"probe"}}
	my := func(form, _ string) ([]string, error) {
		g.my = append(g.my, qualify(g.app, form))
		return []string{"probe"}, nil
	}
	x, err := g.formulaFilter(&probe, my)
	if err == nil && x == nil {
		err = errNoFilter
	}
	if err != nil {
		return []schema.Problem{g.filterProblem(err)}
	}
	return nil
}

// filterProblem keeps the place within the formula, where there is one.
func (g *group) filterProblem(err error) schema.Problem {
	p := g.problem("/rows", "rows_filter", "this cannot be asked of the store: %v", err)
	var at *formula.Error
	if errors.As(err, &at) {
		p.Message, p.From, p.To = "this cannot be asked of the store: "+at.Message, at.From, at.To
	}
	return p
}

func (g *group) formulaProblems(errs []formula.Error) []schema.Problem {
	var out []schema.Problem
	for _, e := range errs {
		p := g.problem("/rows", e.Code, "%s", e.Message)
		p.From, p.To = e.From, e.To
		for k, v := range e.Params {
			p.Params[k] = v
		}
		out = append(out, p)
	}
	return out
}

// formulaFilter binds the row formula to a subject.
func (g *group) formulaFilter(s *Subject, my MyResolver) (filter.Expr, error) {
	return g.rows.Filter(formula.FilterOptions{Path: g.recordPath, Context: s.context(), My: my})
}

// recordPath maps a name of the record to its place in the stored document.
// What lies behind a relation, a member or a department is not in there.
func (g *group) recordPath(name string) (string, bool) {
	t := g.env
	for part := range strings.SplitSeq(name, ".") {
		if t.Kind == formula.List && t.Elem != nil {
			t = *t.Elem
		}
		next, ok := t.Fields[part]
		if t.Kind != formula.Row || !ok {
			return "", false
		}
		t = next
	}
	return schema.DocPath(name)
}

func (g *group) problem(at, code, format string, args ...any) schema.Problem {
	return schema.Problem{
		Path:    fmt.Sprintf("access#/groups/%d%s", g.index, at),
		Code:    code,
		Message: fmt.Sprintf(format, args...),
		Params:  map[string]any{"app": g.app, "group": g.def.Key},
	}
}

// memberToken is a member in the enforcer's words, "" when the definition names none.
func memberToken(app string, m schema.MemberDef) string {
	switch {
	case m.Everyone:
		return memberEveryone
	case m.Role != "":
		return memberRole + qualify(app, m.Role)
	case m.Dept != "" && m.Children:
		return memberTree + m.Dept
	case m.Dept != "":
		return memberDept + m.Dept
	case m.User != "":
		return memberUser + m.User
	case m.Field != "":
		return memberField + m.Field
	}
	return ""
}

func fieldCaps(f schema.GroupFields) map[string]FieldRight {
	caps := map[string]FieldRight{}
	// From the mildest to the strictest: a name in two lists gets the stricter.
	for _, name := range f.Readonly {
		caps[name] = FieldRead
	}
	for _, name := range f.Mask {
		caps[name] = FieldMasked
	}
	for _, name := range f.Hide {
		caps[name] = FieldHidden
	}
	return caps
}

// right is the group's right over a field, where the group may write or only
// read. A column, or a part of a composite value, has at most the right of
// what it is part of.
func (g *group) right(path string, write bool) FieldRight {
	r := FieldRead
	if write {
		r = FieldWrite
	}
	if len(g.caps) == 0 {
		return r
	}
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '.' {
			continue
		}
		if c, ok := g.caps[path[:i]]; ok && c < r {
			r = c
		}
	}
	return r
}
