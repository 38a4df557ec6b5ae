package rbac_test

import (
	"strings"
	"testing"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	team := group("team", "view", "edit")
	team.Title = schema.Plain("项目组")
	team.Members, team.Rows, team.When = []schema.MemberDef{{Role: "pm"}}, "mine", []string{"draft"}
	lead := group("lead", "view")
	lead.Members = []schema.MemberDef{{Field: "manager"}}
	boss := group("boss", "view", "delete")
	boss.Members = []schema.MemberDef{{Role: "gm"}, {Dept: "d9"}}
	kill := group("kill", "restore")
	f := planOf(t, wang(), app(team, lead, boss, kill)).Form("cost.contract")
	doc := func(by, state, manager string) map[string]any {
		return map[string]any{"created_by": by, "case": map[string]any{"state": state}, "data": map[string]any{"manager": manager}}
	}
	tests := []struct {
		op                  string
		doc                 map[string]any
		allowed             bool
		code, group, member string
		words               string
	}{
		{"edit", doc("u-wang", "draft", ""), true, rbac.ReasonGrants, "team", "role cost.pm", "rows: mine, in state draft"},
		{"edit", nil, true, rbac.ReasonGrants, "team", "role cost.pm", "项目组"},
		{"edit", doc("u-wang", "approved", ""), false, rbac.ReasonState, "team", "role cost.pm", "in state draft only"},
		{"edit", doc("u-li", "draft", ""), false, rbac.ReasonRows, "team", "role cost.pm", "not among them"},
		{"view", doc("u-li", "draft", "u-wang"), true, rbac.ReasonGrants, "lead", "named in field manager", ""},
		{"delete", doc("u-wang", "draft", ""), false, rbac.ReasonNoOperation, "team", "role cost.pm", `does not include "delete"`},
		{"restore", doc("u-li", "draft", ""), false, rbac.ReasonNotVisible, "kill", "everyone", "no group shows him the record"},
		{"print", doc("u-wang", "draft", ""), false, rbac.ReasonNoOperation, "team", "role cost.pm", ""},
	}
	for _, tt := range tests {
		got := f.Explain(tt.op, tt.doc)[0]
		if got.Allowed != tt.allowed || got.Code != tt.code || got.Group != tt.group || got.Member != tt.member || !strings.Contains(got.Detail, tt.words) {
			t.Errorf("%s %v: %+v", tt.op, tt.doc, got)
		}
		if tt.doc != nil && got.Allowed != f.Allows(tt.op, tt.doc) {
			t.Errorf("%s %v: explained as %v", tt.op, tt.doc, got.Allowed)
		}
	}
	last := f.Explain("delete", nil)
	if got := last[len(last)-1]; got.Code != rbac.ReasonNotMember || !strings.Contains(got.Detail, "role cost.gm; department d9") {
		t.Errorf("others: %+v", got)
	}
}

func TestExplainField(t *testing.T) {
	t.Parallel()
	all, own := group("all", "view"), group("own", "view", "edit")
	all.Fields.Hide, own.Rows = []string{"secret"}, "mine"
	f := planOf(t, wang(), app(all, own)).Form("cost.contract")
	got := f.ExplainField("secret", map[string]any{"created_by": "u-wang"})
	if len(got) != 2 || !got[0].Allowed || got[0].Group != "own" || got[1].Allowed || got[1].Code != rbac.ReasonFieldLimited {
		t.Errorf("%+v", got)
	}
	got = f.ExplainField("secret", map[string]any{"created_by": "u-li"})
	if len(got) != 1 || got[0].Allowed || got[0].Group != "all" {
		t.Errorf("%+v", got)
	}
}
