package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxGroupsPerForm bounds what every decision on a record has to look at.
const maxGroupsPerForm = 63

// check checks what only the whole access part, with its forms, can tell.
func (p *accessParser) check() {
	var roles []string
	for i, r := range p.access.Roles {
		p.unique(fmt.Sprintf("/roles/%d/key", i), r.Key, &roles)
	}
	var pages []string
	for i, m := range p.access.Menus {
		at := fmt.Sprintf("/menus/%d", i)
		p.unique(at+"/page", m.Page, &pages)
		p.nonEmpty(at+"/roles", len(m.Roles))
		for j, role := range m.Roles {
			p.checkRole(fmt.Sprintf("%s/roles/%d", at, j), role, roles)
		}
	}
	var keys []string
	perForm := map[string]int{}
	for i, g := range p.access.Groups {
		at := fmt.Sprintf("/groups/%d", i)
		p.unique(at+"/key", g.Key, &keys)
		if perForm[g.Form]++; perForm[g.Form] == maxGroupsPerForm+1 {
			p.fail(at+"/form", "too_many_groups", fmt.Sprintf("a form has at most %d access groups", maxGroupsPerForm),
				map[string]any{"max": maxGroupsPerForm})
		}
		p.checkGroup(at, g, roles)
	}
}

func (p *accessParser) unique(at, key string, seen *[]string) {
	if slices.Contains(*seen, key) && key != "" {
		p.fail(at, "duplicate", fmt.Sprintf("%q is given twice", key), map[string]any{"key": key})
	}
	*seen = append(*seen, key)
}

func (p *accessParser) nonEmpty(at string, n int) {
	if n == 0 {
		p.fail(at, "empty", "at least one is needed", nil)
	}
}

func (p *accessParser) checkGroup(at string, g GroupDef, roles []string) {
	if g.Form == "" {
		return // reported as missing
	}
	if !p.oneOf(at+"/form", "reference.form", "form", g.Form, slices.Sorted(maps.Keys(p.forms))) {
		return
	}
	form := p.forms[g.Form]
	p.nonEmpty(at+"/members", len(g.Members))
	for i, m := range g.Members {
		p.checkMember(fmt.Sprintf("%s/members/%d", at, i), m, form, roles)
	}
	p.checkOperations(at, g, form)
	p.checkFormOperations(at, g)
	p.checkStates(at, g, form)
	p.checkRows(at+"/rows", g.Rows, form)
	p.checkGroupFields(at, g, form)
	p.checkRowsOf(at+"/rows_of", g, form)
}

func (p *accessParser) checkMember(at string, m MemberDef, form *Form, roles []string) {
	kinds := 0
	for _, set := range []bool{m.Role != "", m.Dept != "", m.User != "", m.Everyone, m.Field != ""} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		p.fail(at, "member_kind", "a member is exactly one of role, dept, user, everyone, field", nil)
		return
	}
	if m.Children && m.Dept == "" {
		p.fail(at+"/children", "member_children", "only a department has children", nil)
	}
	if m.Role != "" {
		p.checkRole(at+"/role", m.Role, roles)
	}
	if m.Field != "" {
		p.checkMemberField(at+"/field", m.Field, form)
	}
}

// checkRole knows the roles of its own app; those of others are known where all apps are.
func (p *accessParser) checkRole(at, role string, roles []string) {
	app, key, qualified := strings.Cut(role, ".")
	if !qualified {
		p.oneOf(at, "reference.role", "role", role, roles)
		return
	}
	if !keyPattern.MatchString(app) || !keyPattern.MatchString(key) {
		p.fail(at, "key", fmt.Sprintf("%q is not a role such as pm or base.pm", role), map[string]any{"value": role})
		return
	}
	if app == p.app {
		p.oneOf(at, "reference.role", "role", key, roles)
	}
}

// checkMemberField: a member field of the record, or one of the record that a
// relation points to. What lies in another app is checked where all apps are known.
func (p *accessParser) checkMemberField(at, name string, form *Form) {
	var f *Field
	if via, rest := form.Through(name); via != nil {
		app, key, _ := strings.Cut(via.Relation.Form, ".")
		if app != p.app || p.forms[key] == nil {
			return // another app's, or an unknown form that the relation itself is reported for
		}
		if f = fieldOrColumn(p.forms[key], rest); f == nil {
			p.oneOf(at, "reference.field", "field", rest, fieldNames(p.forms[key]))
			return
		}
	} else if f = p.field(at, name, form); f == nil {
		return
	}
	if f.Type != TypeMember {
		p.fail(at, "member_field", fmt.Sprintf("field %q is no member field", name), map[string]any{"field": name})
	}
}

// Through splits a name that reaches through a relation of the form,
// "project.members.member", into the relation field and what is meant of the
// record it points to. The field is nil when the name stays in the record.
func (f *Form) Through(name string) (via *Field, rest string) {
	for i, c := range name {
		if c != '.' {
			continue
		}
		if x := fieldOrColumn(f, name[:i]); x != nil && x.Relation != nil {
			return x, name[i+1:]
		}
	}
	return nil, ""
}

// field finds a field or a column; a problem when there is none.
func (p *accessParser) field(at, name string, form *Form) *Field {
	if f := fieldOrColumn(form, name); f != nil {
		return f
	}
	p.oneOf(at, "reference.field", "field", name, fieldNames(form))
	return nil
}

func fieldOrColumn(form *Form, name string) *Field {
	key, column, isColumn := strings.Cut(name, ".")
	f := form.Field(key)
	if f == nil || !isColumn {
		return f
	}
	for _, c := range f.Columns {
		if c.Key == column {
			return c
		}
	}
	return nil
}

func fieldNames(form *Form) []string {
	var names []string
	for _, f := range form.Fields {
		names = append(names, f.Key)
		for _, c := range f.Columns {
			names = append(names, f.Key+"."+c.Key)
		}
	}
	return names
}

// checkFormOperations warns of a group that could give its operation to nobody: a
// new record names no member yet.
func (p *accessParser) checkFormOperations(at string, g GroupDef) {
	if len(g.Members) == 0 || slices.ContainsFunc(g.Members, func(m MemberDef) bool { return m.Field == "" }) {
		return
	}
	for i, op := range g.Can {
		if op == OpCreate || op == OpImport {
			p.warn(fmt.Sprintf("%s/can/%d", at, i), "nobody_yet", fmt.Sprintf("%q is given to nobody: a new record names no member yet", op),
				map[string]any{"operation": op})
		}
	}
}

func (p *accessParser) checkOperations(at string, g GroupDef, form *Form) {
	p.nonEmpty(at+"/can", len(g.Can))
	var seen []string
	for i, op := range g.Can {
		here := fmt.Sprintf("%s/can/%d", at, i)
		p.unique(here, op, &seen)
		p.oneOf(here, "operation", "operation", op, form.Operations())
	}
	onRecords := slices.DeleteFunc(slices.Clone(g.Can), func(op string) bool {
		return op == OpView || op == OpCreate || op == OpImport
	})
	if len(onRecords) > 0 && !slices.Contains(g.Can, OpView) {
		p.warn(at+"/can", "without_view", fmt.Sprintf("%q works only on records that another group shows", onRecords[0]),
			map[string]any{"operation": onRecords[0]})
	}
}

func (p *accessParser) checkStates(at string, g GroupDef, form *Form) {
	if len(g.When) > 0 && form.Flow == "" {
		p.fail(at+"/when", "when_without_flow", fmt.Sprintf("form %q has no flow, so no record is ever in a state", form.Key),
			map[string]any{"form": form.Key})
	}
	var seen []string
	for i, state := range g.When {
		here := fmt.Sprintf("%s/when/%d", at, i)
		p.unique(here, state, &seen)
		p.oneOf(here, "state", "case state", state, CaseStates())
	}
}

// checkRows checks the named ranges, and a misspelt one that would otherwise
// be reported as an unknown name of a formula.
func (p *accessParser) checkRows(at, rows string, form *Form) {
	if list, ok := strings.CutPrefix(rows, RowsDepts); ok {
		for ref := range strings.SplitSeq(list, ",") {
			if strings.TrimSpace(ref) == "" {
				p.fail(at, "rows_depts", "depts: names departments, separated by commas", nil)
				return
			}
		}
	}
	if NamedRange(rows) || !keyPattern.MatchString(rows) || form.Field(rows) != nil {
		return
	}
	p.oneOf(at, "rows", "row range", rows, []string{RowsAll, RowsMine, RowsMyDept, RowsMyDepts, RowsHeaded, RowsTookPart})
}

func (p *accessParser) checkGroupFields(at string, g GroupDef, form *Form) {
	given := map[string]string{}
	for _, l := range []struct {
		name   string
		fields []string
	}{{"hide", g.Fields.Hide}, {"readonly", g.Fields.Readonly}, {"mask", g.Fields.Mask}} {
		for i, name := range l.fields {
			here := fmt.Sprintf("%s/fields/%s/%d", at, l.name, i)
			if p.field(here, name, form) == nil {
				continue
			}
			if other, twice := given[name]; twice {
				p.fail(here, "duplicate", fmt.Sprintf("%q is already under %s", name, other), map[string]any{"key": name})
			}
			given[name] = l.name
			p.checkFillable(here, name, g, form)
		}
	}
}

// checkFillable tells of a required field that this group keeps from whoever
// creates with it: what he cannot fill is not asked of him, and stays empty. It is
// an error where nobody who creates could fill it and no flow asks anybody later.
func (p *accessParser) checkFillable(at, name string, g GroupDef, form *Form) {
	f := fieldOrColumn(form, name)
	if !slices.Contains(g.Can, OpCreate) || !f.Required || f.Formula != "" || f.DefaultExpr != "" || f.Default != nil || form.sets(name) {
		return
	}
	fills := func(o GroupDef) bool {
		return o.Form == g.Form && slices.Contains(o.Can, OpCreate) && !o.Fields.limits(name)
	}
	if form.Flow == "" && !slices.ContainsFunc(p.access.Groups, fills) {
		p.fail(at, "required_unfillable", fmt.Sprintf("%q is required, but no group that may create lets it be filled", name),
			map[string]any{"field": name})
		return
	}
	p.warn(at, "required_withheld", fmt.Sprintf("%q is required, but this group may create and not fill it", name),
		map[string]any{"field": name})
}

// limits reports whether the field, or the subtable it is a column of, is less than writable.
func (g GroupFields) limits(name string) bool {
	table, _, _ := strings.Cut(name, ".")
	return slices.ContainsFunc(slices.Concat(g.Hide, g.Readonly, g.Mask), func(n string) bool { return n == name || n == table })
}

// sets reports whether a rule of the form, or the choice of a related record, fills the field.
func (f *Form) sets(name string) bool {
	for _, x := range f.Fields {
		if x.Relation == nil {
			continue
		}
		if _, filled := x.Relation.Fill[name]; filled {
			return true
		}
	}
	in := func(t *RuleThen) bool {
		return t != nil && slices.ContainsFunc(t.Set, func(s Assign) bool { return s.Field == name })
	}
	return slices.ContainsFunc(f.Rules, func(r Rule) bool { return in(&r.Then) || in(r.Else) })
}

func (p *accessParser) checkRowsOf(at string, g GroupDef, form *Form) {
	for _, name := range slices.Sorted(maps.Keys(g.RowsOf)) {
		here := at + "/" + escapePointer(name)
		f := p.field(here, name, form)
		if f == nil {
			continue
		}
		if f.Type != TypeSubtable {
			p.fail(here, "rows_of", fmt.Sprintf("field %q is no subtable", name), map[string]any{"field": name})
			continue
		}
		for i, op := range g.RowsOf[name] {
			p.oneOf(fmt.Sprintf("%s/%d", here, i), "row_operation", "row operation", op, RowOperations())
		}
	}
}
