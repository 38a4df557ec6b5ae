package record

import (
	"context"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// ApplySystem is Apply for what nobody does: a time that has come, work outside
// that has ended, somebody who has left. Its actor has no user, may write every
// field and is no administrator; formulas see no user. The record keeps the
// last person who changed it.
func (s *Service) ApplySystem(ctx context.Context, ref, id, action string, fn func(*Change) error) (*Change, error) {
	a := &tenant.Actor{Plan: &rbac.Plan{}}
	a.Lang, a.Zone = s.t.Settings().Lang, s.t.Settings().Zone
	return s.applyAs(ctx, a, func(*Record) Rights { return everything() }, ref, id, action, fn)
}

// everything are the rights over a record that no reader ever has.
func everything() Rights {
	g := newRights()
	g.Visible = true
	g.node = &fieldSource{grants: true, writing: true, node: &schema.NodeFields{Edit: []string{schema.FieldsAll}}}
	return g
}
