package flow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	mint "github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// JobWork is the kind of the jobs that do the work of flows; RunWork handles it.
const JobWork = "flow.work"

// Limits of work.
const (
	// inlineWork is how many pieces are done before the answer; more wait for a job.
	inlineWork = 20
	// workTries is how often a piece is tried while trying again may help: over
	// about five minutes. The jobs' own limit is higher and never met.
	workTries = 6
	// firstRetry is when what failed before the answer is tried again.
	firstRetry = 5 * time.Second
	// maxDepth bounds flows that start one another.
	maxDepth = 5
)

// emitWork turns what the engine wants done outside into effects of the record.
func emitWork(c *record.Change, effects []engine.Effect) {
	facts := map[string]any{}
	visits := []any{}
	for _, e := range effects {
		switch e.Kind {
		case engine.EffectWork:
			items := make([]any, len(e.Items))
			for i, n := range e.Items {
				items[i] = int64(n)
			}
			c.Emit(record.EffectWork, map[string]any{"visit": int64(e.Visit), "items": items})
		case engine.EffectWorkCancelled:
			c.Emit(record.EffectWorkCancelled, map[string]any{"visit": int64(e.Visit)})
		case engine.EffectVisitEnded:
			visits = append(visits, int64(e.Visit))
		case engine.EffectCaseEnded:
			facts["ended"] = true
			if _, ok := c.Origin(); ok {
				c.Emit(record.EffectEnded, nil)
			}
		}
	}
	if len(visits) > 0 {
		facts["visits"] = visits
	}
	if len(facts) > 0 {
		c.Emit(record.EffectFacts, facts)
	}
}

// outside is what work is done with.
type outside struct {
	caller   Caller
	compiled sync.Map // programsKey → *catalog.WorkPrograms
}

// BindCalls gives the service what asks outside systems; without it calls fail.
func (s *Service) BindCalls(c Caller) { s.caller = c }

// job is a piece of the work of one visit.
type job struct {
	ref, id string
	visit   int
	items   []int
}

// Work is the handler of record.EffectWork. Writing and finding records is done
// at once; what takes longer, and what has to be tried again, becomes a job.
func (s *Service) Work(ctx context.Context, rec *record.Record, e record.Effect) error {
	w := job{ref: rec.Ref(), id: rec.ID(), visit: intOf(e.Data["visit"]), items: intsOf(e.Data["items"])}
	n, ok := workNode(rec, w.visit)
	if !ok {
		return nil // the visit is over
	}
	if n.Data == nil || len(w.items) > inlineWork {
		return s.later(ctx, w, e.ID, 0)
	}
	again, err := s.work(ctx, w, 1)
	if err != nil || !again {
		return err
	}
	return s.later(ctx, w, e.ID, firstRetry)
}

// later makes a job of work, once per effect.
func (s *Service) later(ctx context.Context, w job, effect string, wait time.Duration) error {
	if s.queue == nil {
		return errors.New("flow: there is nothing that takes jobs")
	}
	items := make([]any, len(w.items))
	for i, n := range w.items {
		items[i] = int64(n)
	}
	return s.queue.Add(ctx, jobs.Job{ID: mint.Derive("flow.work", w.ref, effect), Kind: JobWork, At: s.t.Clock.Now().Add(wait),
		Payload: map[string]any{"form": w.ref, "record": w.id, "visit": int64(w.visit), "items": items}})
}

// errAgain has the queue try a job again, later and later.
var errAgain = errors.New("flow: some of the work could not be done yet")

// RunWork handles jobs of kind JobWork.
func (s *Service) RunWork(ctx context.Context, j jobs.Job) error {
	w := job{visit: intOf(j.Payload["visit"]), items: intsOf(j.Payload["items"])}
	w.ref, _ = j.Payload["form"].(string)
	w.id, _ = j.Payload["record"].(string)
	again, err := s.work(ctx, w, j.Attempt)
	if err == nil && again {
		return errAgain
	}
	return err
}

// workNode is the node of a visit that waits for work, also while the case is
// back with its initiator, who may send it on from where it was.
func workNode(rec *record.Record, visit int) (*schema.Node, bool) {
	if rec.Form.Flow == nil || visit < 1 || visit > len(rec.Case.Visits) || rec.Case.State.Final() {
		return nil, false
	}
	v := rec.Case.Visits[visit-1]
	if v.Void || v.Work == nil {
		return nil, false
	}
	n := rec.Form.Flow.Def.Node(v.Node)
	return n, n != nil
}

// outcome is what came of a piece of work.
type outcome struct {
	item   int
	ref    string         // what was made or started
	result string         // of a case that was waited for: its state
	values map[string]any // field of the record, or column of the row → value in wire form
	err    error          // why it failed, for good
}

// work does the pieces of a visit that are still to be done, and reports each as
// soon as it is through. again: some may succeed later.
func (s *Service) work(ctx context.Context, j job, attempt int) (again bool, err error) {
	for _, item := range j.items {
		w, err := s.open(ctx, j, item)
		if err != nil {
			return again, err
		}
		if w == nil {
			continue
		}
		out, err := s.piece(ctx, w)
		if cause := context.Cause(ctx); cause != nil {
			return again, cause
		}
		switch {
		case err == nil && out == nil: // started; its end is waited for
			continue
		case err != nil && mayHelp(err) && w.retried() && attempt < workTries:
			s.t.Log.WarnContext(ctx, "work of a flow is tried again", "form", j.ref, "record", j.id, "node", w.node.ID, "item", item, "attempt", attempt, "error", err)
			again = true
			continue
		case err != nil:
			out = &outcome{item: item, err: err}
		}
		if err := s.report(ctx, j.ref, j.id, j.visit, *out); err != nil {
			return again, err
		}
	}
	return again, nil
}

// mayHelp reports whether trying again may help: nothing was wrong with what was asked.
func mayHelp(err error) bool {
	var fe *fault.Error
	if !errors.As(err, &fe) {
		return true
	}
	switch fe.Kind {
	case fault.Unavailable, fault.Conflict, fault.RateLimited, fault.Internal:
		return true
	}
	return false
}

// piece does one piece of work. No outcome and no error means that it goes on by itself.
func (s *Service) piece(ctx context.Context, w *piece) (out *outcome, err error) {
	if w.progs, err = s.programsOf(w.look.Form, w.node); err != nil {
		return nil, err
	}
	switch {
	case w.node.Data != nil:
		return s.dataWork(ctx, w)
	case w.node.Subflow != nil:
		return s.subflow(ctx, w)
	case w.node.Call != nil:
		return s.callWork(ctx, w)
	}
	return nil, fault.Newf(fault.Refused, "work.unknown", "node %s has nothing to be done", w.node.ID)
}

// piece is one piece of work with the record it is done for.
type piece struct {
	job
	item  int
	tries int // those that failed before
	node  *schema.Node
	look  *record.Change // the record, as formulas see it
	row   map[string]any // nil without each
	progs *catalog.WorkPrograms
	via   *tenant.Via
}

// retried reports whether the node wants failures tried again.
func (w *piece) retried() bool {
	policy := ""
	switch {
	case w.node.Data != nil:
		policy = w.node.Data.Fail
	case w.node.Call != nil:
		policy = w.node.Call.Fail
	}
	return policy == "" || policy == schema.FailRetry
}

// key names the piece among all of the tenant's.
func (w *piece) key(more ...string) []string {
	return append([]string{w.ref, w.id, fmt.Sprint(w.visit), fmt.Sprint(w.item)}, more...)
}

// open reads a piece that is still to be done; nil when it is not.
func (s *Service) open(ctx context.Context, j job, item int) (*piece, error) {
	rec, err := s.records.Load(ctx, j.ref, j.id)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n, ok := workNode(rec, j.visit)
	if !ok || item < 0 || item >= len(rec.Case.Visits[j.visit-1].Work.Items) {
		return nil, nil
	}
	state := rec.Case.Visits[j.visit-1].Work.Items[item]
	if state.State != engine.WorkPending || state.Ref != "" {
		return nil, nil
	}
	w := &piece{job: j, item: item, tries: state.Tries, node: n, via: &tenant.Via{Form: j.ref, Record: j.id, Node: n.ID, Visit: j.visit, Item: item, Depth: 1}}
	if o, ok := rec.Origin(); ok {
		w.via.Depth = o.Depth + 1
	}
	a, err := s.t.AppActor(ctx, rec.Case.Initiator, w.via)
	if err != nil {
		return nil, err
	}
	if w.look, err = s.records.Look(ctx, a, rec); err != nil {
		return nil, err
	}
	return w, s.rowOf(ctx, w)
}

// rowsCollection keeps, while a visit works through rows, which row each piece
// of it is about: rows may be added, moved and removed meanwhile.
const rowsCollection = "workrows"

// rowOf finds the row a piece is about; it stays nil where the node has no rows,
// and is empty when the row is gone.
func (s *Service) rowOf(ctx context.Context, w *piece) error {
	each := catalog.WorkEach(w.node)
	if each == "" {
		return nil
	}
	order, err := s.rowOrder(ctx, w.ref, w.id, w.visit, w.look.Values()[each])
	if err != nil {
		return err
	}
	w.row = map[string]any{}
	if w.item < len(order) {
		if _, row := rowBy(w.look.Values()[each], order[w.item]); row != nil {
			w.row = row
		}
	}
	return nil
}

// rowBy finds a row by its id.
func rowBy(rows any, id any) (int, map[string]any) {
	l, _ := rows.([]any)
	i := slices.IndexFunc(l, func(r any) bool { m, _ := r.(map[string]any); return m["id"] == id })
	if i < 0 {
		return i, nil
	}
	return i, l[i].(map[string]any)
}

func intOf(v any) int { n, _ := v.(int64); return int(n) }

func intsOf(v any) []int {
	l, _ := v.([]any)
	out := make([]int, len(l))
	for i, x := range l {
		out[i] = intOf(x)
	}
	return out
}
