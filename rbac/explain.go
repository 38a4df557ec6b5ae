package rbac

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// Reason is one line of an explanation: what decided, or took part in it. Wording
// puts it in words.
type Reason struct {
	Allowed bool
	Code    string
	Op      string     // the operation asked about; "" in a line about a field
	Field   string     // the field asked about; "" in a line about an operation
	Right   FieldRight // what the line gives over the field

	Group      string      // key of the access group
	GroupTitle schema.Text // its title, or its key
	// Member is what makes the subject a member, in the enforcer's words ("role:cost.pm", "field:manager").
	Member  string
	Members []string // all members of a group that he is not in
	Rows    string   // the group's row range as defined, "" = all
	When    []string // the case states in which it holds, empty = all
	New     bool     // asked about a record that does not exist yet
	Node    schema.Text
}

// Codes of reasons.
const (
	ReasonGrants       = "group_grants"
	ReasonAdmin        = "administrator"        // of the platform
	ReasonDataAdmin    = "data_administrator"   // of the app
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
	ReasonKey          = "key_narrows"   // the API key does not reach it

	// Of the flow and of whoever fills a record; whoever knows the record adds them.
	ReasonFlowPart    = "flow_part"        // his part in the flow gives it
	ReasonFlowNot     = "flow_gives_not"   // he has a part, and it does not give it
	ReasonFlowField   = "flow_field"       // what the node gives over the field
	ReasonAuthor      = "author"           // he fills the record himself
	ReasonAuthorField = "author_field"     // what whoever fills it may do with the field
	ReasonDraft       = "draft_of_another" // a draft is its author's alone
	ReasonDeleted     = "deleted"          // it is in the trash
	ReasonComputed    = "computed"         // nobody writes the field
	ReasonMenuRule    = "menu_rule"        // the rule of the menu entry decides
	ReasonMenuOpen    = "menu_open"        // no rule; he may view or create
	ReasonMenuRights  = "menu_rights"      // he may neither view nor create
)

// Explain says why an operation is or is not allowed on a record (doc nil: on
// the form). The first line decides: it is allowed exactly when that line says
// so; the others tell what every other group of the form contributes.
func (f *FormPlan) Explain(op string, doc map[string]any) []Reason {
	if r, ok := f.outOfReach(op); ok {
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
		out = []Reason{{Code: ReasonNoGroup, Op: op}}
	}
	return out
}

func (f *FormPlan) outOfReach(op string) (Reason, bool) {
	switch {
	case f.app == nil:
		return Reason{Code: ReasonUnknownForm, Op: op}, true
	case f.plan.Subject.User == "":
		return Reason{Code: ReasonAnonymous, Op: op}, true
	case op != "" && !f.Reaches(op):
		return Reason{Code: ReasonKey, Op: op}, true
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
	r.Op, r.New = op, formOps[op]
	switch {
	case !g.ops[op]:
		r.Code = ReasonNoOperation
	case formOps[op] && g.member == "":
		r.Code = ReasonNotNamed
	case !formOps[op] && doc != nil && !g.holds(doc):
		r.Code = g.whyNot(doc)
	case !allowed:
		r.Code = ReasonNotVisible
	default:
		r.Allowed = true
		if r.Code == "" {
			r.Code = ReasonGrants
		}
	}
	return r
}

// reason starts a line with who he is in the group.
func (g *grant) reason() Reason {
	if g.group == nil {
		if g.member == memberAdmin {
			return Reason{Member: g.member, Code: ReasonAdmin}
		}
		return Reason{Member: g.member, Code: ReasonDataAdmin}
	}
	member := g.member
	if member == "" {
		member = memberField + strings.Join(g.byField, ", ")
	}
	return Reason{Group: g.group.def.Key, GroupTitle: g.group.title(), Member: member, Rows: g.group.rowsText(), When: g.group.def.When}
}

func (g *group) title() schema.Text {
	if len(g.def.Title) > 0 {
		return g.def.Title
	}
	return schema.Plain(g.def.Key)
}

// rowsText is the range in the definition's own words, "" = all.
func (g *group) rowsText() string {
	if g.def.Rows == schema.RowsAll {
		return ""
	}
	return g.def.Rows
}

// whyNot says which part of the grant's range the record fails.
func (g *grant) whyNot(doc map[string]any) string {
	switch {
	case g.group == nil:
		return ReasonRows
	case len(g.group.def.When) > 0 && !filter.Compile(anyOf(pathState, g.group.def.When))(doc):
		return ReasonState
	case g.member == "" && !filter.Compile(g.named)(doc):
		return ReasonNotNamed
	}
	return ReasonRows
}

// explainOthers lists the groups that would grant the operation if he were a member.
func (f *FormPlan) explainOthers(op string) []Reason {
	var out []Reason
	for _, g := range f.app.groups {
		if g.def.Form == f.form && slices.Contains(g.def.Can, op) && !f.memberOf(g) {
			out = append(out, Reason{Code: ReasonNotMember, Op: op, Group: g.def.Key, GroupTitle: g.title(), Members: g.members})
		}
	}
	return out
}

func (f *FormPlan) memberOf(g *group) bool {
	return slices.ContainsFunc(f.grants, func(have *grant) bool { return have.group == g })
}

// ExplainField says why a field of a record stands as it does: one line per
// group that takes part, the widest right first. doc nil = a record being created.
func (f *FormPlan) ExplainField(path string, doc map[string]any) []Reason {
	if r, ok := f.outOfReach(""); ok {
		r.Field = path
		return []Reason{r}
	}
	view, write := f.holding(doc)
	var out []Reason
	for _, g := range f.grants {
		if view&g.bit == 0 {
			continue
		}
		r := g.reason()
		r.Field, r.Right = path, g.right(path, write&g.bit != 0)
		if r.Allowed = r.Right >= FieldRead; g.group != nil {
			r.Code = ReasonFieldGranted
			if r.Right < g.right("", write&g.bit != 0) {
				r.Code = ReasonFieldLimited
			}
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return int(b.Right) - int(a.Right) })
	if len(out) == 0 {
		out = []Reason{{Code: ReasonNotVisible, Field: path, New: doc == nil}}
	}
	return out
}

// ExplainMenu says why a menu entry is shown to the subject, or not.
func (p *Plan) ExplainMenu(app, page string) Reason {
	r := Reason{Allowed: p.Menu(app, page), Code: ReasonMenuOpen}
	shown, ruled := p.menus[app+"/"+page]
	switch {
	case p.Subject.User == "":
		r.Code = ReasonAnonymous
	case ruled && (!shown || r.Allowed):
		r.Code = ReasonMenuRule
	case !r.Allowed:
		r.Code = ReasonMenuRights
	}
	return r
}
