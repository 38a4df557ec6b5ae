package record

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
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

// Look gives a record as formulas see it, with what they reach of other records
// by the access of the app. It is not for writing.
func (s *Service) Look(ctx context.Context, a *tenant.Actor, r *Record) (*Change, error) {
	c := s.begin(a, r, RightsOn(a, r), "look")
	return c, c.load(ctx)
}

// Failed is the error of reading other records for a formula, which was blank by it.
func (c *Change) Failed() error { return c.failed }

// Step changes a record by a step of a flow, once: within what the record's form
// demands, as whoever may do everything. A step that it has met changes nothing.
func (s *Service) Step(ctx context.Context, a *tenant.Actor, ref, id, step string, p Patch) (*Record, error) {
	c, err := s.apply(ctx, a, ref, id, "save", func(c *Change) error {
		if err := c.OnceBy(step); err != nil {
			return err
		}
		if err := c.settleVersion(ctx); err != nil {
			return err
		}
		if err := c.ApplyPatch(p); err != nil {
			return err
		}
		if err := c.Validate(ctx); err != nil {
			return err
		}
		c.audit()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c.Record, nil
}

// Match finds records that count and hold a condition, newest first, with the
// access of the app; at most limit, up to MaxPage.
func (s *Service) Match(ctx context.Context, ref string, where filter.Expr, limit int) ([]*Record, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, err
	}
	page, err := s.t.Records(ref).Find(ctx, storage.Query{
		Where: filter.Simplify(filter.And{filter.Cmp{Path: "state", Op: filter.Eq, Value: StateActive}, where}),
		Sort:  []filter.Sort{{Path: "created_at", Desc: true}}, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := make([]*Record, 0, len(page.Docs))
	for _, d := range page.Docs {
		r, err := s.wrap(ctx, form, d)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// Page reads one page of a form's records by a query of the caller's, whoever asks.
func (s *Service) Page(ctx context.Context, ref string, q storage.Query) (recs []*Record, next string, err error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, "", err
	}
	page, err := s.t.Records(ref).Find(ctx, q)
	if err != nil {
		return nil, "", pageError(err)
	}
	recs = make([]*Record, 0, len(page.Docs))
	for _, d := range page.Docs {
		r, err := s.wrap(ctx, form, d)
		if err != nil {
			return nil, "", err
		}
		recs = append(recs, r)
	}
	return recs, page.Next, nil
}

// Handle registers the handler of a kind of effects, which the caller's package
// brings. It must be called before the service is used.
func (s *Service) Handle(kind string, h Handler) { s.handlers[kind] = h }

// Sample is a record of a form that may not be published, filled with sample
// data: it is never written. Values that cannot be taken are an error
// record.invalid; the change then holds the others. Every field may be filled; what
// it points to must be visible to the actor.
func (s *Service) Sample(a *tenant.Actor, form *catalog.Form, data json.RawMessage) (*Change, error) {
	c := s.newChange(a, form, s.t.IDs.New(), "try")
	c.Rights = everything()
	return c, c.fill(data)
}
