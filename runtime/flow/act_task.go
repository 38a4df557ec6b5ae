package flow

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// TaskInput is what somebody does with a task of his.
type TaskInput struct {
	Rev       int64         `json:"rev"`        // the task's revision
	RecordRev int64         `json:"record_rev"` // the record's, needed with data
	Comment   string        `json:"comment"`
	Data      *record.Patch `json:"data"`
	To        string        `json:"to"` // transfer: user; return: node
	Key       string        `json:"-"`  // idempotency key, "" = none
}

// MaxComment bounds an opinion, in characters.
const MaxComment = 2000

// Task carries out an action on a task: approve, reject, return, transfer,
// handle; or save, which keeps field changes without deciding.
func (s *Service) Task(ctx context.Context, a *tenant.Actor, taskID, action string, in TaskInput) (*record.Record, error) {
	ref, id, n, err := ParseTask(taskID)
	if err != nil {
		return nil, err
	}
	if err := checkComment(in.Comment); err != nil {
		return nil, err
	}
	c, err := s.records.Apply(ctx, a, ref, id, action, func(c *record.Change) error {
		return s.act(ctx, c, n, action, in)
	})
	if err != nil {
		return nil, err
	}
	return c.Record, nil
}

func checkComment(text string) error {
	if utf8.RuneCountInString(text) <= MaxComment {
		return nil
	}
	return fault.New(fault.Invalid, "comment.too_long", "the comment is too long").
		At(fault.Field{Path: "/comment", Code: "max_length", Message: "too long", Params: map[string]any{"max": MaxComment}})
}

func (s *Service) act(ctx context.Context, c *record.Change, n int, action string, in TaskInput) error {
	if c.Form.Flow == nil || !c.HasCase() || n > len(c.Case.Tasks) {
		return fault.New(fault.NotFound, "task.not_found", "there is no such task")
	}
	t := c.Case.Tasks[n-1]
	if t.Assignee != c.Actor.User {
		return fault.New(fault.NotFound, "task.not_found", "there is no such task")
	}
	if t.State == engine.TaskDone && t.Result == action && in.Rev > 0 && in.Rev < t.Rev {
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
	cmd := engine.Command{Kind: action, Task: n, Rev: in.Rev, Comment: strings.TrimSpace(in.Comment)}
	if in.To != "" {
		cmd.To = []string{in.To}
	}
	if action == "transfer" && s.t.Org.Name("users", in.To) == "" {
		return fault.New(fault.Invalid, "transfer.unknown_user", "there is no such user").
			At(fault.Field{Path: "/to", Code: "unknown_member", Message: "there is no such user"})
	}
	if t.State == engine.TaskOpen && (in.Rev == 0 || in.Rev == t.Rev) {
		if err := s.edit(ctx, c, action, in.Data, edits); err != nil {
			return err
		}
	}
	if err := s.command(ctx, c, cmd); err != nil {
		return raced(c.Case, t, err)
	}
	c.Emit(record.EffectAudit, map[string]any{"action": "task." + action, "request": c.Actor.RequestID, "ip": c.Actor.IP, "task": int64(n)})
	return nil
}

// edit applies the field changes that come with an action. Agreeing needs a
// record that holds; refusing or passing on does not.
func (s *Service) edit(ctx context.Context, c *record.Change, action string, p *record.Patch, edits bool) error {
	if edits {
		if err := c.ApplyPatch(*p); err != nil {
			return err
		}
	}
	switch {
	case action == "approve" || action == "handle":
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

// decidedBy is whoever decided instead of a task's assignee: the one who ended
// a task of the same node at the same moment.
func decidedBy(c engine.Case, t engine.Task) string {
	if t.State != engine.TaskCancelled {
		return ""
	}
	for _, x := range c.Tasks {
		if x.Node == t.Node && x.State == engine.TaskDone && x.DoneAt.Equal(t.DoneAt) {
			return x.Assignee
		}
	}
	return ""
}
