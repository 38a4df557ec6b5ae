package rbac_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

func TestAdministratorByPolicy(t *testing.T) {
	t.Parallel()
	s := wang()
	s.Admin = true
	e, _ := rbac.NewEngine([]rbac.AppSource{app()})
	p, err := e.Plan(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := p.Form("cost.contract")
	for _, op := range schema.Operations() {
		if !f.Can(op) || !f.Allows(op, map[string]any{"_id": "x"}) {
			t.Errorf("administrator may not %s", op)
		}
	}
	if f.Fields(map[string]any{}).Of("secret") != rbac.FieldWrite || !f.CanSort("secret") {
		t.Error("fields")
	}
	less, err := e.Without("cost", "p", "administrators", "cost", "*", "*")
	if err != nil {
		t.Fatal(err)
	}
	if p, _ = less.Plan(s, nil); p.Form("cost.contract").Can("view") {
		t.Error("without the policy nothing is left of the administrator's right")
	}
}

// Each policy that is taken from the enforcer takes its right away: the plan has no other source.
func TestDecisionsComeFromTheEnforcer(t *testing.T) {
	t.Parallel()
	g := group("team", "view", "edit", "create")
	g.Members = []schema.MemberDef{{Role: "pm"}, {Dept: "d1", Children: true}}
	e, problems := rbac.NewEngine([]rbac.AppSource{app(g)})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	rights := func(e *rbac.Engine) string {
		p, err := e.Plan(wang(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, op := range schema.Operations() {
			if p.Form("cost.contract").Allows(op, map[string]any{}) {
				out = append(out, op)
			}
		}
		if p.Menu("cost", "overview") {
			out = append(out, "menu")
		}
		return strings.Join(out, " ")
	}
	if got := rights(e); got != "view create edit menu" {
		t.Fatalf("before: %s", got)
	}
	tests := []struct{ rule, want string }{
		{"p group:team cost contract edit", "view create menu"},
		{"p group:team cost contract view", "create menu"},
		{"p menu:overview cost page:overview open", "view create edit"},
		{"g role:cost.pm menu:overview cost", "view create edit"},
		{"g role:cost.pm group:team cost", "view create edit menu"}, // the department still makes him a member
	}
	for _, tt := range tests {
		less, err := e.Without("cost", strings.Fields(tt.rule)...)
		if err != nil {
			t.Fatal(err)
		}
		if got := rights(less); got != tt.want {
			t.Errorf("without %s: %q, want %q", tt.rule, got, tt.want)
		}
		if got := rights(e); got != "view create edit menu" {
			t.Fatalf("the engine itself was changed: %q", got)
		}
	}
	less, _ := e.Without("cost", "g", "role:cost.pm", "group:team", "cost")
	less, err := less.Without("cost", "g", "tree:d1", "group:team", "cost")
	if err != nil {
		t.Fatal(err)
	}
	if got := rights(less); got != "menu" {
		t.Errorf("without any membership: %q", got)
	}
	if _, err := e.Without("cost", "p", "group:none", "cost", "contract", "view"); err == nil {
		t.Error("a policy that is not there must not be taken away silently")
	}
}

func TestProblemsOfGroupsGrantNothing(t *testing.T) {
	t.Parallel()
	lost := group("lost", "view")
	lost.Form = "nothing"
	nobody := group("nobody", "view")
	nobody.Members = []schema.MemberDef{{}}
	e, problems := rbac.NewEngine([]rbac.AppSource{app(lost, nobody, group("good", "create"))})
	var codes []string
	for _, p := range problems {
		codes = append(codes, p.Path+" "+p.Code)
	}
	if diff := cmp.Diff([]string{"access#/groups/0/form unknown_form", "access#/groups/1/members/0 member_kind"}, codes); diff != "" {
		t.Error(diff)
	}
	p, err := e.Plan(wang(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if f := p.Form("cost.contract"); f.Can("view") || !f.Can("create") {
		t.Error("only the good group may count")
	}
}
