package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Options of a run.
type Options struct {
	Each time.Duration // how long each workload runs
	Rows int           // records of the filtered list
}

// Run measures everything and prints one line per workload.
func Run(ctx context.Context, out io.Writer, o Options) error {
	w, err := NewWorld(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = w.Close(context.WithoutCancel(ctx)) }() // the figures are printed; nothing else depends on it
	fmt.Fprintf(out, "%-34s %12s %12s %9s %14s %12s\n", "workload", "per second", "raw", "ratio", "CPU per call", "raw CPU")
	for _, step := range []func(context.Context, io.Writer, *World, Options) error{submit, approve, get, list, inProcess} {
		if err := step(ctx, out, w, o); err != nil {
			return err
		}
	}
	return nil
}

func line(out io.Writer, name string, got, raw Rate) {
	fmt.Fprintf(out, "%-34s %12.0f %12.0f %9.2f %14s %12s\n", name, got.PerSecond, raw.PerSecond, got.PerSecond/raw.PerSecond,
		got.CPU.Round(time.Microsecond), raw.CPU.Round(time.Microsecond))
}

// always repeats one call.
func always(work func(context.Context) error) func() func(context.Context) error {
	return func() func(context.Context) error { return work }
}

// turns measures the product and the baseline in turn, so that drift of the machine hits both.
func turns(ctx context.Context, each time.Duration, got, raw func() func(context.Context) error) (g, r Rate, err error) {
	const rounds = 3
	for range rounds {
		x, err := Drive(ctx, each/rounds, raw)
		if err != nil {
			return g, r, err
		}
		y, err := Drive(ctx, each/rounds, got)
		if err != nil {
			return g, r, err
		}
		r, g = sum(r, x), sum(g, y)
	}
	return mean(g, rounds), mean(r, rounds), nil
}

func sum(a, b Rate) Rate {
	return Rate{a.PerSecond + b.PerSecond, a.CPU + b.CPU, a.Calls + b.Calls}
}

func mean(a Rate, n int) Rate {
	return Rate{a.PerSecond / float64(n), a.CPU / time.Duration(n), a.Calls}
}

func (w *World) rawInsert(ctx context.Context) error {
	return post(ctx, w.RawURL+"/raw", "", Body, nil)
}

func submit(ctx context.Context, out io.Writer, w *World, o Options) error {
	got, raw, err := turns(ctx, o.Each, always(func(ctx context.Context) error {
		return post(ctx, w.URL+"/api/v1/forms/"+Form+"/records", w.Clerk, Body, nil)
	}), always(w.rawInsert))
	if err != nil {
		return err
	}
	line(out, "submit, 15 fields, 5 formulas, flow", got, raw)
	return nil
}

// approve decides the tasks that submit has made.
func approve(ctx context.Context, out io.Writer, w *World, o Options) error {
	todo, err := w.todo(ctx)
	if err != nil {
		return err
	}
	var i atomic.Int64
	got, raw, err := turns(ctx, o.Each, func() func(context.Context) error {
		n := int(i.Add(1)) - 1
		if n >= len(todo) {
			return nil
		}
		return func(ctx context.Context) error {
			return post(ctx, w.URL+"/api/v1/tasks/"+url.PathEscape(todo[n])+"/approve", w.Boss, `{"comment":"同意"}`, nil)
		}
	}, always(w.rawInsert))
	if err != nil {
		return err
	}
	line(out, "approve", got, raw)
	return nil
}

func (w *World) todo(ctx context.Context) ([]string, error) {
	var out []string
	q := storage.Query{Where: filter.And{filter.Cmp{Path: "box", Op: filter.Eq, Value: "todo"}, filter.Cmp{Path: "assignee", Op: filter.Eq, Value: "boss"}},
		Limit: storage.MaxFindLimit, Fields: []string{storage.ID}}
	for {
		page, err := w.Services.Store.Collection("tasks").Find(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Docs {
			out = append(out, d[storage.ID].(string))
		}
		if page.Next == "" || len(out) > 100_000 {
			return out, nil
		}
		q.Cursor = page.Next
	}
}

func get(ctx context.Context, out io.Writer, w *World, o Options) error {
	at := w.URL + "/api/v1/forms/" + Form + "/records/" + w.sample[storage.ID].(string)
	got, raw, err := turns(ctx, o.Each, always(func(ctx context.Context) error { return call(ctx, http.MethodGet, at, w.Clerk, "", nil) }),
		always(func(ctx context.Context) error { return call(ctx, http.MethodGet, w.RawURL+"/raw", "", "", nil) }))
	if err != nil {
		return err
	}
	line(out, "get", got, raw)
	return nil
}

func list(ctx context.Context, out io.Writer, w *World, o Options) error {
	if err := w.Rows(ctx, o.Rows); err != nil {
		return err
	}
	q := url.Values{"limit": {"20"}, "sort": {"-sys.created_at"}, "filter": {`{"path":"kind","op":"eq","value":"机械"}`}}
	at := w.URL + "/api/v1/forms/" + Form + "/records?" + q.Encode()
	got, raw, err := turns(ctx, o.Each, always(func(ctx context.Context) error { return call(ctx, http.MethodGet, at, w.Boss, "", nil) }),
		always(func(ctx context.Context) error { return call(ctx, http.MethodGet, w.RawURL+"/raw", "", "", nil) }))
	if err != nil {
		return err
	}
	line(out, fmt.Sprintf("filtered list of 20 of %d", o.Rows), got, raw)
	return nil
}

// inProcess measures what needs no server: a formula, an access decision.
func inProcess(ctx context.Context, out io.Writer, w *World, _ Options) error {
	f, err := w.Services.Form(Form)
	if err != nil {
		return err
	}
	p, errs := formula.Compile("ROUND(qty * price * (1 + rate) - amount / 3, 2)", f.Env, formula.Type{})
	if len(errs) > 0 {
		return &errs[0]
	}
	vars, fc := w.sample["data"].(map[string]any), &formula.Context{}
	report(out, "formula, 6 operators", func() error { _, err := p.Eval(fc, vars); return err })
	a, err := w.Services.Actor(ctx, "clerk")
	if err != nil {
		return err
	}
	plan := a.Plan.Form(Form)
	report(out, "access decision", func() error { plan.Allows(schema.OpEdit, w.sample); return nil })
	return nil
}

func report(out io.Writer, name string, work func() error) {
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := work(); err != nil {
				b.Fatal(err)
			}
		}
	})
	fmt.Fprintf(out, "%-34s %9d ns/op %6d allocs\n", name, r.NsPerOp(), r.AllocsPerOp())
}
