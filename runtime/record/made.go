package record

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// keyWithin marks a context in which effects of a write run.
type keyWithin struct{}

// within marks that what is done now is done for a write that is not through
// yet, and may hold the turn of its record: it must never wait for a turn.
func within(ctx context.Context) context.Context { return context.WithValue(ctx, keyWithin{}, true) }

func isWithin(ctx context.Context) bool { return ctx.Value(keyWithin{}) != nil }

// longestPause is how long a lost write within effects waits, at most, before it is made again.
const longestPause = 20 * time.Millisecond

// pause lets whoever was faster finish: instead of a turn, within effects.
func pause(ctx context.Context) error {
	t := time.NewTimer(rand.N(longestPause))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Make creates a record under an id that is derived from its cause, with the
// access of the app. made is false when it was there already: then it is as it is by now.
func (s *Service) Make(ctx context.Context, a *tenant.Actor, flow Starter, ref, id string, in CreateInput) (rec *Record, made bool, err error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, false, err
	}
	rec, err = s.Load(ctx, ref, id)
	if err == nil || fault.KindOf(err) != fault.NotFound {
		return rec, false, err
	}
	for try := 1; ; try++ {
		rec, err := s.createOnce(ctx, a, flow, form, id, in)
		switch {
		case err == nil:
			return rec, true, nil
		case fault.Is(err, "record.exists"):
			rec, err := s.Load(ctx, ref, id)
			return rec, false, err
		case !errors.Is(err, errNumberTaken) || try == maxTries:
			return nil, false, err
		}
	}
}

// Origin tells which step of a flow made the record; ok is false when a person did.
func (r *Record) Origin() (via tenant.Via, ok bool) {
	m := object(r.Doc, "origin")
	if m == nil {
		return tenant.Via{}, false
	}
	return tenant.Via{Form: text(m, "form"), Record: text(m, "record"), Node: text(m, "node"), Visit: int(number(m, "visit")),
		Item: int(number(m, "item")), Depth: int(number(m, "depth"))}, true
}

// originDoc is the stored form of what made a record.
func originDoc(v *tenant.Via) map[string]any {
	return map[string]any{"form": v.Form, "record": v.Record, "node": v.Node, "visit": int64(v.Visit), "item": int64(v.Item), "depth": int64(v.Depth)}
}

// viaDoc is what history and audit keep of who acted in a person's stead; nil for the person himself.
func viaDoc(a *tenant.Actor) any {
	if a.Via == nil {
		return nil
	}
	return map[string]any{"form": a.Via.Form, "record": a.Via.Record, "node": a.Via.Node}
}

// What a record remembers of the steps of flows that changed it.
const (
	keptSteps  = 200       // at most, beside the young ones
	youngSteps = time.Hour // that long each is remembered
)

// OnceBy makes a change by a step of a flow happen once: for a step that the
// record has met it is ErrUnchanged. A step is remembered for an hour, and then
// as long as it is among the last 200: whoever repeats it does so within minutes.
func (c *Change) OnceBy(step string) error {
	mark := ids.Derive("step", step)[:24]
	met := object(c.Doc, "applied")
	if met[mark] != nil {
		return ErrUnchanged
	}
	next := map[string]any{mark: c.ctx.Now}
	maps.Copy(next, met)
	forget(next, c.ctx.Now.Add(-youngSteps))
	c.Doc = maps.Clone(c.Doc)
	c.Doc["applied"] = next
	return nil
}

// forget drops the oldest steps beyond those to be kept, and none that is young.
func forget(met map[string]any, young time.Time) {
	for len(met) > keptSteps {
		oldest, at := "", young
		for k, v := range met {
			if t, _ := v.(time.Time); t.Before(at) {
				oldest, at = k, t
			}
		}
		if oldest == "" {
			return
		}
		delete(met, oldest)
	}
}
