package flow_test

import (
	"slices"
	"testing"

	"github.com/formwork-run/formwork/runtime/internal/kit"
)

// TestWorkIsChecked: what a node says about another form is held against it
// before anything is published.
func TestWorkIsChecked(t *testing.T) {
	t.Parallel()
	for node, want := range map[string]string{
		`type: data, data: {op: create, form: stock, set: {nothing: name}}`:                                          "flows/order#/nodes/1/data/set/nothing unknown_field",
		`type: data, data: {op: create, form: stock, set: {no: name}}`:                                               "flows/order#/nodes/1/data/set/no not_writable",
		`type: data, data: {op: create, form: stock, set: {name: nothing}}`:                                          "flows/order#/nodes/1/data/set/name formula.unknown_name",
		`type: data, data: {op: find, form: stock, where: nothing == 1, into: {found: name}}`:                        "flows/order#/nodes/1/data/where formula.unknown_name",
		`type: data, data: {op: find, form: stock, where: 'LEN(name) > form.amount', into: {found: name}}`:           "flows/order#/nodes/1/data/where filter",
		`type: data, data: {op: find, form: stock, where: name == form.code, into: {found: nothing}}`:                "flows/order#/nodes/1/data/into/found formula.unknown_name",
		`type: subflow, subflow: {form: buy, each: lines, data: {what: name}}`:                                       "flows/order#/nodes/1/subflow/data/what formula.unknown_name",
		`type: subflow, subflow: {form: buy, data: {what: name}, wait: true, back: {found: nothing}}`:                "flows/order#/nodes/1/subflow/back/found formula.unknown_name",
		`type: call, call: {url: "https://a.example/{nothing}"}`:                                                     "flows/order#/nodes/1/call/url formula.unknown_name",
		`type: call, call: {url: "https://a.example/", body: {x: nothing}}`:                                          "flows/order#/nodes/1/call/body/x formula.unknown_name",
		`type: data, data: {op: update, form: stock, each: lines, where: name == row.item, set: {qty: form.amount}}`: "",
	} {
		s := &store{World: kit.Empty(t), t: t}
		problems, err := s.TryPublish(shop("  - {id: do, " + node + "}"))
		var got []string
		for _, p := range problems {
			got = append(got, p.Path+" "+p.Code)
		}
		if want == "" && err != nil || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: %v, want %q (%v)", node, got, want, err)
		}
	}
}
