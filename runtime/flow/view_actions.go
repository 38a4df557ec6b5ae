package flow

import (
	"context"
	"slices"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// actions lists what the reader may do now: with his own tasks and case, and
// by a right of the access plan with those of others.
func (s *Service) actions(ctx context.Context, a *tenant.Actor, r renderer) ([]Action, error) {
	f, c := r.rec.Form.Flow, r.rec.Case
	out := []Action{}
	for _, x := range f.Allowed(c, a.User) {
		y, err := s.action(ctx, a, r, x)
		if err != nil {
			return nil, err
		}
		out = append(out, y)
	}
	for _, x := range managed(a, r.rec) {
		y, err := s.action(ctx, a, r, x)
		if err != nil {
			return nil, err
		}
		y.Admin = true
		out = append(out, y)
	}
	return out, nil
}

// managed are the actions of an administrator, apart from those with his own tasks.
func managed(a *tenant.Actor, rec *record.Record) []engine.Action {
	plan := a.Plan.Form(rec.Ref())
	all, give := plan.Allows(schema.OpApprove, rec.Doc), plan.Allows(schema.OpTransfer, rec.Doc)
	if !all && !give {
		return nil
	}
	return slices.DeleteFunc(rec.Form.Flow.AllowedAdmin(rec.Case), func(x engine.Action) bool {
		if x.Task > 0 && has(rec.Case.Tasks[x.Task-1], a.User) && x.Kind != engine.CmdReassign {
			return true
		}
		return !all && x.Kind != engine.CmdTransfer && x.Kind != engine.CmdReassign
	})
}

func (s *Service) action(ctx context.Context, a *tenant.Actor, r renderer, x engine.Action) (Action, error) {
	y := Action{Kind: x.Kind, Node: x.Node, Visit: x.Visit, Where: x.Where, Back: x.Back, CommentRequired: x.CommentRequired,
		AttachmentRequired: x.AttachmentRequired, SignatureRequired: x.SignatureRequired, To: r.pick(x.To), ReturnTo: r.nodeNames(x.ReturnTo)}
	if len(x.Label) > 0 {
		y.Label = x.Label.In(r.v.Lang)
	}
	if x.Task > 0 {
		y.Task = record.TaskID(r.rec.Ref(), r.rec.ID(), x.Task)
		y.Rev = r.rec.Case.Tasks[x.Task-1].Rev
	}
	if x.Kind == engine.CmdUrge {
		y.NotBefore = urgedUntil(r.rec.Case, r.now)
	}
	var err error
	y.Choose, err = s.choicesOf(ctx, a, r, x)
	return y, err
}

// urgedUntil is when a case may be urged again, nil when it may be now.
func urgedUntil(c engine.Case, now time.Time) *time.Time {
	var last time.Time
	for _, t := range c.Tasks {
		if t.UrgedAt.After(last) {
			last = t.UrgedAt
		}
	}
	if next := last.Add(engine.UrgeEvery); !last.IsZero() && next.After(now) {
		return &next
	}
	return nil
}

func (r renderer) nodeNames(ids []string) []NodeName {
	var out []NodeName
	for _, n := range ids {
		out = append(out, NodeName{n, record.NodeTitle(r.rec, n, r.v.Lang)})
	}
	return out
}

func (r renderer) pick(p *engine.Pick) *Pick {
	if p == nil {
		return nil
	}
	out := &Pick{Kind: p.Kind, Min: p.Min, Max: p.Max}
	if p.Kind == engine.PickNode {
		out.Nodes = r.nodeNames(p.From)
		return out
	}
	out.From = p.From
	for _, u := range p.From {
		r.v.User(u)
	}
	return out
}

// choosing are the actions with which people for later nodes may be chosen.
var choosing = []string{engine.CmdApprove, engine.CmdHandle, engine.CmdResubmit}

// choicesOf lists the nodes whose people are chosen with an action.
func (s *Service) choicesOf(ctx context.Context, a *tenant.Actor, r renderer, x engine.Action) ([]Choice, error) {
	if !slices.Contains(choosing, x.Kind) {
		return nil, nil
	}
	var out []Choice
	for _, ch := range r.rec.Form.Flow.Choices(r.rec.Case, x.Task) {
		y := Choice{Node: ch.Node, Title: record.NodeTitle(r.rec, ch.Node, r.v.Lang), By: ch.By, Min: ch.Min, Max: ch.Max}
		if len(ch.From) > 0 {
			c, err := s.records.Trial(ctx, a, r.rec.Ref(), r.rec.ID(), nil)
			if err != nil {
				return nil, err
			}
			if y.From, err = s.within(ctx, c, ch.From); err != nil {
				return nil, err
			}
		}
		for _, u := range y.From {
			r.v.User(u)
		}
		out = append(out, y)
	}
	return out, nil
}
