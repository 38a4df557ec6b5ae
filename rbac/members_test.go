package rbac_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// project is a form of another app whose records name people.
func project() rbac.AppSource {
	form := &schema.Form{App: "base", Key: "project", Fields: []*schema.Field{{Key: "pm", Type: schema.TypeMember}, {Key: "name", Type: schema.TypeText},
		{Key: "members", Type: schema.TypeSubtable, Columns: []*schema.Field{{Key: "member", Type: schema.TypeMember}}}}}
	return rbac.AppSource{App: "base", Forms: map[string]rbac.FormSource{"project": {Form: form}}}
}

// related is the app cost whose contracts point to projects.
func related(groups ...schema.GroupDef) rbac.AppSource {
	a := app(groups...)
	f := a.Forms["contract"].Form
	f.Fields = append(f.Fields, &schema.Field{Key: "project", Type: schema.TypeRelation, Relation: &schema.Relation{Form: "base.project"}})
	f.Buttons = []schema.Button{{Key: "close", Title: schema.Plain("关闭")}}
	return a
}

func TestMembersThroughARelation(t *testing.T) {
	t.Parallel()
	g := group("team", "view", "create")
	g.Members = []schema.MemberDef{{Field: "project.members.member"}, {Field: "manager"}}
	e, problems := rbac.NewEngine([]rbac.AppSource{related(g), project()})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if diff := cmp.Diff([]string{"base.project"}, e.MyForms()); diff != "" {
		t.Error("the projects decide access:", diff)
	}
	asked := 0
	my := func(form, path string) ([]string, error) {
		if asked++; form != "base.project" || path != "members.member" {
			t.Errorf("asked for %s %s", form, path)
		}
		return []string{"p1", "p2"}, nil
	}
	p, err := e.Plan(wang(), my)
	if err != nil || asked != 1 {
		t.Fatal(err, asked)
	}
	f := p.Form("cost.contract")
	doc := func(project, manager string) map[string]any {
		return map[string]any{"data": map[string]any{"project": project, "manager": manager}}
	}
	for _, tt := range []struct {
		doc  map[string]any
		want bool
	}{{doc("p2", ""), true}, {doc("p3", ""), false}, {doc("p3", "u-wang"), true}, {map[string]any{}, false}} {
		if got := f.Allows("view", tt.doc); got != tt.want || filter.Match(f.Scope("view"), tt.doc) != tt.want {
			t.Errorf("%v: %v", tt.doc, got)
		}
	}
	if f.Can("create") {
		t.Error("a new record names nobody")
	}
	if r := f.Explain("view", doc("p3", ""))[0]; r.Code != rbac.ReasonNotNamed {
		t.Errorf("%+v", r)
	}
	failed := fault.New(fault.Refused, "access.my_too_large", "too many")
	if _, err := e.Plan(wang(), func(string, string) ([]string, error) { return nil, failed }); !errors.Is(err, failed) && fault.CodeOf(err) != "access.my_too_large" {
		t.Errorf("%v", err)
	}
}

func TestMembersThroughARelationAreChecked(t *testing.T) {
	t.Parallel()
	for field, bad := range map[string]bool{"project.pm": false, "project.members.member": false, "project.name": true, "project.nothing": true, "project.members.nothing": true} {
		g := group("team", "view")
		g.Members = []schema.MemberDef{{Field: field}}
		_, problems := rbac.NewEngine([]rbac.AppSource{related(g), project()})
		if (len(problems) == 1 && problems[0].Code == "member_field" && problems[0].Path == "access#/groups/0/members/0/field") != bad {
			t.Errorf("%s: %+v", field, problems)
		}
		if _, problems = rbac.NewEngine([]rbac.AppSource{related(g)}); len(problems) > 0 {
			t.Errorf("%s of an app that is not installed: %+v", field, problems)
		}
	}
}

func TestButtonsAreOperations(t *testing.T) {
	t.Parallel()
	g := group("team", "view", "button:close")
	g.Rows = "mine"
	f := planOf(t, wang(), related(g)).Form("cost.contract")
	if !f.Allows("button:close", map[string]any{"created_by": "u-wang"}) || f.Allows("button:close", map[string]any{"created_by": "u-li"}) {
		t.Error("a button is given as its group says")
	}
	s := wang()
	s.Admin = true
	p := planOf(t, s, related())
	if !p.Form("cost.contract").Can("button:close") || p.Form("cost.note").Can("button:close") || p.Form("cost.contract").Can("button:open") {
		t.Error("an administrator presses the buttons there are, and no others")
	}
	w := rbac.Wording{Lang: "zh-CN", Form: related().Forms["contract"].Form}
	if got := w.Op("button:close"); got != "按钮“关闭”" {
		t.Error(got)
	}
}
