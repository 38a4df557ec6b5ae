package runtime_test

import (
	"strings"
	"testing"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
)

// approvals is an app in which a field that some do not see says who is asked.
func approvals(t *testing.T) *kit.World {
	w := kit.Empty(t)
	w.Publish(kit.Files{"pack.yaml": "key: who\nversion: 1.0.0\ntitle: Who\n", "forms/ask.yaml": `key: ask
title: Ask
schema:
  type: object
  properties:
    name: {title: Name, type: string}
    boss: {title: Boss, x-field: {type: member}}
flow: ask
`, "flows/ask.yaml": `key: ask
form: ask
nodes:
  - {id: start, type: start, fields: {edit: [name, boss]}}
  - {id: one, type: approve, title: First, who: [{field: boss}], mode: any}
  - {id: two, type: approve, title: Second, who: [{users: [carl]}], mode: any}
settings: {self: act, dedupe: any}
`, "access/ask.yaml": `groups:
  - {key: all, form: ask, members: [{everyone: true}], can: [view], fields: {hide: [boss]}}
`})
	return w
}

func TestWhyThisApprover(t *testing.T) {
	t.Parallel()
	w := approvals(t)
	rec := w.Create("root", "who.ask", kit.M{"name": "x", "boss": "bob"})
	id := rec.Ref() + "." + rec.ID()
	ask := func(user, task, node string) *flow.Explained {
		t.Helper()
		out, err := w.Flow.Explain(ctx, w.As(user), id, task, node)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := ask("root", "", "one"); got.Items[0].User != "bob" || got.Items[0].From[0].Kind != "field" || got.Items[0].From[0].Ref != "boss" || !strings.Contains(got.Text, "Bob") {
		t.Errorf("root is told %+v", got)
	}
	if got := ask("ann", "", "one"); got.Items[0].From[0].Kind != "hidden" || strings.Contains(string(kit.JSON(got)), "oss\"") {
		t.Errorf("ann, who does not see the field, is told %s", kit.JSON(got))
	}
	if _, err := w.Flow.Task(ctx, w.As("bob"), record.TaskID(rec.Ref(), rec.ID(), 1), "transfer", flow.TaskInput{To: flow.Targets{"carl"}}); err != nil {
		t.Fatal(err)
	}
	got := ask("root", record.TaskID(rec.Ref(), rec.ID(), 2), "")
	if it := got.Items[0]; it.User != "carl" || len(it.From) != 1 || it.From[0].Ref != "boss" || len(it.Steps) != 1 || it.Steps[0].Kind != "transfer" || it.Steps[0].By != "bob" || it.Steps[0].At == nil {
		t.Errorf("after a transfer: %+v", it)
	}
	if _, err := w.Flow.Task(ctx, w.As("carl"), record.TaskID(rec.Ref(), rec.ID(), 2), "approve", flow.TaskInput{}); err != nil {
		t.Fatal(err)
	}
	got = ask("ann", "", "two")
	if it := got.Items[0]; it.User != "carl" || it.From[0].Kind != "users" || len(it.Steps) != 1 || it.Steps[0].Kind != "dedupe" || strings.ContainsAny(got.Text, "{}") {
		t.Errorf("who has approved before: %+v", got)
	}
	for _, bad := range [][2]string{{"", "nothing"}, {"who.ask.other.1", ""}, {record.TaskID(rec.Ref(), rec.ID(), 99), ""}, {"", "start"}} {
		if _, err := w.Flow.Explain(ctx, w.As("root"), id, bad[0], bad[1]); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// Nobody was found: what the policy did is told.
func TestWhyNobodyWasFound(t *testing.T) {
	t.Parallel()
	w := approvals(t)
	rec := w.Create("root", "who.ask", kit.M{"name": "x"})
	out, err := w.Flow.Explain(ctx, w.As("root"), rec.Ref()+"."+rec.ID(), "", "one")
	if err != nil {
		t.Fatal(err)
	}
	if out.None == nil || out.None.Policy != "admin" || out.None.Text == "" || out.Items[0].User != "root" || out.Items[0].Steps[0].Kind != "empty" {
		t.Errorf("%s", kit.JSON(out))
	}
}
