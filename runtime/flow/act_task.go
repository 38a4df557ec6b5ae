package flow

import (
	"context"
	"errors"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// TaskActions are what may be done with a task.
func TaskActions() []string {
	return []string{engine.CmdApprove, engine.CmdReject, engine.CmdReturn, engine.CmdTransfer, engine.CmdHandle, engine.CmdDelegate,
		engine.CmdAddSigner, engine.CmdRemoveSigner, engine.CmdTakeBack, engine.CmdSave}
}

// Task carries out an action on a task: for its assignee, for whom he stands in
// for, or, by a right of the access plan, for an administrator.
func (s *Service) Task(ctx context.Context, a *tenant.Actor, taskID, action string, in TaskInput) (*record.Record, error) {
	ref, id, n, err := ParseTask(taskID)
	if err != nil {
		return nil, err
	}
	if err := in.remarks().check(); err != nil {
		return nil, err
	}
	c, err := s.records.Apply(ctx, a, ref, id, action, func(c *record.Change) error {
		return s.act(ctx, c, n, action, in)
	})
	if err != nil {
		return nil, err
	}
	return s.records.Fresh(ctx, c.Record), nil
}

func taskNotFound() error {
	return fault.New(fault.NotFound, "task.not_found", "there is no such task")
}

func (s *Service) act(ctx context.Context, c *record.Change, n int, action string, in TaskInput) error {
	if c.Form.Flow == nil || !c.HasCase() || n > len(c.Case.Tasks) {
		return taskNotFound()
	}
	t := c.Case.Tasks[n-1]
	admin := !has(t, c.Actor.User)
	if admin && !mayManage(c, action) {
		return taskNotFound()
	}
	if doneAlready(t, action) && in.Rev > 0 && in.Rev < t.Rev {
		return record.ErrUnchanged // the second tap on the same button
	}
	if err := c.Once(in.Key); err != nil {
		return err
	}
	edits := in.Data != nil && !in.Data.Empty()
	if edits {
		if err := c.CheckRev(ctx, in.RecordRev); err != nil {
			return err
		}
	}
	if t.State == engine.TaskOpen && (in.Rev == 0 || in.Rev == t.Rev) {
		if err := s.edit(ctx, c, action, in, edits); err != nil {
			return err
		}
	}
	cmd := in.remarks().command(action)
	cmd.Task, cmd.Rev, cmd.Where, cmd.Back, cmd.Admin = n, in.Rev, in.Where, in.Back, admin
	if err := s.command(ctx, c, cmd); err != nil {
		return raced(c.Case, t, err)
	}
	return s.said(ctx, c, in.remarks().said(), "task."+action, map[string]any{"task": int64(n)})
}

// has reports whether a task is a user's: his own, or one that somebody has in his place.
func has(t engine.Task, user string) bool { return t.Assignee == user || t.Principal == user }

// mayManage reports whether the actor may do this with other people's tasks:
// the right "approve" is for all of it, "transfer" for giving tasks to others.
func mayManage(c *record.Change, action string) bool {
	plan := c.Actor.Plan.Form(c.Ref())
	if plan.Allows(schema.OpApprove, c.Doc) {
		return true
	}
	return (action == engine.CmdTransfer || action == engine.CmdReassign) && plan.Allows(schema.OpTransfer, c.Doc)
}

// doneAlready reports that a task was closed by this very action.
func doneAlready(t engine.Task, action string) bool {
	switch t.State {
	case engine.TaskDone:
		return t.Result == action
	case engine.TaskTransferred:
		return action == engine.CmdTransfer
	case engine.TaskDelegated:
		return action == engine.CmdDelegate
	}
	return false
}

// said checks and keeps what comes with an action that was decided: people may
// have got to see the record by it.
func (s *Service) said(ctx context.Context, c *record.Change, said record.Said, action string, detail map[string]any) error {
	if err := s.records.CheckSaid(ctx, c.Actor, c.Record, said); err != nil {
		return err
	}
	c.Attach(said)
	data := map[string]any{"action": action, "request": c.Actor.RequestID, "ip": c.Actor.IP}
	for k, v := range detail {
		data[k] = v
	}
	c.Emit(record.EffectAudit, data)
	return nil
}

// edit applies the field changes that come with an action. Agreeing needs a
// record that holds; refusing or passing on does not.
func (s *Service) edit(ctx context.Context, c *record.Change, action string, in TaskInput, edits bool) error {
	if edits {
		if err := c.ApplyPatch(*in.Data); err != nil {
			return err
		}
	}
	agrees := action == engine.CmdApprove || action == engine.CmdHandle || action == engine.CmdAddSigner && in.Where == engine.WhereAfter
	switch {
	case agrees:
		return c.Validate(ctx)
	case edits:
		return c.Compute(ctx)
	}
	return nil
}

// raced tells who decided before, when a task is no longer open.
func raced(c engine.Case, t engine.Task, err error) error {
	var e *fault.Error
	if !errors.As(err, &e) || e.Code != "task.not_open" && e.Code != "task.stale" {
		return err
	}
	e = e.With("state", string(t.State)).With("result", t.Result)
	if !t.DoneAt.IsZero() {
		e = e.With("at", t.DoneAt)
	}
	if by := decidedBy(c, t); by != "" {
		e = e.With("by", by)
	}
	return e
}

// decidedBy is whoever ended a task instead of its assignee: the line of the log
// that was written when it was closed says who gave the command.
func decidedBy(c engine.Case, t engine.Task) string {
	if t.DoneAt.IsZero() {
		return ""
	}
	by := ""
	for _, l := range c.Log {
		if l.By != "" && l.At.Equal(t.DoneAt) && (by == "" || l.Task == t.N || l.Node == t.Node) {
			by = l.By
		}
	}
	return by
}
