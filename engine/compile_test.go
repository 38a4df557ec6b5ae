package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/schema"
)

// compileProblems compiles a flow whose nodes after the start are given, and
// lists its problems as "pointer code".
func compileProblems(t *testing.T, start, nodes, settings string) []string {
	t.Helper()
	src := fmt.Sprintf(`{"key":"f","form":"contract","settings":{%s},"nodes":[{"id":"start","type":"start"%s}%s]}`, settings, start, nodes)
	def, problems := schema.ParseFlow("cost", "f", json.RawMessage(src))
	if len(problems) > 0 {
		t.Fatalf("does not even parse: %v", problems)
	}
	f, problems := engine.Compile(def, testForm(), testEnv())
	if (f == nil) != schema.HasErrors(problems) {
		t.Fatalf("flow %v beside problems %v", f, problems)
	}
	var out []string
	for _, p := range problems {
		pointer, ok := strings.CutPrefix(p.Path, "flows/f#")
		if !ok || p.Message == "" {
			t.Errorf("problem without place or text: %+v", p)
		}
		out = append(out, pointer+" "+p.Code)
	}
	return out
}

const pm = `{"id":"pm","type":"approve","who":[{"role":"pm"}]}`

// refusedNode is a definition of nodes and what is wrong with it.
type refusedNode struct {
	name, nodes string
	want        []string
}

func refusedNodes() []refusedNode {
	deep := `{"id":"x","type":"approve","who":[{"role":"pm"}]}`
	for i := range schema.MaxFlowDepth + 1 {
		deep = fmt.Sprintf(`{"id":"d%d","type":"condition","branches":[{"otherwise":true,"nodes":[%s]}]}`, i, deep)
	}
	return []refusedNode{
		{"nothing wrong", pm, nil},
		{"who missing", `{"id":"a","type":"approve"}`, []string{"/nodes/1/who who_empty"}},
		{"two sources in one", `{"id":"a","type":"approve","who":[{"role":"pm","field":"manager"}]}`, []string{"/nodes/1/who/0 who_one"}},
		{"no source", `{"id":"a","type":"approve","who":[{"role":"pm"},{}]}`, []string{"/nodes/1/who/1 who_one"}},
		{"no users", `{"id":"a","type":"approve","who":[{"users":[]}]}`, []string{"/nodes/1/who/0/users who_empty"}},
		{"unknown member field", `{"id":"a","type":"approve","who":[{"field":"boss"}]}`, []string{"/nodes/1/who/0/field unknown_field"}},
		{"no member field", `{"id":"a","type":"cc","who":[{"role":"pm"},{"field":"amount"}]}`, []string{"/nodes/1/who/1/field who_field_type"}},
		{"member column", `{"id":"a","type":"cc","who":[{"field":"lines.owner"}]}`, nil},
		{"no member column", `{"id":"a","type":"cc","who":[{"field":"lines.qty"}]}`, []string{"/nodes/1/who/0/field who_field_type"}},
		{"relation path", `{"id":"a","type":"cc","who":[{"field":"project.pm"}]}`, nil},
		{"relation path to nothing", `{"id":"a","type":"cc","who":[{"field":"project.boss"}]}`, []string{"/nodes/1/who/0/field unknown_field"}},
		{"relation path to a text", `{"id":"a","type":"cc","who":[{"field":"project.name"}]}`, []string{"/nodes/1/who/0/field who_field_type"}},
		{"dept field", `{"id":"a","type":"cc","who":[{"dept_field":"unit"},{"dept_field":"manager"},{"dept_field":"x"}]}`,
			[]string{"/nodes/1/who/1/dept_field who_field_type", "/nodes/1/who/2/dept_field unknown_field"}},
		{"duplicate id", pm + "," + pm, []string{"/nodes/2/id duplicate_id"}},
		{"bad id", `{"id":"PM","type":"approve","who":[{"role":"pm"}]}`, []string{"/nodes/1/id key"}},
		{"second start", pm + `,{"id":"again","type":"start"}`, []string{"/nodes/2 start_misplaced"}},
		{"unknown type", `{"id":"a","type":"loop"}`, []string{"/nodes/1/type node_type"}},
		{"mode", `{"id":"a","type":"approve","who":[{"role":"pm"}],"mode":"most"}`, []string{"/nodes/1/mode value"}},
		{"comment", `{"id":"a","type":"approve","who":[{"role":"pm"}],"comment":"always"}`, []string{"/nodes/1/comment value"}},
		{"return range", `{"id":"a","type":"approve","who":[{"role":"pm"}],"returnTo":"x"}`, []string{"/nodes/1/returnTo value"}},
		{"actions", `{"id":"a","type":"approve","who":[{"role":"pm"}],"actions":["reject","reject","handle"]}`,
			[]string{"/nodes/1/actions/1 duplicate", "/nodes/1/actions/2 action", "/nodes/1/actions action_missing"}},
		{"handle cannot reject", `{"id":"a","type":"handle","who":[{"role":"pm"}],"actions":["handle","reject"]}`, []string{"/nodes/1/actions/1 action"}},
		{"button", `{"id":"a","type":"handle","who":[{"role":"pm"}],"buttons":{"reject":"不"}}`, []string{"/nodes/1/buttons/reject action"}},
		{"own policy", `{"id":"a","type":"approve","who":[{"role":"pm"}],"empty":{"then":"user"}}`, []string{"/nodes/1/empty/user required"}},
		{"user without need", `{"id":"a","type":"approve","who":[{"role":"pm"}],"empty":{"then":"skip","user":"x"}}`, []string{"/nodes/1/empty/user not_here"}},
		{"policy missing", `{"id":"a","type":"approve","who":[{"role":"pm"}],"empty":{}}`, []string{"/nodes/1/empty/then required"}},
		{"deadline", `{"id":"a","type":"approve","who":[{"role":"pm"}],"deadline":{"then":"pass"}}`,
			[]string{"/nodes/1/deadline deadline_one", "/nodes/1/deadline/then value"}},
		{"not at cc", `{"id":"a","type":"cc","who":[{"role":"pm"}],"mode":"any","fields":{"edit":["name"]}}`,
			[]string{"/nodes/1/mode not_here", "/nodes/1/fields not_here"}},
		{"branches at approve", `{"id":"a","type":"approve","who":[{"role":"pm"}],"branches":[{"nodes":[]}]}`, []string{"/nodes/1/branches not_here"}},
		{"no otherwise", `{"id":"a","type":"condition","branches":[{"when":"amount > 1","nodes":[]}]}`, []string{"/nodes/1/branches otherwise_missing"}},
		{"otherwise not last", `{"id":"a","type":"condition","branches":[{"otherwise":true,"nodes":[]},{"when":"amount > 1","nodes":[]}]}`,
			[]string{"/nodes/1/branches/0 otherwise_last"}},
		{"two otherwise", `{"id":"a","type":"condition","branches":[{"otherwise":true,"nodes":[]},{"otherwise":true,"nodes":[]}]}`,
			[]string{"/nodes/1/branches/0 otherwise_last", "/nodes/1/branches otherwise_many"}},
		{"both", `{"id":"a","type":"condition","branches":[{"otherwise":true,"when":"amount > 1","nodes":[]}]}`, []string{"/nodes/1/branches/0 branch_both"}},
		{"no condition", `{"id":"a","type":"condition","branches":[{"nodes":[]},{"otherwise":true,"nodes":[]}]}`, []string{"/nodes/1/branches/0/when required"}},
		{"branch ids", `{"id":"a","type":"condition","branches":[{"id":"x","when":"amount > 1","nodes":[]},{"id":"x","otherwise":true,"nodes":[]}]}`,
			[]string{"/nodes/1/branches/1/id duplicate_id"}},
		{"unknown name in a condition", `{"id":"a","type":"condition","branches":[{"when":"price > 1","nodes":[]},{"otherwise":true,"nodes":[]}]}`,
			[]string{"/nodes/1/branches/0/when formula.unknown_name"}},
		{"parallel", `{"id":"a","type":"parallel","branches":[{"when":"amount > 1","nodes":[]}]}`,
			[]string{"/nodes/1/branches branches_few", "/nodes/1/branches/0/when not_here"}},
		{"end in parallel", `{"id":"a","type":"parallel","branches":[{"nodes":[]},{"nodes":[{"id":"e","type":"end"}]}]}`,
			[]string{"/nodes/1/branches/1/nodes/0 end_in_parallel"}},
		{"behind the end", `{"id":"e","type":"end"},` + pm, []string{"/nodes/2 unreachable"}},
		{"behind a block that always ends", `{"id":"c","type":"condition","branches":[{"otherwise":true,"nodes":[{"id":"e","type":"end"}]}]},` + pm,
			[]string{"/nodes/2 unreachable"}},
		{"too deep", deep, []string{"/nodes/1" + strings.Repeat("/branches/0/nodes/0", schema.MaxFlowDepth) + "/branches/0 too_deep"}},
		{"unknown rights", `{"id":"a","type":"approve","who":[{"role":"pm"}],"fields":{"edit":["x"],"read":["lines.x"],"hide":["amount.x"],"rows":{"lines":["add","move"],"name":["add"]}}}`,
			[]string{"/nodes/1/fields/rows/lines/1 value", "/nodes/1/fields/edit/0 unknown_field", "/nodes/1/fields/read/0 unknown_field",
				"/nodes/1/fields/hide/0 unknown_field", "/nodes/1/fields/rows/name not_a_subtable"}},
		{"required but hidden", `{"id":"a","type":"handle","who":[{"role":"pm"}],"fields":{"edit":"all","hide":["scan"],"require":["scan"]}}`,
			[]string{"/nodes/1/fields/require/0 required_hidden"}},
		{"required but not editable", `{"id":"a","type":"handle","who":[{"role":"pm"}],"fields":{"require":["scan"]}}`,
			[]string{"/nodes/1/fields/require/0 required_not_editable"}},
		{"required but computed", `{"id":"a","type":"handle","who":[{"role":"pm"}],"fields":{"edit":"all","require":["total","no"]}}`,
			[]string{"/nodes/1/fields/require/0 required_computed", "/nodes/1/fields/require/1 required_computed"}},
		{"require all", `{"id":"a","type":"handle","who":[{"role":"pm"}],"fields":{"edit":"all","require":"all"}}`, []string{"/nodes/1/fields/require/0 require_all"}},
		{"hidden and editable", `{"id":"a","type":"handle","who":[{"role":"pm"}],"fields":{"edit":["name"],"hide":["name"]}}`,
			[]string{"/nodes/1/fields/hide/0 hidden_and_editable"}},
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range refusedNodes() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, compileProblems(t, "", ","+tt.nodes, "")); d != "" {
				t.Errorf("(-want +got) %s", d)
			}
		})
	}
}

func TestCompileRefusesStartAndSettings(t *testing.T) {
	t.Parallel()
	later := `,{"id":"a","type":"handle","who":[{"role":"pm"}],"fields":{"edit":["name"],"require":["name"]}}`
	tests := []struct {
		name, start, nodes, settings string
		want                         []string
	}{
		{"a required field nobody fills", `,"fields":{"hide":["name"]}`, "," + pm, "", []string{"/nodes/0/fields/hide required_never_filled"}},
		{"a later node requires it", `,"fields":{"hide":["name"]}`, later, "", nil},
		{"people at the start", `,"who":[{"role":"pm"}]`, "," + pm, "", []string{"/nodes/0/who not_here"}},
		{"settings", "", "," + pm, `"withdraw":"x","dedupe":"x","self":"x","resubmit":"x","empty":{"then":"x"}`,
			[]string{"/settings/withdraw value", "/settings/dedupe value", "/settings/self value", "/settings/resubmit value", "/settings/empty/then value"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, compileProblems(t, tt.start, tt.nodes, tt.settings)); d != "" {
				t.Errorf("(-want +got) %s", d)
			}
		})
	}
}

func TestCompileWithoutStartOrForm(t *testing.T) {
	t.Parallel()
	def := mustParse(t, `{"key":"f","form":"contract","nodes":[`+pm+`]}`)
	if _, problems := engine.Compile(def, testForm(), testEnv()); len(problems) != 1 || problems[0].Code != "start_missing" {
		t.Errorf("without a start: %v", problems)
	}
	def = mustParse(t, `{"key":"f","form":"gone","nodes":[{"id":"start","type":"start"},`+pm+`]}`)
	if _, problems := engine.Compile(def, nil, testEnv()); len(problems) != 1 || problems[0].Code != "unknown_form" {
		t.Errorf("without a form: %v", problems)
	}
}

// TestCompileEmptyFlow: a flow of its start alone approves at once.
func TestCompileEmptyFlow(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"}]}`)), nil)
	if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil || p.c.State != engine.Approved {
		t.Fatalf("%s, %v", p.c.State, err)
	}
}

// TestCompileHandMade: definitions built in code, without the reader's defaults, neither panic nor behave otherwise.
func TestCompileHandMade(t *testing.T) {
	t.Parallel()
	bad := &schema.Flow{Key: "f", Nodes: []*schema.Node{nil, {ID: "c", Type: schema.NodeCondition, Branches: []schema.Branch{{Nodes: []*schema.Node{nil}}}}}}
	if f, problems := engine.Compile(bad, testForm(), testEnv()); f != nil || len(problems) == 0 {
		t.Fatalf("%v %v", f, problems)
	}
	good := &schema.Flow{Key: "f", Form: "contract", Nodes: []*schema.Node{{ID: "start", Type: schema.NodeStart}, {ID: "a", Type: schema.NodeApprove, Who: []schema.Who{{Role: "pm"}}}}}
	p := newPlay(t, mustCompile(t, good), map[string][]string{"role:pm": {"wang", "zhao"}})
	for _, cmd := range []engine.Command{{Kind: "submit", By: "li"}, {Kind: "approve", By: "zhao", Task: 2}} {
		if _, err := p.do(cmd); err != nil {
			t.Fatal(err)
		}
	}
	if p.c.State != engine.Approved {
		t.Fatalf("state %s", p.c.State)
	}
}
