package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
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
	Only []string      // names of workloads; empty = all
}

// Run measures everything and prints one line per workload.
func Run(ctx context.Context, out io.Writer, o Options) error {
	for _, name := range o.Only {
		if !slices.Contains(Workloads(), name) {
			return fmt.Errorf("there is no workload %q: %s", name, strings.Join(Workloads(), ", "))
		}
	}
	w, err := NewWorld(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = w.Close(context.WithoutCancel(ctx)) }() // the figures are printed; nothing else depends on it
	head(out)
	for _, l := range workloads {
		if len(o.Only) > 0 && !slices.Contains(o.Only, l.name) {
			continue
		}
		if err := l.run(ctx, out, w, o); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	return nil
}

// workloads in the order they run: approve decides what submit has made.
var workloads = []struct {
	name string
	run  func(context.Context, io.Writer, *World, Options) error
}{{"submit", submit}, {"approve", approve}, {"get", get}, {"list", list}, {"process", inProcess}}

// Workloads are the names that Options.Only takes.
func Workloads() []string {
	out := make([]string, len(workloads))
	for i, l := range workloads {
		out[i] = l.name
	}
	return out
}

func head(out io.Writer) {
	fmt.Fprintf(out, "%-34s %10s %10s %7s %11s %11s %11s\n", "workload", "per second", "raw", "ratio", "server CPU", "raw server", "client CPU")
}

func line(out io.Writer, name string, got, raw Rate) {
	fmt.Fprintf(out, "%-34s %10.0f %10.0f %7.2f %11s %11s %11s\n", name, got.PerSecond, raw.PerSecond, got.PerSecond/raw.PerSecond,
		got.Server.Round(time.Microsecond), raw.Server.Round(time.Microsecond), got.Client.Round(time.Microsecond))
}

// rounds is how often product and baseline take turns, so that drift of the
// machine hits both.
const rounds = 3

// turns measures the product and the baseline in turn. Loads of several URLs are
// divided among the rounds.
func turns(ctx context.Context, each time.Duration, got, raw Load) (g, r Rate, err error) {
	for i := range rounds {
		x, err := drive(ctx, raw.part(i, each))
		if err != nil {
			return g, r, err
		}
		y, err := drive(ctx, got.part(i, each))
		if err != nil {
			return g, r, err
		}
		r, g = sum(r, x), sum(g, y)
	}
	return g.mean(), r.mean(), nil
}

// part is the load of one round.
func (l Load) part(i int, each time.Duration) Load {
	l.For = each / rounds
	if n := len(l.URLs); n > rounds {
		l.URLs = l.URLs[i*n/rounds : (i+1)*n/rounds]
	}
	return l
}

func sum(a, b Rate) Rate {
	return Rate{a.PerSecond + b.PerSecond, a.Server + b.Server, a.Client + b.Client, a.Calls + b.Calls}
}

func (r Rate) mean() Rate {
	return Rate{r.PerSecond / rounds, r.Server / rounds, r.Client / rounds, r.Calls}
}

func (w *World) rawInsert() Load {
	return Load{Method: http.MethodPost, URLs: []string{w.RawURL + "/raw"}, Body: Body}
}

func (w *World) rawGet() Load {
	return Load{Method: http.MethodGet, URLs: []string{w.RawURL + "/raw"}}
}

func submit(ctx context.Context, out io.Writer, w *World, o Options) error {
	got, raw, err := turns(ctx, o.Each, Load{Method: http.MethodPost, URLs: []string{w.URL + "/api/v1/forms/" + Form + "/records"},
		Token: w.Clerk, Body: Body}, w.rawInsert())
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
	l := Load{Method: http.MethodPost, Token: w.Boss, Body: `{"comment":"同意"}`}
	for _, id := range todo {
		l.URLs = append(l.URLs, w.URL+"/api/v1/tasks/"+url.PathEscape(id)+"/approve")
	}
	got, raw, err := turns(ctx, o.Each, l, w.rawInsert())
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
	got, raw, err := turns(ctx, o.Each, Load{Method: http.MethodGet, URLs: []string{at}, Token: w.Clerk}, w.rawGet())
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
	got, raw, err := turns(ctx, o.Each, Load{Method: http.MethodGet, URLs: []string{at}, Token: w.Boss}, w.rawGet())
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
