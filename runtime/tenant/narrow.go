package tenant

import "github.com/formwork-run/formwork/rbac"

// narrowed is the plan of an API key, made from one of its user's.
type narrowed struct {
	from, plan *rbac.Plan
}

// Narrow gives an actor who comes with an API key the part of his plan that the
// key reaches. It is made once for each key and plan.
func (t *Tenant) Narrow(a *Actor, key string, permits func(form, op string) bool) {
	plans := &t.access.Load().plans
	name := "key:" + key // no user's id holds a colon
	if n, ok := plans.Load(name); ok && n.(*narrowed).from == a.Plan {
		a.Plan = n.(*narrowed).plan
		return
	}
	n := &narrowed{from: a.Plan, plan: a.Plan.Narrow(permits)}
	plans.Store(name, n)
	a.Plan = n.plan
}
