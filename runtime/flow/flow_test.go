package flow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/task"
)

type m = kit.M

var ctx = context.Background()

// office is the lab with one project, and orders of ann's in it.
type office struct {
	*kit.World
	t       *testing.T
	project string
}

func open(t *testing.T) *office {
	t.Helper()
	return openWith(t, kit.LabFiles())
}

func openWith(t *testing.T, lab kit.Files) *office {
	t.Helper()
	o := &office{World: kit.Empty(t), t: t}
	o.Publish(lab)
	o.project = o.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}}).ID()
	return o
}

func (o *office) order(data m) *record.Record {
	o.t.Helper()
	all := m{"name": "x", "project": o.project, "manager": "kim"}
	for k, v := range data {
		all[k] = v
	}
	return o.Create("ann", "lab.order", all)
}

func (o *office) load(id string) *record.Record {
	o.t.Helper()
	rec, err := o.Records.Load(ctx, "lab.order", id)
	if err != nil {
		o.t.Fatal(err)
	}
	return rec
}

// do acts on the open task of a user.
func (o *office) do(user, id, action string, in flow.TaskInput) (*record.Record, error) {
	o.t.Helper()
	rec := o.load(id)
	open := rec.Case.OpenTasks(user)
	if len(open) == 0 {
		o.t.Fatalf("%s has no task: open are %v", user, rec.Case.OpenTasks(""))
	}
	in.Rev, in.RecordRev = open[0].Rev, rec.Rev()
	return o.Flow.Task(ctx, o.As(user), record.TaskID("lab.order", id, open[0].N), action, in)
}

func (o *office) must(user, id, action string, in flow.TaskInput) *record.Record {
	o.t.Helper()
	rec, err := o.do(user, id, action, in)
	if err != nil {
		o.t.Fatalf("%s by %s: %v", action, user, err)
	}
	return rec
}

// box lists the records in a box of a user, by title, with the kind of their task.
func (o *office) box(user, box string) []string {
	o.t.Helper()
	out, err := o.Tasks.List(ctx, o.As(user), task.ListInput{Box: box})
	if err != nil {
		o.t.Fatal(err)
	}
	l := []string{}
	for _, it := range out.Items {
		l = append(l, strings.TrimSpace(it.Kind+" "+it.NodeTitle))
	}
	slices.Sort(l)
	return l
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func refused(t *testing.T, err error, code, path string) {
	t.Helper()
	var fe *fault.Error
	if !errors.As(err, &fe) || fe.Code != code {
		t.Fatalf("error %v, want %s", err, code)
	}
	if path != "" && !slices.ContainsFunc(fe.Fields, func(f fault.Field) bool { return f.Path == path }) {
		t.Errorf("nothing at %s: %v", path, fe.Fields)
	}
}

func data(d m) flow.TaskInput { p := kit.Set(d); return flow.TaskInput{Data: &p} }

// TestApproval follows one order to its end: every source of approvers, both
// branches, the condition, required fields, copies, and all boxes on the way.
func TestApproval(t *testing.T) {
	t.Parallel()
	o := open(t)
	rec := o.order(m{"lines": []m{{"item": "i", "qty": 10, "price": 200}}})
	id := rec.ID()
	same(t, "the project's manager is asked", []string{"approve 项目经理"}, o.box("bob", task.Todo))
	same(t, "the initiator's own", []string{"case"}, o.box("ann", task.Mine))
	o.must("bob", id, "approve", flow.TaskInput{Comment: "ok"})
	same(t, "done", []string{"approve 项目经理"}, o.box("bob", task.Done))
	same(t, "nothing to do", []string{}, o.box("bob", task.Todo))
	for _, u := range []string{"carl", "cora", "dora", "dan"} {
		if n, _ := o.Tasks.Count(ctx, o.As(u)); n[task.Todo] != 1 {
			t.Errorf("%s has %d tasks", u, n[task.Todo])
		}
	}
	_, err := o.do("carl", id, "approve", flow.TaskInput{})
	refused(t, err, "record.invalid", "/opinion")
	_, err = o.do("carl", id, "approve", data(m{"name": "mine"}))
	refused(t, err, "record.invalid", "/name")
	_, err = o.do("dora", id, "approve", data(m{"opinion": "x"}))
	refused(t, err, "record.invalid", "/opinion")
	o.must("dora", id, "approve", flow.TaskInput{})
	o.must("carl", id, "approve", data(m{"opinion": "fine"}))
	same(t, "any: one of legal decides for all", []string{}, o.box("cora", task.Todo))
	same(t, "all: dan is still asked", []string{"approve 财务"}, o.box("dan", task.Todo))
	o.must("dan", id, "approve", flow.TaskInput{})
	same(t, "2000 is for the head of the initiator's department", []string{"approve 部门负责人"}, o.box("hugo", task.Todo))
	o.must("hugo", id, "approve", flow.TaskInput{})
	_, err = o.do("arc", id, "handle", flow.TaskInput{})
	refused(t, err, "record.invalid", "/scan")
	rec = o.must("arc", id, "handle", data(m{"scan": []m{{"id": o.upload("arc"), "name": "s", "size": 1, "type": "x"}}}))
	if rec.Case.State != engine.Approved {
		t.Errorf("the case is %s", rec.Case.State)
	}
	for _, u := range []string{"ann", "kim"} { // the initiator, and a field's member
		same(t, u+" gets a copy", []string{"cc 抄送"}, o.box(u, task.CC))
	}
	notices, _, _, err := o.Notices.List(ctx, o.As("ann"), "")
	if err != nil {
		t.Fatal(err)
	}
	events := []string{}
	for _, n := range notices {
		events = append(events, n.Event)
	}
	slices.Sort(events)
	same(t, "notices", []string{"approved", "cc"}, events)
	view, err := o.Flow.View(ctx, o.As("ann"), "lab.order."+id)
	if err != nil || view.State != "approved" || view.EndedAt == nil || len(view.Actions) != 1 {
		t.Errorf("view %+v %v", view, err)
	}
}

func (o *office) upload(user string) string {
	o.t.Helper()
	a := o.As(user)
	f, err := o.Files.Begin(ctx, a, "s.txt", 1)
	if err == nil {
		err = o.Files.Part(ctx, a, f.ID, 1, []byte("s"))
	}
	if err == nil {
		_, err = o.Files.Complete(ctx, a, f.ID)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return f.ID
}

func TestReturnAndResubmit(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.order(nil).ID()
	o.must("bob", id, "approve", flow.TaskInput{})
	rec := o.must("dora", id, "return", flow.TaskInput{Comment: "why?", To: flow.Targets{"start"}})
	if rec.Case.State != engine.Returned {
		t.Fatalf("the case is %s", rec.Case.State)
	}
	same(t, "it lies with its initiator", []string{"start 发起"}, o.box("ann", task.Todo))
	same(t, "and with nobody else", []string{}, append(o.box("carl", task.Todo), o.box("dan", task.Todo)...))
	caseID := "lab.order." + id
	_, err := o.Flow.Case(ctx, o.As("bob"), caseID, "resubmit", flow.CaseInput{})
	refused(t, err, "case.not_yours", "")
	p := kit.Set(m{"name": "better"})
	_, err = o.Flow.Case(ctx, o.As("ann"), caseID, "resubmit", flow.CaseInput{Rev: rec.Rev() + 7, Data: &p})
	refused(t, err, "record.stale", "")
	bad := kit.Set(m{"opinion": "mine"})
	_, err = o.Flow.Case(ctx, o.As("ann"), caseID, "resubmit", flow.CaseInput{Rev: rec.Rev(), Data: &bad})
	refused(t, err, "record.invalid", "/opinion")
	empty := record.Patch{Unset: []string{"name"}}
	_, err = o.Flow.Case(ctx, o.As("ann"), caseID, "resubmit", flow.CaseInput{Rev: rec.Rev(), Data: &empty})
	refused(t, err, "record.invalid", "/name")
	rec, err = o.Flow.Case(ctx, o.As("ann"), caseID, "resubmit", flow.CaseInput{Rev: rec.Rev(), Data: &p, Back: true})
	if err != nil || rec.Data()["name"] != "better" {
		t.Fatalf("resubmitted: %v %v", rec, err)
	}
	same(t, "straight back: the manager is not asked again", []string{}, o.box("bob", task.Todo))
	same(t, "the returner is", []string{"approve 财务"}, o.box("dora", task.Todo))
	same(t, "nothing is left to the initiator", []string{}, o.box("ann", task.Todo))
	same(t, "resubmitting is no decision of his", []string{}, o.box("ann", task.Done))
}

func TestWithdrawTransferUrge(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.order(nil).ID()
	_, err := o.do("bob", id, "transfer", flow.TaskInput{To: flow.Targets{"nobody"}})
	refused(t, err, "transfer.unknown", "/to")
	o.must("bob", id, "transfer", flow.TaskInput{To: flow.Targets{"eve"}, Comment: "you know better"})
	same(t, "passed on", []string{"approve 项目经理"}, o.box("bob", task.Done))
	same(t, "and arrived", []string{"approve 项目经理"}, o.box("eve", task.Todo))

	caseID := "lab.order." + id
	_, err = o.Flow.Case(ctx, o.As("ann"), caseID, "urge", flow.CaseInput{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := o.Notices.Unread(ctx, o.As("eve")); n != 2 || err != nil { // transferred, urged
		t.Errorf("eve has %d notices, %v", n, err)
	}
	_, err = o.Flow.Case(ctx, o.As("ann"), caseID, "urge", flow.CaseInput{})
	refused(t, err, "urge.too_soon", "")
	o.Clock.Advance(engine.UrgeEvery)
	if _, err = o.Flow.Case(ctx, o.As("ann"), caseID, "urge", flow.CaseInput{}); err != nil {
		t.Error(err)
	}
	if _, err := o.Flow.Case(ctx, o.As("dora"), caseID, "withdraw", flow.CaseInput{}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("who has no part in it: %v", err)
	}
	if rec, err := o.Flow.Case(ctx, o.As("ann"), caseID, "withdraw", flow.CaseInput{}); err != nil || rec.Case.State != engine.Withdrawn {
		t.Errorf("withdrawn: %v %v", rec, err)
	}
	same(t, "cancelled", []string{}, o.box("eve", task.Todo))
	id = o.order(nil).ID()
	o.must("bob", id, "approve", flow.TaskInput{})
	_, err = o.Flow.Case(ctx, o.As("ann"), "lab.order."+id, "withdraw", flow.CaseInput{})
	refused(t, err, "withdraw.too_late", "")
	for _, bad := range []string{"x", "lab.order", "lab.order.none", "lab.none.x", "lab.item.x"} {
		if _, err := o.Flow.Case(ctx, o.As("ann"), bad, "withdraw", flow.CaseInput{}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("case %q: %v", bad, err)
		}
	}
	for _, bad := range []string{"x", "lab.order.x", "lab.order." + id + ".0", "lab.order." + id + ".99", "lab.order." + id + ".1x", "lab.order." + id + ".2"} {
		if _, err := o.Flow.Task(ctx, o.As("ann"), bad, "approve", flow.TaskInput{}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("task %q: %v", bad, err)
		}
	}
}

// TestTwoTapsAreOneApproval: the second tap on the same button, and the repeat
// of a request whose answer was lost, change nothing and are no error.
func TestTwoTapsAreOneApproval(t *testing.T) {
	t.Parallel()
	o := open(t)
	rec := o.order(nil)
	id := record.TaskID("lab.order", rec.ID(), 1)
	in := flow.TaskInput{Rev: 1, Comment: "ok"}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if _, err := o.Flow.Task(ctx, o.As("bob"), id, "approve", in); err != nil {
				t.Errorf("a tap: %v", err)
			}
		})
	}
	wg.Wait()
	rec = o.load(rec.ID())
	approvals := 0
	for _, l := range rec.Case.Log {
		if l.Action == "approve" {
			approvals++
		}
	}
	if approvals != 1 {
		t.Errorf("%d approvals in the log", approvals)
	}
	_, err := o.Flow.Task(ctx, o.As("bob"), id, "reject", in)
	refused(t, err, "task.not_open", "")
	p := kit.Set(m{"code": "x"})
	if _, err := o.Flow.Task(ctx, o.As("bob"), id, "approve", flow.TaskInput{Rev: 1, RecordRev: 99, Data: &p}); err != nil {
		t.Errorf("the second tap with data: %v", err)
	}
}

// TestOneOfAHundredDecides: a hundred people are asked, any of them; all answer
// at the same instant. One decides, the others are told who and when.
func TestOneOfAHundredDecides(t *testing.T) {
	t.Parallel()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any", "who: [{role: reader}], mode: any")
	o := openWith(t, lab)
	crowd(o, "lab.reader", 100)
	id := o.order(nil).ID()
	var decided, raced atomic.Int32
	together(100, func(i int) {
		rec := o.load(id)
		user := fmt.Sprint("u", i)
		var n int
		for _, x := range rec.Case.Tasks {
			if x.Assignee == user {
				n = x.N
			}
		}
		_, err := o.Flow.Task(ctx, o.As(user), record.TaskID("lab.order", id, n), "approve", flow.TaskInput{Rev: 1})
		var fe *fault.Error
		switch {
		case err == nil:
			decided.Add(1)
		case errors.As(err, &fe) && fe.Code == "task.not_open" && fe.Params["by"] != nil:
			raced.Add(1)
		default:
			t.Errorf("%s: %v", user, err)
		}
	})
	if decided.Load() != 1 || raced.Load() != 99 {
		t.Errorf("%d decided, %d were too late", decided.Load(), raced.Load())
	}
	visits := 0
	for _, v := range o.load(id).Case.Visits {
		if v.Node == "review" {
			visits++
		}
	}
	if visits != 1 {
		t.Errorf("the case went on %d times", visits)
	}
}

// TestAHundredAgree: all of a hundred must agree, and do so at the same
// instant: none is refused because another one was faster.
func TestAHundredAgree(t *testing.T) {
	t.Parallel()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any", "who: [{role: reader}], mode: all")
	o := openWith(t, lab)
	crowd(o, "lab.reader", 100)
	rec := o.order(nil)
	together(100, func(i int) {
		n := slices.IndexFunc(rec.Case.Tasks, func(x engine.Task) bool { return x.Assignee == fmt.Sprint("u", i) })
		if _, err := o.Flow.Task(ctx, o.As(fmt.Sprint("u", i)), record.TaskID("lab.order", rec.ID(), n+1), "approve", flow.TaskInput{Rev: 1}); err != nil {
			t.Errorf("u%d: %v", i, err)
		}
	})
	if open := o.load(rec.ID()).Case.OpenNodes(); !slices.Equal(open, []string{"legal", "finance"}) {
		t.Errorf("the case stands at %v", open)
	}
}

func crowd(o *office, role string, n int) {
	b := org.Batch{Roles: []org.Role{{ID: role, Title: map[string]string{"zh-CN": role}}}}
	for i := range n {
		id := fmt.Sprint("u", i)
		b.Users = append(b.Users, org.User{ID: id, Login: id, Name: id, State: org.Active, Depts: []string{"hq"}})
		b.Roles[0].Holders = append(b.Roles[0].Holders, org.Holder{User: id})
	}
	o.People(b)
}

// together runs f n times at the same instant.
func together(n int, f func(i int)) {
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			f(i)
		})
	}
	done.Wait()
}

// TestBranchesJoinOnce: the last approvers of two branches agree at the same
// instant: neither gets a conflict, and the block is left once.
func TestBranchesJoinOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	for range 15 {
		id := o.order(nil).ID()
		o.must("bob", id, "approve", flow.TaskInput{})
		o.must("dan", id, "approve", flow.TaskInput{})
		together(2, func(i int) {
			rec := o.load(id)
			user, in := []string{"cora", "dora"}[i], flow.TaskInput{}
			if user == "cora" {
				in = data(m{"opinion": "fine"})
			}
			in.Rev, in.RecordRev = 1, rec.Rev()
			if _, err := o.Flow.Task(ctx, o.As(user), record.TaskID("lab.order", id, rec.Case.OpenTasks(user)[0].N), "approve", in); err != nil {
				t.Errorf("%s: %v", user, err)
			}
		})
		seals := 0
		rec := o.load(id)
		for _, x := range rec.Case.Tasks {
			if x.Node == "seal" {
				seals++
			}
		}
		if seals != 1 || rec.Data()["opinion"] != "fine" {
			t.Fatalf("%d tasks behind the block, opinion %v", seals, rec.Data()["opinion"])
		}
	}
}

// TestStaleDataAtATask: field changes are based on a revision of the record, the decision alone is not.
func TestStaleDataAtATask(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.order(nil).ID()
	rec := o.must("bob", id, "approve", flow.TaskInput{})
	seen := rec.Rev()
	if _, err := o.Records.Save(ctx, o.As("kim"), o.Flow, "lab.order", id, record.SaveInput{Rev: seen, Patch: kit.Set(m{"name": "changed"})}); err != nil {
		t.Fatal(err)
	}
	carl := rec.Case.OpenTasks("carl")[0]
	p := kit.Set(m{"opinion": "fine"})
	_, err := o.Flow.Task(ctx, o.As("carl"), record.TaskID("lab.order", id, carl.N), "approve", flow.TaskInput{Rev: carl.Rev, RecordRev: seen, Data: &p})
	refused(t, err, "record.stale", "")
	dora := rec.Case.OpenTasks("dora")[0]
	if _, err := o.Flow.Task(ctx, o.As("dora"), record.TaskID("lab.order", id, dora.N), "approve", flow.TaskInput{Rev: dora.Rev, RecordRev: seen}); err != nil {
		t.Errorf("a decision without data: %v", err)
	}
	_, err = o.Flow.Task(ctx, o.As("carl"), record.TaskID("lab.order", id, carl.N), "approve", flow.TaskInput{Rev: carl.Rev, Comment: strings.Repeat("长", flow.MaxComment+1)})
	refused(t, err, "comment.too_long", "/comment")
}

func TestPredict(t *testing.T) {
	t.Parallel()
	o := open(t)
	who := func(d m) []string {
		t.Helper()
		p, err := o.Flow.Predict(ctx, o.As("ann"), "lab.order", "", kit.JSON(d))
		if err != nil {
			t.Fatal(err)
		}
		return assignees(p.Tree)
	}
	same(t, "a small one", []string{"bob", "carl", "cora", "dora", "dan", "arc", "ann", "kim"}, who(m{"name": "x", "project": o.project, "manager": "kim"}))
	same(t, "a large one", []string{"bob", "carl", "cora", "dora", "dan", "hugo", "arc", "ann"},
		who(m{"name": "x", "project": o.project, "lines": []m{{"item": "i", "qty": 1, "price": 1000}}}))
	p, err := o.Flow.Predict(ctx, o.As("ann"), "lab.item", "", kit.JSON(m{"name": "x"}))
	if err != nil || len(p.Tree) != 0 {
		t.Errorf("a form without a flow: %v %v", p, err)
	}
	if n := len(o.Docs("rec_lab__order")) + len(o.Docs("tasks")); n != 0 {
		t.Errorf("predicting left %d documents", n)
	}
}

func assignees(nodes []flow.Node) []string {
	var out []string
	for _, n := range nodes {
		for _, x := range n.Tasks {
			out = append(out, x.Assignee)
		}
		for _, b := range n.Branches {
			if b.Taken {
				out = append(out, assignees(b.Nodes)...)
			}
		}
	}
	return out
}

// TestLongLog: what a record has no room for is still in the timeline.
func TestLongLog(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.order(nil).ID()
	rounds := engine.MaxLog/2 + 10
	for range rounds {
		o.must("bob", id, "return", flow.TaskInput{})
		o.Clock.Advance(time.Minute)
		if _, err := o.Flow.Case(ctx, o.As("ann"), "lab.order."+id, "resubmit", flow.CaseInput{}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(o.load(id).Case.Log); n > engine.MaxLog {
		t.Errorf("%d lines in the record", n)
	}
	v, err := o.Flow.View(ctx, o.As("ann"), "lab.order."+id)
	if err != nil || len(v.Timeline) != 1+2*rounds {
		t.Fatalf("%d lines in the timeline, want %d; %v", len(v.Timeline), 1+2*rounds, err)
	}
	for i, l := range v.Timeline {
		if l.Seq != i+1 {
			t.Fatalf("line %d has number %d", i+1, l.Seq)
		}
	}
}
