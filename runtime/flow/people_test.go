package flow_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/comment"
	"github.com/formwork-run/formwork/runtime/delegation"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/task"
)

// full is an office where the first approver may do everything there is, and
// where keepers may manage cases, readers only give tasks to others.
func full(t *testing.T) *office {
	t.Helper()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any}",
		"who: [{field: project.pm}], mode: any, returnTo: any, actions: [approve, reject, return, transfer, delegate, add_signer, remove_signer, save], fields: {edit: [opinion]}}")
	lab = lab.Edit(t, "flows/order.yaml", "withdraw: before_first_approval", "withdraw: any_time, withdrawTo: start")
	lab["access/lab.yaml"] += `  - {key: managers, form: order, members: [{role: keeper}], can: [view, approve]}
  - {key: givers, form: order, members: [{role: reader}], can: [view, transfer]}
`
	return openWith(t, lab)
}

func (o *office) delegate(user, to string) {
	o.t.Helper()
	until := o.Clock.Now().Add(48 * time.Hour)
	if _, err := o.Delegations.Add(ctx, o.As(user), delegation.Input{Delegate: &to, Until: &until}); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) caseDo(user, id, action string, in flow.CaseInput) (*record.Record, error) {
	o.t.Helper()
	return o.Flow.Case(ctx, o.As(user), "lab.order."+id, action, in)
}

func TestStandingInForAPeriod(t *testing.T) {
	t.Parallel()
	o := full(t)
	before := o.order(nil).ID()
	o.delegate("bob", "eve")
	o.delegate("eve", "amy") // no chain: it counts for eve's own tasks only
	id := o.order(nil).ID()
	same(t, "eve has it", []string{"approve 项目经理"}, o.box("eve", task.Todo))
	same(t, "amy has not", []string{}, o.box("amy", task.Todo))
	same(t, "what he had before stays with bob", []string{"approve 项目经理"}, o.box("bob", task.Todo))
	same(t, "bob sees what eve has for him", []string{"approve 项目经理"}, o.box("bob", task.Delegated))
	out, err := o.Tasks.List(ctx, o.As("eve"), task.ListInput{Box: task.Todo})
	if err != nil || out.Items[0].Principal != "bob" || out.Display.Users["bob"] != "Bob" {
		t.Errorf("eve's item: %+v %v", out.Items, err)
	}
	for _, user := range []string{"bob", "eve"} {
		shown, err := o.Records.Show(ctx, o.As(user), o.load(id))
		if err != nil || len(shown.Tasks) != 1 {
			t.Errorf("the record shows %s %d tasks: %v", user, len(shown.Tasks), err)
		}
	}
	n := o.load(id).Case.OpenTasks("eve")[0]
	var decided int
	together(2, func(i int) { // both at once: one of them decides
		_, err := o.Flow.Task(ctx, o.As([]string{"bob", "eve"}[i]), record.TaskID("lab.order", id, n.N), "approve", flow.TaskInput{})
		if err != nil && !fault.Is(err, "task.not_open") {
			t.Errorf("%v", err)
		}
	})
	for _, l := range o.load(id).Case.Log {
		if l.Action == "approve" {
			decided++
		}
	}
	if decided != 1 {
		t.Errorf("decided %d times", decided)
	}
	same(t, "done for bob", []string{"approve 项目经理"}, o.box("bob", task.Done))
	same(t, "nothing is with others any more", []string{}, o.box("bob", task.Delegated))
	if _, err := o.Flow.View(ctx, o.As("eve"), "lab.order."+id); err != nil {
		t.Errorf("eve may not look at what was hers: %v", err)
	}
	o.must("bob", before, "approve", flow.TaskInput{})
}

func TestAskForAnOpinion(t *testing.T) {
	t.Parallel()
	o := full(t)
	id := o.order(nil).ID()
	o.must("bob", id, "delegate", flow.TaskInput{To: flow.Targets{"eve"}, Comment: "what do you think?"})
	same(t, "bob waits", []string{"approve 项目经理"}, o.box("bob", task.Delegated))
	same(t, "eve is asked", []string{"approve 项目经理"}, o.box("eve", task.Todo))
	same(t, "and told", []string{engine.EventDelegated}, o.events("eve"))
	o.must("eve", id, "reject", flow.TaskInput{Comment: "too dear"})
	c := o.load(id).Case
	if c.State != engine.Running || len(c.OpenTasks("bob")) != 1 {
		t.Fatalf("an opinion decided: %s, bob has %v", c.State, c.OpenTasks("bob"))
	}
	same(t, "bob has the opinion", []string{engine.EventOpinion}, o.events("bob"))
	same(t, "and nothing with others", []string{}, o.box("bob", task.Delegated))
	o.must("bob", id, "approve", flow.TaskInput{})
	same(t, "it goes on", []string{"legal", "finance"}, o.load(id).Case.OpenNodes())
}

func TestSigners(t *testing.T) {
	t.Parallel()
	o := full(t)
	id := o.order(nil).ID()
	o.must("bob", id, "add_signer", flow.TaskInput{To: flow.Targets{"eve", "hugo"}, Where: "after", Comment: "please sign, too"})
	if open := o.load(id).Case.OpenNodes(); !slices.Equal(open, []string{"pm"}) {
		t.Fatalf("it went on to %v", open)
	}
	view, err := o.Flow.View(ctx, o.As("eve"), "lab.order."+id)
	if err != nil {
		t.Fatal(err)
	}
	added := 0
	for _, n := range view.Tree {
		for _, x := range n.Tasks {
			if x.Added == "after" && x.From == record.TaskID("lab.order", id, 1) && x.Why != "" {
				added++
			}
		}
	}
	if added != 2 {
		t.Errorf("the view shows %d signers", added)
	}
	o.must("eve", id, "approve", flow.TaskInput{})
	first := record.TaskID("lab.order", id, 1)
	if _, err := o.Flow.Task(ctx, o.As("bob"), first, "remove_signer", flow.TaskInput{To: flow.Targets{"hugo"}}); err != nil {
		t.Fatal(err)
	}
	same(t, "without hugo it goes on", []string{"legal", "finance"}, o.load(id).Case.OpenNodes())
	_, err = o.Flow.Task(ctx, o.As("bob"), first, "remove_signer", flow.TaskInput{To: flow.Targets{"hugo"}})
	if err == nil {
		t.Error("hugo was removed twice")
	}
}

func TestTakeBackWithdrawToStartAndCancel(t *testing.T) {
	t.Parallel()
	o := full(t)
	id := o.order(nil).ID()
	o.must("bob", id, "approve", flow.TaskInput{})
	if _, err := o.Flow.Task(ctx, o.As("bob"), record.TaskID("lab.order", id, 1), "take_back", flow.TaskInput{}); err != nil {
		t.Fatal(err)
	}
	same(t, "bob is asked again", []string{"approve 项目经理"}, o.box("bob", task.Todo))
	same(t, "what he took back is not done", []string{}, o.box("bob", task.Done))
	same(t, "legal is not asked any more", []string{}, o.box("carl", task.Todo))
	o.must("bob", id, "approve", flow.TaskInput{})
	rec, err := o.do("carl", id, "approve", data(m{"opinion": "fine"}))
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for _, x := range rec.Case.Tasks {
		if x.Assignee == "bob" {
			last = x.N
		}
	}
	_, err = o.Flow.Task(ctx, o.As("bob"), record.TaskID("lab.order", id, last), "take_back", flow.TaskInput{})
	refused(t, err, "take_back.too_late", "")
	if rec, err = o.caseDo("ann", id, "withdraw", flow.CaseInput{}); err != nil || rec.Case.State != engine.Returned {
		t.Fatalf("withdraw: %v", err)
	}
	if rec, err = o.caseDo("ann", id, "cancel", flow.CaseInput{}); err != nil || !rec.Case.State.Final() {
		t.Fatalf("cancel: %v", err)
	}
}

func TestSaveWithoutDeciding(t *testing.T) {
	t.Parallel()
	o := full(t)
	id := o.order(nil).ID()
	rec := o.must("bob", id, "save", data(m{"opinion": "half"}))
	if rec.Data()["opinion"] != "half" || len(rec.Case.OpenTasks("bob")) != 1 {
		t.Errorf("opinion %v, open %v", rec.Data()["opinion"], rec.Case.OpenTasks("bob"))
	}
}

// TestManage: the right "approve" is for everything that is done to cases,
// "transfer" for giving tasks to others, and without either there is no such task.
func TestManage(t *testing.T) {
	t.Parallel()
	o := full(t)
	id := o.order(nil).ID()
	first := record.TaskID("lab.order", id, 1)
	_, err := o.Flow.Task(ctx, o.As("eve"), first, "approve", flow.TaskInput{})
	refused(t, err, "record.not_found", "")
	_, err = o.Flow.Task(ctx, o.As("rita"), first, "approve", flow.TaskInput{})
	refused(t, err, "task.not_found", "")
	_, err = o.caseDo("rita", id, "suspend", flow.CaseInput{})
	refused(t, err, "case.admin_only", "")
	_, err = o.caseDo("ann", id, "terminate", flow.CaseInput{})
	refused(t, err, "case.admin_only", "")
	if _, err := o.caseDo("rita", id, "reassign", flow.CaseInput{Task: first, To: flow.Targets{"hugo"}}); err != nil {
		t.Fatalf("rita may give tasks to others: %v", err)
	}
	_, err = o.caseDo("kim", id, "reassign", flow.CaseInput{Task: first, To: flow.Targets{"eve"}})
	refused(t, err, "task.not_open", "")
	_, err = o.caseDo("kim", id, "reassign", flow.CaseInput{Task: record.TaskID("lab.order", "another", 1), To: flow.Targets{"eve"}})
	refused(t, err, "task.not_found", "")
	for _, step := range []struct {
		action string
		in     flow.CaseInput
		state  engine.State
	}{{"suspend", flow.CaseInput{}, engine.Suspended}, {"resume", flow.CaseInput{}, engine.Running},
		{"jump", flow.CaseInput{To: flow.Targets{"seal"}}, engine.Running}, {"terminate", flow.CaseInput{}, engine.Terminated}} {
		rec, err := o.caseDo("kim", id, step.action, step.in)
		if err != nil || rec.Case.State != step.state {
			t.Fatalf("%s: %v", step.action, err)
		}
	}
	view, err := o.Flow.View(ctx, o.As("kim"), "lab.order."+o.order(nil).ID())
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, a := range view.Actions {
		if a.Admin && a.Task == "" {
			kinds = append(kinds, a.Kind)
		}
	}
	slices.Sort(kinds)
	same(t, "what kim may do to a case", []string{"jump", "suspend", "terminate"}, kinds)
}

func (o *office) send(user, name string) string {
	o.t.Helper()
	a := o.As(user)
	f, err := o.Files.Begin(ctx, a, name, 5)
	if err == nil {
		err = o.Files.Part(ctx, a, f.ID, 1, []byte("hello"))
	}
	if err == nil {
		_, err = o.Files.Complete(ctx, a, f.ID)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return f.ID
}

// reads reports whether a user gets a file.
func (o *office) reads(user, id string) bool {
	o.t.Helper()
	_, r, err := o.Files.Open(ctx, o.As(user), id, 0, -1)
	if err == nil {
		err = r.Close()
	} else if fault.KindOf(err) == fault.NotFound {
		return false
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return true
}

func TestFilesAndMentionsOfDecisions(t *testing.T) {
	t.Parallel()
	o := full(t)
	id := o.order(nil).ID()
	file, sign, strange := o.send("bob", "offer.txt"), o.send("bob", "sign.png"), o.send("eve", "eve.txt")
	_, err := o.do("bob", id, "approve", flow.TaskInput{Files: []string{file, strange}})
	refused(t, err, "file.missing", "/files/1")
	_, err = o.do("bob", id, "approve", flow.TaskInput{Mention: []string{"eve"}})
	refused(t, err, "mention.blind", "/mention/0")
	_, err = o.do("bob", id, "approve", flow.TaskInput{Mention: []string{"nobody"}})
	refused(t, err, "mention.unknown", "")
	o.must("bob", id, "approve", flow.TaskInput{Comment: "see @ann @carl", Mention: []string{"ann", "carl"}, Files: []string{file}, Signature: sign})
	for user, want := range map[string]bool{"ann": true, "carl": true, "bob": true, "eve": false} {
		if o.reads(user, file) != want || o.reads(user, sign) != want {
			t.Errorf("%s reads the file: %v", user, !want)
		}
	}
	same(t, "carl, who sees it by this very decision, is told", []string{engine.EventMentioned}, o.events("carl"))
	view, err := o.Flow.View(ctx, o.As("ann"), "lab.order."+id)
	if err != nil {
		t.Fatal(err)
	}
	last := view.Timeline[len(view.Timeline)-1]
	for _, l := range view.Timeline {
		if l.Action == "approve" {
			last = l
		}
	}
	if len(last.Files) != 1 || last.Files[0].Name != "offer.txt" || last.Signature == nil || !slices.Equal(last.Mention, []string{"ann", "carl"}) {
		t.Errorf("the line shows %+v", last)
	}
}

func TestCommentsOnARecord(t *testing.T) {
	t.Parallel()
	o := full(t)
	id := o.order(nil).ID()
	file := o.send("bob", "note.txt")
	c, err := o.Comments.Add(ctx, o.As("bob"), "lab.order", id, comment.Input{Text: "look, @ann", Mention: []string{"ann"}, Files: []string{file}})
	if err != nil || len(c.Files) != 1 || c.Files[0]["name"] != "note.txt" {
		t.Fatalf("%+v %v", c, err)
	}
	same(t, "ann is told", []string{engine.EventMentioned}, o.events("ann"))
	if !o.reads("ann", file) || o.reads("eve", file) {
		t.Error("the file follows other rights than the record")
	}
	_, err = o.Comments.Add(ctx, o.As("bob"), "lab.order", id, comment.Input{Text: "look", Mention: []string{"eve"}})
	refused(t, err, "mention.blind", "/mention/0")
	_, err = o.Comments.Add(ctx, o.As("bob"), "lab.order", id, comment.Input{Text: " "})
	refused(t, err, "comment.length", "/text")
	l, _, names, err := o.Comments.List(ctx, o.As("ann"), "lab.order", id, "")
	if err != nil || len(l) != 1 || len(l[0].Files) != 1 || names.Users["ann"] != "Ann" {
		t.Errorf("%+v %v", l, err)
	}
}

func TestPeopleOfGroupsFormulasAndLevels(t *testing.T) {
	t.Parallel()
	for who, want := range map[string][]string{
		"{group: managers}": {"kim"},
		"{formula: 'IF(amount > 10, manager, sys.created_by)'}": {"ann"},
		"{dept_heads: {from: 1}}":                               {"hugo"},
		"{manager: 1}":                                          {"hugo"},
	} {
		lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any}", "who: ["+who+"], mode: all}")
		lab["access/lab.yaml"] += "  - {key: managers, form: order, members: [{role: keeper}, {everyone: true}], can: [view]}\n"
		o := openWith(t, lab)
		same(t, who, want, o.order(nil).Case.Handlers())
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	o := full(t)
	id := o.order(nil).ID()
	for range 3 {
		if _, err := o.caseDo("ann", id, "comment", flow.CaseInput{Comment: "hello", Key: "k1"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := lines(o.load(id).Case, "comment"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

func TestUrgeTellsWhenItIsPossibleAgain(t *testing.T) {
	t.Parallel()
	o := full(t)
	id := o.order(nil).ID()
	if _, err := o.caseDo("ann", id, "urge", flow.CaseInput{}); err != nil {
		t.Fatal(err)
	}
	view, err := o.Flow.View(ctx, o.As("ann"), "lab.order."+id)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(view.Actions, func(a flow.Action) bool { return a.Kind == "urge" })
	if at := view.Actions[i].NotBefore; at == nil || !at.Equal(o.Clock.Now().Add(engine.UrgeEvery)) {
		t.Errorf("again at %v", at)
	}
	out, err := o.Tasks.List(ctx, o.As("bob"), task.ListInput{Box: task.Todo, Urgent: true})
	if err != nil || out.Items[0].UrgedAt == nil {
		t.Errorf("bob's item: %+v %v", out.Items, err)
	}
}

// TestAHundredVote: a hundred vote at the same instant, half of them are enough:
// every vote counts once, the node is left once, and who comes too late is told so.
func TestAHundredVote(t *testing.T) {
	t.Parallel()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any", "who: [{role: reader}], mode: vote, vote: {percent: 50}")
	o := openWith(t, lab)
	crowd(o, "lab.reader", 100)
	rec := o.order(nil)
	var voted, late atomic.Int32
	together(100, func(i int) {
		user := fmt.Sprint("u", i)
		n := slices.IndexFunc(rec.Case.Tasks, func(x engine.Task) bool { return x.Assignee == user })
		_, err := o.Flow.Task(ctx, o.As(user), record.TaskID("lab.order", rec.ID(), n+1), "approve", flow.TaskInput{Rev: 1})
		switch {
		case err == nil:
			voted.Add(1)
		case fault.Is(err, "task.not_open"):
			late.Add(1)
		default:
			t.Errorf("%s: %v", user, err)
		}
	})
	c := o.load(rec.ID()).Case
	same(t, "votes, and those too late", []int32{50, 50}, []int32{voted.Load(), late.Load()})
	same(t, "approvals in the log", 50, lines(c, "approve"))
	same(t, "it stands at", []string{"legal", "finance"}, c.OpenNodes())
}

// What a node demands with a decision is demanded, and told before.
func TestDemands(t *testing.T) {
	t.Parallel()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any}",
		"who: [{field: project.pm}], mode: any, comment: required, attachment: required, signature: required}")
	o := openWith(t, lab)
	id := o.order(nil).ID()
	view, err := o.Flow.View(ctx, o.As("bob"), "lab.order."+id)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(view.Actions, func(a flow.Action) bool { return a.Kind == "approve" })
	if a := view.Actions[i]; !a.CommentRequired || !a.AttachmentRequired || !a.SignatureRequired {
		t.Errorf("the view demands less: %+v", a)
	}
	list, err := o.Tasks.List(ctx, o.As("bob"), task.ListInput{Box: task.Todo})
	if err != nil || len(list.Items[0].Can) != 0 {
		t.Errorf("a tap is enough: %v %v", list.Items[0].Can, err)
	}
	_, err = o.do("bob", id, "approve", flow.TaskInput{})
	refused(t, err, "comment.required", "/comment")
	_, err = o.do("bob", id, "approve", flow.TaskInput{Comment: "ok"})
	refused(t, err, "attachment.required", "/files")
	files := []string{o.send("bob", "offer.txt")}
	_, err = o.do("bob", id, "approve", flow.TaskInput{Comment: "ok", Files: files})
	refused(t, err, "signature.required", "/signature")
	o.must("bob", id, "approve", flow.TaskInput{Comment: "ok", Files: files, Signature: o.send("bob", "sign.txt")})
}
