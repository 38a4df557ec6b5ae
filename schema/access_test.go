package schema_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/schema"
)

// accessForms are the forms that the definitions of these tests are about.
func accessForms() map[string]*schema.Form {
	return map[string]*schema.Form{
		"expense_contract": {Key: "expense_contract", App: "cost", Flow: "expense_contract", Fields: []*schema.Field{
			{Key: "project", Type: schema.TypeRelation, Required: true},
			{Key: "party", Type: schema.TypeRelation},
			{Key: "note", Type: schema.TypeRelation, Relation: &schema.Relation{Form: "cost.note"}},
			{Key: "manager", Type: schema.TypeMember},
			{Key: "legal_opinion", Type: schema.TypeTextarea},
			{Key: "amount", Type: schema.TypeMoney, Required: true, Formula: "SUM(lines.amount)"},
			{Key: "lines", Type: schema.TypeSubtable, Columns: []*schema.Field{{Key: "qty", Type: schema.TypeNumber}, {Key: "owner", Type: schema.TypeMember}}},
		}},
		"note": {Key: "note", App: "cost", Buttons: []schema.Button{{Key: "close"}},
			Fields: []*schema.Field{{Key: "text", Type: schema.TypeText}, {Key: "title", Type: schema.TypeText, Required: true}, {Key: "team", Type: schema.TypeMember, Multiple: true}}},
	}
}

// designExample is the example of the design, as the pack reader hands it over.
const designExample = `{
  "roles": [{"key": "cost_engineer", "title": "成本员"}, {"key": "pm", "title": {"zh-CN": "项目经理", "en": "Project manager"}}, {"key": "gm", "title": "总经理"}],
  "menus": [{"page": "overview", "roles": ["pm", "gm"]}],
  "groups": [{
    "key": "project_team", "form": "expense_contract",
    "members": [{"role": "pm"}, {"dept": "工程部", "children": true}],
    "can": ["view", "create", "edit", "export", "comment"],
    "when": ["running", "approved"],
    "rows": "project in MY(\"base.project\", \"members.member\")",
    "fields": {"hide": ["legal_opinion"], "readonly": ["amount"], "mask": ["party"]},
    "rows_of": {"lines": ["add", "edit"]}
  }]
}`

func TestParseAccessReadsTheDesignsExample(t *testing.T) {
	t.Parallel()
	got, problems := schema.ParseAccess("cost", json.RawMessage(designExample), accessForms())
	if len(problems) != 0 {
		t.Fatalf("problems: %+v", problems)
	}
	want := &schema.Access{
		Roles: []schema.RoleDef{
			{Key: "cost_engineer", Title: schema.Plain("成本员")},
			{Key: "pm", Title: schema.Text{"zh-CN": "项目经理", "en": "Project manager"}},
			{Key: "gm", Title: schema.Plain("总经理")},
		},
		Menus: []schema.MenuRule{{Page: "overview", Roles: []string{"pm", "gm"}}},
		Groups: []schema.GroupDef{{
			Key: "project_team", Form: "expense_contract",
			Members: []schema.MemberDef{{Role: "pm"}, {Dept: "工程部", Children: true}},
			Can:     []string{"view", "create", "edit", "export", "comment"},
			When:    []string{"running", "approved"},
			Rows:    `project in MY("base.project", "members.member")`,
			Fields:  schema.GroupFields{Hide: []string{"legal_opinion"}, Readonly: []string{"amount"}, Mask: []string{"party"}},
			RowsOf:  map[string][]string{"lines": {"add", "edit"}},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseAccessNothing(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "null", "{}"} {
		got, problems := schema.ParseAccess("cost", json.RawMessage(raw), nil)
		if len(problems) != 0 || got == nil || len(got.Groups) != 0 {
			t.Errorf("%q: %+v, %+v", raw, got, problems)
		}
	}
}

func TestParseAccessFindings(t *testing.T) {
	t.Parallel()
	group := func(rest string) string {
		return `{"roles":[{"key":"pm","title":"PM"}],"groups":[{"key":"g","form":"expense_contract","members":[{"role":"pm"}],"can":["view"],` + rest + `}]}`
	}
	tests := []struct {
		name, raw, path, code, suggestion string
		warning                           bool
	}{
		{"no mapping", `[]`, "access#", "type", "", false},
		{"unknown key", `{"group":[]}`, "access#/group", "unknown_key", "groups", false},
		{"unknown key of a group", group(`"row":"mine"`), "access#/groups/0/row", "unknown_key", "rows", false},
		{"unknown key far from all", group(`"quantum":1`), "access#/groups/0/quantum", "unknown_key", "", false},
		{"unknown key of fields", group(`"fields":{"hidden":[]}`), "access#/groups/0/fields/hidden", "unknown_key", "hide", false},
		{"missing", `{"groups":[{"key":"g","form":"note","members":[{"everyone":true}]}]}`, "access#/groups/0", "required", "", false},
		{"unknown form", `{"groups":[{"key":"g","form":"nite","members":[{"everyone":true}],"can":["view"]}]}`, "access#/groups/0/form", "reference.form", "note", false},
		{"nobody", `{"groups":[{"key":"g","form":"note","members":[],"can":["view"]}]}`, "access#/groups/0/members", "empty", "", false},
		{"two kinds", `{"groups":[{"key":"g","form":"note","members":[{"everyone":true,"user":"li"}],"can":["view"]}]}`, "access#/groups/0/members/0", "member_kind", "", false},
		{"no kind", `{"groups":[{"key":"g","form":"note","members":[{}],"can":["view"]}]}`, "access#/groups/0/members/0", "member_kind", "", false},
		{"children of a user", `{"groups":[{"key":"g","form":"note","members":[{"user":"li","children":true}],"can":["view"]}]}`, "access#/groups/0/members/0/children", "member_children", "", false},
		{"unknown role", `{"roles":[{"key":"pm","title":"x"}],"groups":[{"key":"g","form":"note","members":[{"role":"pn"}],"can":["view"]}]}`, "access#/groups/0/members/0/role", "reference.role", "pm", false},
		{"own role written in full", `{"groups":[{"key":"g","form":"note","members":[{"role":"cost.pm"}],"can":["view"]}]}`, "access#/groups/0/members/0/role", "reference.role", "", false},
		{"no role at all", `{"groups":[{"key":"g","form":"note","members":[{"role":"a b.c"}],"can":["view"]}]}`, "access#/groups/0/members/0/role", "key", "", false},
		{"field that names nobody", `{"groups":[{"key":"g","form":"note","members":[{"field":"text"}],"can":["view"]}]}`, "access#/groups/0/members/0/field", "member_field", "", false},
		{"unknown operation", `{"groups":[{"key":"g","form":"note","members":[{"everyone":true}],"can":["veiw"]}]}`, "access#/groups/0/can/0", "operation", "view", false},
		{"operation twice", `{"groups":[{"key":"g","form":"note","members":[{"everyone":true}],"can":["view","view"]}]}`, "access#/groups/0/can/1", "duplicate", "", false},
		{"edit what is not seen", `{"groups":[{"key":"g","form":"note","members":[{"everyone":true}],"can":["edit"]}]}`, "access#/groups/0/can", "without_view", "", true},
		{"unknown state", group(`"when":["aproved"]`), "access#/groups/0/when/0", "state", "approved", false},
		{"state without a flow", `{"groups":[{"key":"g","form":"note","members":[{"everyone":true}],"can":["view"],"when":["running"]}]}`, "access#/groups/0/when", "when_without_flow", "", false},
		{"misspelt range", group(`"rows":"my_detp"`), "access#/groups/0/rows", "rows", "my_dept", false},
		{"empty department", group(`"rows":"depts:a,,b"`), "access#/groups/0/rows", "rows_depts", "", false},
		{"unknown field", group(`"fields":{"hide":["amuont"]}`), "access#/groups/0/fields/hide/0", "reference.field", "amount", false},
		{"unknown column", group(`"fields":{"mask":["lines.qtty"]}`), "access#/groups/0/fields/mask/0", "reference.field", "lines.qty", false},
		{"hidden and masked", group(`"fields":{"hide":["party"],"mask":["party"]}`), "access#/groups/0/fields/mask/0", "duplicate", "", false},
		{"rows of no subtable", group(`"rows_of":{"party":["add"]}`), "access#/groups/0/rows_of/party", "rows_of", "", false},
		{"unknown row operation", group(`"rows_of":{"lines":["remove"]}`), "access#/groups/0/rows_of/lines/0", "row_operation", "", false},
		{"wrong type", group(`"when":"running"`), "access#/groups/0/when", "type", "", false},
		{"role twice", `{"roles":[{"key":"pm","title":"a"},{"key":"pm","title":"b"}]}`, "access#/roles/1/key", "duplicate", "", false},
		{"menu for nobody", `{"menus":[{"page":"p","roles":[]}]}`, "access#/menus/0/roles", "empty", "", false},
		{"required and filled by nobody", `{"groups":[{"key":"g","form":"note","members":[{"everyone":true}],"can":["create"],"fields":{"readonly":["title"]}}]}`, "access#/groups/0/fields/readonly/0", "required_unfillable", "", false},
		{"required and filled by another group", `{"groups":[{"key":"g","form":"note","members":[{"everyone":true}],"can":["create"],"fields":{"hide":["title"]}},{"key":"h","form":"note","members":[{"user":"li"}],"can":["create"]}]}`, "access#/groups/0/fields/hide/0", "required_withheld", "", true},
		{"create by a field", `{"groups":[{"key":"g","form":"expense_contract","members":[{"field":"manager"}],"can":["view","create"]}]}`, "access#/groups/0/can/1", "nobody_yet", "", true},
		{"unknown button", `{"groups":[{"key":"g","form":"note","members":[{"everyone":true}],"can":["view","button:clse"]}]}`, "access#/groups/0/can/1", "operation", "button:close", false},
		{"a button of another form", `{"groups":[{"key":"g","form":"expense_contract","members":[{"everyone":true}],"can":["view","button:close"]}]}`, "access#/groups/0/can/1", "operation", "", false},
		{"a relation's field that is none", `{"groups":[{"key":"g","form":"expense_contract","members":[{"field":"note.teem"}],"can":["view"]}]}`, "access#/groups/0/members/0/field", "reference.field", "team", false},
		{"a relation's field that names nobody", `{"groups":[{"key":"g","form":"expense_contract","members":[{"field":"note.text"}],"can":["view"]}]}`, "access#/groups/0/members/0/field", "member_field", "", false},
		{"required withheld", `{"groups":[{"key":"g","form":"expense_contract","members":[{"everyone":true}],"can":["create"],"fields":{"hide":["project"]}}]}`, "access#/groups/0/fields/hide/0", "required_withheld", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := schema.ParseAccess("cost", json.RawMessage(tt.raw), accessForms())
			i := slices.IndexFunc(problems, func(p schema.Problem) bool { return p.Path == tt.path && p.Code == tt.code })
			if i < 0 {
				t.Fatalf("no %s at %s in %+v", tt.code, tt.path, problems)
			}
			got := problems[i]
			if s, _ := got.Params["suggestion"].(string); s != tt.suggestion {
				t.Errorf("suggestion %q, want %q", s, tt.suggestion)
			}
			if got.Warning != tt.warning || got.Message == "" {
				t.Errorf("warning %v message %q", got.Warning, got.Message)
			}
		})
	}
}

// The schema that editors complete from must know exactly what the parser knows.
func TestAccessSchemaKnowsWhatTheParserKnows(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../docs/schema/access.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type node struct {
		Properties           map[string]node `json:"properties"`
		Items                *node           `json:"items"`
		Enum                 []string        `json:"enum"`
		AnyOf                []node          `json:"anyOf"`
		Definitions          map[string]node `json:"definitions"`
		AdditionalProperties json.RawMessage `json:"additionalProperties"`
	}
	// everyone's enum is boolean; it is of no interest here.
	var doc node
	if err := json.Unmarshal(slices.Concat(raw), &doc); err != nil && !isTypeError(err) {
		t.Fatal(err)
	}
	group := doc.Definitions["group"].Properties
	if diff := cmp.Diff(schema.Operations(), group["can"].Items.AnyOf[0].Enum); diff != "" {
		t.Error("operations:", diff)
	}
	if diff := cmp.Diff(schema.CaseStates(), group["when"].Items.Enum); diff != "" {
		t.Error("states:", diff)
	}
	for name, keys := range map[string]map[string]node{"group": group, "fields": group["fields"].Properties, "member": doc.Definitions["member"].Properties} {
		for key := range keys {
			sample := map[string]string{"group": `{"groups":[{"` + key + `":7}]}`, "fields": `{"groups":[{"fields":{"` + key + `":7}}]}`,
				"member": `{"groups":[{"members":[{"` + key + `":7}]}]}`}[name]
			_, problems := schema.ParseAccess("cost", json.RawMessage(sample), accessForms())
			if slices.ContainsFunc(problems, func(p schema.Problem) bool { return p.Code == "unknown_key" }) {
				t.Errorf("%s: the parser does not know %q", name, key)
			}
		}
	}
}

func isTypeError(err error) bool {
	_, ok := err.(*json.UnmarshalTypeError)
	return ok
}
