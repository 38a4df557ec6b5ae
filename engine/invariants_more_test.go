package engine_test

import (
	"slices"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/schema"
)

// audit keeps what the effects of a whole case have said so far.
type audit struct {
	ended, cancelled map[int]int // by visit
}

// checkOutside checks what goes out to others and comes back: timers, work, the ends of visits.
func (p *play) checkOutside(before, after engine.Case, effects []engine.Effect) {
	p.t.Helper()
	if p.seen.ended == nil {
		p.seen = audit{map[int]int{}, map[int]int{}}
	}
	for _, e := range effects {
		switch e.Kind {
		case engine.EffectTimer:
			v := after.Visits[e.Visit-1]
			if v.Open && !slices.Contains(v.Timers, engine.Timer{Event: e.Event, At: e.At}) {
				p.t.Fatalf("timer %s of visit %d was asked for, but is not waited for", e.Event, e.Visit)
			}
		case engine.EffectWork:
			if v := after.Visits[e.Visit-1]; v.Work == nil || len(e.Items) == 0 || v.Node != e.Node {
				p.t.Fatalf("work %v for visit %+v", e.Items, v)
			}
		case engine.EffectWorkCancelled:
			p.seen.cancelled[e.Visit]++
		case engine.EffectVisitEnded:
			p.seen.ended[e.Visit]++
			if after.Visits[e.Visit-1].Open {
				p.t.Fatalf("visit %d has ended and is open", e.Visit)
			}
		}
	}
	for _, v := range after.Visits {
		p.checkOne(after, v)
	}
	p.checkPassive(before, after, effects)
}

func (p *play) checkOne(c engine.Case, v engine.Visit) {
	p.t.Helper()
	gone := !v.Open && (v.Void || c.State.Final() || v.Result != engine.ResultReturn)
	pending := v.Work != nil && slices.ContainsFunc(v.Work.Items, func(i engine.WorkItem) bool { return i.State == engine.WorkPending })
	waits := v.Work != nil && (!v.Work.Until.IsZero() || slices.ContainsFunc(v.Work.Items, func(i engine.WorkItem) bool {
		return i.State == engine.WorkPending || i.State == engine.WorkFailed
	}))
	n := p.f.Def.Node(v.Node) // nil for what an older version had
	counts := n != nil && (n.Type == schema.NodeApprove || n.Type == schema.NodeHandle || v.Work != nil)
	switch {
	case !v.Open && len(v.Timers) > 0:
		p.t.Fatalf("visit %d is closed and waits for %v", v.N, v.Timers)
	case v.Open && v.Work != nil && !waits && c.State == engine.Running:
		p.t.Fatalf("visit %d waits for work that has ended: %+v", v.N, v.Work)
	case v.Open && v.Work != nil && !v.Work.Until.IsZero() && len(v.Timers) == 0 && c.State == engine.Running:
		p.t.Fatalf("delay %d has no timer", v.N)
	case gone && pending && p.seen.cancelled[v.N] == 0:
		p.t.Fatalf("work of visit %d goes on, and nobody was told that it is not wanted", v.N)
	case gone && counts && p.seen.ended[v.N] == 0:
		p.t.Fatalf("nobody was told that visit %d has ended", v.N)
	}
}

// checkPassive: a command of the system that no longer has a point leaves everything as it was.
func (p *play) checkPassive(before, after engine.Case, effects []engine.Effect) {
	p.t.Helper()
	logged := len(after.Log) > 0 && (len(before.Log) == 0 || after.Log[len(after.Log)-1].Seq != before.Log[len(before.Log)-1].Seq)
	if !logged && (len(effects) > 0 || string(bytesOf(p.t, before)) != string(bytesOf(p.t, after))) {
		p.t.Fatalf("something happened that the log does not know: %v", effects)
	}
}
