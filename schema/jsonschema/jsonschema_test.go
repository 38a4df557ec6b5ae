package jsonschema_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/jsonschema"
	"github.com/google/go-cmp/cmp"
	"github.com/xeipuuv/gojsonschema"
)

func parse(t testing.TB, src string) *schema.Form {
	t.Helper()
	f, ps := schema.ParseForm("shop", "f", json.RawMessage(src))
	if schema.HasErrors(ps) {
		t.Fatalf("problems: %+v", ps)
	}
	return f
}

func validate(t testing.TB, f *schema.Form, raw string) []fault.Field {
	t.Helper()
	d := schema.NewDecoder(f.Fields)
	v, ps := jsonschema.Compile(f, d)
	if len(ps) > 0 {
		t.Fatalf("problems: %+v", ps)
	}
	data, errs := d.Decode(json.RawMessage(raw), nil)
	if len(errs) > 0 {
		t.Fatalf("decode: %+v", errs)
	}
	return v.Validate(data)
}

// TestNothingToDo: a form whose fields check everything costs no validation.
func TestNothingToDo(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"expense_contract", "all_types"} {
		raw, err := os.ReadFile("../testdata/forms/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		f, _ := schema.ParseForm("shop", name, raw)
		if v, ps := jsonschema.Compile(f, schema.NewDecoder(f.Fields)); v != nil || len(ps) > 0 {
			t.Errorf("%s: validator %v, problems %+v", name, v != nil, ps)
		}
	}
}

func TestKeywordsBesideXField(t *testing.T) {
	t.Parallel()
	f := parse(t, `{"key":"f","schema":{"type":"object","properties":{
		"amount":{"x-field":{"type":"money"},"multipleOf":0.5,"exclusiveMinimum":0},
		"note":{"x-field":{"type":"textarea"},"minLength":3},
		"day":{"x-field":{"type":"date"}},
		"tags":{"x-field":{"type":"member","multiple":true},"minItems":2},
		"rows":{"x-field":{"type":"subtable"},"uniqueItems":true,"items":{"properties":{"n":{"x-field":{"type":"number"},"not":{"const":7}}},"minProperties":1}}},
		"if":{"properties":{"amount":{"minimum":500000}},"required":["amount"]},"then":{"required":["note"]},
		"dependencies":{"day":["note"]}}}`)
	for _, c := range []struct {
		data string
		want []string
	}{
		{`{"amount":"1.50","note":"abc","day":"2024-01-01","rows":[{"id":"a","n":1},{"id":"b","n":2}]}`, nil},
		{`{"amount":1.3}`, []string{"/amount schema multipleOf"}},
		{`{"amount":0}`, []string{"/amount min exclusiveMinimum"}},
		{`{"amount":"500000.00"}`, []string{"/note required required"}},
		{`{"day":"2024-01-01"}`, []string{"/note required dependencies"}},
		{`{"note":"ab"}`, []string{"/note min_length minLength"}},
		{`{"rows":[{"id":"a","n":7},{"id":"b"},{"id":"c","n":7}]}`, []string{"/rows schema uniqueItems", "/rows/0/n schema not", "/rows/1 schema minProperties", "/rows/2/n schema not"}},
	} {
		for range 5 { // the order of maps must not matter
			var got []string
			for _, e := range validate(t, f, c.data) {
				got = append(got, e.Path+" "+e.Code+" "+e.Params["keyword"].(string))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %s", c.data, diff)
			}
		}
	}
}

// TestBigNumbersAreExact: a number beyond float64 is compared as it is.
func TestBigNumbersAreExact(t *testing.T) {
	t.Parallel()
	f := parse(t, `{"key":"f","schema":{"properties":{"a":{"type":"number","exclusiveMaximum":9007199254740993.1}}}}`)
	if errs := validate(t, f, `{"a":9007199254740993.05}`); len(errs) > 0 {
		t.Errorf("refused: %+v", errs)
	}
	if errs := validate(t, f, `{"a":9007199254740993.1}`); len(errs) != 1 || errs[0].Params["max"] != "9007199254740993.1" {
		t.Errorf("errors = %+v", errs)
	}
}

// TestReferencesStayInside: names that look like references or ids are names,
// and annotations with references are not followed.
func TestReferencesStayInside(t *testing.T) {
	t.Parallel()
	f, ps := schema.ImportSchema("shop", "f", []byte(`{"$id":"http://127.0.0.1:1/root.json","type":"object",
		"definitions":{"$ref":{"type":"integer"},"o":{"type":"object","properties":{"$id":{"type":"string"},"$ref":{"type":"string"}},"required":["$ref"]}},
		"properties":{"a":{"$ref":"#/definitions/$ref"},"b":{"$ref":"#/definitions/o"},"c":{"default":{"$ref":"http://127.0.0.1:1/x"},"examples":[{"$ref":"file:///etc/passwd"}],"minLength":2},
		"d":{"const":{"$ref":"http://127.0.0.1:1/y"}}}}`))
	if schema.HasErrors(ps) {
		t.Fatalf("problems: %+v", ps)
	}
	if errs := validate(t, f, `{"a":1,"b":{"$id":"x","$ref":"y"},"c":"ab","d":{"$ref":"http://127.0.0.1:1/y"}}`); len(errs) > 0 {
		t.Errorf("errors: %+v", errs)
	}
	errs := validate(t, f, `{"b":{"$id":"x"},"c":"a","d":{"$ref":"z"}}`)
	if len(errs) != 3 || errs[0].Path != "/b/$ref" || errs[1].Path != "/c" || errs[2].Path != "/d" {
		t.Errorf("errors: %+v", errs)
	}
}

// TestExtraProperties: what no field takes goes into the extra field, and is
// held to patternProperties and additionalProperties.
func TestExtraProperties(t *testing.T) {
	t.Parallel()
	f, ps := schema.ImportSchema("shop", "f", []byte(`{"properties":{"a":{"type":"string"},"others":{"type":"string"}},"patternProperties":{"^x-":{"type":"integer"}},"additionalProperties":false}`))
	if schema.HasErrors(ps) || f.Field("others_2") == nil {
		t.Fatalf("problems: %+v, fields: %+v", ps, f)
	}
	if errs := validate(t, f, `{"a":"b","others":"c","x-1":1,"others_2":{"x-2":2}}`); len(errs) > 0 {
		t.Errorf("errors: %+v", errs)
	}
	errs := validate(t, f, `{"x-1":"a","y":1}`)
	if len(errs) != 2 || errs[0].Path != "/others_2/x-1" || errs[0].Code != "type" || errs[1].Path != "/others_2/y" || errs[1].Code != "unknown_field" {
		t.Errorf("errors: %+v", errs)
	}
	if _, errs := schema.NewDecoder(f.Fields).Decode(json.RawMessage(`{"others_2":[1]}`), nil); len(errs) != 1 || errs[0].Code != "type" {
		t.Errorf("errors: %+v", errs)
	}
}

// load compiles a schema file of docs/schema.
func load(t *testing.T, path string) *gojsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDefinitionSchema: docs/schema/form.schema.json takes every form of the
// test data and refuses what ParseForm refuses for its shape.
func TestDefinitionSchema(t *testing.T) {
	t.Parallel()
	s := load(t, "../../docs/schema/form.schema.json")
	files, _ := filepath.Glob("../testdata/forms/*.json")
	imports, _ := filepath.Glob("../testdata/import/*.json")
	for _, file := range append(files, imports...) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(file, "import") {
			var c struct{ Schema json.RawMessage }
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatal(err)
			}
			f, _ := schema.ImportSchema("shop", "f", c.Schema)
			raw = f.MarshalCanonical()
		}
		res, err := s.Validate(gojsonschema.NewBytesLoader(raw))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range res.Errors() {
			t.Errorf("%s: %s", file, e)
		}
	}
	for _, bad := range []string{
		`{"key":"f"}`,
		`{"key":"F","schema":{"properties":{"a":{}}}}`,
		`{"key":"f","schema":{"properties":{}}}`,
		`{"key":"f","schema":{"properties":{"aB":{}}}}`,
		`{"key":"f","schema":{"properties":{"a":{"x-field":{"type":"txt"}}}}}`,
		`{"key":"f","schema":{"properties":{"a":{"x-field":{"type":"text","currency":"CNY"}}}}}`,
		`{"key":"f","schema":{"properties":{"a":{"x-field":{"type":"subtable"}}}}}`,
		`{"key":"f","schema":{"properties":{"a":{"$ref":"http://x/y"}}}}`,
		`{"key":"f","schema":{"properties":{"a":{}}},"rules":[{"then":{}}]}`,
		`{"key":"f","schema":{"properties":{"a":{}}},"layout":[{"sektion":"x"}]}`,
		`{"key":"f","schema":{"properties":{"a":{}}},"checks":[{"assert":"a","level":"stop"}]}`,
	} {
		_, ps := schema.ParseForm("shop", "f", json.RawMessage(bad))
		res, err := s.Validate(gojsonschema.NewStringLoader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if res.Valid() || !schema.HasErrors(ps) {
			t.Errorf("%s: schema says %v, ParseForm %+v", bad, res.Valid(), ps)
		}
	}
}

// TestDefinitionSchemaKnowsTheSettings: the settings it allows for every type are those of the catalogue.
func TestDefinitionSchemaKnowsTheSettings(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/schema/form.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Definitions map[string]struct {
			Properties map[string]json.RawMessage
			AllOf      []struct {
				If struct {
					Properties struct {
						Type struct{ Const schema.FieldType }
					}
				}
				Then struct{ PropertyNames struct{ Enum []string } }
			}
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	got := map[schema.FieldType][]string{}
	for _, c := range doc.Definitions["x-field"].AllOf {
		got[c.If.Properties.Type.Const] = c.Then.PropertyNames.Enum
	}
	want := map[schema.FieldType][]string{}
	for _, k := range schema.Kinds() {
		want[k.Info().Type] = schema.SettingNames(k.Info().Type)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestDocumentAgreesWithDecoding: what the exported schema of a form accepts is
// decoded, and what is decoded was accepted.
func TestDocumentAgreesWithDecoding(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../testdata/forms/all_types.json")
	if err != nil {
		t.Fatal(err)
	}
	f, _ := schema.ParseForm("shop", "all_types", raw)
	s, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(jsonschema.Document(f)))
	if err != nil {
		t.Fatal(err)
	}
	d := schema.NewDecoder(f.Fields)
	for _, c := range []struct {
		data string
		ok   bool
	}{
		{`{"t_number":"1.5","t_money":2,"t_switch":true,"t_date":"2024-01-01","t_radio":"b","t_range":{"start":"2024-01-01","end":"2024-01-02"}}`, true},
		{`{"t_location":{"lng":"1","lat":2},"t_attachment":[{"id":"a","name":"a.pdf","size":1}],"t_members":["u"],"t_json":[1,{}],"t_color":"#aabbcc","t_month":"2024-02"}`, true},
		{`{"t_number":null,"t_radio":null,"t_sub":[{"c_text":"x"}],"t_instant":"2024-01-01T00:00:00Z","t_time":"10:00"}`, true},
		{`{"t_number":true}`, false}, {`{"t_number":"x"}`, false}, {`{"t_switch":"true"}`, false}, {`{"t_radio":"z"}`, false}, {`{"t_month":"2024-13"}`, false},
		{`{"t_location":{"lng":1}}`, false}, {`{"t_attachment":[{"name":"x"}]}`, false}, {`{"t_sub":[{"nope":1}]}`, false}, {`{"nope":1}`, false}, {`{"t_time":"9:00"}`, false},
		{`{"t_email":"x"}`, false}, {`{"t_color":"red"}`, false}, {`{"t_members":"u"}`, false},
	} {
		data := strings.Replace(c.data, "{", `{"t_text":"a",`, 1)
		if !strings.Contains(data, "t_sub") {
			data = strings.Replace(data, "{", `{"t_sub":[{"c_text":"x"}],`, 1)
		}
		dec := json.NewDecoder(bytes.NewReader([]byte(data)))
		dec.UseNumber()
		var v any
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		res, err := s.Validate(gojsonschema.NewRawLoader(v))
		if err != nil {
			t.Fatal(err)
		}
		_, errs := d.Decode(json.RawMessage(data), nil)
		if res.Valid() != c.ok || (len(errs) == 0) != c.ok {
			t.Errorf("%s: schema %v %v, decoding %+v", data, res.Valid(), res.Errors(), errs)
		}
	}
}

// BenchmarkValidate is a record of fifteen fields with a condition that only
// the library checks.
func BenchmarkValidate(b *testing.B) {
	var props []string
	for _, n := range strings.Split("abcdefghijklmno", "") {
		props = append(props, `"`+n+`":{"type":"string","maxLength":20,"minLength":1}`)
	}
	f := parse(b, `{"key":"f","schema":{"type":"object","properties":{`+strings.Join(props, ",")+`},"if":{"properties":{"a":{"const":"x"}}},"then":{"required":["b"]}}}`)
	d := schema.NewDecoder(f.Fields)
	v, _ := jsonschema.Compile(f, d)
	data := map[string]any{}
	for _, x := range f.Fields {
		data[x.Key] = "value"
	}
	b.ReportAllocs()
	for b.Loop() {
		if errs := v.Validate(data); len(errs) > 0 {
			b.Fatal(errs)
		}
	}
}
