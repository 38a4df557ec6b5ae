package flow

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/runtime/calendar"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// analysis is one analysis being made.
type analysis struct {
	s     *Service
	a     *tenant.Actor
	form  *catalog.Form
	in    StatsInput
	span  span
	cal   *calendar.Calendar
	now   time.Time
	view  *record.Viewer
	scope filter.Expr

	read int
	seen map[string]bool // records, those that the actor may see

	nodes  map[string]*tally
	people map[string]*tally
	weeks  map[string]*tally
	cases  tally
}

// tally counts what ended, and what is open.
type tally struct {
	working, calendar         []int64
	count, overdue, returned  int
	approved, rejected, taken int
	visits                    int
	open, overdueOpen         int
	oldest                    time.Time
	waiting                   map[string]int
}

func (t *tally) add(working, cal int64, overdue bool) {
	t.count++
	t.working, t.calendar = append(t.working, working), append(t.calendar, cal)
	if overdue {
		t.overdue++
	}
}

func (t *tally) opened(at time.Time, user string, overdue bool) {
	t.open++
	if overdue {
		t.overdueOpen++
	}
	if t.oldest.IsZero() || at.Before(t.oldest) {
		t.oldest = at
	}
	if user != "" {
		if t.waiting == nil {
			t.waiting = map[string]int{}
		}
		t.waiting[user]++
	}
}

func of(m map[string]*tally, key string) *tally {
	if m[key] == nil {
		m[key] = &tally{}
	}
	return m[key]
}

func (n *analysis) run(ctx context.Context) (*Stats, error) {
	n.seen, n.nodes, n.people, n.weeks = map[string]bool{}, map[string]*tally{}, map[string]*tally{}, map[string]*tally{}
	out := &Stats{Form: n.form.Ref(), Title: n.form.Flow.Def.Title.In(n.a.Lang), From: n.span.from, Until: n.span.until, Cap: StatsCap,
		Zone: n.s.t.Settings().Zone.String(), Nodes: []NodeStats{}, People: []PersonStats{}, Weeks: []WeekStats{}, Bottleneck: []Stuck{}}
	if out.Title == "" {
		out.Title = n.form.Def.Title.In(n.a.Lang)
	}
	visits, capped, err := n.factsIn(ctx, factVisit)
	if err != nil {
		return nil, err
	}
	n.read = 0
	cases, more, err := n.factsIn(ctx, factCase)
	if err != nil {
		return nil, err
	}
	out.Capped = capped || more
	n.countVisits(visits)
	n.countCases(cases)
	if err := n.countOpen(ctx, out); err != nil {
		return nil, err
	}
	n.write(out)
	out.Display, err = n.view.Names(ctx)
	return out, err
}

func (n *analysis) countVisits(facts []storage.Doc) {
	for _, f := range facts {
		node, _ := f["node"].(string)
		t := of(n.nodes, node)
		result, _ := f["result"].(string)
		if result != engine.ResultSkipped && result != engine.ResultCancelled {
			t.add(int64Of(f["minutes"]), int64Of(f["calendar"]), f["overdue"] == true)
			if result == engine.ResultReturn {
				t.returned++
			}
		}
		of(n.weeks, n.week(f["ended"])).visits++
		l, _ := f["people"].([]any)
		for _, x := range l {
			n.countPerson(x)
		}
	}
}

func (n *analysis) countPerson(x any) {
	p, _ := x.(map[string]any)
	user, _ := p["user"].(string)
	if user == "" {
		return
	}
	t := of(n.people, user)
	t.add(int64Of(p["minutes"]), int64Of(p["calendar"]), p["overdue"] == true)
	if p["result"] == engine.ResultReturn {
		t.returned++
	}
}

func (n *analysis) countCases(facts []storage.Doc) {
	for _, f := range facts {
		w := of(n.weeks, n.week(f["ended"]))
		for _, t := range []*tally{&n.cases, w} {
			t.add(int64Of(f["minutes"]), int64Of(f["calendar"]), f["overdue"] == true)
			switch f["state"] {
			case string(engine.Approved):
				t.approved++
			case string(engine.Rejected):
				t.rejected++
			case string(engine.Withdrawn):
				t.taken++
			}
			if int64Of(f["returns"]) > 0 {
				t.returned++
			}
		}
	}
}

// week is the ISO week of an instant, "2026-W47", in the tenant's zone.
func (n *analysis) week(at any) string {
	t, _ := at.(time.Time)
	y, w := t.In(n.s.t.Settings().Zone).ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, w)
}

// countOpen reads the cases that run now, oldest first.
func (n *analysis) countOpen(ctx context.Context, out *Stats) error {
	states := []any{string(engine.Running), string(engine.Returned), string(engine.Suspended)}
	q := storage.Query{Where: filter.Simplify(filter.And{filter.Cmp{Path: "case.state", Op: filter.In, Value: states},
		filter.Cmp{Path: "state", Op: filter.Eq, Value: record.StateActive}, n.scope}), Sort: []filter.Sort{{Path: "created_at"}}, Limit: storage.MaxFindLimit}
	for {
		recs, next, err := n.s.records.Page(ctx, n.form.Ref(), q)
		if err != nil {
			return err
		}
		for _, rec := range recs {
			out.Cases.Running++
			if n.open(rec, out) {
				out.Cases.OverdueNow++
			}
		}
		if next == "" {
			return nil
		}
		if out.Cases.Running >= openCap {
			out.Capped = true
			return nil
		}
		q.Cursor = next
	}
}

// open counts what is open in one case, and reports whether some of it is overdue.
func (n *analysis) open(rec *record.Record, out *Stats) (overdue bool) {
	c := rec.Case
	for _, v := range c.Visits {
		if v.Open && v.Work != nil {
			of(n.nodes, v.Node).opened(v.Began, "", late(v.Due, n.now))
		}
		overdue = overdue || v.Open && late(v.Due, n.now)
	}
	for _, t := range c.OpenTasks("") {
		past := t.Visit > 0 && t.Visit <= len(c.Visits) && late(c.Visits[t.Visit-1].Due, n.now)
		of(n.nodes, t.Node).opened(t.OpenedAt, t.Assignee, past)
		of(n.people, t.Assignee).opened(t.OpenedAt, "", past)
		out.Bottleneck = append(out.Bottleneck, Stuck{Case: rec.Ref() + "." + rec.ID(), Title: n.title(rec), Node: t.Node,
			NodeTitle: record.NodeTitle(rec, t.Node, n.a.Lang), User: t.Assignee, OpenedAt: t.OpenedAt, Overdue: past})
	}
	if len(out.Bottleneck) > 4*mostStuck {
		out.Bottleneck = longest(out.Bottleneck)
	}
	return overdue
}

func (n *analysis) title(rec *record.Record) string {
	return n.view.Record(n.a, rec, record.RightsOn(n.a, rec), false).Title
}

// longest are the tasks that have waited longest.
func longest(l []Stuck) []Stuck {
	slices.SortStableFunc(l, func(a, b Stuck) int { return a.OpenedAt.Compare(b.OpenedAt) })
	return l[:min(len(l), mostStuck)]
}

// write puts the tallies into the answer, as far as they were asked for.
func (n *analysis) write(out *Stats) {
	c := &n.cases
	out.Cases.Count, out.Cases.Approved, out.Cases.Rejected, out.Cases.Withdrawn = c.count, c.approved, c.rejected, c.taken
	out.Cases.Returned, out.Cases.Overdue = c.returned, c.overdue
	out.Cases.MedianMinutes, out.Cases.P90Minutes = quantile(c.working, 50), quantile(c.working, 90)
	out.Cases.MedianCalendarMinutes, out.Cases.P90CalendarMinutes = quantile(c.calendar, 50), quantile(c.calendar, 90)
	out.Bottleneck = longest(out.Bottleneck)
	for i := range out.Bottleneck {
		b := &out.Bottleneck[i]
		b.Minutes = int64(n.cal.Left(b.OpenedAt, n.now))
		n.view.User(b.User)
	}
	if n.in.Group == "" || n.in.Group == "node" {
		n.writeNodes(out)
	}
	if n.in.Group == "" || n.in.Group == "person" {
		n.writePeople(out)
	}
	if n.in.Group == "" || n.in.Group == "week" {
		n.writeWeeks(out)
	}
}

// mostWaiting is how many people are named beside a node.
const mostWaiting = 5

// writeNodes lists the nodes in the order of the flow; those of older versions come last.
func (n *analysis) writeNodes(out *Stats) {
	var order []string
	types := map[string]schema.NodeType{}
	n.form.Flow.Def.Walk(func(x *schema.Node, _ string) {
		types[x.ID] = x.Type
		if timed(x) || n.nodes[x.ID] != nil {
			order = append(order, x.ID)
		}
	})
	for _, id := range slices.Sorted(maps.Keys(n.nodes)) {
		if !slices.Contains(order, id) {
			order = append(order, id)
		}
	}
	for _, id := range order {
		t := of(n.nodes, id)
		x := NodeStats{Node: id, Title: titleOf(n.form, id, n.a.Lang), Type: string(types[id]), Count: t.count, Overdue: t.overdue, Open: t.open,
			Median: quantile(t.working, 50), P90: quantile(t.working, 90), CalendarMedian: quantile(t.calendar, 50), CalendarP90: quantile(t.calendar, 90),
			ReturnRate: rate(t.returned, t.count), OldestMinutes: n.since(t), Waiting: []string{}}
		for _, u := range mostFirst(t.waiting) {
			n.view.User(u)
			x.Waiting = append(x.Waiting, u)
		}
		out.Nodes = append(out.Nodes, x)
	}
}

func (n *analysis) writePeople(out *Stats) {
	for user, t := range n.people {
		n.view.User(user)
		out.People = append(out.People, PersonStats{User: user, Count: t.count, Median: quantile(t.working, 50), P90: quantile(t.working, 90),
			Overdue: t.overdue, Returned: t.returned, Open: t.open, OverdueOpen: t.overdueOpen, OldestMinutes: n.since(t)})
	}
	slices.SortFunc(out.People, func(a, b PersonStats) int {
		if a.Open != b.Open {
			return b.Open - a.Open
		}
		if d := valueOf(b.OldestMinutes) - valueOf(a.OldestMinutes); d != 0 {
			return int(d)
		}
		return strings.Compare(a.User, b.User)
	})
}

func (n *analysis) writeWeeks(out *Stats) {
	for _, week := range slices.Sorted(maps.Keys(n.weeks)) {
		t := n.weeks[week]
		out.Weeks = append(out.Weeks, WeekStats{Week: week, From: monday(week), Cases: t.count, Approved: t.approved, Rejected: t.rejected,
			Overdue: t.overdue, Visits: t.visits, MedianMinutes: quantile(t.working, 50)})
	}
}

// since is how long the oldest open one has waited, in working minutes.
func (n *analysis) since(t *tally) *int64 {
	if t.oldest.IsZero() {
		return nil
	}
	m := int64(n.cal.Left(t.oldest, n.now))
	return &m
}

// quantile is the smallest value that so many percent of all do not exceed; nil of nothing.
func quantile(l []int64, percent int) *int64 {
	if len(l) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(l))
	v := sorted[(len(sorted)*percent+99)/100-1]
	return &v
}

// rate is a share from 0 to 1 with four places.
func rate(part, all int) string {
	if all == 0 {
		return "0.0000"
	}
	q, _ := decimal.FromInt(int64(part)).Quo(decimal.FromInt(int64(all)))
	return q.Round(4).Rescale(4).String()
}

// monday is the first day of an ISO week, "2026-W47".
func monday(week string) string {
	var y, w int
	if _, err := fmt.Sscanf(week, "%d-W%d", &y, &w); err != nil {
		return ""
	}
	day := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC) // is always in the first week
	day = day.AddDate(0, 0, -int(day.Weekday()+6)%7+7*(w-1))
	return day.Format(time.DateOnly)
}

// mostFirst are the people with most tasks first, a few of them.
func mostFirst(m map[string]int) []string {
	users := slices.Sorted(maps.Keys(m))
	slices.SortStableFunc(users, func(a, b string) int { return m[b] - m[a] })
	return users[:min(len(users), mostWaiting)]
}

func titleOf(form *catalog.Form, node, lang string) string {
	if n := form.Flow.Def.Node(node); n != nil && n.Title.In(lang) != "" {
		return n.Title.In(lang)
	}
	return node
}

func valueOf(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

func int64Of(v any) int64 { n, _ := v.(int64); return n }
