package catalog_test

import (
	"encoding/json"
	"testing"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

const visit = `{"key":"visit","title":"来访","titleFormula":"CONCAT(name, who)","schema":{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","required":["who"],"properties":{
 "name":{"title":"姓名","type":"string"},
 "who":{"title":"被访人","x-field":{"type":"relation","form":"hr.person","display":"name","filter":"active"}},
 "many":{"title":"陪同","x-field":{"type":"relation","form":"hr.person","multiple":true}},
 "room":{"title":"房间","x-field":{"type":"select","options":{"form":"hr.room","field":"name"}}},
 "phone":{"title":"电话","x-field":{"type":"lookup","via":"who","of":"phone"}},
 "count":{"title":"次数","x-field":{"type":"rollup","form":"hr.log","match":"visit","fn":"count"}},
 "cost":{"title":"费用","x-field":{"type":"money"}},
 "double":{"title":"两倍","x-field":{"type":"money","formula":"cost * 2"}},
 "share":{"title":"分摊","x-field":{"type":"money","formula":"cost / who.heads"}},
 "price":{"title":"价","x-field":{"type":"money","formula":"LOOKUP(\"hr.room\", \"name\" == name, \"price\")"}},
 "rows":{"title":"行","x-field":{"type":"subtable"},"items":{"type":"object","properties":{"p":{"title":"人","x-field":{"type":"relation","form":"hr.person"}}}}}
}},
"rules":[{"when":"who.active","then":{"hide":["cost"]}},{"when":"cost > 5","then":{"require":["name"]}}],
"checks":[{"assert":"who.heads > 1","message":"x"},{"assert":"cost >= 0","message":"y"}]}`

const person = `{"key":"person","title":"人","schema":{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{
 "name":{"type":"string"},"phone":{"title":"t","x-field":{"type":"phone"}},"active":{"title":"a","x-field":{"type":"switch"}},"heads":{"title":"n","x-field":{"type":"number"}}}}}`

const room = `{"key":"room","title":"房","schema":{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"name":{"type":"string"},"price":{"title":"p","x-field":{"type":"money"}}}}}`

const entry = `{"key":"log","title":"记","schema":{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"visit":{"title":"v","x-field":{"type":"relation","form":"desk.visit"}}}}}`

// TestOptionalApps: without an optional app what depends on it is plain; with it, it is all there.
func TestOptionalApps(t *testing.T) {
	t.Parallel()
	c := newShop(t)
	desk := catalog.AppDoc{Key: "desk", Title: schema.Text{"zh-CN": "前台"}, Optional: []string{"hr"}, Forms: []catalog.KeyedDoc{{Key: "visit", Doc: json.RawMessage(visit)}}}
	apps, problems := c.Check(ctx, desk)
	if schema.HasErrors(problems) {
		t.Fatalf("without the optional app: %v", problems)
	}
	f := apps["desk"].Forms["visit"]
	for key, want := range map[string]schema.FieldType{"who": schema.TypeText, "many": schema.TypeText, "room": schema.TypeText, "phone": schema.TypeText,
		"count": schema.TypeText, "cost": schema.TypeMoney, "rows.p": schema.TypeText} {
		if got := f.FieldAt(key); got.Type != want || got.Relation != nil || got.Link != nil || got.OptionsFrom != nil {
			t.Errorf("%s is %+v", key, got)
		}
	}
	if !f.FieldAt("phone").Readonly || f.FieldAt("who").Readonly || !f.FieldAt("who").Required {
		t.Error("who fills what")
	}
	if f.FieldAt("double").Formula == "" || f.FieldAt("share").Formula != "" || f.FieldAt("price").Formula != "" {
		t.Errorf("formulas: %q %q %q", f.FieldAt("double").Formula, f.FieldAt("share").Formula, f.FieldAt("price").Formula)
	}
	if len(f.Def.Rules) != 1 || len(f.Def.Checks) != 1 || f.Def.TitleFormula == "" {
		t.Errorf("%d rules, %d checks", len(f.Def.Rules), len(f.Def.Checks))
	}
	v, errs := f.Decode(json.RawMessage(`{"name":"n","who":"王","many":"a","room":"301","rows":[{"id":"1","p":"李"}]}`), func() string { return "x" })
	if len(errs) > 0 || v["who"] != "王" {
		t.Errorf("%v %v", v, errs)
	}

	hr := catalog.AppDoc{Key: "hr", Title: schema.Text{"zh-CN": "人事"}, Requires: []string{"desk"}, Forms: []catalog.KeyedDoc{
		{Key: "person", Doc: json.RawMessage(person)}, {Key: "room", Doc: json.RawMessage(room)}, {Key: "log", Doc: json.RawMessage(entry)}}}
	apps, problems = c.Check(ctx, desk, hr)
	if schema.HasErrors(problems) {
		t.Fatalf("with it: %v", problems)
	}
	f = apps["desk"].Forms["visit"]
	if f.FieldAt("who").Relation == nil || f.FieldAt("share").Formula == "" || len(f.Def.Rules) != 2 || f.FieldAt("count").Link == nil {
		t.Error("with the app there, something is still plain")
	}
	desk.Optional = nil
	if _, problems = c.Check(ctx, desk); !schema.HasErrors(problems) {
		t.Error("an app that is named nowhere is missed by nobody")
	}
}
