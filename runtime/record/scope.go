package record

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage/filter"
)

// sight tells in which records of a form an actor may read a field: what a
// field holds must not be found by asking for it. It is to lists what Rights
// are to one record, and never wider.
type sight struct {
	a      *tenant.Actor
	plan   *rbac.FormPlan
	form   *catalog.Form
	drafts bool // of his own drafts, in which he sees what a creator may
}

func sees(a *tenant.Actor, form *catalog.Form, drafts bool) sight {
	return sight{a, a.Plan.Form(form.Ref()), form, drafts}
}

// scope is the filter of the records in which the field may be read, nil when
// there are none.
func (x sight) scope(path string) filter.Expr {
	if x.drafts {
		return some(always(x.creates(path)))
	}
	groups := x.plan.FieldScope(path)
	if x.form.Flow == nil {
		return some(groups)
	}
	flow := x.inFlow(path)
	if isTrue(groups) && len(flow) == 2 {
		return filter.True // wherever he sees the record at all
	}
	// A group shows its fields only in records it shows; those that he sees by
	// his place in the flow alone have the fields that this place shows.
	return some(filter.Simplify(append(filter.Or{filter.And{x.plan.Scope(schema.OpView), groups}}, flow...)))
}

// sorts reports whether the field may be read in every record that the actor
// sees: an order over others would tell what they hold.
func (x sight) sorts(path string) bool {
	if x.drafts {
		return x.creates(path)
	}
	if x.plan.Can(schema.OpView) && !x.plan.CanSort(path) {
		return false
	}
	if x.form.Flow == nil {
		return x.plan.Can(schema.OpView)
	}
	return len(x.inFlow(path)) == 2
}

// inFlow are the records of which a part in the flow shows the field: those in
// which the actor was asked, where no node hides the field, and those he started,
// where neither the start node nor what he may see as a creator hides it.
func (x sight) inFlow(path string) []filter.Expr {
	asked, own := filter.Cmp{Path: "acl.part", Op: filter.Eq, Value: x.a.User}, started(x.a)
	shown, creates := !hiddenSomewhere(x.form, path), x.creates(path)
	if !x.plan.Can(schema.OpCreate) {
		creates = shown // what the start node shows
	}
	switch {
	case shown && creates:
		return []filter.Expr{asked, own}
	case shown:
		return []filter.Expr{asked}
	case creates: // where he was asked himself, the node of his task decides
		return []filter.Expr{filter.And{own, filter.Not{X: asked}}}
	}
	return nil
}

// creates reports whether the actor may read the field of a record he makes.
func (x sight) creates(path string) bool { return Creation(x.a, x.form).Of(path) >= rbac.FieldRead }

// started are the records whose case an actor started.
func started(a *tenant.Actor) filter.Expr {
	return filter.And{filter.Cmp{Path: "case.state", Op: filter.Exists, Value: true}, filter.Cmp{Path: "created_by", Op: filter.Eq, Value: a.User}}
}

// hiddenSomewhere reports whether some node of the form's flow hides the field.
func hiddenSomewhere(form *catalog.Form, path string) bool {
	found := false
	form.Flow.Def.Walk(func(n *schema.Node, _ string) { found = found || hides(n.Fields, path) })
	return found
}

// hides reports whether a node hides a field, or the subtable it is a column of.
func hides(n schema.NodeFields, path string) bool {
	table, _, column := strings.Cut(path, ".")
	return n.Hides(path) || column && n.Hides(table)
}

func always(yes bool) filter.Expr {
	if yes {
		return filter.True
	}
	return filter.False
}

// some turns "in no record" into nil.
func some(x filter.Expr) filter.Expr {
	if or, ok := x.(filter.Or); ok && len(or) == 0 {
		return nil
	}
	return x
}

func isTrue(x filter.Expr) bool {
	and, ok := x.(filter.And)
	return ok && len(and) == 0
}

// titleScope is the filter of the records whose titles the actor may read.
func (x sight) titleScope() filter.Expr {
	all := filter.And{}
	for _, dep := range slices.Compact(slices.Sorted(slices.Values(x.form.TitleDeps()))) {
		s := x.scope(dep)
		if s == nil {
			return nil
		}
		all = append(all, s)
	}
	return filter.Simplify(all)
}
