// Package flow carries out what people do in flows: it loads the record, asks
// the pure engine, answers the engine's questions from the organisation, and
// writes record, case and effects by one compare-and-set.
package flow

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// maxAsks bounds how often the engine may ask for one command.
const maxAsks = 64

// Service carries out commands on the cases of one tenant.
type Service struct {
	t       *tenant.Tenant
	records *record.Service
}

// New makes the service.
func New(t *tenant.Tenant, records *record.Service) *Service {
	return &Service{t: t, records: records}
}

// Start implements record.Starter: the submit command on a new case.
func (s *Service) Start(ctx context.Context, c *record.Change) error {
	dept := ""
	if len(c.Actor.Depts) > 0 {
		dept = c.Actor.Depts[0]
	}
	c.Case = engine.Case{Flow: c.Form.Flow.Def.Key, Version: int(c.Form.App.Version), State: engine.Draft,
		Initiator: c.Actor.User, Dept: dept}
	return s.command(ctx, c, engine.Command{Kind: "submit"})
}

// command asks the engine, answering its needs, and puts the new case and its
// effects into the change.
func (s *Service) command(ctx context.Context, c *record.Change, cmd engine.Command) error {
	cmd.By, cmd.At, cmd.Ctx, cmd.Record = c.Actor.User, c.Context().Now, c.Context(), c.Vars()
	cmd.Missing = func(node string) bool { return missing(c, node) }
	cmd.Answers = map[string][]string{}
	for range maxAsks {
		next, effects, needs, err := c.Form.Flow.Apply(c.Case, cmd)
		if err != nil {
			return err
		}
		if len(needs) == 0 {
			c.Case = next
			emit(c, effects)
			return nil
		}
		for _, n := range needs {
			people, err := s.answer(ctx, c, n)
			if err != nil {
				return err
			}
			cmd.Answers[n.Key] = people
		}
	}
	return fault.New(fault.Internal, "flow.asks", "the flow asks without end")
}

// answer resolves one question of the engine.
func (s *Service) answer(ctx context.Context, c *record.Change, n engine.Need) ([]string, error) {
	switch n.Kind {
	case "admins":
		return s.t.Org.Admins(), nil
	case "manager":
		return s.t.Org.Manager(n.User), nil
	}
	q := org.Query{Who: n.Who, App: c.Form.App.Def.Key, Initiator: c.Case.Initiator, Dept: c.Case.Dept}
	if field := n.Who.Field + n.Who.DeptField; field != "" { // one of them at most is set
		found, err := s.fieldIDs(ctx, c, field)
		if err != nil {
			return nil, err
		}
		q.IDs = found
	}
	return s.t.Org.Resolve(q)
}

// fieldIDs reads the ids in a field of the record, or in a field of the record
// that a relation points to ("project.pm").
func (s *Service) fieldIDs(ctx context.Context, c *record.Change, path string) ([]string, error) {
	rel, field, dotted := strings.Cut(path, ".")
	if !dotted {
		return ids(c.Values()[path]), nil
	}
	f := c.Form.Def.Field(rel)
	if f == nil || f.Relation == nil {
		return nil, nil
	}
	var out []string
	for _, id := range ids(c.Values()[rel]) {
		other, err := s.records.Load(ctx, f.Relation.Form, id)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ids(other.Data()[field])...)
	}
	return out, nil
}

func ids(v any) []string {
	switch x := v.(type) {
	case string:
		return []string{x}
	case []any:
		var out []string
		for _, e := range x {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// missing reports whether a field that a node requires is blank: nobody is
// passed over there automatically.
func missing(c *record.Change, node string) bool {
	n := c.Form.Flow.Def.Node(node)
	if n == nil {
		return false
	}
	for _, path := range n.Fields.Require {
		if schema.IsBlank(c.Values()[path]) {
			return true
		}
	}
	return false
}

// emit turns the engine's effects into effects of the record.
func emit(c *record.Change, effects []engine.Effect) {
	var touched []any
	for _, e := range effects {
		switch e.Kind {
		case engine.EffectTaskOpened, engine.EffectTaskClosed:
			touched = append(touched, int64(e.Task))
		case engine.EffectNotify:
			to := make([]any, len(e.To))
			for i, u := range e.To {
				to[i] = u
			}
			c.Emit(record.EffectNotify, map[string]any{"to": to, "event": e.Event, "node": e.Node, "task": int64(e.Task)})
		case engine.EffectLogArchived:
			c.Emit(record.EffectLog, map[string]any{"entries": e.Detail["entries"]})
		}
	}
	c.Emit(record.EffectTasks, map[string]any{"tasks": touched})
}

// ParseTask splits a task id, "app.form.record.n".
func ParseTask(id string) (ref, rec string, n int, err error) {
	parts := strings.Split(id, ".")
	if len(parts) == 4 {
		if n, err = strconv.Atoi(parts[3]); err == nil && n > 0 {
			return parts[0] + "." + parts[1], parts[2], n, nil
		}
	}
	return "", "", 0, fault.New(fault.NotFound, "task.not_found", "there is no such task")
}

// ParseCase splits a case id, "app.form.record".
func ParseCase(id string) (ref, rec string, err error) {
	parts := strings.Split(id, ".")
	if len(parts) == 3 {
		return parts[0] + "." + parts[1], parts[2], nil
	}
	return "", "", fault.New(fault.NotFound, "case.not_found", "there is no such case")
}

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
