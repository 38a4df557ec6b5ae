package flow

import (
	"context"
	"slices"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// CaseActions are what may be done with a case; the ones of managing need the
// right "approve" of the access plan (reassign: or "transfer").
func CaseActions() []string {
	return append([]string{engine.CmdWithdraw, engine.CmdResubmit, engine.CmdUrge, engine.CmdCancel, engine.CmdComment}, managing...)
}

var managing = []string{engine.CmdTerminate, engine.CmdSuspend, engine.CmdResume, engine.CmdRetry, engine.CmdSkip, engine.CmdJump, engine.CmdReassign}

// Case carries out an action on a case.
func (s *Service) Case(ctx context.Context, a *tenant.Actor, caseID, action string, in CaseInput) (*record.Record, error) {
	ref, id, err := ParseCase(caseID)
	if err != nil {
		return nil, err
	}
	if err := in.remarks().check(); err != nil {
		return nil, err
	}
	c, err := s.records.Apply(ctx, a, ref, id, action, func(c *record.Change) error {
		return s.actOnCase(ctx, c, action, in)
	})
	if err != nil {
		return nil, err
	}
	return s.records.Fresh(ctx, c.Record), nil
}

func (s *Service) actOnCase(ctx context.Context, c *record.Change, action string, in CaseInput) error {
	if c.Form.Flow == nil || !c.HasCase() {
		return fault.New(fault.NotFound, "case.not_found", "there is no such case")
	}
	if err := c.Once(in.Key); err != nil {
		return err
	}
	if err := s.refill(ctx, c, action, in); err != nil {
		return err
	}
	cmd := in.remarks().command(action)
	cmd.Back, cmd.Visit, cmd.Admin = in.Back, in.Visit, asAdmin(c, action)
	if in.Item != nil {
		cmd.Item = *in.Item
	}
	if err := s.aim(c, action, in, &cmd); err != nil {
		return err
	}
	if err := s.command(ctx, c, cmd); err != nil {
		if cmd.Task > 0 {
			return raced(c.Case, c.Case.Tasks[cmd.Task-1], err)
		}
		return err
	}
	return s.said(ctx, c, in.remarks().said(), "case."+action, nil)
}

// asAdmin reports whether the actor does this by the right to manage cases, and
// not because the case is his own.
func asAdmin(c *record.Change, action string) bool {
	if !mayManage(c, action) {
		return false
	}
	return slices.Contains(managing, action) || c.Case.Initiator != c.Actor.User && !c.Took(c.Actor.User)
}

// refill applies what the initiator changed before he resubmits.
func (s *Service) refill(ctx context.Context, c *record.Change, action string, in CaseInput) error {
	edits := in.Data != nil && !in.Data.Empty()
	if action != engine.CmdResubmit {
		if edits {
			return fault.New(fault.Malformed, "case.data", "this action takes no data")
		}
		return nil
	}
	if edits {
		if err := c.CheckRev(ctx, in.Rev); err != nil {
			return err
		}
		if err := c.ApplyPatch(*in.Data); err != nil {
			return err
		}
	}
	return c.Validate(ctx)
}

// aim finds what a command of an administrator is about: the task that is given
// to somebody else, the piece of work that has failed.
func (s *Service) aim(c *record.Change, action string, in CaseInput, cmd *engine.Command) error {
	switch action {
	case engine.CmdReassign:
		ref, id, n, err := ParseTask(in.Task)
		if err != nil || ref != c.Ref() || id != c.ID() || n > len(c.Case.Tasks) {
			return taskNotFound()
		}
		cmd.Task, cmd.Rev = n, in.Rev
	case engine.CmdRetry, engine.CmdSkip:
		if in.Visit == 0 {
			cmd.Visit, cmd.Item = stuckWork(c.Case)
		}
	}
	return nil
}

// stuckWork is the first piece of work that waits for an administrator, else the first delay.
func stuckWork(c engine.Case) (visit, item int) {
	delay := 0
	for _, v := range c.Visits {
		if !v.Open || v.Work == nil {
			continue
		}
		for i, it := range v.Work.Items {
			if it.State == engine.WorkFailed {
				return v.N, i
			}
		}
		if len(v.Work.Items) == 0 && delay == 0 {
			delay = v.N
		}
	}
	return delay, 0
}
