package play

import (
	"context"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema/pack"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// passTime moves the clock: by as much as a wait says, or to the next time that
// the case (or, without one, anybody) waits for.
func (p *Player) passTime(ctx context.Context, st pack.Step, ref, id string) error {
	if st.Kind == "wait" {
		length := time.Duration(st.Minutes)*time.Minute + time.Duration(st.Hours+24*st.Days)*time.Hour
		return p.until(ctx, p.Clock.Now().Add(length))
	}
	at, ok, err := p.nextJob(ctx)
	if id != "" {
		at, ok, err = p.nextTimer(ctx, ref, id)
	}
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Refused, "timer.none", "nothing is waiting for its time")
	}
	return p.until(ctx, at)
}

// maxRings bounds what may happen while time passes.
const maxRings = 1000

// until moves the clock to a time. What is due on the way happens then, and not at the end.
func (p *Player) until(ctx context.Context, end time.Time) error {
	for range maxRings {
		at, ok, err := p.nextJob(ctx)
		if err != nil {
			return err
		}
		if !ok || at.After(end) {
			if end.After(p.Clock.Now()) {
				p.Clock.Set(end)
			}
			return nil
		}
		if at.After(p.Clock.Now()) {
			p.Clock.Set(at)
		}
		if _, err := p.S.Jobs.Run(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("more than %d things happen at once", maxRings)
}

// nextJob tells when the next queued job is due.
func (p *Player) nextJob(ctx context.Context) (time.Time, bool, error) {
	page, err := p.S.Store.Collection("jobs").Find(ctx, storage.Query{Where: filter.Cmp{Path: "state", Op: filter.Eq, Value: jobs.Queued},
		Sort: []filter.Sort{{Path: "at"}}, Limit: 1})
	if err != nil || len(page.Docs) == 0 {
		return time.Time{}, false, err
	}
	at, ok := page.Docs[0]["at"].(time.Time)
	return at, ok, nil
}

// nextTimer tells when the next timer of a case rings.
func (p *Player) nextTimer(ctx context.Context, ref, id string) (at time.Time, ok bool, err error) {
	rec, err := p.S.Records.Load(ctx, ref, id)
	if err != nil {
		return at, false, err
	}
	for _, v := range rec.Case.Visits {
		for _, t := range v.Timers {
			if v.Open && (!ok || t.At.Before(at)) {
				at, ok = t.At, true
			}
		}
	}
	return at, ok, nil
}

// leave lets somebody leave the company, with all that follows.
func (p *Player) leave(ctx context.Context, user string) error {
	if err := p.S.Org.Leave(ctx, user); err != nil {
		return err
	}
	if err := p.S.Changed(ctx, tenant.SignalOrg); err != nil {
		return err
	}
	if err := p.S.Flow.Leave(ctx, user); err != nil {
		return err
	}
	return p.until(ctx, p.Clock.Now())
}

// held is the outside of a scenario: nobody is asked, and its steps tell what comes back.
type held struct{}

// Call leaves the answer to a step.
func (held) Call(context.Context, flow.CallRequest) (flow.CallAnswer, error) {
	return flow.CallAnswer{}, flow.ErrLater
}

// workAt finds the open visit of a node that waits for the piece of work a step names.
func (p *Player) workAt(ctx context.Context, st pack.Step, ref, id string) (visit int, w engine.WorkItem, err error) {
	rec, err := p.S.Records.Load(ctx, ref, id)
	if err != nil {
		return 0, w, err
	}
	for _, v := range rec.Case.Visits {
		if v.Open && v.Node == st.Node && v.Work != nil && st.Item < len(v.Work.Items) {
			return v.N, v.Work.Items[st.Item], nil
		}
	}
	return 0, w, fault.Newf(fault.NotFound, "work.none", "nothing is under way at %s", st.Node)
}

// result tells how work outside has ended, in place of whoever does it.
func (p *Player) result(ctx context.Context, st pack.Step, ref, id string) error {
	visit, item, err := p.workAt(ctx, st, ref, id)
	switch {
	case err != nil:
		return err
	case item.State != engine.WorkPending:
		return fault.Newf(fault.Refused, "work.over", "the work at %s is %s", st.Node, item.State)
	case len(st.Answer) > 0:
		return p.S.Flow.Answered(ctx, ref, id, visit, st.Item, st.Answer)
	}
	return p.S.Flow.System(ctx, ref, id, engine.Command{Kind: engine.CmdResult, Visit: visit, Item: st.Item, Result: st.Result, Error: st.Failed}, nil)
}

// started gives the record that a subflow has started an alias.
func (p *Player) started(ctx context.Context, st pack.Step, ref, id string) error {
	_, item, err := p.workAt(ctx, st, ref, id)
	if err != nil {
		return err
	}
	form, child, err := flow.ParseCase(item.Ref)
	if err != nil {
		return fault.Newf(fault.NotFound, "work.not_started", "%s has not started anything: %s %s", st.Node, item.State, item.Error)
	}
	p.names.Records[p.full(st.As)], p.forms[p.full(st.As)] = child, form
	return nil
}
