package engine_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/xeipuuv/gojsonschema"
	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/schema"
)

// flowSchema is the published JSON Schema of flow definitions.
func flowSchema(t tb) *gojsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile("../docs/schema/flow.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(t tb, s *gojsonschema.Schema, raw string) (bool, []gojsonschema.ResultError) {
	t.Helper()
	r, err := s.Validate(gojsonschema.NewStringLoader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return r.Valid(), r.Errors()
}

// TestFlowSchemaTakesScenarios: what the scenarios write, the published schema allows.
func TestFlowSchemaTakesScenarios(t *testing.T) {
	t.Parallel()
	s := flowSchema(t)
	files, _ := filepath.Glob("testdata/scenarios/*.yaml")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sc scenario
		if err := yaml.Unmarshal(raw, &sc); err != nil {
			t.Fatal(err)
		}
		def, err := json.Marshal(sc.Flow)
		if err != nil {
			t.Fatal(err)
		}
		if ok, errs := valid(t, s, string(def)); !ok {
			t.Errorf("%s: %v", file, errs)
		}
	}
}

// TestFlowSchemaTakesNormalisedFlows: what the product writes, the published schema allows.
func TestFlowSchemaTakesNormalisedFlows(t *testing.T) {
	t.Parallel()
	s := flowSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		raw, err := json.Marshal((&flowGen{t: t}).flow())
		if err != nil {
			t.Fatal(err)
		}
		if ok, errs := valid(t, s, string(raw)); !ok {
			t.Fatalf("%s: %v", raw, errs)
		}
	})
}

// beyondSchema are the findings only the program can make: about the form,
// about the whole tree, or about order.
var beyondSchema = []string{
	"unknown_field", "who_field_type", "duplicate_id", "start_misplaced", "otherwise_last", "otherwise_many", "end_in_parallel",
	"unreachable", "too_deep", "not_a_subtable", "formula.unknown_name",
	"required_hidden", "required_not_editable", "required_computed", "require_all", "hidden_and_editable",
	"order", "who_node_later", "who_node_unknown", "chosen_twice", "formula.type", "not_a_date", "not_this_row", "not_writable",
}

// TestFlowSchemaRefuses: what the publish check refuses by shape alone, the published schema refuses too.
func TestFlowSchemaRefuses(t *testing.T) {
	t.Parallel()
	s := flowSchema(t)
	for _, tt := range refusedNodes() {
		shape := slices.ContainsFunc(tt.want, func(w string) bool {
			_, code, _ := strings.Cut(w, " ")
			return !slices.Contains(beyondSchema, code)
		})
		ok, _ := valid(t, s, `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},`+tt.nodes+`]}`)
		if ok == shape {
			t.Errorf("%s: the schema says %v, the program %v", tt.name, ok, tt.want)
		}
	}
}

// TestFlowSchemaKnowsTheParsersKeys: every key the schema offers is one the reader takes.
func TestFlowSchemaKnowsTheParsersKeys(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../docs/schema/flow.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type node struct {
		Properties  map[string]node `json:"properties"`
		Definitions map[string]node `json:"definitions"`
	}
	var doc node
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	d := doc.Definitions
	for shell, keys := range map[string]map[string]node{
		`{"K":0}`:                                      doc.Properties,
		`{"settings":{"K":0}}`:                         doc.Properties["settings"].Properties,
		`{"nodes":[{"K":0}]}`:                          d["approve"].Properties,
		`{"nodes":[{"fields":{"K":0}}]}`:               d["fields"].Properties,
		`{"nodes":[{"who":[{"K":0}]}]}`:                d["who"].Properties,
		`{"nodes":[{"empty":{"K":0}}]}`:                d["empty"].Properties,
		`{"nodes":[{"deadline":{"K":0}}]}`:             d["deadline"].Properties,
		`{"nodes":[{"vote":{"K":0}}]}`:                 d["vote"].Properties,
		`{"nodes":[{"who":[{"dept_heads":{"K":0}}]}]}`: d["deptLevels"].Properties,
		`{"nodes":[{"who":[{"managers":{"K":0}}]}]}`:   d["levels"].Properties,
		`{"nodes":[{"who":[{"chosen":{"K":0}}]}]}`:     d["chosen"].Properties,
		`{"nodes":[{"subflow":{"K":0}}]}`:              d["subflow"].Properties["subflow"].Properties,
		`{"nodes":[{"data":{"K":0}}]}`:                 d["data"].Properties["data"].Properties,
		`{"nodes":[{"call":{"K":0}}]}`:                 d["call"].Properties["call"].Properties,
		`{"nodes":[{"delay":{"K":0}}]}`:                d["delay"].Properties["delay"].Properties,
		`{"nodes":[{"branches":[{"K":0}]}]}`:           {"id": {}, "title": {}, "when": {}, "otherwise": {}, "nodes": {}},
	} {
		if len(keys) == 0 {
			t.Errorf("no keys for %s", shell)
		}
		for key := range keys {
			_, problems := schema.ParseFlow("cost", "", json.RawMessage(strings.Replace(shell, "K", key, 1)))
			if slices.ContainsFunc(problems, func(p schema.Problem) bool { return p.Code == "unknown_key" }) {
				t.Errorf("the reader does not know %q in %s", key, shell)
			}
		}
	}
}
