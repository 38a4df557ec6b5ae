package examples_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/examples"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/pack"
)

// TestSampleDataIsValid submits every sample record as its creator would at the
// start of its flow: it decodes, computes, and breaks no rule or check.
func TestSampleDataIsValid(t *testing.T) {
	t.Parallel()
	packs := readAll(t)
	forms := compileAll(t, packs)
	names := sampleNames(t, packs)
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Skip("no time zone data on this machine")
	}
	unique := map[string]string{}
	for _, p := range packs {
		names.App = p.Meta.Key
		for _, r := range p.Records() {
			form := forms[r.Form]
			raw, err := pack.Bind(r.Data, form.Def, names)
			if err != nil {
				t.Errorf("%s:%d: %v", r.File, r.Line, err)
				continue
			}
			n := 0
			data, errs := form.Decode(raw, func() string { n++; return strconv.Itoa(n) })
			if len(errs) > 0 {
				t.Errorf("%s/%s:%d: %v", p.Meta.Key, r.File, r.Line, errs)
				continue
			}
			in := eval.Input{
				Data:     data,
				Ctx:      &formula.Context{Now: r.At.In(zone).Add(time.Hour), Zone: zone, Lang: "zh-CN"},
				Editable: editable(p.App.Flow(form.Def.Flow)),
			}
			if form.Def.Flow != "" {
				in.Case = map[string]any{"state": "draft"}
			}
			res, err := form.Compute(in)
			if err != nil {
				t.Errorf("%s/%s:%d: %v", p.Meta.Key, r.File, r.Line, err)
				continue
			}
			if r.State != "draft" {
				for _, e := range form.Validate(in, res) {
					t.Errorf("%s/%s:%d: %s %s: %s", p.Meta.Key, r.File, r.Line, e.Path, e.Code, e.Message)
				}
			}
			checkUnique(t, unique, form.Def, res.Data, p.Meta.Key+"/"+r.File+":"+strconv.Itoa(r.Line))
		}
	}
}

// sampleNames gives every alias an id.
func sampleNames(t *testing.T, packs []*pack.Pack) pack.Names {
	t.Helper()
	org, problems := pack.ReadOrg("demo/org.yaml", examples.Org())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	names := pack.Names{Records: map[string]string{}, Users: map[string]string{}, Depts: map[string]string{}}
	for _, u := range org.Users {
		names.Users[u.Key] = "user-" + u.Key
	}
	for _, d := range org.Depts {
		names.Depts[d.Key] = "dept-" + d.Key
	}
	for _, p := range packs {
		for _, r := range p.Records() {
			if r.As != "" {
				names.Records[p.Meta.Key+"."+r.As] = p.Meta.Key + "-" + r.As
			}
		}
	}
	return names
}

// editable tells what the start node of a flow lets the initiator fill.
func editable(flow *schema.Flow) func(string) bool {
	if flow == nil {
		return nil
	}
	edit := flow.Nodes[0].Fields.Edit
	return func(path string) bool {
		key, _, _ := strings.Cut(path, ".")
		return slices.Contains(edit, "all") || slices.Contains(edit, path) || slices.Contains(edit, key)
	}
}

func checkUnique(t *testing.T, seen map[string]string, form *schema.Form, data map[string]any, place string) {
	t.Helper()
	for _, fields := range form.Unique {
		key := form.Ref() + " " + strings.Join(fields, "+")
		for _, f := range fields {
			s, ok := data[f].(string)
			if !ok {
				key = ""
				break
			}
			key += "|" + s
		}
		if key == "" {
			continue
		}
		if other := seen[key]; other != "" {
			t.Errorf("%s and %s have the same %v", other, place, fields)
		}
		seen[key] = place
	}
}

// TestAmounts pins what the sample contracts come to, computed by hand.
func TestAmounts(t *testing.T) {
	t.Parallel()
	packs := readAll(t)
	forms := compileAll(t, packs)
	names := sampleNames(t, packs)
	want := map[string]string{
		"c_concrete": "4059000.00", "c_steel": "4830900.00", "c_labour": "3767400.00", "c_tower": "371000.00",
		"c_fire": "2896248.25", "c_mep": "4176564.00", "c_block": "571050.00", "c2_labour": "2305650.00",
	}
	form := forms["cost.expense_contract"]
	for _, p := range packs {
		names.App = p.Meta.Key
		for _, r := range p.Records() {
			if r.Form != "cost.expense_contract" || want[r.As] == "" {
				continue
			}
			raw, err := pack.Bind(r.Data, form.Def, names)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			data, errs := form.Decode(raw, func() string { n++; return strconv.Itoa(n) })
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			res, err := form.Compute(eval.Input{Data: data, Ctx: &formula.Context{}})
			if err != nil {
				t.Fatal(err)
			}
			if got := form.Encode(res.Data)["amount"]; got != want[r.As] {
				t.Errorf("%s comes to %v, want %s", r.As, got, want[r.As])
			}
		}
	}
}
