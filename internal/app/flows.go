package app

import (
	"context"

	"github.com/formwork-run/formwork/builder-api/design"
	"github.com/formwork-run/formwork/integration/webhook"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// flows does for the builder what it needs done with flows, in the caller's name.
type flows struct {
	s *runtime.Services
	a *tenant.Actor
}

var _ design.Flows = flows{}

// Simulate implements design.Flows.
func (f flows) Simulate(ctx context.Context, app string, in design.Simulation) (any, error) {
	x := flow.SimulateInput{Form: in.Form, Version: in.Version, Data: in.Data, By: in.By, People: in.People, Choose: in.Choose, Decisions: map[string][]string{}}
	if in.At != nil {
		x.At = *in.At
	}
	for node, l := range in.Decisions {
		x.Decisions[node] = l
	}
	return f.s.Flow.Simulate(ctx, f.a, app, x)
}

// PreviewMigration implements design.Flows.
func (f flows) PreviewMigration(ctx context.Context, app string, in design.Migration, cursor string, limit int) (any, error) {
	return f.s.Flow.PreviewMigration(ctx, f.a, app, in.Form, in.Cases, cursor, limit)
}

// Migrate implements design.Flows.
func (f flows) Migrate(ctx context.Context, app string, in design.Migration) (any, error) {
	m, err := f.s.Flow.StartMigration(ctx, f.a, app, in.Form, in.Cases)
	if err != nil {
		return nil, err
	}
	return m, f.s.Audit.Note(ctx, f.a.User, "flow.migrate", f.a.IP, map[string]any{"form": m.Form, "to": m.To, "job": m.Job})
}

// Migration implements design.Flows.
func (f flows) Migration(ctx context.Context, app, job string) (any, error) {
	return f.s.Flow.Migration(ctx, app, job)
}

// calls lets flows ask outside systems.
type calls struct{ client *webhook.Client }

var _ flow.Caller = calls{}

// Call implements flow.Caller.
func (c calls) Call(ctx context.Context, q flow.CallRequest) (flow.CallAnswer, error) {
	a, err := c.client.Call(ctx, webhook.Request(q))
	return flow.CallAnswer(a), err
}
