package schema_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/schema"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func parseFile(t testing.TB, name string) *schema.Form {
	t.Helper()
	f, ps := schema.ParseForm("shop", name, readFile(t, "testdata/forms/"+name+".json"))
	if len(ps) > 0 {
		t.Fatalf("problems: %+v", ps)
	}
	return f
}

// TestFormGolden: every form of testdata is read without a problem, its
// normalised structure is the golden one, and its canonical text is read as
// the same form.
func TestFormGolden(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/forms/*.json")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := parseFile(t, name)
			canonical := f.MarshalCanonical()
			again, ps := schema.ParseForm("shop", name, canonical)
			if len(ps) > 0 {
				t.Fatalf("canonical text has problems: %+v", ps)
			}
			if diff := cmp.Diff(f, again, decimals); diff != "" {
				t.Errorf("the canonical text is another form: %s", diff)
			}
			if again := again.MarshalCanonical(); string(again) != string(canonical) {
				t.Errorf("canonical text is not stable:\n%s\n%s", canonical, again)
			}
			f.Schema = nil // is in the source beside it
			for _, x := range f.Fields {
				x.Schema = nil
				for _, c := range x.Columns {
					c.Schema = nil
				}
			}
			got := compact(t, f)
			golden := "testdata/golden/" + name + ".json"
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(strings.TrimSpace(string(readFile(t, golden))), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// compact writes the structure without what is empty.
func compact(t *testing.T, f *schema.Form) []byte {
	t.Helper()
	raw, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	raw, err = json.MarshalIndent(prune(v), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func prune(v any) any {
	switch x := v.(type) {
	case []any:
		for i := range x {
			x[i] = prune(x[i])
		}
	case map[string]any:
		for k, e := range x {
			if e == nil || e == "" || e == false || e == 0.0 && k != "Scale" || e == -1.0 {
				delete(x, k)
				continue
			}
			x[k] = prune(e)
		}
	}
	return v
}

func TestDesignExample(t *testing.T) {
	t.Parallel()
	f := parseFile(t, "expense_contract")
	if f.Ref() != "shop.expense_contract" || f.Field("settled").Link.Form != "shop.settlement" || f.Field("project").Relation.Form != "base.project" {
		t.Error("references are not full")
	}
	name := f.Field("name")
	if name.Type != schema.TypeText || !name.Plain || name.MaxLength != 200 || !name.Required {
		t.Errorf("name = %+v", name)
	}
	lines := f.Field("lines")
	if lines.MinItems != 1 || len(lines.Columns) != 4 || !lines.Columns[1].Required || lines.Columns[3].Required {
		t.Errorf("lines = %+v", lines)
	}
	if got := f.Layout[len(f.Layout)-1].Fields; !cmp.Equal(got, []string{"settled"}) {
		t.Errorf("the last section has %v", got)
	}
	if diff := cmp.Diff([][]string{{"project", "-sys.created_at"}}, f.Indexes); diff != "" {
		t.Error(diff)
	}
}

// form wraps properties in a form.
func form(props, rest string) string {
	return `{"key":"f","schema":{"type":"object","properties":{` + props + `}}` + rest + `}`
}

func TestParseFormProblems(t *testing.T) {
	t.Parallel()
	text := `"a":{"x-field":{"type":"text"}}`
	for _, c := range []struct{ name, src, path, code, says string }{
		{"not JSON", `{`, "#", "json", ""},
		{"duplicate key", `{"key":"f","key":"f"}`, "#/key", "json", "twice"},
		{"button without a key", form(text, `,"buttons":[{"title":"x"}]`), "#/buttons/0/key", "key", ""},
		{"button twice", form(text, `,"buttons":[{"key":"x"},{"key":"x"}]`), "#/buttons/1/key", "duplicate", ""},
		{"buttons that are no list", form(text, `,"buttons":{"key":"x"}`), "#/buttons", "type", ""},
		{"unknown key", form(text, `,"chekcs":[]`), "#/chekcs", "unknown_key", "checks"},
		{"no schema", `{"key":"f"}`, "#", "missing", "schema"},
		{"other key", `{"key":"g","schema":{"properties":{` + text + `}}}`, "#/key", "key", "g"},
		{"no fields", form(``, ``), "#/schema", "empty", ""},
		{"unknown type", form(`"a":{"x-field":{"type":"txt"}}`, ``), "#/schema/properties/a/x-field/type", "unknown_type", "text"},
		{"unknown setting", form(`"a":{"x-field":{"type":"text","scal":2}}`, ``), "#/schema/properties/a/x-field/scal", "unknown_key", ""},
		{"setting of another type", form(`"a":{"x-field":{"type":"text","currency":"CNY"}}`, ``), "#/schema/properties/a/x-field/currency", "unknown_key", ""},
		{"bad key", form(`"aB":{"x-field":{"type":"text"}}`, ``), "#/schema/properties/aB", "key", ""},
		{"reserved key", form(`"not":{"x-field":{"type":"text"}}`, ``), "#/schema/properties/not", "reserved", ""},
		{"column named id", form(`"a":{"x-field":{"type":"subtable"},"items":{"properties":{"id":{"x-field":{"type":"text"}}}}}`, ``), "#/schema/properties/a/items/properties/id", "reserved", ""},
		{"subtable in subtable", form(`"a":{"x-field":{"type":"subtable"},"items":{"properties":{"b":{"x-field":{"type":"subtable"}}}}}`, ``), "#/schema/properties/a/items/properties/b/x-field/type", "column_type", ""},
		{"empty subtable", form(`"a":{"x-field":{"type":"subtable"}}`, ``), "#/schema/properties/a/items", "empty", ""},
		{"no options", form(`"a":{"x-field":{"type":"radio"}}`, ``), "#/schema/properties/a/x-field", "missing", "options"},
		{"option twice", form(`"a":{"x-field":{"type":"radio","options":["x","x"]}}`, ``), "#/schema/properties/a/x-field/options/1", "duplicate", ""},
		{"min over max", form(`"a":{"x-field":{"type":"number","min":2,"max":1}}`, ``), "#/schema/properties/a/x-field/min", "range", ""},
		{"default of a wrong type", form(`"a":{"x-field":{"type":"number","default":"x"}}`, ``), "#/schema/properties/a/x-field/default", "default", ""},
		{"default of a computed field", form(`"a":{"x-field":{"type":"number","formula":"1","default":1}}`, ``), "#/schema/properties/a/x-field/default", "conflict", ""},
		{"look-around", form(`"a":{"type":"string","pattern":"(?!x)"}`, ``), "#/schema/properties/a/pattern", "pattern", "look-around"},
		{"remote reference", form(`"a":{"$ref":"http://x/y"}`, ``), "#/schema/properties/a/$ref", "remote_ref", ""},
		{"file reference", form(`"a":{"$ref":"file:///etc/passwd"}`, ``), "#/schema/properties/a/$ref", "remote_ref", ""},
		{"id changes the base", form(`"a":{"$id":"http://x/","properties":{"b":{"$ref":"#/definitions/c"}}}`, ``), "#/schema/properties/a/$id", "id", ""},
		{"broken reference", form(`"a":{"$ref":"#/definitions/a"}`, ``), "#/schema/properties/a/$ref", "broken_ref", ""},
		{"reference to itself", form(`"a":{"$ref":"#/properties/b"},"b":{"allOf":[{"$ref":"#/properties/a"}]}`, ``), "#/schema/properties/a/$ref", "ref_cycle", ""},
		{"keyword of a wrong type", form(`"a":{"type":"string","maxLength":"x"}`, ``), "#/schema/properties/a/maxLength", "type", ""},
		{"unknown type word", form(`"a":{"type":"txt"}`, ``), "#/schema/properties/a/type", "choice", ""},
		{"required names nothing", `{"key":"f","schema":{"required":["b"],"properties":{` + text + `}}}`, "#/schema/required/0", "unknown_field", ""},
		{"layout names nothing", form(text, `,"layout":[{"section":"s","fields":["b"]}]`), "#/layout/0/fields/0", "unknown_field", "a"},
		{"field twice in the layout", form(text, `,"layout":[{"section":"s","fields":["a"]},{"section":"t","fields":["a"]}]`), "#/layout/1/fields/0", "duplicate", ""},
		{"two kinds of layout item", form(text, `,"layout":[{"section":"s","note":"n"}]`), "#/layout/0/note", "conflict", ""},
		{"rule names nothing", form(text, `,"rules":[{"when":"true","then":{"show":["a","bb"]}}]`), "#/rules/0/then/show/1", "unknown_field", ""},
		{"rule sets a computed field", form(`"a":{"x-field":{"type":"number","formula":"1"}}`, `,"rules":[{"when":"true","then":{"set":{"a":"2"}}}]`), "#/rules/0/then/set/a", "not_settable", ""},
		{"rule without a condition", form(text, `,"rules":[{"then":{}}]`), "#/rules/0", "missing", ""},
		{"check of an unknown level", form(text, `,"checks":[{"assert":"true","level":"stop"}]`), "#/checks/0/level", "choice", ""},
		{"unique names nothing", form(text, `,"unique":[["a","c.d"]]`), "#/unique/0/1", "unknown_field", ""},
		{"index over files", form(`"a":{"x-field":{"type":"attachment"}}`, `,"indexes":[["a"]]`), "#/indexes/0/0", "not_indexable", ""},
		{"two lists in an index", form(`"a":{"x-field":{"type":"member","multiple":true}},"b":{"x-field":{"type":"region"}}`, `,"indexes":[["a","b"]]`), "#/indexes/0/1", "not_indexable", "one list"},
		{"relation without a form", form(`"a":{"x-field":{"type":"relation"}}`, ``), "#/schema/properties/a/x-field", "missing", "form"},
		{"fill of nothing", form(`"a":{"x-field":{"type":"relation","form":"b","fill":{"c":"d"}}}`, ``), "#/schema/properties/a/x-field/fill/c", "unknown_field", ""},
		{"lookup without a relation", form(`"a":{"x-field":{"type":"lookup","via":"b","of":"c"}}`, ``), "#/schema/properties/a/x-field/via", "unknown_field", ""},
		{"serial without a number", form(`"a":{"x-field":{"type":"serial","pattern":"A{yyyy}"}}`, ``), "#/schema/properties/a/x-field/pattern", "format", ""},
		{"formula field without formula", form(`"a":{"x-field":{"type":"formula"}}`, ``), "#/schema/properties/a/x-field", "missing", "formula"},
		{"summary of nothing", form(`"a":{"x-field":{"type":"subtable","summary":{"z":"sum"}},"items":{"properties":{"b":{"x-field":{"type":"text"}}}}}`, ``), "#/schema/properties/a/x-field/summary/z", "unknown_field", ""},
		{"not a draft-07 schema", `{"key":"f","schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","properties":{` + text + `}}}`, "#/schema/$schema", "draft", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, ps := schema.ParseForm("shop", "f", json.RawMessage(c.src))
			for _, p := range ps {
				if p.Path == "forms/f"+c.path && p.Code == c.code && strings.Contains(p.Message, c.says) && !p.Warning {
					return
				}
			}
			t.Errorf("no problem %s at %s with %q among %+v", c.code, c.path, c.says, ps)
		})
	}
}

func TestParseFormReportsEverything(t *testing.T) {
	t.Parallel()
	_, ps := schema.ParseForm("shop", "f", json.RawMessage(form(`"a":{"x-field":{"type":"txt"}},"b":{"x-field":{"type":"money","scale":99,"x":1}}`, `,"rules":[{}],"extra":1`)))
	if len(ps) < 5 {
		t.Errorf("only %d problems: %+v", len(ps), ps)
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	a := parseFile(t, "expense_contract")
	src := string(readFile(t, "testdata/forms/expense_contract.json"))
	src = strings.NewReplacer(
		`"manager": {"title": "项目经理", "x-field": {"type": "member"}},`, `"leader": {"title": "项目经理", "x-field": {"type": "member"}},`,
		`"fill": {"manager": "pm"}`, `"fill": {"leader": "pm"}`, `"project", "manager", "name"`, `"project", "leader", "name"`,
		`"scale": 3, "min": 0`, `"scale": 4, "min": 0`, `{"type": "textarea"}`, `{"type": "richtext"}`, `"amount > 0"`, `"amount > 1"`,
	).Replace(src)
	b, ps := schema.ParseForm("shop", "expense_contract", json.RawMessage(src))
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	want := []schema.Change{
		{Path: "project", Kind: "changed", Before: "relation", After: "relation"},
		{Path: "leader", Kind: "added", After: "member"},
		{Path: "legal_opinion", Kind: "type", Before: "textarea", After: "richtext"},
		{Path: "lines.qty", Kind: "changed", Before: "number", After: "number"},
		{Path: "manager", Kind: "removed", Before: "member"},
		{Path: "layout", Kind: "changed"},
		{Path: "checks", Kind: "changed"},
	}
	if diff := cmp.Diff(want, schema.Diff(a, b)); diff != "" {
		t.Error(diff)
	}
	if d := schema.Diff(a, a); len(d) > 0 {
		t.Errorf("a form differs from itself: %v", d)
	}
}

func FuzzParseForm(f *testing.F) {
	for _, n := range []string{"expense_contract", "all_types"} {
		f.Add(readFile(f, "testdata/forms/"+n+".json"))
	}
	f.Add([]byte(form(`"a":{"$ref":"#/properties/a"}`, `,"layout":[{"tabs":[{"note":"x"}]}]`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		form, ps := schema.ParseForm("shop", "f", raw)
		if schema.HasErrors(ps) {
			return
		}
		again, ps := schema.ParseForm("shop", "f", form.MarshalCanonical())
		if schema.HasErrors(ps) {
			t.Fatalf("the canonical text is refused: %+v", ps)
		}
		if diff := cmp.Diff(form, again, decimals); diff != "" {
			t.Fatal(diff)
		}
	})
}
