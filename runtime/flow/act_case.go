package flow

import (
	"context"
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// CaseInput is what somebody does with a case.
type CaseInput struct {
	Rev     int64         `json:"rev"` // the record's revision, needed with data
	Comment string        `json:"comment"`
	Data    *record.Patch `json:"data"`
	Back    bool          `json:"back"` // resubmit: straight back to whoever returned it
	Key     string        `json:"-"`    // idempotency key, "" = none
}

// Case carries out an action on a case: withdraw, resubmit, urge, terminate.
func (s *Service) Case(ctx context.Context, a *tenant.Actor, caseID, action string, in CaseInput) (*record.Record, error) {
	ref, id, err := ParseCase(caseID)
	if err != nil {
		return nil, err
	}
	if err := checkComment(in.Comment); err != nil {
		return nil, err
	}
	c, err := s.records.Apply(ctx, a, ref, id, action, func(c *record.Change) error {
		if c.Form.Flow == nil || !c.HasCase() {
			return fault.New(fault.NotFound, "case.not_found", "there is no such case")
		}
		if err := c.Once(in.Key); err != nil {
			return err
		}
		if in.Data != nil && !in.Data.Empty() {
			if action != "resubmit" {
				return fault.New(fault.Malformed, "case.data", "this action takes no data")
			}
			if err := c.CheckRev(ctx, in.Rev); err != nil {
				return err
			}
			if err := c.ApplyPatch(*in.Data); err != nil {
				return err
			}
		}
		if action == "resubmit" {
			if err := c.Validate(ctx); err != nil {
				return err
			}
		}
		cmd := engine.Command{Kind: action, Comment: strings.TrimSpace(in.Comment), Back: in.Back,
			Admin: a.Plan.Form(ref).Allows(schema.OpApprove, c.Doc)}
		if err := s.command(ctx, c, cmd); err != nil {
			return err
		}
		c.Emit(record.EffectAudit, map[string]any{"action": "case." + action, "request": a.RequestID, "ip": a.IP})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c.Record, nil
}
