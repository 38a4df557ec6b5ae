package rbac

import (
	"fmt"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// Reason is one line of an explanation.
type Reason struct {
	Allowed bool   `json:"allowed"`
	Code    string `json:"code"` // group_grants, no_group, rows_do_not_match, state_does_not_match, …
	Group   string `json:"group,omitempty"`
	Member  string `json:"member,omitempty"` // role, department or user that makes him a member
	Detail  string `json:"detail,omitempty"`
}

// Codes of reasons.
const (
	ReasonGrants       = "group_grants"
	ReasonAdmin        = "administrator"
	ReasonNoGroup      = "no_group"             // no access group gives anybody this operation
	ReasonNotMember    = "not_member"           // the group grants it, he is no member
	ReasonNoOperation  = "operation_not_given"  // he is a member, the group does not grant it
	ReasonRows         = "rows_do_not_match"    // the record is not in the group's range
	ReasonState        = "state_does_not_match" // the case is in another state
	ReasonNotNamed     = "field_does_not_name_him"
	ReasonNotVisible   = "not_visible"   // granted, but no group shows him the record
	ReasonFieldGranted = "field_granted" // the group gives this right over the field
	ReasonFieldLimited = "field_limited" // the group hides, masks or locks the field
	ReasonUnknownForm  = "unknown_form"  // no such form in a published app
	ReasonAnonymous    = "nobody"        // the subject is nobody
)

// Explain says why an operation is or is not allowed on a record (doc nil: on
// the form). The first line decides: it is allowed exactly when that line says
// so; the others tell what every other group of the form contributes.
func (f *FormPlan) Explain(op string, doc map[string]any) []Reason {
	if r, ok := f.outOfReach(); ok {
		return []Reason{r}
	}
	allowed := f.Can(op)
	if doc != nil {
		allowed = f.Allows(op, doc)
	}
	var out []Reason
	for _, g := range f.grants {
		out = append(out, f.explainGrant(g, op, doc, allowed))
	}
	out = append(out, f.explainOthers(op)...)
	slices.SortStableFunc(out, func(a, b Reason) int { return rank(a) - rank(b) })
	if len(out) == 0 {
		out = []Reason{{Code: ReasonNoGroup, Detail: fmt.Sprintf("no access group of %s gives %q", f.form, op)}}
	}
	return out
}

func (f *FormPlan) outOfReach() (Reason, bool) {
	switch {
	case f.app == nil:
		return Reason{Code: ReasonUnknownForm, Detail: "there is no such form"}, true
	case f.plan.Subject.User == "":
		return Reason{Code: ReasonAnonymous, Detail: "nobody is logged in"}, true
	}
	return Reason{}, false
}

// rank orders reasons: what allows, then what nearly did, then the rest.
func rank(r Reason) int {
	if r.Allowed {
		return 0
	}
	order := []string{ReasonNotVisible, ReasonState, ReasonRows, ReasonNotNamed, ReasonNoOperation, ReasonNotMember}
	if i := slices.Index(order, r.Code); i >= 0 {
		return 1 + i
	}
	return len(order) + 1
}

func (f *FormPlan) explainGrant(g *grant, op string, doc map[string]any, allowed bool) Reason {
	r := g.reason()
	switch {
	case !g.ops[op]:
		r.Code, r.Detail = ReasonNoOperation, fmt.Sprintf("%s does not include %q", r.Detail, op)
	case formOps[op] && g.member == "":
		r.Code, r.Detail = ReasonNotNamed, r.Detail+": a new record names nobody yet"
	case !formOps[op] && doc != nil && !g.holds(doc):
		r.Code, r.Detail = f.whyNot(g, doc)
	case !allowed:
		r.Code, r.Detail = ReasonNotVisible, fmt.Sprintf("%s gives %q, but no group shows him the record", r.Detail, op)
	default:
		r.Allowed, r.Code = true, ReasonGrants
		r.Detail = fmt.Sprintf("%s gives %q on %s", r.Detail, op, g.rangeText())
		if g.group == nil {
			r.Code = ReasonAdmin
		}
	}
	return r
}

// reason starts a line with who he is in the group.
func (g *grant) reason() Reason {
	if g.group == nil {
		return Reason{Member: describeMember(g.member), Detail: "platform administrators: their group"}
	}
	member := describeMember(g.member)
	if g.member == "" {
		member = describeMember(memberField + strings.Join(g.byField, ", "))
	}
	return Reason{Group: g.group.def.Key, Member: member,
		Detail: fmt.Sprintf("as %s he is in group %q, which", member, g.group.title())}
}

func (g *group) title() string {
	if t := g.def.Title.In(""); t != "" {
		return t
	}
	return g.def.Key
}

// rangeText says in the definition's own words where the group holds.
func (g *grant) rangeText() string {
	if g.group == nil {
		return "all records"
	}
	text := "all records"
	if rows := g.group.def.Rows; rows != "" && rows != schema.RowsAll {
		text = "rows: " + rows
	}
	if len(g.group.def.When) > 0 {
		text += ", in state " + strings.Join(g.group.def.When, ", ")
	}
	return text
}

// whyNot says which part of the grant's range the record fails.
func (f *FormPlan) whyNot(g *grant, doc map[string]any) (code, detail string) {
	who := g.reason().Detail
	if len(g.group.def.When) > 0 && !filter.Compile(anyOf(pathState, g.group.def.When))(doc) {
		return ReasonState, fmt.Sprintf("%s holds in state %s only", who, strings.Join(g.group.def.When, ", "))
	}
	if g.member == "" && !filter.Compile(namedIn(g.byField, f.plan.Subject.User))(doc) {
		return ReasonNotNamed, fmt.Sprintf("group %q is for whoever is %s; the record does not name him",
			g.group.title(), describeMember(memberField+strings.Join(g.byField, ", ")))
	}
	return ReasonRows, fmt.Sprintf("%s holds for %s; the record is not among them", who, g.rangeText())
}

// explainOthers lists the groups that would grant the operation if he were a member.
func (f *FormPlan) explainOthers(op string) []Reason {
	var out []Reason
	for _, g := range f.app.groups {
		if g.def.Form != f.form || !slices.Contains(g.def.Can, op) || f.memberOf(g) {
			continue
		}
		var who []string
		for _, m := range g.members {
			who = append(who, describeMember(m))
		}
		out = append(out, Reason{Code: ReasonNotMember, Group: g.def.Key,
			Detail: fmt.Sprintf("group %q gives %q to: %s; he is none of them", g.title(), op, strings.Join(who, "; "))})
	}
	return out
}

func (f *FormPlan) memberOf(g *group) bool {
	return slices.ContainsFunc(f.grants, func(have *grant) bool { return have.group == g })
}

// ExplainField says why a field of a record stands as it does: one line per
// group that takes part, the widest right first. doc nil = a record being created.
func (f *FormPlan) ExplainField(path string, doc map[string]any) []Reason {
	if r, ok := f.outOfReach(); ok {
		return []Reason{r}
	}
	view, write := f.holding(doc)
	type line struct {
		right  FieldRight
		reason Reason
	}
	var lines []line
	for _, g := range f.grants {
		if view&g.bit == 0 {
			continue
		}
		right, r := g.right(path, write&g.bit != 0), g.reason()
		r.Allowed, r.Code = right >= FieldRead, ReasonFieldGranted
		if !r.Allowed {
			r.Code = ReasonFieldLimited
		}
		r.Detail = fmt.Sprintf("%s gives %q over field %s", r.Detail, right, path)
		lines = append(lines, line{right, r})
	}
	slices.SortStableFunc(lines, func(a, b line) int { return int(b.right) - int(a.right) })
	var out []Reason
	for _, l := range lines {
		out = append(out, l.reason)
	}
	if len(out) == 0 {
		out = []Reason{{Code: ReasonNotVisible, Detail: "no group shows him the record"}}
	}
	return out
}
