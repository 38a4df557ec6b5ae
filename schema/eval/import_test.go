package eval_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/eval"
	"github.com/google/go-cmp/cmp"
)

// importCase is one file of schema/testdata/import: a schema as found in
// practice, the field types it must give, instances that fit and that do not.
type importCase struct {
	Schema  json.RawMessage
	Fields  map[string]schema.FieldType
	Valid   []json.RawMessage
	Invalid []struct {
		Data       json.RawMessage
		Path, Code string
	}
}

// TestImportedSchemas imports every schema, validates its instances through
// the whole of decoding, computing and validating, and reads the form's canonical text again.
func TestImportedSchemas(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("../testdata/import/*.json")
	if len(files) < 12 {
		t.Fatalf("only %d schemas", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var c importCase
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatal(err)
			}
			def, ps := schema.ImportSchema("shop", "imported", c.Schema)
			if schema.HasErrors(ps) {
				t.Fatalf("problems: %+v", ps)
			}
			again, ps := schema.ParseForm("shop", "imported", def.MarshalCanonical())
			if schema.HasErrors(ps) {
				t.Fatalf("canonical text: %+v", ps)
			}
			if diff := cmp.Diff(def, again, decimals); diff != "" {
				t.Fatalf("the canonical text is another form: %s", diff)
			}
			checkTypes(t, def, c.Fields)
			f := compile(t, def, nil)
			for _, data := range c.Valid {
				if errs := submit(t, f, data); len(errs) > 0 {
					t.Errorf("%s: %+v", data, errs)
				}
			}
			for _, x := range c.Invalid {
				errs := submit(t, f, x.Data)
				if !hasError(errs, x.Path, x.Code) {
					t.Errorf("%s: no %s at %q among %+v", x.Data, x.Code, x.Path, errs)
				}
			}
		})
	}
}

func checkTypes(t *testing.T, def *schema.Form, want map[string]schema.FieldType) {
	t.Helper()
	for path, typ := range want {
		key, col, nested := strings.Cut(path, ".")
		f := def.Field(key)
		if f != nil && nested {
			fields := f.Columns
			f = nil
			for _, c := range fields {
				if c.Key == col {
					f = c
				}
			}
		}
		if f == nil || f.Type != typ {
			t.Errorf("field %s is %+v, want %s", path, f, typ)
		}
	}
}

func hasError(errs []fault.Field, path, code string) bool {
	for _, e := range errs {
		if e.Path == path && e.Code == code {
			return true
		}
	}
	return false
}

// submit runs a record through decoding, computing, validating and a round
// trip over the wire, as the runtime does.
func submit(t *testing.T, f *eval.Form, raw json.RawMessage) []fault.Field {
	t.Helper()
	src := &ids.Sequence{Prefix: "row"}
	data, errs := f.Decode(raw, src.New)
	if len(errs) > 0 {
		return errs
	}
	in := eval.Input{Data: data}
	res, err := f.Compute(in)
	if err != nil {
		t.Fatal(err)
	}
	if errs := f.Validate(in, res); len(errs) > 0 {
		return errs
	}
	wire, err := json.Marshal(f.Encode(res.Data))
	if err != nil {
		t.Fatal(err)
	}
	back, errs := f.Decode(wire, src.New)
	if len(errs) > 0 {
		t.Errorf("what was sent out is refused: %s: %+v", wire, errs)
	}
	if changed := f.Changed(res.Data, back); len(changed) > 0 {
		t.Errorf("%s comes back changed in %v", wire, changed)
	}
	return nil
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, src, path, code string }{
		{"root is a list", `{"type":"array","items":{"type":"string"}}`, "#", "root_type"},
		{"root says nothing", `{}`, "#", "root_type"},
		{"root may be anything", `{"type":["object","array"],"properties":{"a":{}}}`, "#", "root_type"},
		{"remote reference", `{"type":"object","properties":{"a":{"items":{"$ref":"https://example.com/x.json#/a"}}}}`, "#/properties/a/items/$ref", "remote_ref"},
		{"reference to a file", `{"type":"object","properties":{"a":{"$ref":"other.json"}}}`, "#/properties/a/$ref", "remote_ref"},
		{"base changed within", `{"type":"object","properties":{"a":{"$id":"file:///etc/","properties":{"b":{"$ref":"#/x"}}}}}`, "#/properties/a/$id", "id"},
		{"look-ahead", `{"type":"object","properties":{"a":{"type":"string","pattern":"^(?=x)"}}}`, "#/properties/a/pattern", "pattern"},
		{"look-behind in patternProperties", `{"type":"object","patternProperties":{"(?<!x)y":{}}}`, "#/patternProperties/(?<!x)y", "pattern"},
		{"invalid keyword", `{"type":"object","properties":{"a":{"minimum":"1"}}}`, "#/properties/a/minimum", "type"},
		{"draft-04 exclusiveMinimum", `{"type":"object","properties":{"a":{"minimum":1,"exclusiveMinimum":true}}}`, "#/properties/a/exclusiveMinimum", "type"},
		{"reference in a circle", `{"type":"object","definitions":{"a":{"anyOf":[{"$ref":"#/definitions/a"}]}},"properties":{"x":{"$ref":"#/definitions/a"}}}`, "#/definitions/a/anyOf/0/$ref", "ref_cycle"},
		{"references that multiply", multiplying(), "#/properties/x/$ref", "too_complex"},
		{"not JSON", `{"type":`, "#/type", "json"},
		{"property without a name", `{"type":"object","properties":{"":{}}}`, "#/properties/", "key"},
		{"no properties at all", `{"type":"object"}`, "#/schema", "empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, ps := schema.ImportSchema("shop", "x", []byte(c.src))
			if f != nil {
				t.Error("half imported")
			}
			for _, p := range ps {
				if p.Code == c.code && (p.Path == "forms/x"+c.path) {
					return
				}
			}
			t.Errorf("no %s at %s among %+v", c.code, c.path, ps)
		})
	}
}

// multiplying is a small schema that stands for a billion.
func multiplying() string {
	defs := `"a30":{"type":"string"}`
	for i := range 30 {
		ref := fmt.Sprintf(`{"$ref":"#/definitions/a%d"}`, i+1)
		defs += fmt.Sprintf(`,"a%d":{"allOf":[%s,%s]}`, i, ref, ref)
	}
	return `{"type":"object","properties":{"x":{"$ref":"#/definitions/a0"}},"definitions":{` + defs + `}}`
}

// FuzzImport: whatever schema comes, it is refused with a place or gives a form that works.
func FuzzImport(f *testing.F) {
	files, _ := filepath.Glob("../testdata/import/*.json")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var c importCase
		if err := json.Unmarshal(raw, &c); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(c.Schema), []byte(c.Valid[0]))
	}
	f.Fuzz(func(t *testing.T, src, data []byte) {
		def, ps := schema.ImportSchema("shop", "f", src)
		if def == nil {
			if !schema.HasErrors(ps) {
				t.Fatal("refused without a reason")
			}
			return
		}
		form, ps := eval.Compile(def, nil)
		if schema.HasErrors(ps) {
			t.Fatalf("an imported form does not compile: %+v", ps)
		}
		values, errs := form.Decode(data, nil)
		if len(errs) > 0 {
			return
		}
		res, err := form.Compute(eval.Input{Data: values})
		if err != nil {
			t.Fatal(err)
		}
		form.Validate(eval.Input{Data: values}, res)
	})
}
