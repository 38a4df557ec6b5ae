package record_test

import (
	"testing"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
)

func TestEvaluate(t *testing.T) {
	t.Parallel()
	w := kit.Empty(t)
	w.Publish(kit.LabFiles().Edit(t, "forms/item.yaml", "unique: [[code], [name, day]]",
		"unique: [[code], [name, day]]\nrules:\n  - {when: amount > 10, then: {require: [code], show: [day], lock: [kind]}}\nchecks:\n"+
			"  - {assert: amount < 100, message: {zh-CN: 太大, en: Too much}, level: warn}\n"+
			"  - {assert: 'not (secret == \"bad\")', message: {zh-CN: 不对, en: Wrong}}\n"))
	ev := func(user, id string, data m) *record.Evaluated {
		t.Helper()
		out, err := w.Records.Evaluate(ctx, w.As(user), "lab.item", id, kit.JSON(data))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	out := ev("ann", "", m{"name": "x", "amount": "150"})
	same(t, "data", m{"name": "x", "amount": "150", "double": "300"}, out.Data)
	same(t, "errors", []fault.Field{{Path: "/code", Code: "required", Message: "a value is needed here"}}, out.Errors)
	if len(out.Warnings) != 1 || out.Warnings[0].Code != "check" {
		t.Errorf("warnings %v", out.Warnings)
	}
	same(t, "state of a required field", record.FieldState{Visible: true, Required: true}, out.States["code"])
	same(t, "of a locked one", record.FieldState{Visible: true, Readonly: true}, out.States["kind"])
	same(t, "before the rule holds", record.FieldState{}, ev("ann", "", m{"name": "x"}).States["day"])
	for _, hidden := range []string{"secret", "rows.cost", "hidden_files"} {
		if _, ok := out.States[hidden]; ok {
			t.Errorf("the state of %s is told", hidden)
		}
	}
	out = ev("ann", "", m{"name": 5, "amount": "150", "secret": "x"})
	same(t, "what cannot be read is blank, the rest is computed", m{"amount": "150", "double": "300"}, out.Data)
	codes := map[string]string{}
	for _, e := range out.Errors {
		codes[e.Path] = e.Code
	}
	same(t, "errors", map[string]string{"/name": "type", "/secret": "unknown_field", "/code": "required"}, codes)

	rec := w.Create("kim", "lab.item", m{"name": "x", "amount": 5, "secret": "s", "phone": "13800001234", "rows": []m{{"text": "t", "cost": 3}}})
	row := rowsOf(rec, "rows", "text")["t"]
	out = ev("ann", rec.ID(), m{"name": "y", "phone": "138****1234", "rows": []m{{"id": row, "text": "u"}}})
	same(t, "of a record: what she left out is blank, what is masked stays", m{"no": "I00001", "name": "y", "phone": "138****1234", "rows": []any{m{"id": row, "text": "u"}}}, out.Data)
	same(t, "errors", []fault.Field{}, out.Errors)
	if d := w.Stored("lab.item", rec.ID()); d["rev"] != int64(1) || d["data"].(m)["name"] != "x" {
		t.Error("evaluating wrote something")
	}
	// A stored value that she does not see counts, and what is wrong with it is told without its place.
	bad := w.Create("kim", "lab.item", m{"name": "x"})
	if _, err := w.Tenant.Records("lab.item").Patch(ctx, bad.ID(), noGuard, setTo("data.secret", "bad")); err != nil {
		t.Fatal(err)
	}
	out = ev("ann", bad.ID(), m{"name": "x"})
	if len(out.Errors) != 1 || out.Errors[0].Path != "" || out.Errors[0].Code != "check" {
		t.Errorf("errors %v", out.Errors)
	}
	if _, err := w.Records.Evaluate(ctx, w.As("eve"), "lab.item", rec.ID(), nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a record that he does not see: %v", err)
	}
	if _, err := w.Records.Evaluate(ctx, w.As("ann"), "lab.item", rec.ID(), kit.JSON([]int{1})); fault.KindOf(err) != fault.Malformed {
		t.Errorf("no object: %v", err)
	}
}
