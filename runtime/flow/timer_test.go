package flow_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/calendar"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/task"
)

// pair is an office with a second node over the same store and clock.
type pair struct {
	*office
	nodes []*runtime.Services
}

// openPair is an office whose first approver has a deadline.
func openPair(t *testing.T, deadline string) *pair {
	t.Helper()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any}", "who: [{field: project.pm}], mode: any, deadline: "+deadline+"}")
	o := openWith(t, lab)
	return &pair{o, []*runtime.Services{o.Services, o.another()}}
}

func (o *office) another() *runtime.Services {
	o.t.Helper()
	host := o.Node(o.t)
	if err := host.OpenAll(ctx); err != nil {
		o.t.Fatal(err)
	}
	s, err := host.Tenant(ctx, "t")
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// work lets all nodes do what is due, at the same instant, until nothing is.
func (p *pair) work() {
	p.t.Helper()
	for busy := true; busy; {
		busy = false
		var mu sync.Mutex
		together(2*len(p.nodes), func(i int) {
			n, err := p.nodes[i%len(p.nodes)].Jobs.Run(ctx)
			mu.Lock()
			defer mu.Unlock()
			busy = busy || n > 0
			if err != nil {
				p.t.Errorf("jobs: %v", err)
			}
		})
	}
	for _, d := range p.Docs("jobs") {
		if d["error"] != nil {
			p.t.Errorf("job %v failed: %v", d["_id"], d["error"])
		}
	}
}

// at moves the clock to a time in Shanghai and lets all nodes work.
func (p *pair) at(text string) {
	p.t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		p.t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Clock.Set(when)
	p.work()
}

func (o *office) events(user string) []string {
	o.t.Helper()
	l, _, _, err := o.Notices.List(ctx, o.As(user), "")
	if err != nil {
		o.t.Fatal(err)
	}
	out := []string{}
	for _, n := range l {
		out = append(out, n.Event)
	}
	slices.Sort(out)
	return out
}

func lines(c engine.Case, action string) int {
	n := 0
	for _, l := range c.Log {
		if l.Action == action {
			n++
		}
	}
	return n
}

// TestDeadlines: a visit of eight working hours begins on Tuesday at nine; at six it
// is due. Two nodes ring at the same instant, and what is to happen happens once.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, deadline string
		check          func(t *testing.T, p *pair, c engine.Case)
	}{
		{"remind", "{hours: 8, then: remind}", func(t *testing.T, p *pair, c engine.Case) {
			same(t, "bob is reminded", []string{engine.EventOverdue}, p.events("bob"))
			same(t, "and still asked", []string{"approve 项目经理"}, p.box("bob", task.Todo))
		}},
		{"escalate", "{hours: 8, then: escalate, to: [{users: [hugo]}]}", func(t *testing.T, p *pair, _ engine.Case) {
			same(t, "hugo is told", []string{engine.EventEscalated}, p.events("hugo"))
			same(t, "and asked beside", []string{"approve 项目经理"}, p.box("hugo", task.Todo))
			same(t, "bob, too", []string{"approve 项目经理"}, p.box("bob", task.Todo))
		}},
		{"transfer", "{hours: 8, then: transfer, to: [{users: [hugo]}]}", func(t *testing.T, p *pair, c engine.Case) {
			same(t, "taken from bob", []string{}, p.box("bob", task.Todo))
			same(t, "given to hugo", []string{"approve 项目经理"}, p.box("hugo", task.Todo))
			if first := c.Tasks[0]; first.State != engine.TaskExpired {
				t.Errorf("bob's task is %s", first.State)
			}
		}},
		{"approve", "{hours: 8, then: approve}", func(t *testing.T, p *pair, c engine.Case) {
			same(t, "it went on", []string{"legal", "finance"}, c.OpenNodes())
			if c.Tasks[0].Reason != engine.ReasonDeadline {
				t.Errorf("the reason is %q", c.Tasks[0].Reason)
			}
		}},
		{"return", "{hours: 8, then: return}", func(t *testing.T, p *pair, c engine.Case) {
			same(t, "with its initiator", []string{"start 发起"}, p.box("ann", task.Todo))
			if c.State != engine.Returned {
				t.Errorf("the case is %s", c.State)
			}
		}},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			p := openPair(t, k.deadline)
			id := p.order(nil).ID()
			p.at("2024-05-14 17:59")
			if n := lines(p.load(id).Case, engine.CmdTimer); n != 0 {
				t.Fatalf("rung %d times before the time", n)
			}
			p.at("2024-05-14 18:00")
			p.at("2024-05-14 18:01")
			c := p.load(id).Case
			if n := lines(c, engine.CmdTimer); n != 1 {
				t.Errorf("rung %d times", n)
			}
			k.check(t, p, c)
		})
	}
}

func TestRemindersBeforeAndAfter(t *testing.T) {
	t.Parallel()
	p := openPair(t, "{days: 1, then: remind, before: [2], every: 4}")
	id := p.order(nil).ID() // Tuesday nine o'clock: due on Wednesday at nine, two working hours before on Tuesday at four
	p.at("2024-05-14 16:00")
	same(t, "soon due", []string{engine.EventDueSoon}, p.events("bob"))
	p.at("2024-05-15 09:00")
	p.at("2024-05-15 14:00") // four working hours later, over lunch
	same(t, "due, and four hours over", []string{engine.EventDueSoon, engine.EventOverdue, engine.EventOverdue}, p.events("bob"))
	p.must("bob", id, "approve", flow.TaskInput{})
	p.at("2024-05-20 18:00")
	if n := lines(p.load(id).Case, engine.CmdTimer); n != 3 {
		t.Errorf("rung %d times, also after he had approved", n)
	}
}

// While a case is with its initiator, the clock stands; what is left goes on when it comes straight back.
func TestPausedWhileReturned(t *testing.T) {
	t.Parallel()
	p := openPair(t, "{hours: 8, then: approve}")
	id := p.order(nil).ID()
	p.at("2024-05-14 14:00") // four of eight hours are gone
	p.must("bob", id, "return", flow.TaskInput{Comment: "?"})
	view, err := p.Flow.View(ctx, p.As("ann"), "lab.order."+id)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(view.Tree, func(n flow.Node) bool { return n.Node == "pm" })
	if n := view.Tree[i]; !n.Paused || n.LeftMinutes == nil || *n.LeftMinutes != 4*60 {
		t.Errorf("the view says %+v", n)
	}
	p.at("2024-05-16 09:00")
	if c := p.load(id).Case; c.State != engine.Returned || lines(c, engine.CmdTimer) != 0 {
		t.Fatalf("rung while it was returned: %s", c.State)
	}
	if _, err := p.Flow.Case(ctx, p.As("ann"), "lab.order."+id, "resubmit", flow.CaseInput{Back: true}); err != nil {
		t.Fatal(err)
	}
	due := dueOf(t, p.load(id).Case, "pm")
	if want := time.Date(2024, 5, 16, 6, 0, 0, 0, time.UTC); !due.Equal(want) { // nine and four hours, over lunch: two
		t.Errorf("due %s, want %s", due, want)
	}
	p.at("2024-05-16 13:59")
	if c := p.load(id).Case; lines(c, engine.CmdTimer) != 0 {
		t.Error("rung too early")
	}
	p.at("2024-05-16 14:00")
	same(t, "then it went on", []string{"legal", "finance"}, p.load(id).Case.OpenNodes())
}

func dueOf(t *testing.T, c engine.Case, node string) time.Time {
	t.Helper()
	for _, v := range c.Visits {
		if v.Node == node && v.Open {
			return v.Due
		}
	}
	t.Fatalf("nothing is open at %s", node)
	return time.Time{}
}

// A project names its own calendar; records that point to it count by that one.
func TestCalendarOfTheProject(t *testing.T) {
	t.Parallel()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any}", "who: [{field: project.pm}], mode: any, deadline: {hours: 8, then: remind}}")
	lab = lab.Edit(t, "forms/project.yaml", "    pm: {", "    calendar: {type: string, title: 日历}\n    pm: {")
	o := openWith(t, lab)
	night := calendar.Def{Key: "night", Title: "夜班", Week: map[string][][2]string{"tue": {{"20:00", "24:00"}}, "wed": {{"00:00", "06:00"}}}}
	if _, err := o.Calendars.Put(ctx, night); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]time.Time{"night": time.Date(2024, 5, 14, 20, 0, 0, 0, time.UTC), "gone": time.Date(2024, 5, 14, 10, 0, 0, 0, time.UTC)} {
		o.project = o.Create("kim", "lab.project", m{"name": name, "pm": "bob", "calendar": name, "team": []m{{"member": "ann"}}}).ID()
		if due := dueOf(t, o.order(nil).Case, "pm"); !due.Equal(want) {
			t.Errorf("by %s: due %s, want %s", name, due, want)
		}
	}
}

func TestUrgentOrderAndOverdue(t *testing.T) {
	t.Parallel()
	p := openPair(t, "{hours: 8, then: remind}")
	list := func(in task.ListInput) []string {
		t.Helper()
		in.Box = task.Todo
		out, err := p.Tasks.List(ctx, p.As("bob"), in)
		if err != nil {
			t.Fatal(err)
		}
		l := []string{}
		for _, it := range out.Items {
			l = append(l, it.Title)
		}
		return l
	}
	first := p.order(m{"name": "first"})
	p.at("2024-05-14 17:00")
	p.order(m{"name": "second"})
	p.at("2024-05-14 18:30")
	if got := list(task.ListInput{}); !strings.Contains(got[0], "second") {
		t.Errorf("the newest is not first: %v", got)
	}
	if got := list(task.ListInput{Urgent: true}); !strings.Contains(got[0], "first") {
		t.Errorf("what is overdue is not first: %v", got)
	}
	if got := list(task.ListInput{Overdue: true}); len(got) != 1 || !strings.Contains(got[0], "first") {
		t.Errorf("overdue are %v", got)
	}
	counts, err := p.Tasks.Count(ctx, p.As("bob"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "counts", map[string]int{task.Todo: 2, "overdue": 1, task.Delegated: 0}, counts)
	out, err := p.Tasks.List(ctx, p.As("bob"), task.ListInput{Box: task.Todo, Urgent: true})
	if err != nil {
		t.Fatal(err)
	}
	if it := out.Items[0]; !it.Overdue || *it.LeftMinutes != 0 || !slices.Equal(it.Can, []string{"approve", "reject"}) {
		t.Errorf("the overdue one: %+v", it)
	}
	if it := out.Items[1]; it.Overdue || *it.LeftMinutes != 7*60 {
		t.Errorf("the other one has %d minutes left", *it.LeftMinutes)
	}
	p.must("bob", first.ID(), "approve", flow.TaskInput{})
	if got := list(task.ListInput{Overdue: true}); len(got) != 0 {
		t.Errorf("decided and still overdue: %v", got)
	}
}

// Whoever leaves leaves nothing undone: his open tasks go to his manager, and
// what he had in somebody's place goes back to that one.
func TestLeaver(t *testing.T) {
	t.Parallel()
	p := openPair(t, "{hours: 8, then: remind}")
	a, b := p.order(nil).ID(), p.order(nil).ID()
	u := *p.Org.Snapshot().User("bob")
	u.Manager = "hugo"
	p.People(org.Batch{Users: []org.User{u}})
	if err := p.Org.Leave(ctx, "bob"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // pressed twice
		if err := p.Flow.Leave(ctx, "bob"); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range p.nodes {
		if err := n.Org.Load(ctx); err != nil {
			t.Fatal(err)
		}
	}
	p.work()
	same(t, "nothing is left with bob", 0, len(p.load(a).Case.OpenTasks("bob"))+len(p.load(b).Case.OpenTasks("bob")))
	same(t, "his manager has both", []string{"approve 项目经理", "approve 项目经理"}, p.box("hugo", task.Todo))
	if n := lines(p.load(a).Case, engine.CmdLeaver); n != 1 {
		t.Errorf("moved %d times", n)
	}
	p.must("hugo", a, "approve", flow.TaskInput{})
}

// A delay holds the case in working time; the timer of one node lets it go on, once.
func TestDelay(t *testing.T) {
	t.Parallel()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "  - id: review\n", "  - {id: rest, type: delay, title: 等待, delay: {hours: 8}}\n  - id: review\n")
	o := openWith(t, lab)
	p := &pair{o, []*runtime.Services{o.Services, o.another()}}
	id := p.order(nil).ID()
	p.at("2024-05-14 17:00")
	p.must("bob", id, "approve", flow.TaskInput{})
	view, err := p.Flow.View(ctx, p.As("ann"), "lab.order."+id)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(view.Tree, func(n flow.Node) bool { return n.Node == "rest" })
	if until := view.Tree[i].Until; until == nil || !until.Equal(time.Date(2024, 5, 15, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("it waits until %v", until)
	}
	p.at("2024-05-15 16:59")
	same(t, "still waiting", []string{"rest"}, p.load(id).Case.OpenNodes())
	p.at("2024-05-15 17:00")
	p.at("2024-05-15 17:01")
	same(t, "then it goes on", []string{"legal", "finance"}, p.load(id).Case.OpenNodes())
	if n := lines(p.load(id).Case, engine.CmdTimer); n != 1 {
		t.Errorf("rung %d times", n)
	}
}
