package catalog_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/formwork-run/formwork/schema/catalog"
)

// TestWorkNodes: what a node says about another form is held against it, also
// of a draft that came by no pack.
func TestWorkNodes(t *testing.T) {
	t.Parallel()
	c := newShop(t)
	for node, want := range map[string]string{
		`"type":"data","data":{"op":"create","form":"nothing","set":{"a":"a"}}`:    "flows/f#/nodes/1/data/form unknown_form",
		`"type":"data","data":{"op":"create","form":"far.away","set":{"a":"a"}}`:   "flows/f#/nodes/1/data/form unknown_form",
		`"type":"subflow","subflow":{"form":"other","data":{"a":"a"}}`:             "flows/f#/nodes/1/subflow/form no_flow",
		`"type":"data","data":{"op":"create","form":"other","set":{"b":"a"}}`:      "flows/f#/nodes/1/data/set/b unknown_field",
		`"type":"data","data":{"op":"create","form":"other","set":{"a":"a"}}`:      "",
		`"type":"subflow","subflow":{"form":"own","data":{"a":"a"}}`:               "",
		`"type":"data","data":{"op":"create","form":"maybe.form","set":{"x":"a"}}`: "", // an optional app
	} {
		a := app("w", form("own", `"a":{"type":"string"}`, `,"flow":"f"`), form("other", `"a":{"type":"string"}`, ""))
		a.Optional = []string{"maybe"}
		a.Flows = []catalog.KeyedDoc{{Key: "f", Doc: json.RawMessage(`{"key":"f","form":"own","nodes":[{"id":"start","type":"start"},{"id":"n",` + node + `},{"id":"end","type":"end"}]}`)}}
		_, problems := c.Check(ctx, a)
		var got []string
		for _, p := range problems {
			if !p.Warning {
				got = append(got, p.Path+" "+p.Code)
			}
		}
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: %v, want %q", node, got, want)
		}
	}
}
