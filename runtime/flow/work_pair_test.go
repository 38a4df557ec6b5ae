package flow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/storage"
)

// shopPair is a shop with a second node over the same store and clock.
type shopPair struct {
	*store
	nodes []*runtime.Services
}

func openShopPair(t *testing.T, nodes string) *shopPair {
	t.Helper()
	s := openShop(t, nodes)
	host := s.Node(t)
	if err := host.OpenAll(ctx); err != nil {
		t.Fatal(err)
	}
	other, err := host.Tenant(ctx, "t")
	if err != nil {
		t.Fatal(err)
	}
	return &shopPair{s, []*runtime.Services{s.Services, other}}
}

// dies lets the first node die instead of doing an effect of its records.
func (p *shopPair) dies(kind string, with func()) {
	died := errors.New("the process died")
	p.Records.Handle(kind, func(context.Context, *record.Record, record.Effect) error {
		if with != nil {
			with()
		}
		return died
	})
}

// all nodes do the same at the same instant, twice each.
func (p *shopPair) together(what func(s *runtime.Services) error) {
	p.t.Helper()
	together(2*len(p.nodes), func(i int) {
		if err := what(p.nodes[i%len(p.nodes)]); err != nil {
			p.t.Error(err)
		}
	})
}

func (p *shopPair) sweep() {
	p.t.Helper()
	p.Clock.Advance(time.Minute)
	p.together(func(s *runtime.Services) error { return s.Sweep(ctx) })
}

func (p *shopPair) runAll() {
	p.t.Helper()
	for range 5 {
		p.together(func(s *runtime.Services) error { _, err := s.Jobs.Run(ctx); return err })
	}
}

// TestTwoNodesWriteOnce: work whose process died is found by two nodes at the
// same instant; the record it makes is made once, and the case goes on once.
func TestTwoNodesWriteOnce(t *testing.T) {
	t.Parallel()
	p := openShopPair(t, `  - {id: make, type: data, data: {op: create, form: stock, set: {name: name}, into: {no: no}}}`)
	p.dies(record.EffectWork, nil)
	id := p.order(nil).ID()
	same(t, "nothing is made yet", 0, len(p.all("stock")))
	p.Records.Handle(record.EffectWork, p.Flow.Work)
	p.sweep()
	p.runAll()
	got := p.load("shop.order", id)
	same(t, "made, and told", []int{1, 1, 1}, []int{len(p.all("stock")), lines(got.Case, engine.CmdResult), len(got.Case.OpenTasks("bob"))})
	same(t, "written back", "S001", got.Data()["no"].(string))
}

// TestTwoNodesCallOnce: two nodes look for calls to make at the same instant; one makes it.
func TestTwoNodesCallOnce(t *testing.T) {
	t.Parallel()
	p := openShopPair(t, `  - {id: ask, type: call, call: {url: "https://erp.example/x", body: {name: name}, into: {no: /no}}}`)
	o := p.asks(says(`{"no":"7"}`))
	p.nodes[1].Flow.BindCalls(o)
	for range 5 {
		p.order(nil)
	}
	p.runAll()
	same(t, "calls", 5, len(o.asked))
	keys := map[string]bool{}
	for _, q := range o.asked {
		keys[q.Key] = true
	}
	same(t, "each under a key of its own", 5, len(keys))
}

// TestTwoNodesStartOnce: each row's flow is started once, and when all of them
// end at the same instant on two nodes, the case that waits goes on once.
func TestTwoNodesStartOnce(t *testing.T) {
	t.Parallel()
	p := openShopPair(t, `  - {id: sub, type: subflow, subflow: {form: buy, each: lines, data: {what: item}, wait: true, back: {lines.got: what}}}`)
	var rows []m
	for i := range 6 {
		rows = append(rows, m{"item": fmt.Sprint("i", i)})
	}
	id := p.order(m{"lines": rows}).ID()
	p.runAll()
	started := p.all("buy")
	same(t, "started", 6, len(started))
	together(6, func(i int) {
		ref, node := "shop.buy", p.nodes[i%2]
		child := started[fmt.Sprint("i", i)][storage.ID].(string)
		a, err := node.Actor(ctx, "hugo")
		if err == nil {
			_, err = node.Flow.Task(ctx, a, record.TaskID(ref, child, 1), "approve", flow.TaskInput{Rev: 1})
		}
		if err != nil {
			t.Errorf("i%d: %v", i, err)
		}
	})
	p.sweep()
	p.runAll()
	got := p.load("shop.order", id)
	visits := slices.DeleteFunc(slices.Clone(got.Case.Visits), func(v engine.Visit) bool { return v.Node != "last" })
	same(t, "it went on", []int{1, 1}, []int{len(visits), len(got.Case.OpenTasks("bob"))})
	for i, r := range got.Data()["lines"].([]any) {
		same(t, "what a row got", any(fmt.Sprint("i", i)), r.(m)["got"])
	}
}

// TestCallerDies: a process that dies while its call is out is followed by
// another one, when its lease is over. That one calls under the same key, so
// the other side does it once; the answer is taken once.
func TestCallerDies(t *testing.T) {
	t.Parallel()
	p := openShopPair(t, `  - {id: ask, type: call, call: {url: "https://erp.example/x", body: {name: name}, into: {no: /no}}}`)
	life, die := context.WithCancel(ctx)
	first := p.asks(func() (string, error) { die(); return "", life.Err() })
	second := &outside{answers: []func() (string, error){says(`{"no":"7"}`)}}
	p.nodes[1].Flow.BindCalls(second)
	id := p.order(nil).ID()
	_, _ = p.Jobs.Run(life) // whatever a dying process says
	if _, err := p.nodes[1].Jobs.Run(ctx); err != nil {
		t.Fatal(err)
	}
	same(t, "while the lease runs, nobody else calls", []int{1, 0}, []int{len(first.asked), len(second.asked)})
	p.Clock.Advance(2 * jobs.Lease)
	if _, err := p.nodes[1].Jobs.Run(ctx); err != nil {
		t.Fatal(err)
	}
	got := p.load("shop.order", id)
	if len(second.asked) != 1 || second.asked[0].Key != first.asked[0].Key {
		t.Fatalf("then the other one calls: %+v", second.asked)
	}
	same(t, "it goes on", []any{"7", 1, 1}, []any{got.Data()["no"], len(got.Case.OpenTasks("bob")), lines(got.Case, engine.CmdResult)})
}

// TestStarterDies: a process dies when the flow is started and its case has
// not been told. The next one finds what was started and tells.
func TestStarterDies(t *testing.T) {
	t.Parallel()
	p := openShopPair(t, `  - {id: sub, type: subflow, subflow: {form: buy, data: {what: name}, wait: true}}`)
	id := p.order(nil).ID()
	life, die := context.WithCancel(ctx)
	p.dies(record.EffectTasks, die)
	_, _ = p.Jobs.Run(life)
	same(t, "started, and not told", []any{1, ""}, []any{len(p.all("buy")), work(p.load("shop.order", id), "sub")[0].Ref})
	p.Clock.Advance(2 * jobs.Lease)
	p.nodes = p.nodes[1:]
	p.sweep()
	p.runAll()
	child := p.all("buy")["o1"][storage.ID].(string)
	same(t, "told", []any{1, "shop.buy." + child}, []any{len(p.all("buy")), work(p.load("shop.order", id), "sub")[0].Ref})
	a, err := p.nodes[0].Actor(ctx, "hugo")
	if err == nil {
		_, err = p.nodes[0].Flow.Task(ctx, a, record.TaskID("shop.buy", child, 1), "approve", flow.TaskInput{Rev: 1})
	}
	if err != nil {
		t.Fatal(err)
	}
	same(t, "and goes on at its end", 1, len(p.load("shop.order", id).Case.OpenTasks("bob")))
}

// TestBranchesJoinOnceOnTwoNodes: the last approvers of two branches agree at
// the same instant, each on a node of his own.
func TestBranchesJoinOnceOnTwoNodes(t *testing.T) {
	t.Parallel()
	o := open(t)
	nodes := []*runtime.Services{o.Services, o.another()}
	for range 10 {
		id := o.order(nil).ID()
		o.must("bob", id, "approve", flow.TaskInput{})
		rec := o.must("dan", id, "approve", flow.TaskInput{})
		together(2, func(i int) {
			user, in := []string{"cora", "dora"}[i], flow.TaskInput{}
			if user == "cora" {
				in = data(m{"opinion": "fine"})
			}
			in.Rev, in.RecordRev = 1, rec.Rev()
			a, err := nodes[i].Actor(ctx, user)
			if err == nil {
				_, err = nodes[i].Flow.Task(ctx, a, record.TaskID("lab.order", id, rec.Case.OpenTasks(user)[0].N), "approve", in)
			}
			if err != nil {
				t.Errorf("%s: %v", user, err)
			}
		})
		c := o.load(id).Case
		seals := slices.DeleteFunc(slices.Clone(c.Tasks), func(x engine.Task) bool { return x.Node != "seal" })
		same(t, "tasks behind the block, and approvals", []int{1, 4}, []int{len(seals), lines(c, engine.CmdApprove)})
	}
}
