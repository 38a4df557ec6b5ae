package flow

import (
	"context"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Limits of one analysis.
const (
	StatsCap   = 20_000 // facts of each kind; beyond it the newest count
	openCap    = 5_000  // running cases
	defaultAge = 30     // days, when no range is asked for
	maxRange   = 1100   // days
	mostStuck  = 20
)

// StatsInput asks for an analysis.
type StatsInput struct {
	From, Until string // "2006-01-02" in the tenant's zone, both included; "" = the last 30 days
	Group       string // node, person, week: only that part; "" = all
}

// Stats is the analysis of one flow. Minutes are of working time unless they
// are said to be of the calendar; nil where nothing ended.
type Stats struct {
	Form       string          `json:"form"`
	Title      string          `json:"title"`
	From       string          `json:"from"`
	Until      string          `json:"until"`
	Zone       string          `json:"zone"`
	Cap        int             `json:"cap"`
	Capped     bool            `json:"capped"` // more facts lie in the range: the newest count
	Cases      CaseStats       `json:"cases"`
	Nodes      []NodeStats     `json:"nodes"`
	People     []PersonStats   `json:"people"`
	Weeks      []WeekStats     `json:"weeks"`
	Bottleneck []Stuck         `json:"bottleneck"`
	Display    *record.Display `json:"display"`
}

// CaseStats are about cases: those that ended in the range, and those that run now.
type CaseStats struct {
	Count                 int    `json:"count"`
	MedianMinutes         *int64 `json:"median_minutes"`
	P90Minutes            *int64 `json:"p90_minutes"`
	MedianCalendarMinutes *int64 `json:"median_calendar_minutes"`
	P90CalendarMinutes    *int64 `json:"p90_calendar_minutes"`
	Approved              int    `json:"approved"`
	Rejected              int    `json:"rejected"`
	Withdrawn             int    `json:"withdrawn"`
	Returned              int    `json:"returned"` // cases that were returned at least once
	Overdue               int    `json:"overdue"`  // cases with a node that was decided too late
	Running               int    `json:"running"`  // now
	OverdueNow            int    `json:"overdue_now"`
}

// NodeStats are about the visits of one node.
type NodeStats struct {
	Node           string   `json:"node"`
	Title          string   `json:"title"`
	Type           string   `json:"type"`
	Count          int      `json:"count"`
	Median         *int64   `json:"median"`
	P90            *int64   `json:"p90"`
	CalendarMedian *int64   `json:"calendar_median"`
	CalendarP90    *int64   `json:"calendar_p90"`
	Overdue        int      `json:"overdue"`
	ReturnRate     string   `json:"return_rate"` // 0 to 1, four places
	Open           int      `json:"open"`        // tasks, and work, open now
	OldestMinutes  *int64   `json:"oldest_minutes"`
	Waiting        []string `json:"waiting"` // whom they wait for, most tasks first
}

// PersonStats are about what one person decided, and what waits for him.
type PersonStats struct {
	User          string `json:"user"`
	Count         int    `json:"count"`
	Median        *int64 `json:"median"`
	P90           *int64 `json:"p90"`
	Overdue       int    `json:"overdue"`
	Returned      int    `json:"returned"`
	Open          int    `json:"open"`
	OverdueOpen   int    `json:"overdue_open"`
	OldestMinutes *int64 `json:"oldest_minutes"`
}

// WeekStats are about the cases that ended in one week.
type WeekStats struct {
	Week          string `json:"week"` // "2026-W47"
	From          string `json:"from"` // its Monday
	Cases         int    `json:"cases"`
	Approved      int    `json:"approved"`
	Rejected      int    `json:"rejected"`
	Overdue       int    `json:"overdue"`
	Visits        int    `json:"visits"`
	MedianMinutes *int64 `json:"median_minutes"`
}

// Stuck is an open task that has waited for long.
type Stuck struct {
	Case      string    `json:"case"`
	Title     string    `json:"title"`
	Node      string    `json:"node"`
	NodeTitle string    `json:"node_title"`
	User      string    `json:"user"`
	OpenedAt  time.Time `json:"opened_at"`
	Minutes   int64     `json:"minutes"` // of working time
	Overdue   bool      `json:"overdue"`
}

// Stats analyses a flow, as far as the actor may see its cases. It is for those
// who may view the form's records and act on any of their tasks, or administer the app's data.
func (s *Service) Stats(ctx context.Context, a *tenant.Actor, ref string, in StatsInput) (*Stats, error) {
	form, err := s.mayAnalyse(a, ref)
	if err != nil {
		return nil, err
	}
	r, err := s.statsRange(in)
	if err != nil {
		return nil, err
	}
	cal := s.t.Calendars.Get("")
	n := &analysis{s: s, a: a, form: form, in: in, span: r, cal: cal, now: s.t.Clock.Now(), view: s.records.NewViewer(a),
		scope: a.Plan.Form(ref).Scope(schema.OpView)}
	return n.run(ctx)
}

// mayAnalyse finds the form, if the actor may analyse its flow.
func (s *Service) mayAnalyse(a *tenant.Actor, ref string) (*catalog.Form, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, err
	}
	plan := a.Plan.Form(ref)
	if !plan.Can(schema.OpView) {
		if plan.Can(schema.OpCreate) {
			return nil, fault.New(fault.Forbidden, "stats.forbidden", "you may not analyse this flow")
		}
		return nil, fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", ref)
	}
	if !plan.Can(schema.OpApprove) && !a.Plan.Administers(rbac.AreaData+form.App.Def.Key) {
		return nil, fault.New(fault.Forbidden, "stats.forbidden", "you may not analyse this flow")
	}
	if form.Flow == nil {
		return nil, fault.Newf(fault.NotFound, "flow.none", "form %s has no flow", ref)
	}
	return form, nil
}

// span is a range of days.
type span struct {
	from, until string
	start, end  time.Time // end is not included
}

func (s *Service) statsRange(in StatsInput) (span, error) {
	zone := s.t.Settings().Zone
	r := span{from: in.From, until: in.Until}
	bad := func(field, text string) (span, error) {
		return r, fault.New(fault.Malformed, "stats.range", text).At(fault.Field{Path: "/" + field, Code: "type", Message: text})
	}
	if r.until == "" {
		r.until = s.t.Clock.Now().In(zone).Format(time.DateOnly)
	}
	last, err := time.ParseInLocation(time.DateOnly, r.until, zone)
	if err != nil {
		return bad("until", "until is a day such as 2026-01-31")
	}
	if r.from == "" {
		r.from = last.AddDate(0, 0, 1-defaultAge).Format(time.DateOnly)
	}
	if r.start, err = time.ParseInLocation(time.DateOnly, r.from, zone); err != nil {
		return bad("from", "from is a day such as 2026-01-31")
	}
	r.end = last.AddDate(0, 0, 1)
	if !r.start.Before(r.end) || r.end.Sub(r.start) > maxRange*24*time.Hour {
		return bad("from", "from is a day before until, by three years at most")
	}
	switch in.Group {
	case "", "node", "person", "week":
		return r, nil
	}
	return bad("group", "group is node, person or week")
}

// factsIn reads the facts of one kind that ended in the range, newest first, of
// cases that the actor may see. capped: there were more.
func (n *analysis) factsIn(ctx context.Context, kind string) (out []storage.Doc, capped bool, err error) {
	q := storage.Query{Where: filter.And{filter.Cmp{Path: "form", Op: filter.Eq, Value: n.form.Ref()}, filter.Cmp{Path: "kind", Op: filter.Eq, Value: kind},
		filter.Cmp{Path: "ended", Op: filter.Ge, Value: n.span.start.UTC()}, filter.Cmp{Path: "ended", Op: filter.Lt, Value: n.span.end.UTC()}},
		Sort: []filter.Sort{{Path: "ended", Desc: true}}, Limit: storage.MaxFindLimit}
	for {
		page, err := n.s.facts().Find(ctx, q)
		if err != nil {
			return nil, false, err
		}
		seen, err := n.visible(ctx, page.Docs)
		if err != nil {
			return nil, false, err
		}
		out = append(out, seen...)
		n.read += len(page.Docs)
		if page.Next == "" {
			return out, false, nil
		}
		if n.read >= StatsCap {
			return out, true, nil
		}
		q.Cursor = page.Next
	}
}

// visible keeps the facts about records that the actor may see; there is no
// other way to a record's time than the record itself.
func (n *analysis) visible(ctx context.Context, facts []storage.Doc) ([]storage.Doc, error) {
	want := []any{}
	for _, f := range facts {
		id, _ := f["record"].(string)
		if _, known := n.seen[id]; !known {
			n.seen[id] = false
			want = append(want, id)
		}
	}
	if len(want) > 0 {
		where := filter.Simplify(filter.And{filter.Cmp{Path: storage.ID, Op: filter.In, Value: want}, n.scope})
		page, err := n.s.t.Records(n.form.Ref()).Find(ctx, storage.Query{Where: where, Limit: storage.MaxFindLimit, Fields: []string{storage.ID}})
		if err != nil {
			return nil, err
		}
		for _, d := range page.Docs {
			n.seen[d[storage.ID].(string)] = true
		}
	}
	out := facts[:0]
	for _, f := range facts {
		if id, _ := f["record"].(string); n.seen[id] {
			out = append(out, f)
		}
	}
	return out, nil
}
