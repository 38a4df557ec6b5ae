package record_test

import (
	"testing"

	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
)

// v2 drops a field, brings another, and asks somebody else.
func v2(t *testing.T) kit.Files {
	return kit.LabFiles().
		Edit(t, "forms/order.yaml", "    contact: {title: 联系电话, type: string}\n", "    extra: {title: 新字段, type: string, default: neu}\n").
		Edit(t, "forms/order.yaml", ", contact: phone}", "}").
		Edit(t, "flows/order.yaml", "manager, contact, lines, scan]", "manager, extra, lines, scan]").
		Edit(t, "flows/order.yaml", "who: [{field: project.pm}]", "who: [{users: [kim]}]").
		Edit(t, "forms/item.yaml", "    code: {title: 代码, type: string}\n", "    code: {title: 代码, type: string}\n    extra: {title: 新字段, type: string}\n")
}

func TestVersionPinning(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}})
	running := w.Create("ann", "lab.order", m{"name": "x", "project": p.ID(), "contact": "c"})
	ended := w.Create("ann", "lab.order", m{"name": "y", "project": p.ID(), "contact": "c"})
	if _, err := w.Flow.Case(ctx, w.As("ann"), "lab.order."+ended.ID(), "withdraw", flow.CaseInput{}); err != nil {
		t.Fatal(err)
	}
	item := w.Create("ann", "lab.item", m{"name": "i"})
	w.Publish(v2(t))

	out := shows(t, w, "bob", "lab.order", running.ID())
	if out.Version != 1 || out.Data["contact"] != "c" || len(out.Tasks) != 1 {
		t.Errorf("a running case stays as it began: %+v", out)
	}
	got, err := w.Flow.Task(ctx, w.As("bob"), out.Tasks[0].ID, "approve", flow.TaskInput{Rev: out.Tasks[0].Rev})
	if err != nil || got.Doc["version"] != int64(1) {
		t.Fatalf("approved in version %v, %v", got, err)
	}
	approve(t, w, running.ID())
	if v := w.Stored("lab.order", running.ID())["version"]; v != int64(1) {
		t.Errorf("it ends in version %v", v)
	}

	rec := mustSave(t, w, "ann", "lab.item", item.ID(), kit.Set(m{"extra": "e"}))
	if rec.Doc["version"] != int64(2) || rec.Data()["extra"] != "e" {
		t.Errorf("a record without a case moves to the version in use: %v", rec.Doc)
	}
	rec = mustSave(t, w, "ann", "lab.order", ended.ID(), kit.Set(m{"name": "y2"}))
	if rec.Doc["version"] != int64(2) || rec.Case.Version != 1 {
		t.Errorf("so does one whose case has ended, and its case stays: data %v, case %v", rec.Doc["version"], rec.Case.Version)
	}
	if _, ok := shows(t, w, "ann", "lab.order", ended.ID()).Data["contact"]; ok {
		t.Error("the new version has no such field")
	}
	view, err := w.Flow.View(ctx, w.As("ann"), "lab.order."+ended.ID())
	if err != nil || view.State != "withdrawn" || view.Tree[1].Tasks[0].Assignee != "bob" {
		t.Errorf("the flow of the case is that it was started in: %+v %v", view, err)
	}
	fresh := w.Create("ann", "lab.order", m{"name": "z", "project": p.ID()})
	if fresh.Case.OpenTasks("kim") == nil {
		t.Error("a new case takes the new flow")
	}
	plain := v2(t).Edit(t, "forms/order.yaml", "flow: order", ""). // even without a flow at all
									Edit(t, "access/lab.yaml", "    when: [returned, rejected, withdrawn]\n", "").Edit(t, "access/lab.yaml", "    when: [running, approved]\n", "").
									Edit(t, "forms/project.yaml", `, where: 'case.state == "approved"'`, "")
	delete(plain, "flows/order.yaml")
	w.Publish(plain)
	if shows(t, w, "ann", "lab.order", ended.ID()) == nil {
		t.Error("a record with a case of old is not shown")
	}
}

// TestDraftMovesOn: a draft is always of the version in use.
func TestDraftMovesOn(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "team": []m{{"member": "ann"}}})
	d, err := w.TryCreate("ann", "lab.order", m{"name": "x", "project": p.ID(), "contact": "c"}, false)
	if err != nil {
		t.Fatal(err)
	}
	w.Publish(v2(t))
	rec, err := w.Records.Save(ctx, w.As("ann"), w.Flow, "lab.order", d.ID(), record.SaveInput{Rev: d.Rev(), Submit: true})
	if err != nil || rec.Doc["version"] != int64(2) || rec.Case.Version != 2 || rec.Case.OpenTasks("kim") == nil {
		t.Errorf("submitted: %v %v", rec, err)
	}
}
