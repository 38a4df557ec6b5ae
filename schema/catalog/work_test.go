package catalog_test

import (
	"encoding/json"
	"slices"
	"strings"
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

// TestWorkNodesAndSensitiveFields: no mapping of a node lays a sensitive value down
// in the clear, and one that sends it away is warned of.
func TestWorkNodesAndSensitiveFields(t *testing.T) {
	t.Parallel()
	c := newShop(t)
	const secret, plain = `{"x-field":{"type":"text","sensitive":true}}`, `{"type":"string"}`
	rows := func(col string) string {
		return `{"type":"array","x-field":{"type":"subtable"},"items":{"type":"object","properties":{"id_no":` + col + `,"what":` + plain + `}}}`
	}
	const flow = `{"key":"f","form":"own","nodes":[{"id":"start","type":"start"},{"id":"n",NODE},{"id":"end","type":"end"}]}`
	for node, want := range map[string]string{
		`"type":"data","data":{"op":"create","form":"other","set":{"a":"s"}}`:                                        "/data/set/a sensitive_copy",
		`"type":"data","data":{"op":"create","form":"other","set":{"a":"CONCAT(a, s)"}}`:                             "/data/set/a sensitive_copy",
		`"type":"data","data":{"op":"create","form":"other","set":{"s":"s","a":"a"}}`:                                "",
		`"type":"data","data":{"op":"create","form":"other","set":{"a":"rel.s"}}`:                                    "/data/set/a sensitive_copy",
		`"type":"data","data":{"op":"create","form":"other","set":{"a":"rel.a"}}`:                                    "",
		`"type":"data","data":{"op":"create","form":"other","each":"lines","set":{"a":"id_no"}}`:                     "/data/set/a sensitive_copy",
		`"type":"data","data":{"op":"create","form":"other","each":"lines","set":{"a":"what"}}`:                      "",
		`"type":"data","data":{"op":"create","form":"other","each":"lines","set":{"a":"form.s"}}`:                    "/data/set/a sensitive_copy",
		`"type":"data","data":{"op":"create","form":"other","set":{"open":"lines"}}`:                                 "/data/set/open sensitive_copy",
		`"type":"data","data":{"op":"create","form":"other","set":{"sealed":"lines"}}`:                               "",
		`"type":"data","data":{"op":"update","form":"other","where":"a == form.a","set":{"a":"a"},"into":{"a":"s"}}`: "/data/into/a sensitive_copy",
		`"type":"data","data":{"op":"update","form":"other","where":"a == form.a","set":{"a":"a"},"into":{"s":"s"}}`: "",
		`"type":"subflow","subflow":{"form":"own","data":{"a":"s"}}`:                                                 "/subflow/data/a sensitive_copy",
		`"type":"subflow","subflow":{"form":"own","data":{"s":"s"},"wait":true,"back":{"a":"s"}}`:                    "/subflow/back/a sensitive_copy",
		`"type":"call","call":{"url":"https://example.com/x","body":{"k":"s"}}`:                                      "/call/body/k sensitive_call warning",
		`"type":"call","call":{"url":"https://example.com/{s}","body":{"k":"a"}}`:                                    "/call/url sensitive_call warning",
		`"type":"call","call":{"url":"https://example.com/{a}","body":{"k":"a"}}`:                                    "",
	} {
		a := app("w", form("own", `"a":`+plain+`,"s":`+secret+`,"lines":`+rows(secret)+`,"rel":{"x-field":{"type":"relation","form":"other"}}`, `,"flow":"f"`),
			form("other", `"a":`+plain+`,"s":`+secret+`,"open":`+rows(plain)+`,"sealed":`+rows(secret), ""))
		a.Flows = []catalog.KeyedDoc{{Key: "f", Doc: json.RawMessage(strings.Replace(flow, "NODE", node, 1))}}
		_, problems := c.Check(ctx, a)
		got := ""
		for _, p := range problems {
			got += strings.TrimPrefix(p.Path, "flows/f#/nodes/1") + " " + p.Code
			if p.Warning {
				got += " warning"
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", node, got, want)
		}
	}
}
