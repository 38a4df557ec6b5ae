package eval_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/schema/eval"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/google/go-cmp/cmp"
)

// field and subtable write short forms.
func formOf(props, rest string) string {
	return `{"key":"f","schema":{"type":"object","properties":{` + props + `}}` + rest + `}`
}

func xf(key, settings string) string { return `"` + key + `":{"x-field":{` + settings + `}}` }

func table(key string, columns ...string) string {
	return `"` + key + `":{"x-field":{"type":"subtable"},"items":{"properties":{` + strings.Join(columns, ",") + `}}}`
}

// others are forms that a form of a test may point to.
func others(t *testing.T) forms {
	target := parse(t, "target", `{"key":"target","schema":{"type":"object","properties":{
		"name":{"x-field":{"type":"text"}},"amount":{"x-field":{"type":"money"}},"back":{"x-field":{"type":"relation","form":"f"}},
		"parent":{"x-field":{"type":"relation","form":"target"}},"pm":{"x-field":{"type":"member"}},"active":{"x-field":{"type":"switch"}}}}}`)
	return forms{"shop.target": target}
}

func TestCompileProblems(t *testing.T) {
	t.Parallel()
	num := `"type":"number"`
	for _, c := range []struct{ name, src, path, code, says string }{
		{"unknown name", formOf(xf("a", num+`,"formula":"nope + 1"`), ``), "#/schema/properties/a/x-field/formula", "formula.unknown_name", "nope"},
		{"wrong type", formOf(xf("a", num+`,"formula":"\"x\""`), ``), "#/schema/properties/a/x-field/formula", "formula.type", ""},
		{"syntax", formOf(xf("a", num+`,"formula":"1 +"`), ``), "#/schema/properties/a/x-field/formula", "formula.syntax", ""},
		{"default", formOf(xf("a", num+`,"default":"=b"`), ``), "#/schema/properties/a/x-field/default", "formula.unknown_name", ""},
		{"column sees its row only", formOf(xf("n", num)+","+table("r", xf("a", num+`,"formula":"n"`)), ``), "#/schema/properties/r/items/properties/a/x-field/formula", "formula.unknown_name", ""},
		{"cycle", formOf(xf("a", num+`,"formula":"b"`)+","+xf("b", num+`,"formula":"c"`)+","+xf("c", num+`,"formula":"a"`), ``), "#/schema/properties/a/x-field/formula", "cycle", "a → b → c → a"},
		{"cycle through rows", formOf(xf("sum", num+`,"formula":"SUM(r.x)"`)+","+table("r", xf("x", num+`,"formula":"form.sum"`)), ``), "#/schema/properties/sum/x-field/formula", "cycle", "sum → r.x → sum"},
		{"cycle through a default", formOf(xf("a", num+`,"default":"=b"`)+","+xf("b", num+`,"formula":"a"`), ``), "#/schema/properties/a/x-field/default", "cycle", "a → b → a"},
		{"itself", formOf(xf("a", num+`,"formula":"a + 1"`), ``), "#/schema/properties/a/x-field/formula", "cycle", "a → a"},
		{"rule condition", formOf(xf("a", num), `,"rules":[{"when":"a +","then":{}}]`), "#/rules/0/when", "formula.syntax", ""},
		{"rule condition is no condition", formOf(xf("a", num), `,"rules":[{"when":"a","then":{}}]`), "#/rules/0/when", "formula.type", ""},
		{"rule value", formOf(xf("a", num), `,"rules":[{"when":"true","then":{},"else":{"set":{"a":"\"x\""}}}]`), "#/rules/0/else/set/a", "formula.type", ""},
		{"set twice", formOf(xf("a", num), `,"rules":[{"when":"true","then":{"set":{"a":"1"}}},{"when":"true","then":{"set":{"a":"2"}}}]`), "#/rules/1", "set_twice", "rule 1"},
		{"check", formOf(xf("a", num), `,"checks":[{"assert":"b"}]`), "#/checks/0/assert", "formula.unknown_name", ""},
		{"title", formOf(xf("a", num), `,"titleFormula":"b"`), "#/titleFormula", "formula.unknown_name", ""},
		{"relation to nothing", formOf(xf("a", `"type":"relation","form":"none"`), ``), "#/schema/properties/a/x-field/form", "unknown_form", "shop.none"},
		{"display of nothing", formOf(xf("a", `"type":"relation","form":"target","display":"x"`), ``), "#/schema/properties/a/x-field/display", "unknown_field", ""},
		{"tree that is no parent", formOf(xf("a", `"type":"relation","form":"target","tree":"name"`), ``), "#/schema/properties/a/x-field/tree", "not_a_parent", ""},
		{"fill of another type", formOf(xf("a", `"type":"relation","form":"target","fill":{"n":"name"}`)+","+xf("n", num), ``), "#/schema/properties/a/x-field/fill/n", "type", ""},
		{"filter", formOf(xf("a", `"type":"relation","form":"target","filter":"nope == 1"`), ``), "#/schema/properties/a/x-field/filter", "formula.unknown_name", ""},
		{"options of nothing", formOf(xf("a", `"type":"select","options":{"form":"target","field":"x"}`), ``), "#/schema/properties/a/x-field/options/field", "unknown_field", ""},
		{"rollup over a field that does not point here", formOf(xf("a", `"type":"rollup","form":"target","match":"parent","of":"amount"`), ``), "#/schema/properties/a/x-field/match", "not_a_relation", ""},
		{"sum of texts", formOf(xf("a", `"type":"rollup","form":"target","match":"back","of":"name"`), ``), "#/schema/properties/a/x-field/of", "type", ""},
		{"where", formOf(xf("a", `"type":"reverse","form":"target","match":"back","where":"x"`), ``), "#/schema/properties/a/x-field/where", "formula.unknown_name", ""},
		{"lookup of nothing", formOf(xf("b", `"type":"relation","form":"target"`)+","+xf("a", `"type":"lookup","via":"b","of":"x"`), ``), "#/schema/properties/a/x-field/of", "unknown_field", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, ps := eval.Compile(parse(t, "f", c.src), others(t))
			for _, p := range ps {
				if p.Path == "forms/f"+c.path && p.Code == c.code && strings.Contains(p.Message, c.says) {
					if p.Warning != (c.code == "set_twice") {
						t.Errorf("warning = %v", p.Warning)
					}
					if strings.HasPrefix(c.code, "formula.") && (p.Line == 0 || p.Column == 0) {
						t.Errorf("no place in the formula: %+v", p)
					}
					return
				}
			}
			t.Errorf("no %s at %s with %q among %+v", c.code, c.path, c.says, ps)
		})
	}
}

func TestCompileAcceptsReferences(t *testing.T) {
	t.Parallel()
	src := formOf(strings.Join([]string{
		xf("rel", `"type":"relation","form":"target","display":"name","tree":"parent","fill":{"who":"pm"},"filter":"active and amount > form.n"`),
		xf("who", `"type":"member"`), xf("n", `"type":"number"`),
		xf("opt", `"type":"select","options":{"form":"target","field":"name","filter":"active"}`),
		xf("look", `"type":"lookup","via":"rel","of":"amount"`),
		xf("roll", `"type":"rollup","form":"target","match":"back","of":"amount","where":"active and case.state == \"approved\""`),
		xf("far", `"type":"text","formula":"rel.parent.name"`), xf("twice", `"type":"money","formula":"look * 2"`),
	}, ","), ``)
	f := compile(t, parse(t, "f", src), others(t))
	if got := f.Env.Fields["look"].Kind; got != formula.Number {
		t.Errorf("the lookup is of kind %v", got)
	}
	res, err := f.Compute(eval.Input{Data: map[string]any{"rel": "r1", "look": dec("2.5")}, Ctx: &formula.Context{
		Record: func(form, id, field string) any {
			if field == "parent" {
				return "parent of " + id
			}
			return form + " " + id + " " + field
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"rel": "r1", "twice": dec("5.0"), "far": "shop.target parent of r1 name"}
	if diff := cmp.Diff(want, res.Data, decimals); diff != "" {
		t.Error(diff)
	}
}

// TestOrderKeepsTheDefinition: what does not depend on each other is computed as it is defined.
func TestOrder(t *testing.T) {
	t.Parallel()
	num := `"type":"number"`
	f := compile(t, parse(t, "f", formOf(strings.Join([]string{
		xf("z", num+`,"formula":"total"`), xf("total", num+`,"formula":"SUM(r.sum) + COUNT(r.x)"`), xf("b", num+`,"formula":"1"`), xf("a", num+`,"formula":"b"`), xf("rate", num+`,"formula":"2"`),
		table("r", xf("x", num), xf("sum", num+`,"formula":"x * form.rate"`)),
	}, ","), ``)), nil)
	var got []string
	for _, c := range f.Client().Computed {
		got = append(got, c.Field)
	}
	if diff := cmp.Diff([]string{"rate", "r.sum", "total", "z", "b", "a"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestClient(t *testing.T) {
	t.Parallel()
	f := compile(t, parse(t, "f", formOf(strings.Join([]string{
		xf("n", `"type":"number"`), xf("d", `"type":"date","default":"=TODAY()"`), xf("t", `"type":"number","formula":"n * 2"`),
		xf("u", `"type":"text","formula":"UUID()"`), table("r", xf("x", `"type":"number"`)),
	}, ","), `,"titleFormula":"TEXT(n)","rules":[{"when":"n > 1","then":{"show":["r.x"],"set":{"n":"1"}},"else":{"lock":["d"]}}],"checks":[{"assert":"n > 0","message":{"zh-CN":"大于零"}}]`)), nil)
	c := f.Client()
	raw, err := json.Marshal(c)
	if err != nil || !json.Valid(raw) {
		t.Fatal(err)
	}
	if len(c.Computed) != 2 || c.Computed[0].Field != "t" || c.Computed[0].Server || string(c.Computed[0].Tree) == "null" || !c.Computed[1].Volatile {
		t.Errorf("computed = %s", raw)
	}
	if len(c.Rules) != 1 || c.Rules[0].Then.Set[0].Field != "n" || c.Rules[0].Else.Lock[0] != "d" || c.Rules[0].Then.Show[0] != "r.x" {
		t.Errorf("rules = %s", raw)
	}
	if len(c.Checks) != 1 || c.Checks[0].Field != "n" || c.Checks[0].Level != "block" || c.Checks[0].Message.In("zh-CN") != "大于零" {
		t.Errorf("checks = %s", raw)
	}
	if len(c.Defaults["d"]) == 0 || string(c.Title) == "null" {
		t.Errorf("defaults, title = %s", raw)
	}
	if env := f.RowEnv("r"); env.Fields["form"].Fields["n"].Kind != formula.Number || f.RowEnv("n").Fields != nil {
		t.Error("row environment")
	}
}
