package record_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/storage"
)

// handled is a record service of its own over a world, with handlers of the
// test in place of those of the other services.
type handled struct {
	*record.Service
	flow *flow.Service
	mu   sync.Mutex
	runs map[string]int // by effect id and kind
	fail func(kind string, run int) error
}

func handle(t *testing.T, w *kit.World) *handled {
	h := &handled{runs: map[string]int{}, fail: func(string, int) error { return nil }}
	of := func(kind string, next record.Handler) record.Handler {
		return func(ctx context.Context, rec *record.Record, e record.Effect) error {
			if err := h.count(kind); err != nil {
				return err
			}
			return next(ctx, rec, e)
		}
	}
	h.Service = record.New(w.Services.Tenant, w.Files, map[string]record.Handler{
		record.EffectTasks: of("tasks", w.Tasks.Index), record.EffectNotify: of("notify", w.Notices.Notify), record.EffectFiles: of("files", w.Files.Keep),
		record.EffectAccess: of("access", func(context.Context, *record.Record, record.Effect) error { return nil }),
	})
	h.RunLater(record.EffectAudit, func(ctx context.Context, l []record.Pending) error {
		if err := h.count("audit"); err != nil {
			return err
		}
		return w.Audit.Record(ctx, l)
	})
	h.flow = flow.New(w.Services.Tenant, h.Service)
	return h
}

// count notes one run of a kind and fails it as the test wants.
func (h *handled) count(kind string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.runs[kind]++
	return h.fail(kind, h.runs[kind])
}

// audit is the handler of one act.
func audit(w *kit.World) record.Handler {
	return func(ctx context.Context, rec *record.Record, e record.Effect) error {
		return w.Audit.Record(ctx, []record.Pending{{Rec: rec, Effect: e}})
	}
}

// closed waits until what is cleared beside requests is cleared.
func (h *handled) closed(t *testing.T) {
	t.Helper()
	if err := h.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

func pending(w *kit.World, form, id string) int {
	box, _ := w.Stored(form, id)["outbox"].(m)
	return len(box)
}

func TestOutboxIsCleared(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	h := handle(t, w)
	rec, _, err := h.Create(ctx, w.As("ann"), h.flow, "lab.item", record.CreateInput{Data: kit.JSON(m{"name": "x"}), Submit: true})
	if err != nil {
		t.Fatal(err)
	}
	if rec.Doc["outbox"] == nil || rec.Doc["due"] == nil {
		t.Error("the write itself carries its effects")
	}
	h.closed(t)
	doc := w.Stored("lab.item", rec.ID())
	if doc["outbox"] != nil || doc["due"] != nil {
		t.Errorf("left: %v, due %v", doc["outbox"], doc["due"])
	}
	h.closed(t) // twice is no harm
}

// TestSweeper: a handler that failed, or panicked, is run again by the sweeper,
// and nothing that was done is doubled.
func TestSweeper(t *testing.T) {
	t.Parallel()
	fails := func(which string) func(string, int) error {
		return func(kind string, run int) error {
			if kind == which && run <= 2 {
				return errors.New("not now")
			}
			return nil
		}
	}
	for _, c := range []struct {
		name, kind string
		fail       func(kind string, run int) error
	}{
		{"within the request", "tasks", fails("tasks")}, {"beside it", "audit", fails("audit")},
		{"panic", "tasks", func(kind string, run int) error {
			if fails("tasks")(kind, run) != nil {
				panic("not now")
			}
			return nil
		}},
		{"panic beside the request", "audit", func(kind string, run int) error {
			if fails("audit")(kind, run) != nil {
				panic("not now")
			}
			return nil
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := kit.Lab(t)
			h := handle(t, w)
			h.fail = c.fail
			p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}})
			rec, _, err := h.Create(ctx, w.As("ann"), h.flow, "lab.order", record.CreateInput{Data: kit.JSON(m{"name": "x", "project": p.ID()}), Submit: true})
			if err != nil {
				t.Fatalf("the write stands: %v", err)
			}
			h.closed(t)
			if n := pending(w, "lab.order", rec.ID()); n != 1 {
				t.Fatalf("%d effects are pending, want the one that failed", n)
			}
			if n, err := h.Sweep(ctx, "lab.order"); n != 0 || err != nil {
				t.Errorf("before its time the sweeper leaves it to the request: %d %v", n, err)
			}
			w.Clock.Advance(time.Minute)
			if n, err := h.Sweep(ctx, "lab.order"); n != 1 || err == nil {
				t.Errorf("it fails again: %d %v", n, err)
			}
			if n, _ := h.Sweep(ctx, "lab.order"); n != 0 {
				t.Error("what fails waits for its next time")
			}
			w.Clock.Advance(time.Minute)
			if n, err := h.Sweep(ctx, "lab.order"); n != 1 || err != nil {
				t.Errorf("swept %d, %v", n, err)
			}
			doc := w.Stored("lab.order", rec.ID())
			if doc["outbox"] != nil || doc["due"] != nil || h.runs[c.kind] != 3 || h.runs["audit"]+h.runs["tasks"] != 4 {
				t.Errorf("outbox %v, runs %v", doc["outbox"], h.runs)
			}
			if n := about(w, "audit", rec.ID()); n != 1 {
				t.Errorf("%d lines in the audit log, want 1", n)
			}
			if n := about(w, "tasks", rec.ID()); n != 2 { // the task, and the case of its initiator
				t.Errorf("%d rows in the task index, want 2", n)
			}
		})
	}
}

// about counts the documents of a collection that are about a record.
func about(w *kit.World, collection, id string) int {
	n := 0
	for _, d := range w.Docs(collection) {
		if d["record"] == id {
			n++
		}
	}
	return n
}

// TestEffectsTwice: all effects of a whole life run once more change nothing.
func TestEffectsTwice(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	var mu sync.Mutex
	type ran struct {
		rec *record.Record
		e   record.Effect
	}
	var log []ran
	real := map[string]record.Handler{record.EffectTasks: w.Tasks.Index, record.EffectNotify: w.Notices.Notify, record.EffectAudit: audit(w), record.EffectFiles: w.Files.Keep, record.EffectAccess: func(context.Context, *record.Record, record.Effect) error { return nil }}
	handlers := map[string]record.Handler{}
	for kind, next := range real {
		handlers[kind] = func(ctx context.Context, rec *record.Record, e record.Effect) error {
			mu.Lock()
			log = append(log, ran{rec, e})
			mu.Unlock()
			return next(ctx, rec, e)
		}
	}
	s := record.New(w.Services.Tenant, w.Files, handlers)
	f := flow.New(w.Services.Tenant, s)
	w.Records, w.Flow = s, f // approve and save act through these now
	p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}})
	rec := w.Create("ann", "lab.order", m{"name": "x", "project": p.ID(), "lines": []m{{"item": "i", "qty": 20, "price": 100}}})
	if _, err := f.Task(ctx, w.As("bob"), record.TaskID("lab.order", rec.ID(), 1), "return", flow.TaskInput{}); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Minute)
	if _, err := f.Case(ctx, w.As("ann"), "lab.order."+rec.ID(), "resubmit", flow.CaseInput{}); err != nil {
		t.Fatal(err)
	}
	approve(t, w, rec.ID())
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	before := derived(w)
	for i := range log { // backwards: the oldest last, over what newer ones made
		x := log[len(log)-1-i]
		copied := clone(x.rec.Doc).(m)
		if err := real[x.e.Kind](ctx, x.rec, x.e); err != nil {
			t.Fatalf("%s again: %v", x.e.Kind, err)
		}
		if !reflect.DeepEqual(copied, clone(x.rec.Doc)) {
			t.Errorf("the handler of %s changed the record that others have", x.e.Kind)
		}
	}
	if diff := cmp.Diff(before, derived(w), cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Cmp(b) == 0 })); diff != "" {
		t.Errorf("run again, effects change what was made (-before +after):\n%s", diff)
	}
	if len(log) < 20 {
		t.Errorf("only %d effects: the life was too short to show anything", len(log))
	}
}

// derived is everything that effects make.
func derived(w *kit.World) map[string]map[string]storage.Doc {
	out := map[string]map[string]storage.Doc{}
	for _, c := range []string{"tasks", "notices", "audit", "files", "history"} {
		out[c] = map[string]storage.Doc{}
		for _, d := range w.Docs(c) {
			delete(d, storage.Rev) // a write that changes nothing may still be counted
			out[c][d[storage.ID].(string)] = d
		}
	}
	return out
}

func clone(v any) any {
	switch x := v.(type) {
	case m:
		out := m{}
		for k, e := range x {
			out[k] = clone(e)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = clone(e)
		}
		return out
	}
	return v
}

// TestWriteBetweenEffectAndClear: a write that comes after the effects ran and
// before they are cleared keeps effects of its own.
func TestWriteBetweenEffectAndClear(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	h := handle(t, w)
	var once atomic.Bool
	var second *record.Record
	rec := w.Create("kim", "lab.item", m{"name": "a"})
	if err := w.Records.Close(ctx); err != nil { // its outbox is clear
		t.Fatal(err)
	}
	h.fail = func(kind string, run int) error {
		if kind == "audit" && run == 2 {
			return errors.New("the second write's effect fails")
		}
		return nil
	}
	inner := record.New(w.Services.Tenant, w.Files, map[string]record.Handler{
		record.EffectAudit: func(ctx context.Context, r *record.Record, e record.Effect) error {
			if once.CompareAndSwap(false, true) { // while the first write's effects run, the second one is made
				got, err := h.Save(ctx, w.As("kim"), h.flow, "lab.item", r.ID(), record.SaveInput{Rev: r.Rev(), Patch: kit.Set(m{"name": "c"})})
				if err != nil {
					return err
				}
				second = got
			}
			return audit(w)(ctx, r, e)
		}})
	h.runs["audit"] = 1 // so that the second write's fails
	if _, err := inner.Save(ctx, w.As("kim"), h.flow, "lab.item", rec.ID(), record.SaveInput{Rev: rec.Rev(), Patch: kit.Set(m{"name": "b"})}); err != nil {
		t.Fatal(err)
	}
	if err := inner.Close(ctx); err != nil {
		t.Fatal(err)
	}
	h.closed(t)
	if second == nil || second.Data()["name"] != "c" {
		t.Fatalf("second write: %v", second)
	}
	if n := pending(w, "lab.item", rec.ID()); n != 1 {
		t.Errorf("%d effects pending, want that of the second write", n)
	}
	w.Clock.Advance(time.Minute)
	if _, err := h.Sweep(ctx, "lab.item"); err != nil {
		t.Fatal(err)
	}
	doc := w.Stored("lab.item", rec.ID())
	if doc["outbox"] != nil || doc["due"] != nil || doc["data"].(m)["name"] != "c" {
		t.Errorf("in the end %v", doc)
	}
	if n := about(w, "audit", rec.ID()); n != 3 { // create and two saves
		t.Errorf("%d lines in the audit log", n)
	}
}

// TestTaskRowsFollow: a row is never set back by an effect that runs late.
func TestTaskRowsFollow(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	h := handle(t, w)
	var mu sync.Mutex
	var held []func() error
	slow := record.New(w.Services.Tenant, w.Files, map[string]record.Handler{record.EffectAudit: audit(w), record.EffectNotify: w.Notices.Notify,
		record.EffectTasks: func(ctx context.Context, rec *record.Record, e record.Effect) error {
			mu.Lock()
			defer mu.Unlock()
			held = append(held, func() error { return w.Tasks.Index(ctx, rec, e) })
			return nil
		}})
	p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}})
	rec, _, err := slow.Create(ctx, w.As("ann"), flow.New(w.Services.Tenant, slow), "lab.order", record.CreateInput{Data: kit.JSON(m{"name": "x", "project": p.ID()}), Submit: true})
	if err != nil {
		t.Fatal(err)
	}
	id := record.TaskID("lab.order", rec.ID(), 1)
	if _, err := h.flow.Task(ctx, w.As("bob"), id, "approve", flow.TaskInput{}); err != nil {
		t.Fatal(err)
	}
	rows := func() string {
		out := ""
		for _, d := range w.Docs("tasks") {
			if d[storage.ID] == id {
				out += fmt.Sprint(d["box"])
			}
		}
		return out
	}
	same(t, "after the newer effect", "done", rows())
	for _, f := range held {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "after the older one, late", "done", rows())
	if err := slow.Close(ctx); err != nil {
		t.Fatal(err)
	}
}
