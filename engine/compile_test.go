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
		{"deadline twice", `{"id":"a","type":"approve","who":[{"role":"pm"}],"deadline":{"hours":1,"days":1}}`, []string{"/nodes/1/deadline deadline_one"}},
		{"people of a deadline", `{"id":"a","type":"approve","who":[{"role":"pm"}],"deadline":{"hours":1,"then":"remind","to":[{"role":"x"}]}}`,
			[]string{"/nodes/1/deadline/to not_here"}},
		{"chosen at a deadline", `{"id":"a","type":"approve","who":[{"role":"pm"}],"deadline":{"hours":1,"then":"transfer","to":[{"chosen":{"by":"initiator"}}]}}`,
			[]string{"/nodes/1/deadline/to/0/chosen not_here"}},
		{"reminders", `{"id":"a","type":"approve","who":[{"role":"pm"}],"deadline":{"hours":4,"then":"return","before":[2,2],"every":1}}`,
			[]string{"/nodes/1/deadline/before/1 duplicate", "/nodes/1/deadline/every not_here"}},
		{"deadline on fields", `{"id":"a","type":"approve","who":[{"role":"pm"}],"deadline":{"field":"gone"}},{"id":"b","type":"handle","who":[{"role":"pm"}],"deadline":{"field":"name"}}`,
			[]string{"/nodes/1/deadline/field unknown_field", "/nodes/2/deadline/field not_a_date"}},
		{"calendar", `{"id":"a","type":"delay","delay":{"hours":1,"calendar":"My calendar"}}`, []string{"/nodes/1/delay/calendar key"}},
		{"no vote", `{"id":"a","type":"approve","who":[{"role":"pm"}],"mode":"vote"}`, []string{"/nodes/1/vote required"}},
		{"vote in another mode", `{"id":"a","type":"approve","who":[{"role":"pm"}],"mode":"all","vote":{"percent":50}}`, []string{"/nodes/1/vote not_here"}},
		{"vote of nothing", `{"id":"a","type":"approve","who":[{"role":"pm"}],"mode":"vote","vote":{}}`, []string{"/nodes/1/vote/percent range"}},
		{"levels", `{"id":"a","type":"cc","who":[{"dept_heads":{"from":3,"to":2}}]}`, []string{"/nodes/1/who/0/dept_heads/to order"}},
		{"chosen by nobody", `{"id":"a","type":"approve","who":[{"chosen":{}}]}`, []string{"/nodes/1/who/0/chosen/by required"}},
		{"chosen by whom", `{"id":"a","type":"approve","who":[{"chosen":{"by":"boss"}}]}`, []string{"/nodes/1/who/0/chosen/by value"}},
		{"chosen too many", `{"id":"a","type":"approve","who":[{"chosen":{"by":"initiator","min":3,"max":2}}]}`, []string{"/nodes/1/who/0/chosen/max order"}},
		{"chosen twice", `{"id":"a","type":"approve","who":[{"chosen":{"by":"initiator"}},{"chosen":{"by":"previous"}}]}`, []string{"/nodes/1/who/1/chosen chosen_twice"}},
		{"chosen within chosen", `{"id":"a","type":"approve","who":[{"chosen":{"by":"initiator","from":[{"chosen":{"by":"initiator"}}]}}]}`,
			[]string{"/nodes/1/who/0/chosen/from/0/chosen not_here"}},
		{"an earlier node", pm + `,{"id":"a","type":"approve","who":[{"node":"pm"}]}`, nil},
		{"of itself", `{"id":"a","type":"approve","who":[{"node":"a"}]}`, []string{"/nodes/1/who/0/node who_node_later"}},
		{"a node nobody is asked at", `{"id":"a","type":"approve","who":[{"node":"start"},{"node":"gone"}]}`,
			[]string{"/nodes/1/who/0/node who_node_unknown", "/nodes/1/who/1/node who_node_unknown"}},
		{"a node of another branch", `{"id":"p","type":"parallel","branches":[{"nodes":[` + pm + `]},{"nodes":[{"id":"a","type":"approve","who":[{"node":"pm"}]}]}]},{"id":"b","type":"cc","who":[{"node":"pm"}]}`,
			[]string{"/nodes/1/branches/1/nodes/0/who/0/node who_node_later"}},
		{"a node that may not be passed", `{"id":"c","type":"condition","branches":[{"when":"amount > 1","nodes":[` + pm + `]},{"otherwise":true,"nodes":[]}]},{"id":"a","type":"approve","who":[{"node":"pm"}]}`,
			[]string{"/nodes/2/who/0/node who_node_later"}},
		{"people by formula", `{"id":"a","type":"cc","who":[{"formula":"signers"},{"formula":"manager"},{"formula":"lines.owner"}]}`, nil},
		{"a formula that gives no people", `{"id":"a","type":"cc","who":[{"formula":"name"},{"formula":"gone"}]}`,
			[]string{"/nodes/1/who/0/formula formula.type", "/nodes/1/who/1/formula formula.unknown_name"}},
		{"fields of other people", `{"id":"a","type":"approve","who":[{"role":"pm"}],"mode":"vote","vote":{"percent":1,"veto":[{"field":"gone"}]},"deadline":{"hours":1,"then":"transfer","to":[{"field":"amount"}]}}`,
			[]string{"/nodes/1/vote/veto/0/field unknown_field", "/nodes/1/deadline/to/0/field who_field_type"}},
		{"demands", `{"id":"a","type":"approve","who":[{"role":"pm"}],"attachment":"yes","signature":"no"}`, []string{"/nodes/1/attachment value", "/nodes/1/signature value"}},
		{"inclusive", `{"id":"a","type":"inclusive","branches":[{"when":"amount > 1","nodes":[{"id":"e","type":"end"}]}]}`,
			[]string{"/nodes/1/branches branches_few", "/nodes/1/branches/0/nodes/0 end_in_parallel", "/nodes/1/branches otherwise_missing"}},
		{"unknown name in an inclusive branch", `{"id":"a","type":"inclusive","branches":[{"when":"gone","nodes":[]},{"otherwise":true,"nodes":[]}]}`,
			[]string{"/nodes/1/branches/0/when formula.unknown_name"}},
		{"delay", `{"id":"a","type":"delay"}`, []string{"/nodes/1/delay required"}},
		{"delay twice", `{"id":"a","type":"delay","delay":{"hours":1,"until":"deliver"}}`, []string{"/nodes/1/delay delay_one"}},
		{"delay by fields", `{"id":"a","type":"delay","delay":{"field":"deliver"}},{"id":"b","type":"delay","delay":{"field":"amount"}},{"id":"c","type":"delay","delay":{"until":"amount"}},{"id":"d","type":"delay","delay":{"until":"meeting"}}`,
			[]string{"/nodes/2/delay/field not_a_date", "/nodes/3/delay/until formula.type"}},
		{"subflow", `{"id":"a","type":"subflow","subflow":{"form":"x"}}`, nil},
		{"subflow of nothing", `{"id":"a","type":"subflow","subflow":{}}`, []string{"/nodes/1/subflow/form required"}},
		{"subflow reference", `{"id":"a","type":"subflow","subflow":{"form":"a.b.c"}}`, []string{"/nodes/1/subflow/form reference"}},
		{"subflow without waiting", `{"id":"a","type":"subflow","subflow":{"form":"x","rejected":"wait","back":{"name":"a"}}}`,
			[]string{"/nodes/1/subflow/rejected not_here", "/nodes/1/subflow/back not_here"}},
		{"subflow by many", `{"id":"a","type":"subflow","subflow":{"form":"x","initiator":{"dept_heads":{}}}}`, []string{"/nodes/1/subflow/initiator not_here"}},
		{"subflow fields", `{"id":"a","type":"subflow","subflow":{"form":"x","each":"name","data":{"a":" "},"wait":true,"back":{"gone":"a","lines.qty":"b","total":"c","lines":"d"}}}`,
			[]string{"/nodes/1/subflow/data/a required", "/nodes/1/subflow/each not_a_subtable", "/nodes/1/subflow/back/gone unknown_field",
				"/nodes/1/subflow/back/lines not_writable", "/nodes/1/subflow/back/lines.qty not_this_row", "/nodes/1/subflow/back/total not_writable"}},
		{"data", `{"id":"a","type":"data","data":{"op":"find","form":"x","each":"lines","where":"a == 1","into":{"lines.qty":"b","name":"c"}}}`, nil},
		{"data of nothing", `{"id":"a","type":"data","data":{"form":"x"}}`, []string{"/nodes/1/data/op required"}},
		{"data parts", `{"id":"a","type":"data","data":{"op":"create","form":"x","where":"a","many":true}},{"id":"b","type":"data","data":{"op":"delete","form":"x","set":{"a":"1"},"into":{"name":"a"}}}`,
			[]string{"/nodes/1/data/where not_here", "/nodes/1/data/set required", "/nodes/1/data/many not_here",
				"/nodes/2/data/where required", "/nodes/2/data/set not_here", "/nodes/2/data/into not_here"}},
		{"call", `{"id":"a","type":"call","call":{"url":"https://e.com/{name}?a=1"}}`, nil},
		{"call of nothing", `{"id":"a","type":"call"}`, []string{"/nodes/1/call required"}},
		{"call in the open", `{"id":"a","type":"call","call":{"url":"http://e.com"}}`, []string{"/nodes/1/call/url url"}},
		{"call of any host", `{"id":"a","type":"call","call":{"url":"https://{name}/x"}}`, []string{"/nodes/1/call/url url_host"}},
		{"call with half a brace", `{"id":"a","type":"call","call":{"url":"https://e.com/{name"}}`, []string{"/nodes/1/call/url url_braces"}},
		{"call parts", `{"id":"a","type":"call","call":{"url":"https://e.com","method":"GET","body":{"a":"1"},"headers":{"a b":"c"},"into":{"name":"no"},"secret":"A"}}`,
			[]string{"/nodes/1/call/body not_here", "/nodes/1/call/headers/a b header", "/nodes/1/call/into/name pointer", "/nodes/1/call/secret key"}},
		{"parts of others", `{"id":"a","type":"approve","who":[{"role":"pm"}],"delay":{"hours":1},"call":{"url":"https://e.com"}}`,
			[]string{"/nodes/1/call not_here", "/nodes/1/delay not_here"}},
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
		{"settings", "", "," + pm, `"withdraw":"x","dedupe":"x","self":"x","resubmit":"x","empty":{"then":"x"},"withdrawTo":"x","leaver":"x","takeBack":"x"`,
			[]string{"/settings/withdraw value", "/settings/dedupe value", "/settings/self value", "/settings/resubmit value",
				"/settings/withdrawTo value", "/settings/leaver value", "/settings/takeBack value", "/settings/empty/then value"}},
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
