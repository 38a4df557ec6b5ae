package eval_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/eval"
)

var updateClient = flag.Bool("update-client", false, "write testdata/rules/client")

// clientField is the part of a field's wire form that rules and formulas need.
type clientField struct {
	Key         string           `json:"key"`
	Title       string           `json:"title"`
	Type        schema.FieldType `json:"type"`
	Required    bool             `json:"required,omitempty"`
	Readonly    bool             `json:"readonly,omitempty"`
	Hidden      bool             `json:"hidden,omitempty"`
	ClearHidden bool             `json:"clearHidden,omitempty"`
	Plain       bool             `json:"plain,omitempty"`
	Scale       *int             `json:"scale,omitempty"`
	Min         string           `json:"min,omitempty"`
	Max         string           `json:"max,omitempty"`
	MinItems    int              `json:"minItems,omitempty"`
	MaxItems    int              `json:"maxItems,omitempty"`
	MaxLength   int              `json:"maxLength,omitempty"`
	Pattern     string           `json:"pattern,omitempty"`
	Precision   string           `json:"precision,omitempty"`
	ResultType  schema.FieldType `json:"resultType,omitempty"`
	Options     []clientOption   `json:"options,omitempty"`
	Default     any              `json:"default,omitempty"`
	DefaultTree json.RawMessage  `json:"defaultTree,omitempty"`
	Computed    bool             `json:"computed,omitempty"`
	Columns     []clientField    `json:"columns,omitempty"`
}

type clientOption struct {
	Value string `json:"value"`
	Text  string `json:"text"`
}

// TestClientVectors keeps the forms of testdata/rules in the shape the browser
// gets, so that web/src/core/form runs the same vectors.
// `go test ./schema/eval -run TestClientVectors -update-client` writes them.
func TestClientVectors(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/rules/*.json")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		key := strings.TrimSuffix(filepath.Base(file), ".json")
		got := clientJSON(t, compile(t, parse(t, key, string(v.Form)), nil))
		golden := filepath.Join("testdata/rules/client", key+".json")
		if *updateClient {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		diff(t, key+" (run with -update-client after a change)", string(want), string(got))
	}
}

func clientJSON(t *testing.T, f *eval.Form) []byte {
	t.Helper()
	c := f.Client()
	computed := map[string]bool{}
	for _, x := range c.Computed {
		computed[x.Field] = true
	}
	var fields func(l []*schema.Field, prefix string) []clientField
	fields = func(l []*schema.Field, prefix string) []clientField {
		var out []clientField
		for _, d := range l {
			o := clientField{Key: d.Key, Title: d.Key, Type: d.Type, Required: d.Required, Readonly: d.Readonly, Hidden: d.Hidden,
				ClearHidden: d.ClearHidden, Plain: d.Plain, Min: d.Min, Max: d.Max, MinItems: d.MinItems, MaxItems: d.MaxItems,
				MaxLength: d.MaxLength, Pattern: d.Pattern, Precision: d.Precision, ResultType: d.ResultType,
				Default: d.Default, DefaultTree: c.Defaults[prefix+d.Key], Computed: computed[prefix+d.Key]}
			if d.Scale >= 0 {
				o.Scale = &d.Scale
			}
			for _, x := range d.Options {
				o.Options = append(o.Options, clientOption{x.Value, x.Value})
			}
			o.Columns = fields(d.Columns, d.Key+".")
			out = append(out, o)
		}
		return out
	}
	type check struct {
		Assert  json.RawMessage `json:"assert"`
		Message string          `json:"message"`
		Level   string          `json:"level"`
		Field   string          `json:"field"`
	}
	checks := []check{}
	for _, x := range c.Checks {
		checks = append(checks, check{x.Assert, x.Message.In("zh-CN"), x.Level, x.Field})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	if err := e.Encode(map[string]any{"fields": fields(f.Def.Fields, ""), "rules": c.Rules, "checks": checks, "computed": c.Computed, "titleTree": c.Title}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
