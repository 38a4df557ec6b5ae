package eval_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/google/go-cmp/cmp"
)

func TestChanged(t *testing.T) {
	t.Parallel()
	f := contract(t)
	row := func(id, qty string) map[string]any { return map[string]any{"id": id, "qty": dec(qty)} }
	list := func(rows ...map[string]any) []any {
		var out []any
		for _, r := range rows {
			out = append(out, r)
		}
		return out
	}
	for _, c := range []struct {
		name          string
		before, after map[string]any
		want          []string
	}{
		{"nothing", map[string]any{"amount": dec("1.50"), "name": ""}, map[string]any{"amount": dec("1.5"), "scan": []any{}}, nil},
		{"fields", map[string]any{"name": "a", "party": "p"}, map[string]any{"name": "b"}, []string{"name", "party"}},
		{"a cell", map[string]any{"lines": list(row("a", "1"), row("b", "2"))}, map[string]any{"lines": list(row("a", "1.0"), row("b", "3"))}, []string{"lines.qty"}},
		{"a row added", map[string]any{"lines": list(row("a", "1"))}, map[string]any{"lines": list(row("a", "1"), row("b", "2"))}, []string{"lines", "lines.qty"}},
		{"a row removed", map[string]any{"lines": list(row("a", "1"), row("b", "2"))}, map[string]any{"lines": list(row("b", "2"))}, []string{"lines"}},
		{"rows moved", map[string]any{"lines": list(row("a", "1"), row("b", "2"))}, map[string]any{"lines": list(row("b", "2"), row("a", "1"))}, []string{"lines"}},
		{"files", map[string]any{"scan": []any{map[string]any{"id": "x", "size": int64(1)}}}, map[string]any{"scan": []any{map[string]any{"id": "y", "size": int64(1)}}}, []string{"scan"}},
		{"created", nil, map[string]any{"name": "a"}, []string{"name"}},
	} {
		if diff := cmp.Diff(c.want, f.Changed(c.before, c.after)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	props := strings.Join([]string{xf("secret", `"type":"text","sensitive":true`), xf("a", `"type":"number"`), xf("b", `"type":"textarea"`), xf("at", `"type":"date","precision":"minute"`)}, ",")
	plain := compile(t, parse(t, "f", formOf(props, `,"title":{"zh-CN":"表单","en":"Form"}`)), nil)
	number := compile(t, parse(t, "f", formOf(props, `,"titleFormula":"a"`)), nil)
	instant := compile(t, parse(t, "f", formOf(props, `,"titleFormula":"at"`)), nil)
	zone := time.FixedZone("x", 8*3600)
	for _, c := range []struct {
		name string
		form *eval.Form
		in   eval.Input
		want string
	}{
		{"formula", number, eval.Input{Data: map[string]any{"a": dec("1.50")}}, "1.50"},
		{"formula is blank", number, eval.Input{Data: map[string]any{"b": " first\nline "}}, "first line"},
		{"first text", plain, eval.Input{Data: map[string]any{"secret": "s", "b": "x"}}, "x"},
		{"nothing", plain, eval.Input{Ctx: &formula.Context{Lang: "en"}}, "Form"},
		{"instant in the zone", instant, eval.Input{Data: map[string]any{"at": time.Date(2024, 1, 1, 20, 0, 0, 0, time.UTC)}, Ctx: &formula.Context{Zone: zone}}, "2024-01-02 04:00"},
		{"long", plain, eval.Input{Data: map[string]any{"b": strings.Repeat("长", 300)}}, strings.Repeat("长", 199) + "…"},
	} {
		if got := c.form.Title(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDefaultsOfANewRecord(t *testing.T) {
	t.Parallel()
	f := compile(t, parse(t, "f", formOf(strings.Join([]string{
		xf("n", `"type":"number","default":2`), xf("day", `"type":"date","default":"=TODAY()"`), xf("month", `"type":"date","precision":"month","default":"=TODAY()"`),
		xf("me", `"type":"member","default":"=USER.id"`), xf("sum", `"type":"money","formula":"n * 1.005"`), xf("id", `"type":"text","default":"=UUID()"`),
	}, ","), ``)), nil)
	now := time.Date(2024, 5, 5, 17, 0, 0, 0, time.UTC)
	got := f.Defaults(&formula.Context{Now: now, Zone: time.FixedZone("x", 8*3600), User: formula.User{ID: "u1"}})
	want := map[string]any{"n": dec("2"), "day": "2024-05-06", "month": "2024-05", "me": "u1", "sum": dec("2.01")}
	if diff := cmp.Diff(want, got, decimals); diff != "" {
		t.Error(diff)
	}
}

func TestComputeFailureNamesTheField(t *testing.T) {
	t.Parallel()
	f := compile(t, parse(t, "f", formOf(table("r", xf("id2", `"type":"text","formula":"UUID()"`), xf("x", `"type":"number"`)), ``)), nil)
	_, err := f.Compute(eval.Input{Data: map[string]any{"r": []any{map[string]any{"id": "a"}}}})
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Path != "/r" || e.Fields[0].Code != "formula" {
		t.Errorf("error = %v", err)
	}
}

func TestComputeLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	f := contract(t)
	data := map[string]any{"name": "x", "scan": nil, "lines": []any{map[string]any{"id": "a", "qty": dec("2"), "price": dec("3"), "subject": nil}}}
	before := map[string]any{"lines": []any{map[string]any{"id": "a", "qty": dec("1")}}}
	copyData, copyBefore := clone(t, data), clone(t, before)
	res, err := f.Compute(eval.Input{Data: data, Before: before, Sys: map[string]any{"id": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(copyData, clone(t, data)); diff != "" {
		t.Errorf("data: %s", diff)
	}
	if diff := cmp.Diff(copyBefore, clone(t, before)); diff != "" {
		t.Errorf("before: %s", diff)
	}
	want := map[string]any{"name": "x", "amount": dec("6"), "lines": []any{map[string]any{"id": "a", "qty": dec("2"), "price": dec("3"), "amount": dec("6")}}}
	if diff := cmp.Diff(want, res.Data, decimals); diff != "" {
		t.Errorf("result: %s", diff)
	}
}

func clone(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestValidateLimitsOfComputedValues: what formulas and rules write has the same limits as input.
func TestValidateLimitsOfComputedValues(t *testing.T) {
	t.Parallel()
	f := compile(t, parse(t, "f", formOf(strings.Join([]string{
		xf("n", `"type":"number"`), xf("twice", `"type":"number","max":10,"formula":"n * 2"`),
		xf("kind", `"type":"select","options":["a","b"]`), xf("hidden", `"type":"number","max":1,"hidden":true,"formula":"n"`),
		xf("at", `"type":"date","precision":"minute","max":"2024-01-01"`), xf("many", `"type":"member","multiple":true,"minItems":2`),
	}, ","), `,"rules":[{"when":"n > 5","then":{"set":{"kind":"\"c\""}}}]`)), nil)
	in := eval.Input{Data: map[string]any{"n": dec("6"), "at": time.Date(2024, 1, 1, 17, 0, 0, 0, time.UTC), "many": []any{"u"}}}
	for _, c := range []struct {
		zone *time.Location
		want []string
	}{
		{nil, []string{"/twice max", "/kind option", "/many min_items"}},
		{time.FixedZone("x", 8*3600), []string{"/twice max", "/kind option", "/at max", "/many min_items"}},
	} {
		in.Ctx = &formula.Context{Zone: c.zone}
		res, err := f.Compute(in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, lines(f.Validate(in, res))); diff != "" {
			t.Errorf("in %v: %s", c.zone, diff)
		}
	}
}

// TestSchemaErrorsFollowTheStates: what is hidden or cannot be filled is not complained about.
func TestSchemaErrorsFollowTheStates(t *testing.T) {
	t.Parallel()
	src := `{"key":"f","schema":{"type":"object","properties":{"kind":{"type":"string"},"note":{"type":"string","minLength":3}},
		"if":{"properties":{"kind":{"const":"x"}},"required":["kind"]},"then":{"required":["note"]}},
		"rules":[{"when":"kind == \"hide\"","then":{"hide":["note"]}}]}`
	f := compile(t, parse(t, "f", src), nil)
	for _, c := range []struct {
		data map[string]any
		edit bool
		want []string
	}{
		{map[string]any{"kind": "x"}, true, []string{"/note required"}},
		{map[string]any{"kind": "x"}, false, nil},
		{map[string]any{"kind": "y", "note": "ab"}, true, []string{"/note min_length"}},
		{map[string]any{"kind": "hide", "note": "ab"}, true, nil},
	} {
		in := eval.Input{Data: c.data, Editable: func(string) bool { return c.edit }}
		res, err := f.Compute(in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, lines(f.Validate(in, res))); diff != "" {
			t.Errorf("%v: %s", c.data, diff)
		}
	}
}

func FuzzRecord(f *testing.F) {
	form := contract(f)
	f.Add([]byte(`{"name":"x","lines":[{"id":"a","qty":"1.5","price":2},{"qty":1e20,"price":"99999999999999999999"}]}`))
	f.Add([]byte(`{"lines":[{}],"amount":null,"legal_opinion":"x"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n := 0
		data, errs := form.Decode(raw, func() string { n++; return "r" + strings.Repeat("i", n%50) })
		if len(errs) > 0 {
			return
		}
		in := eval.Input{Data: data}
		res, err := form.Compute(in)
		if err != nil {
			return
		}
		form.Validate(in, res)
		again, err := form.Compute(eval.Input{Data: res.Data, Before: res.Data})
		if err != nil {
			t.Fatal(err)
		}
		if changed := form.Changed(res.Data, again.Data); len(changed) > 0 {
			t.Fatalf("computing twice changes %v", changed)
		}
	})
}
