package rbac

import (
	"slices"
	"strings"
	"sync"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// FormPlan is what the subject may do on one form; immutable in what it
// answers and safe for concurrent use.
type FormPlan struct {
	plan   *Plan
	app    *appEngine // nil: an unknown form, nothing is allowed
	form   string
	grants []*grant
	byOp   map[string][]*grant
	scopes map[string]filter.Expr
	named  []string // fields that some group limits, sorted
	// permits is what the credential reaches, nil = everything.
	permits func(op string) bool

	mu     sync.RWMutex
	fields map[[2]uint64]Fields
}

// grant is one access group of which the subject is a member, or may be one by
// a field of the record.
type grant struct {
	bit     uint64
	group   *group // nil: the administrators
	ops     map[string]bool
	member  string      // what makes him a member, whatever the record; "" = only fields
	byField []string    // member fields that would make him one
	named   filter.Expr // one of these fields names him
	rows    filter.Expr
	always  bool // rows hold for every record
	match   filter.Matcher
}

func newFormPlan(p *Plan, a *appEngine, form string) *FormPlan {
	return &FormPlan{plan: p, app: a, form: form, byOp: map[string][]*grant{},
		scopes: map[string]filter.Expr{}, fields: map[[2]uint64]Fields{}}
}

// grant adds an answer of the enforcer. The answers of several members for the
// same group are one grant.
func (f *FormPlan) grant(member string, ans answer, my MyResolver) error {
	g := f.of(ans.group)
	for op := range ans.ops {
		g.ops[op] = true
	}
	if field, ok := strings.CutPrefix(member, memberField); ok {
		g.byField = append(g.byField, field)
	} else if g.member == "" {
		g.member = member
	}
	return g.bind(&f.plan.Subject, my)
}

func (f *FormPlan) of(g *group) *grant {
	for _, have := range f.grants {
		if have.group == g {
			return have
		}
	}
	n := &grant{group: g, ops: map[string]bool{}}
	f.grants = append(f.grants, n)
	return n
}

// finish compiles the answers once all grants are there.
func (f *FormPlan) finish() {
	names := map[string]bool{}
	slices.SortFunc(f.grants, func(a, b *grant) int { return a.order() - b.order() })
	for i, g := range f.grants {
		g.bit = 1 << i
		g.always = isTrue(g.rows)
		g.match = filter.Compile(g.rows)
		for op := range g.ops {
			if g.grants(op) {
				f.byOp[op] = append(f.byOp[op], g)
			}
		}
		if g.group != nil {
			for name := range g.group.caps {
				names[name] = true
			}
		}
	}
	f.named = sortedKeys(names)
	f.scopes[schema.OpView] = f.groupScope(schema.OpView)
	for op := range f.byOp {
		f.scopes[op] = f.opScope(op)
	}
}

// order is the place of the group in the definition; administrators come first.
func (g *grant) order() int {
	if g.group == nil {
		return -1
	}
	return g.group.index
}

// grants reports whether the operation is granted on some record. Membership
// by a field of the record cannot grant what is about no record.
func (g *grant) grants(op string) bool {
	if formOps[op] {
		return g.ops[op] && g.member != ""
	}
	return g.ops[op] && !isFalse(g.rows)
}

func (f *FormPlan) groupScope(op string) filter.Expr {
	var rows []filter.Expr
	for _, g := range f.byOp[op] {
		rows = append(rows, g.rows)
	}
	return or(rows...)
}

// opScope is where the operation is granted and the record is visible: what
// cannot be seen does not exist for the subject, whatever else he may do with it.
func (f *FormPlan) opScope(op string) filter.Expr {
	if formOps[op] {
		return filter.True
	}
	visible := f.scopes[schema.OpView]
	var scopes []filter.Expr
	for _, g := range f.byOp[op] {
		if g.ops[schema.OpView] {
			scopes = append(scopes, g.rows)
			continue
		}
		scopes = append(scopes, and(g.rows, visible))
	}
	return or(scopes...)
}

// Can reports whether some group grants the operation, on whatever rows.
func (f *FormPlan) Can(op string) bool {
	return len(f.byOp[op]) > 0 && !isFalse(f.scopes[op])
}

// Scope is the filter of the records on which the operation is granted, over
// stored record documents (data.*, created_by, case.state …). filter.False when
// never. Every operation but create and import is granted only on records that
// are visible too; create and import are about no record and give True or False.
func (f *FormPlan) Scope(op string) filter.Expr {
	if x, ok := f.scopes[op]; ok {
		return x
	}
	return filter.False
}

// Allows decides the operation on one stored record document. For create and
// import the document is ignored; for the others a nil document is a record of
// which nothing is known: only groups without a row range hold.
func (f *FormPlan) Allows(op string, doc map[string]any) bool {
	if formOps[op] {
		return len(f.byOp[op]) > 0
	}
	granted := false
	for _, g := range f.byOp[op] {
		if !g.holds(doc) {
			continue
		}
		if g.ops[schema.OpView] {
			return true
		}
		granted = true
	}
	return granted && f.visible(doc)
}

func (f *FormPlan) visible(doc map[string]any) bool {
	for _, g := range f.byOp[schema.OpView] {
		if g.holds(doc) {
			return true
		}
	}
	return false
}

// holds reports whether the record is in the range of the grant.
func (g *grant) holds(doc map[string]any) bool {
	return g.always || (doc != nil && g.match(doc))
}
