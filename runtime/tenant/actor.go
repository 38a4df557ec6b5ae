package tenant

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Actor is whoever calls: a subject with his compiled plan.
type Actor struct {
	rbac.Subject
	Plan      *rbac.Plan
	RequestID string
	IP        string
	// Via is the step of a flow that acts, nil = the person himself.
	Via *Via
}

// Actor loads a user with his plan. A user that is unknown or left is unauthorized.
func (t *Tenant) Actor(ctx context.Context, user string) (*Actor, error) {
	// The generation of access first: a plan made for a subject that has just
	// changed is then kept, if at all, in a generation that is given up.
	acc := t.access.Load()
	subject, err := t.Org.Subject(ctx, user)
	if err != nil {
		return nil, err
	}
	subject.Zone = t.Settings().Zone
	if subject.Lang == "" {
		subject.Lang = t.Settings().Lang
	}
	plan, err := t.plan(ctx, acc, subject)
	if err != nil {
		return nil, err
	}
	return &Actor{Subject: subject, Plan: plan}, nil
}

func (t *Tenant) plan(ctx context.Context, acc *access, s rbac.Subject) (*rbac.Plan, error) {
	if p, ok := acc.plans.Load(s.User); ok {
		return p.(*rbac.Plan), nil
	}
	p, err := acc.engine.Plan(s, func(form, path string) ([]string, error) { return t.my(ctx, s.User, form, path) })
	if err != nil {
		return nil, err
	}
	acc.plans.Store(s.User, p)
	return p, nil
}

// my lists the records of a form in whose path the user is named. It reads with
// the access of the app, not of the user. It stops behind rbac.MaxMy: the plan
// then refuses the set, naming the group.
func (t *Tenant) my(ctx context.Context, user, form, path string) ([]string, error) {
	if _, err := t.Form(form); err != nil {
		return nil, nil // an optional app that is not installed: nobody is named there
	}
	doc, ok := schema.DocPath(path)
	if !ok {
		return nil, fault.Newf(fault.Invalid, "access.my_path", "MY: %s has no %s", form, path)
	}
	q := storage.Query{Where: filter.And{filter.Cmp{Path: "state", Op: filter.Eq, Value: "active"},
		filter.Cmp{Path: doc, Op: filter.Eq, Value: user}}, Limit: storage.MaxFindLimit, Fields: []string{storage.ID}}
	var found []string
	for {
		page, err := t.Records(form).Find(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("MY(%s, %s): %w", form, path, err)
		}
		for _, d := range page.Docs {
			found = append(found, d[storage.ID].(string))
		}
		if page.Next == "" || len(found) > rbac.MaxMy {
			return found, nil
		}
		q.Cursor = page.Next
	}
}

// RecordsChanged tells that records of a form were written: where they decide
// access, all plans of all nodes are made anew.
func (t *Tenant) RecordsChanged(ctx context.Context, form string) error {
	if !t.DecidesAccess(form) {
		return nil
	}
	t.forgetPlans()
	return t.Signal(ctx, SignalAccess)
}

// DecidesAccess reports whether records of a form decide somebody's access, by
// a MY(…) in what is published: not only where this node has asked it already,
// for another node may have.
func (t *Tenant) DecidesAccess(form string) bool { return t.access.Load().mine[form] }

func random() float64 { return rand.Float64() }
