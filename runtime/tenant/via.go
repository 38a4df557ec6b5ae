package tenant

import (
	"context"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
)

// Via is a step of a flow: what the program does by itself is done by one.
type Via struct {
	Form   string // "app.form" of the case
	Record string
	Node   string
	Visit  int
	Item   int
	// Depth counts the flows that started one another, from 1.
	Depth int
}

// appPlan is the key of the plan that reaches everything; no user has it for an id.
const appPlan = ""

// AppActor acts for the program: with the access of the apps, and not of any
// person, though in the name of user ("" = nobody). A user who is not there any
// more is a mere name. What it does is done via a step of a flow, or by nothing but the system (nil).
func (t *Tenant) AppActor(ctx context.Context, user string, via *Via) (*Actor, error) {
	acc := t.access.Load()
	subject := rbac.Subject{Tenant: t.ID, User: user, Zone: t.Settings().Zone, Lang: t.Settings().Lang}
	if user != "" {
		known, err := t.Org.Subject(ctx, user)
		switch kind := fault.KindOf(err); {
		case err == nil:
			subject = known
			subject.Zone = t.Settings().Zone
		case kind != fault.Unauthorized && kind != fault.NotFound:
			return nil, err
		}
	}
	if subject.Lang == "" {
		subject.Lang = t.Settings().Lang
	}
	plan, err := t.allPlan(acc)
	if err != nil {
		return nil, err
	}
	return &Actor{Subject: subject, Plan: plan, Via: via}, nil
}

// allPlan is the plan of whoever may do everything, made once per generation of access.
func (t *Tenant) allPlan(acc *access) (*rbac.Plan, error) {
	if p, ok := acc.plans.Load(appPlan); ok {
		return p.(*rbac.Plan), nil
	}
	all := rbac.Subject{Tenant: t.ID, User: "-", Admin: true, Zone: t.Settings().Zone}
	p, err := acc.engine.Plan(all, func(string, string) ([]string, error) { return nil, nil })
	if err != nil {
		return nil, err
	}
	acc.plans.Store(appPlan, p)
	return p, nil
}
