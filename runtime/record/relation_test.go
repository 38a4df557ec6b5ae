package record_test

import (
	"testing"

	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
)

func TestRelations(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	mine := w.Create("kim", "lab.project", m{"name": "mine", "pm": "bob", "budget": 500, "team": []m{{"member": "ann"}}})
	shut := w.Create("kim", "lab.project", m{"name": "shut", "open": false, "team": []m{{"member": "ann"}}})
	foreign := w.Create("kim", "lab.project", m{"name": "foreign", "budget": 777, "team": []m{{"member": "amy"}}})
	draft, _ := w.TryCreate("kim", "lab.project", m{"name": "draft", "team": []m{{"member": "ann"}}}, false)
	for _, c := range []struct{ name, id, code string }{
		{"filter", shut.ID(), "relation_filter"}, {"missing", "nope", "relation_missing"},
		{"invisible", foreign.ID(), "relation_missing"}, {"draft", draft.ID(), "relation_missing"},
	} {
		_, err := w.TryCreate("ann", "lab.order", m{"name": "x", "project": c.id}, true)
		refused(t, err, "record.invalid", "/project", c.code)
	}
	// Neither a draft nor a computation tells what stands in a record that she does not see.
	_, err := w.TryCreate("ann", "lab.order", m{"name": "x", "project": foreign.ID()}, false)
	refused(t, err, "record.invalid", "/project", "relation_missing")
	ev, err := w.Records.Evaluate(ctx, w.As("ann"), "lab.order", "", kit.JSON(m{"name": "x", "project": foreign.ID()}))
	if err != nil || ev.Data["room"] != nil || ev.Data["budget"] != nil {
		t.Errorf("evaluate tells of an invisible record: %v %v", ev, err)
	}
	rec := w.Create("ann", "lab.order", m{"name": "x", "project": mine.ID()})
	same(t, "a formula over a record that she sees, with the access of the app", dec("500"), rec.Data()["room"])

	// What she has chosen stays hers, when the record is not to be chosen any more.
	mustSave(t, w, "kim", "lab.project", mine.ID(), kit.Set(m{"open": false}))
	if _, err := w.Flow.Task(ctx, w.As("bob"), record.TaskID("lab.order", rec.ID(), 1), "return", flow.TaskInput{}); err != nil {
		t.Fatal(err)
	}
	mustSave(t, w, "ann", "lab.order", rec.ID(), kit.Set(m{"name": "y"}))
	_, err = save(t, w, "ann", "lab.order", rec.ID(), kit.Set(m{"project": shut.ID()}))
	refused(t, err, "record.invalid", "/project", "relation_filter")
}

func TestPeopleAndOptions(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	w.Create("kim", "lab.project", m{"name": "甲"})
	w.Create("kim", "lab.item", m{"name": "x", "owner": "eve", "dept": "site", "kind": "甲"})
	for path, data := range map[string]m{
		"/owner": {"name": "x", "owner": "nobody"}, "/dept": {"name": "x", "dept": "nowhere"}, "/kind": {"name": "x", "kind": "乙"},
	} {
		_, err := w.TryCreate("kim", "lab.item", data, true)
		code := map[string]string{"/owner": "unknown_member", "/dept": "unknown_department", "/kind": "option"}[path]
		refused(t, err, "record.invalid", path, code)
	}
	_, err := w.TryCreate("kim", "lab.project", m{"name": "x", "team": []m{{"member": "kim"}, {"member": "nobody"}}}, true)
	refused(t, err, "record.invalid", "/team/1/member", "unknown_member")
}

func TestRelatedTitles(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	p := w.Create("kim", "lab.project", m{"name": "Secret plan", "team": []m{{"member": "ann"}}})
	rec := w.Create("ann", "lab.item", m{"name": "x", "project": p.ID()})
	same(t, "who sees the project", "Secret plan", shows(t, w, "ann", "lab.item", rec.ID()).Display.Records[p.ID()])
	same(t, "who does not", "***", shows(t, w, "rita", "lab.item", rec.ID()).Display.Records[p.ID()])
	out := shows(t, w, "ann", "lab.item", w.Create("kim", "lab.item", m{"name": "n", "secret": "boo"}).ID())
	same(t, "a title made of what she may not see", "物品", out.Title)
}

// TestLiveFields: rollup and lookup show what is so now, for everybody alike.
func TestLiveFields(t *testing.T) {
	t.Parallel()
	w := kit.Lab(t)
	p := w.Create("kim", "lab.project", m{"name": "P", "pm": "bob", "budget": 900, "team": []m{{"member": "ann"}}})
	order := func(price int) *record.Record {
		return w.Create("ann", "lab.order", m{"name": "x", "project": p.ID(), "lines": []m{{"item": "i", "qty": 2, "price": price}}})
	}
	a := order(100)
	same(t, "sum of rows", dec("200"), a.Data()["amount"])
	spent := func() any { return shows(t, w, "kim", "lab.project", p.ID()).Data["spent"] }
	if spent() != nil {
		t.Errorf("running orders count nothing: %v", spent())
	}
	approve(t, w, a.ID())
	same(t, "spent", "200", spent())
	list, err := w.Records.List(ctx, w.As("kim"), "lab.project", record.ListInput{})
	if err != nil || list.Items[0].Data["spent"] != "200" {
		t.Errorf("in a list: %v %v", list.Items[0].Data, err)
	}
	saved := mustSave(t, w, "kim", "lab.project", p.ID(), kit.Set(m{"name": "P2"}))
	same(t, "a formula over it, at save", dec("700"), saved.Data()["left"])
	_, _, h := history(t, w, "kim", "lab.project", p.ID())
	for _, c := range h[0].Changes {
		if c.Field == "spent" {
			t.Error("a sum that moved is nobody's change")
		}
	}
	same(t, "lookup", "900", shows(t, w, "ann", "lab.order", a.ID()).Data["budget"])
	mustSave(t, w, "kim", "lab.project", p.ID(), kit.Set(m{"budget": 950}))
	same(t, "lookup follows", "950", shows(t, w, "ann", "lab.order", a.ID()).Data["budget"])
	same(t, "a formula does not: it was computed then", "900", shows(t, w, "ann", "lab.order", a.ID()).Data["room"])
	item := w.Create("ann", "lab.item", m{"name": "P2"})
	same(t, "LOOKUP", dec("950"), item.Data()["same"])
}

// approve lets everybody agree until the order is approved.
func approve(t *testing.T, w *kit.World, id string) {
	t.Helper()
	for range 20 {
		rec, err := w.Records.Load(ctx, "lab.order", id)
		if err != nil {
			t.Fatal(err)
		}
		if rec.Case.State.Final() {
			return
		}
		task := rec.Case.OpenTasks("")[0]
		in, kind := flow.TaskInput{Rev: task.Rev, RecordRev: rec.Rev()}, "approve"
		switch task.Node {
		case "legal":
			p := kit.Set(m{"opinion": "fine"})
			in.Data = &p
		case "seal":
			p := kit.Set(m{"scan": []m{{"id": upload(t, w, task.Assignee, "scan.txt", "sealed"), "name": "scan.txt", "size": 6, "type": "text/plain"}}})
			in.Data, kind = &p, "handle"
		}
		if _, err := w.Flow.Task(ctx, w.As(task.Assignee), record.TaskID("lab.order", id, task.N), kind, in); err != nil {
			t.Fatalf("%s at %s: %v", task.Assignee, task.Node, err)
		}
	}
	t.Fatal("the order is never approved")
}

func upload(t *testing.T, w *kit.World, user, name, content string) string {
	t.Helper()
	a := w.As(user)
	f, err := w.Files.Begin(ctx, a, name, int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Files.Part(ctx, a, f.ID, 1, []byte(content)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Files.Complete(ctx, a, f.ID); err != nil {
		t.Fatal(err)
	}
	return f.ID
}
