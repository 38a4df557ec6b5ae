package flow_test

import (
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/storage"
)

const two = `  - {id: one, type: approve, title: 一审, who: [{users: [hugo]}], actions: [approve, reject, return], deadline: {hours: 2, then: remind}}`

// facts waits for the facts of the writes before: they are noted beside the requests.
func (s *store) facts(want int) {
	s.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for len(s.Docs(flow.FactsCollection)) < want {
		if time.Now().After(deadline) {
			s.t.Fatalf("%d facts, want %d", len(s.Docs(flow.FactsCollection)), want)
		}
		if err := s.Sweep(ctx); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *store) stats(user string, in flow.StatsInput) *flow.Stats {
	s.t.Helper()
	out, err := s.Flow.Stats(ctx, s.As(user), "shop.order", in)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// history plays: a case approved in an hour, one overdue and returned, one rejected, and two that run.
func (s *store) history() {
	step := func(d time.Duration) { s.Clock.Advance(d) }
	a := s.order(m{"name": "a"}).ID() // Tuesday 09:00 in Shanghai
	step(time.Hour)
	s.act("hugo", "shop.order", a, "approve")
	s.act("bob", "shop.order", a, "approve")
	b := s.order(m{"name": "b"}).ID() // 10:00
	step(5 * time.Hour)               // 15:00, of which four were worked
	s.act("hugo", "shop.order", b, "return")
	if _, err := s.Flow.Case(ctx, s.As("ann"), "shop.order."+b, "resubmit", flow.CaseInput{}); err != nil {
		s.t.Fatal(err)
	}
	step(time.Hour)
	s.act("hugo", "shop.order", b, "approve")
	s.act("bob", "shop.order", b, "approve")
	c := s.order(m{"name": "c"}).ID()
	s.act("hugo", "shop.order", c, "reject")
	s.order(m{"name": "d"})
	step(24 * time.Hour)
	s.order(m{"name": "e"})
}

// TestStats: counts, durations in working and calendar time, overdue, returns,
// and who is waited for now.
func TestStats(t *testing.T) {
	t.Parallel()
	s := openShop(t, two)
	s.history()
	s.facts(9)
	out := s.stats("root", flow.StatsInput{})
	c := out.Cases
	if c.Count != 3 || c.Approved != 2 || c.Rejected != 1 || c.Returned != 1 || c.Running != 2 || c.OverdueNow != 1 || c.Overdue != 1 {
		t.Errorf("cases: %+v", c)
	}
	if *c.MedianMinutes != 60 || *c.P90Minutes != 300 || *c.P90CalendarMinutes != 360 {
		t.Errorf("durations: %d %d %d", *c.MedianMinutes, *c.P90Minutes, *c.P90CalendarMinutes)
	}
	one := out.Nodes[0]
	if one.Node != "one" || one.Title != "一审" || one.Count != 4 || one.Overdue != 1 || one.ReturnRate != "0.2500" || one.Open != 2 || *one.P90 != 240 || *one.CalendarP90 != 300 {
		t.Errorf("node: %+v median %d p90 %d", one, *one.Median, *one.P90)
	}
	same(t, "waiting", []string{"hugo"}, one.Waiting)
	if len(out.People) != 2 || out.People[0].User != "hugo" || out.People[0].Open != 2 || out.People[0].OverdueOpen != 1 || out.People[0].Returned != 1 || *out.People[0].OldestMinutes != 480 {
		t.Errorf("people: %+v", out.People)
	}
	if len(out.Weeks) != 1 || out.Weeks[0].Week != "2024-W20" || out.Weeks[0].From != "2024-05-13" || out.Weeks[0].Cases != 3 {
		t.Errorf("weeks: %+v", out.Weeks)
	}
	if len(out.Bottleneck) != 2 || out.Bottleneck[0].Title != "d" || out.Bottleneck[0].Minutes != 480 || !out.Bottleneck[0].Overdue || out.Bottleneck[1].Overdue {
		t.Errorf("bottleneck: %+v", out.Bottleneck)
	}
	if out.Capped || out.Display.Users["hugo"] != "Hugo" {
		t.Errorf("%+v", out)
	}
	if none := s.stats("root", flow.StatsInput{From: "2024-01-01", Until: "2024-01-31"}); none.Cases.Count != 0 || none.Cases.MedianMinutes != nil || none.Cases.Running != 2 {
		t.Errorf("another month: %+v", none.Cases)
	}
	if week := s.stats("root", flow.StatsInput{Group: "week"}); len(week.Weeks) != 1 || len(week.Nodes)+len(week.People) != 0 {
		t.Errorf("only weeks: %+v", week)
	}
}

// TestStatsRebuild: what was not noted is noted from the cases, once.
func TestStatsRebuild(t *testing.T) {
	t.Parallel()
	s := openShop(t, two)
	s.history()
	s.facts(9)
	want := s.stats("root", flow.StatsInput{})
	for _, d := range s.Docs(flow.FactsCollection)[:5] {
		if err := s.Store.Collection(flow.FactsCollection).Delete(ctx, d[storage.ID].(string), storage.Guard{}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := s.Flow.RebuildFacts(ctx, "shop.order"); err != nil {
			t.Fatal(err)
		}
		s.run()
		if n := len(s.Docs(flow.FactsCollection)); n != 9 {
			t.Errorf("%d facts", n)
		}
	}
	same(t, "the same as before", want, s.stats("root", flow.StatsInput{}))
	if _, err := s.Flow.RebuildFacts(ctx, "shop.stock"); fault.CodeOf(err) != "flow.none" {
		t.Errorf("a form without a flow: %v", err)
	}
}

// TestStatsScope: only cases that the asker may see count, and only some may ask.
func TestStatsScope(t *testing.T) {
	t.Parallel()
	files := shop(two)
	files["access/shop.yaml"] = `
roles: [{key: seller, title: 销售}]
groups:
  - {key: all, form: order, members: [{everyone: true}], can: [create]}
  - {key: some, form: order, members: [{role: seller}], can: [view, approve], rows: 'name == "a"'}
  - {key: view, form: order, members: [{user: rita}], can: [view]}
`
	s := &store{World: kit.Empty(t), t: t}
	s.Publish(files)
	r := s.Org.Snapshot().Role("shop.seller")
	role := *r
	role.Holders = append(role.Holders, org.Holder{User: "kim"})
	s.People(org.Batch{Roles: []org.Role{role}})
	s.history()
	s.facts(9)
	if all := s.stats("root", flow.StatsInput{}); all.Cases.Count != 3 || all.Cases.Running != 2 {
		t.Errorf("root: %+v", all.Cases)
	}
	some := s.stats("kim", flow.StatsInput{})
	if some.Cases.Count != 1 || some.Cases.Running != 0 || len(some.Bottleneck) != 0 || some.Nodes[0].Count != 1 || some.Nodes[0].Open != 0 {
		t.Errorf("kim: %+v", some)
	}
	for user, code := range map[string]string{"rita": "stats.forbidden", "eve": "stats.forbidden"} {
		if _, err := s.Flow.Stats(ctx, s.As(user), "shop.order", flow.StatsInput{}); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", user, err)
		}
	}
	if _, err := s.Flow.Stats(ctx, s.As("eve"), "shop.stock", flow.StatsInput{}); fault.CodeOf(err) != "form.unknown" {
		t.Errorf("a form she does not know: %v", err)
	}
}

func TestStatsRange(t *testing.T) {
	t.Parallel()
	s := openShop(t, two)
	for name, in := range map[string]flow.StatsInput{
		"no day":           {From: "yesterday"},
		"no day either":    {Until: "2024-13-01"},
		"backwards":        {From: "2024-05-02", Until: "2024-05-01"},
		"too long":         {From: "2000-01-01", Until: "2024-05-01"},
		"an unknown group": {Group: "moon"},
	} {
		if _, err := s.Flow.Stats(ctx, s.As("root"), "shop.order", in); fault.CodeOf(err) != "stats.range" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
