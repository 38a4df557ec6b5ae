package flow_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
)

// shown is what somebody may do with the fields and rows of an order.
type shown struct {
	Qty, Price, Opinion rbac.FieldRight
	Rows                []string
}

func (o *office) shown(user, id string) shown {
	o.t.Helper()
	rec := o.load(id)
	g := record.RightsOn(o.As(user), rec)
	if !g.Visible {
		o.t.Fatalf("%s does not see it", user)
	}
	return shown{g.Of("lines.qty"), g.Of("lines.price"), g.Of("opinion"), g.RowOps(rec.Form.Def)["lines"]}
}

// TestWhatParticipantsSee: at his node a participant edits what it opens, cell by
// cell; when he is through he still sees what it showed, and nothing else.
func TestWhatParticipantsSee(t *testing.T) {
	t.Parallel()
	lab := kit.LabFiles().Edit(t, "flows/order.yaml", "who: [{field: project.pm}], mode: any}",
		"who: [{field: project.pm}], mode: any, buttons: {approve: {zh-CN: 数量无误, en: Quantities are right}}, "+
			"actions: [approve, reject, return, delegate], fields: {edit: [lines.qty], hide: [lines.price], rows: {lines: [edit]}}}")
	o := openWith(t, lab)
	lines := []m{{"item": "a", "qty": 2, "price": "10"}, {"item": "b", "qty": 1, "price": "5"}}
	id := o.order(m{"lines": lines}).ID()
	at := shown{rbac.FieldWrite, rbac.FieldHidden, rbac.FieldRead, []string{"edit"}}
	after := shown{rbac.FieldRead, rbac.FieldHidden, rbac.FieldRead, []string{}}

	if diff := cmp.Diff(at, o.shown("bob", id)); diff != "" {
		t.Errorf("at his node: %s", diff)
	}
	view, err := o.Flow.View(ctx, o.As("bob"), "lab.order."+id)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(view.Actions, func(a flow.Action) bool { return a.Kind == "approve" })
	if view.Actions[i].Label != "数量无误" {
		t.Errorf("the button says %q", view.Actions[i].Label)
	}
	if slices.ContainsFunc(view.Actions, func(a flow.Action) bool { return a.Kind == "transfer" || a.Kind == "add_signer" }) {
		t.Errorf("it offers more than the node does: %+v", view.Actions)
	}
	row := o.load(id).Data()["lines"].([]any)[0].(map[string]any)["id"]
	rows := func(r record.RowPatch) flow.TaskInput {
		return flow.TaskInput{Data: &record.Patch{Rows: map[string]record.RowPatch{"lines": r}}}
	}
	_, err = o.do("bob", id, "approve", rows(record.RowPatch{Remove: []string{row.(string)}}))
	refused(t, err, "record.invalid", "")
	_, err = o.do("bob", id, "approve", rows(record.RowPatch{Change: kit.Rows(m{"id": row, "price": "1"})}))
	refused(t, err, "record.invalid", "")

	o.must("bob", id, "delegate", flow.TaskInput{To: flow.Targets{"eve"}})
	if diff := cmp.Diff(at, o.shown("eve", id)); diff != "" {
		t.Errorf("whoever is asked in between: %s", diff)
	}
	o.must("eve", id, "approve", flow.TaskInput{})
	if diff := cmp.Diff(after, o.shown("eve", id)); diff != "" {
		t.Errorf("when she is through: %s", diff)
	}
	rec := o.must("bob", id, "approve", rows(record.RowPatch{Change: kit.Rows(m{"id": row, "qty": 3})}))
	if diff := cmp.Diff(after, o.shown("bob", id)); diff != "" {
		t.Errorf("when he is through: %s", diff)
	}
	out, err := o.Records.Show(ctx, o.As("bob"), rec)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range out.Data["lines"].([]any) {
		if _, leaks := l.(map[string]any)["price"]; leaks {
			t.Errorf("he is shown %v", l)
		}
	}
	_, err = o.Records.Save(ctx, o.As("bob"), o.Flow, "lab.order", id, record.SaveInput{Rev: rec.Rev(), Patch: *rows(record.RowPatch{Change: kit.Rows(m{"id": row, "qty": 9})}).Data})
	refused(t, err, "record.edit_forbidden", "")
}

// Whom somebody stands in for sees what the delegate sees, then and afterwards.
func TestWhatAPrincipalSees(t *testing.T) {
	t.Parallel()
	o := full(t)
	o.delegate("bob", "eve")
	id := o.order(nil).ID()
	for _, user := range []string{"bob", "eve"} {
		if g := record.RightsOn(o.As(user), o.load(id)); !g.Visible || g.Of("opinion") != rbac.FieldWrite {
			t.Errorf("%s may not fill in what the node opens", user)
		}
	}
	o.must("eve", id, "approve", data(m{"opinion": "seen"}))
	for _, user := range []string{"bob", "eve"} {
		if g := record.RightsOn(o.As(user), o.load(id)); !g.Visible || g.Of("opinion") != rbac.FieldRead {
			t.Errorf("%s afterwards: visible %v, opinion %v", user, g.Visible, g.Of("opinion"))
		}
	}
	l, err := o.Records.List(ctx, o.As("bob"), "lab.order", record.ListInput{})
	if err == nil && len(l.Items) != 1 {
		t.Errorf("bob's list has %d", len(l.Items))
	}
}
