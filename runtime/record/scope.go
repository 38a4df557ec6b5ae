package record

import (
	"slices"

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
	a    *tenant.Actor
	plan *rbac.FormPlan
	form *catalog.Form
}

func (s *Service) sees(a *tenant.Actor, form *catalog.Form) sight {
	return sight{a, a.Plan.Form(form.Ref()), form}
}

// scope is the filter of the records in which the field may be read, nil when
// there are none.
func (x sight) scope(path string) filter.Expr {
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
	var out []filter.Expr
	if !hiddenSomewhere(x.form, path) {
		out = append(out, filter.Cmp{Path: "acl.part", Op: filter.Eq, Value: x.a.User})
	}
	if Creation(x.a, x.form).Of(path) >= rbac.FieldRead || !x.plan.Can(schema.OpCreate) && len(out) > 0 {
		out = append(out, started(x.a))
	}
	return out
}

// started are the records whose case an actor started.
func started(a *tenant.Actor) filter.Expr {
	return filter.And{filter.Cmp{Path: "case.state", Op: filter.Exists, Value: true}, filter.Cmp{Path: "created_by", Op: filter.Eq, Value: a.User}}
}

// hiddenSomewhere reports whether some node of the form's flow hides the field.
func hiddenSomewhere(form *catalog.Form, path string) bool {
	found := false
	form.Flow.Def.Walk(func(n *schema.Node, _ string) { found = found || n.Fields.Hides(path) })
	return found
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
