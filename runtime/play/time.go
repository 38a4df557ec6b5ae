package play

import (
	"context"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
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

// result tells how work outside has ended, in place of whoever does it.
func (p *Player) result(ctx context.Context, st pack.Step, ref, id string) error {
	rec, err := p.S.Records.Load(ctx, ref, id)
	if err != nil {
		return err
	}
	for _, v := range rec.Case.Visits {
		if v.Open && v.Node == st.Node && v.Work != nil {
			return p.S.Flow.System(ctx, ref, id, engine.Command{Kind: engine.CmdResult, Visit: v.N, Item: st.Item, Result: st.Result, Error: st.Failed}, nil)
		}
	}
	return fault.Newf(fault.NotFound, "work.none", "nothing is under way at %s", st.Node)
}
