package rbac_test

import (
	"strings"
	"testing"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

func names(kind, id string) string {
	return map[string]string{"roles/cost.pm": "项目经理", "roles/cost.gm": "总经理", "depts/d9": "财务部"}[kind+"/"+id]
}

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
		zh, en              string
	}{
		{"edit", doc("u-wang", "draft", ""), true, rbac.ReasonGrants, "team", "role:cost.pm", "您作为角色“项目经理”属于权限组“项目组”，该组允许修改（本人创建的数据、仅限草稿状态）", "you are in access group “项目组”, which lets its members edit (one's own records, in state draft only)"},
		{"edit", nil, true, rbac.ReasonGrants, "team", "role:cost.pm", "项目组", "项目组"},
		{"edit", doc("u-wang", "approved", ""), false, rbac.ReasonState, "team", "role:cost.pm", "这条数据现在不是这个状态", "another state"},
		{"edit", doc("u-li", "draft", ""), false, rbac.ReasonRows, "team", "role:cost.pm", "不在范围内", "not among them"},
		{"view", doc("u-li", "draft", "u-wang"), true, rbac.ReasonGrants, "lead", "field:manager", "字段“经理”里的人", "whoever field “经理” names"},
		{"delete", doc("u-wang", "draft", ""), false, rbac.ReasonNoOperation, "team", "role:cost.pm", "不包含删除", "does not include: delete"},
		{"restore", doc("u-li", "draft", ""), false, rbac.ReasonNotVisible, "kill", "everyone", "没有权限组让您看到这条数据", "no group shows you this record"},
		{"print", doc("u-wang", "draft", ""), false, rbac.ReasonNoOperation, "team", "role:cost.pm", "打印", "print"},
	}
	form := &schema.Form{Fields: []*schema.Field{{Key: "manager", Title: schema.Plain("经理")}}}
	for _, tt := range tests {
		got := f.Explain(tt.op, tt.doc)[0]
		if got.Allowed != tt.allowed || got.Code != tt.code || got.Group != tt.group || got.Member != tt.member {
			t.Errorf("%s %v: %+v", tt.op, tt.doc, got)
		}
		if tt.doc != nil && got.Allowed != f.Allows(tt.op, tt.doc) {
			t.Errorf("%s %v: explained as %v", tt.op, tt.doc, got.Allowed)
		}
		for lang, words := range map[string]string{"zh-CN": tt.zh, "en": tt.en} {
			if text := (rbac.Wording{Lang: lang, Self: true, Name: names, Form: form}).Text(got); !strings.Contains(text, words) || strings.ContainsAny(text, "{}") {
				t.Errorf("%s in %s: %q, want %q", tt.op, lang, text, words)
			}
		}
	}
}

// Others are told who is in a group and what its condition is; the subject himself is not.
func TestWordingKeepsOtherGroupsToAdministrators(t *testing.T) {
	t.Parallel()
	own, boss, chief := group("own", "view", "delete"), group("boss", "delete"), group("chief", "delete")
	own.Rows = `secret == "red"`
	boss.Members, chief.Members = []schema.MemberDef{{Role: "gm"}, {Dept: "d9"}}, []schema.MemberDef{{User: "u-zhou"}}
	f := planOf(t, wang(), app(own, boss, chief)).Form("cost.contract")
	reasons := f.Explain("delete", map[string]any{"data": map[string]any{"secret": "blue"}})
	admin := rbac.Wording{Lang: "zh-CN", Who: "王五", Name: names}.Tell(reasons)
	if len(admin) != 3 || admin[1].Group != "boss" || !strings.Contains(admin[1].Text, "角色“总经理”") || !strings.Contains(admin[1].Text, "部门“财务部”的成员，王五不在其中") ||
		!strings.Contains(admin[0].Text, `secret == "red"`) {
		t.Errorf("an administrator is told %+v", admin)
	}
	self := rbac.Wording{Lang: "zh-CN", Self: true, Name: names}.Tell(reasons)
	if len(self) != 2 || self[1].Group != "" || self[1].Member != "" {
		t.Fatalf("he himself is told %+v", self)
	}
	for _, secret := range []string{"red", "boss", "chief", "总经理", "u-zhou"} {
		if strings.Contains(self[0].Text+self[1].Text, secret) {
			t.Errorf("he himself is told of %s: %+v", secret, self)
		}
	}
}

func TestExplainField(t *testing.T) {
	t.Parallel()
	all, own := group("all", "view"), group("own", "view", "edit")
	all.Fields.Hide, own.Rows = []string{"secret"}, "mine"
	f := planOf(t, wang(), app(all, own)).Form("cost.contract")
	got := f.ExplainField("secret", map[string]any{"created_by": "u-wang"})
	if len(got) != 2 || !got[0].Allowed || got[0].Group != "own" || got[0].Right != rbac.FieldWrite || got[1].Allowed || got[1].Code != rbac.ReasonFieldLimited {
		t.Errorf("%+v", got)
	}
	got = f.ExplainField("secret", map[string]any{"created_by": "u-li"})
	if len(got) != 1 || got[0].Allowed || got[0].Group != "all" {
		t.Errorf("%+v", got)
	}
	w := rbac.Wording{Lang: "zh-CN", Self: true}
	if text := w.Text(got[0]); text != "您作为所有人属于权限组“all”，该组把字段“secret”设为隐藏" {
		t.Error(text)
	}
}

func TestExplainMenu(t *testing.T) {
	t.Parallel()
	g := group("g", "view")
	g.Form = "note"
	for _, tt := range []struct {
		roles []string
		page  string
		shown bool
		code  string
	}{
		{[]string{"cost.pm"}, "overview", true, rbac.ReasonMenuRule},
		{nil, "overview", false, rbac.ReasonMenuRule},
		{[]string{"cost.pm"}, "note", true, rbac.ReasonMenuRule},
		{nil, "note", false, rbac.ReasonMenuRule},
		{nil, "contract", false, rbac.ReasonMenuRights},
		{nil, "elsewhere", true, rbac.ReasonMenuOpen},
	} {
		s := wang()
		s.Roles = tt.roles
		p := planOf(t, s, app(g))
		if r := p.ExplainMenu("cost", tt.page); r.Allowed != tt.shown || r.Code != tt.code || r.Allowed != p.Menu("cost", tt.page) {
			t.Errorf("%v %s: %+v", tt.roles, tt.page, r)
		}
	}
}

// Every code has a sentence in both languages without a hole.
func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	codes := []string{rbac.ReasonGrants, rbac.ReasonAdmin, rbac.ReasonDataAdmin, rbac.ReasonNoGroup, rbac.ReasonNotMember, rbac.ReasonNoOperation, rbac.ReasonRows,
		rbac.ReasonState, rbac.ReasonNotNamed, rbac.ReasonNotVisible, rbac.ReasonFieldGranted, rbac.ReasonFieldLimited, rbac.ReasonUnknownForm, rbac.ReasonAnonymous,
		rbac.ReasonKey, rbac.ReasonFlowPart, rbac.ReasonFlowNot, rbac.ReasonFlowField, rbac.ReasonAuthor, rbac.ReasonAuthorField, rbac.ReasonDraft, rbac.ReasonDeleted, rbac.ReasonComputed,
		rbac.ReasonMenuRule, rbac.ReasonMenuOpen, rbac.ReasonMenuRights}
	for _, code := range codes {
		for _, lang := range []string{"zh-CN", "en"} {
			for _, self := range []bool{true, false} {
				for _, r := range []rbac.Reason{{Code: code, Op: "edit", Allowed: true}, {Code: code, Op: "edit", Field: "amount", New: true}} {
					if text := (rbac.Wording{Lang: lang, Self: self, Who: "Wang"}).Text(r); text == "" || strings.ContainsAny(text, "{}") {
						t.Errorf("%s in %s: %q", code, lang, text)
					}
				}
			}
		}
	}
	for _, op := range schema.Operations() {
		if (rbac.Wording{Lang: "zh-CN"}).Op(op) == op {
			t.Errorf("%s has no Chinese name", op)
		}
	}
	for _, s := range schema.CaseStates() {
		r := rbac.Reason{Code: rbac.ReasonState, When: []string{s}}
		if text := (rbac.Wording{Lang: "zh-CN"}).Text(r); strings.Contains(text, "仅限状态") {
			t.Errorf("%s has no Chinese name", s)
		}
	}
}
