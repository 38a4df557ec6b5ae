package flow_test

import (
	"slices"
	"testing"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/task"
)

// What is handed to somebody who is away goes to whoever stands in for him, as
// what arrives does; both find it in their boxes.
func TestHandedToADelegate(t *testing.T) {
	t.Parallel()
	o := full(t)
	o.delegate("eve", "amy")
	id := o.order(nil).ID()
	rec := o.must("bob", id, "transfer", flow.TaskInput{To: flow.Targets{"eve"}})
	last := rec.Case.Tasks[len(rec.Case.Tasks)-1]
	same(t, "transferred to", []string{"amy", "eve", "delegated"}, []string{last.Assignee, last.Principal, last.Reason})
	same(t, "amy has it to do", 1, len(o.box("amy", task.Todo)))
	same(t, "eve sees who has it", 1, len(o.box("eve", task.Delegated)))
	rec = o.must("eve", id, "approve", flow.TaskInput{})
	if n := len(rec.Case.OpenTasks("amy")); n != 0 {
		t.Errorf("amy still has %d", n)
	}
}

// A case that is back with somebody who has left is not stuck: his manager
// fills the form in his place and sends it on.
func TestInitiatorLeaves(t *testing.T) {
	t.Parallel()
	p := openPair(t, "{hours: 8, then: remind}")
	id := p.order(nil).ID()
	p.must("bob", id, "return", flow.TaskInput{Comment: "the name is wrong"})
	u := *p.Org.Snapshot().User("ann")
	u.Manager = "hugo"
	p.People(org.Batch{Users: []org.User{u}})
	if err := p.Org.Leave(ctx, "ann"); err != nil {
		t.Fatal(err)
	}
	if err := p.Flow.Leave(ctx, "ann"); err != nil {
		t.Fatal(err)
	}
	for _, n := range p.nodes {
		if err := n.Org.Load(ctx); err != nil {
			t.Fatal(err)
		}
	}
	p.work()
	same(t, "the manager has it to do", 1, len(p.box("hugo", task.Todo)))
	view, err := p.Flow.View(ctx, p.As("hugo"), "lab.order."+id)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(view.Actions, func(a flow.Action) bool { return a.Kind == engine.CmdResubmit && a.Task != "" }) {
		t.Errorf("he may %+v", view.Actions)
	}
	patch := kit.Set(m{"name": "better"})
	rec, err := p.Flow.Case(ctx, p.As("hugo"), "lab.order."+id, "resubmit", flow.CaseInput{Rev: p.load(id).Rev(), Data: &patch})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "it goes on", []string{"running", "ann", "better"}, []string{string(rec.Case.State), rec.Case.Initiator, rec.Data()["name"].(string)})
	p.must("bob", id, "return", flow.TaskInput{Comment: "again"})
	same(t, "and comes back to him", []string{"hugo"}, p.load(id).Case.Handlers())
}

// Whoever returns a case to a node may ask for it straight back: what lies
// between stands, and the view says that he may.
func TestReturnToANodeAndStraightBack(t *testing.T) {
	t.Parallel()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any}", "who: [{field: project.pm}], mode: any}\n  - {id: boss, type: approve, title: 领导, who: [{users: [hugo]}], returnTo: any}")
	o := openWith(t, lab)
	id := o.order(nil).ID()
	o.must("bob", id, "approve", flow.TaskInput{})
	view, err := o.Flow.View(ctx, o.As("hugo"), "lab.order."+id)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(view.Actions, func(a flow.Action) bool { return a.Kind == engine.CmdReturn && a.Back }) {
		t.Errorf("it is not offered: %+v", view.Actions)
	}
	_, err = o.do("hugo", id, "return", flow.TaskInput{To: flow.Targets{"start"}, Back: true})
	refused(t, err, "return.back_not_allowed", "")
	o.must("hugo", id, "return", flow.TaskInput{To: flow.Targets{"pm"}, Back: true, Comment: "which supplier?"})
	same(t, "with bob again", []string{"bob"}, o.load(id).Case.Handlers())
	o.must("bob", id, "approve", flow.TaskInput{Comment: "the old one"})
	c := o.load(id).Case
	same(t, "straight back", []string{"boss"}, c.OpenNodes())
	o.must("hugo", id, "approve", flow.TaskInput{})
	same(t, "and on", []string{"legal", "finance"}, o.load(id).Case.OpenNodes())
}
