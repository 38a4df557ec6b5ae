package rbac_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

// administers lists what a subject administers of two apps.
func administers(p *rbac.Plan) string {
	var out []string
	for _, area := range []string{rbac.AreaPlatform, rbac.AreaOrg, rbac.AreaDesign + "cost", rbac.AreaData + "cost", rbac.AreaDesign + "base", rbac.AreaData + "base"} {
		if p.Administers(area) {
			out = append(out, area)
		}
	}
	return strings.Join(out, " ")
}

func twoApps(groups ...schema.GroupDef) []rbac.AppSource {
	base := app()
	base.App = "base"
	return []rbac.AppSource{app(groups...), base}
}

func TestPlanesOfAdministration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		admin             bool
		planes            []string
		areas             string
		data, otherAppsTo bool
	}{
		{false, nil, "", false, false},
		{true, nil, "platform org design:cost data:cost design:base data:base", true, true},
		{false, []string{"org"}, "org", false, false},
		{false, []string{"app:cost"}, "design:cost", false, false},
		{false, []string{"data:cost"}, "data:cost", true, false},
		{false, []string{"data:cost", "app:base"}, "data:cost design:base", true, false},
		{false, []string{"app:nothing", "platform", "data:"}, "", false, false},
	}
	for _, tt := range tests {
		s := wang()
		s.Admin, s.Planes = tt.admin, tt.planes
		p := planOf(t, s, twoApps()...)
		if got := administers(p); got != tt.areas {
			t.Errorf("%v %v administers %q, want %q", tt.admin, tt.planes, got, tt.areas)
		}
		if got := p.Form("cost.contract").Can(schema.OpView); got != tt.data {
			t.Errorf("%v %v sees data: %v", tt.admin, tt.planes, got)
		}
		if got := p.Form("base.contract").Can(schema.OpView); got != tt.otherAppsTo {
			t.Errorf("%v %v sees data of the other app: %v", tt.admin, tt.planes, got)
		}
	}
	nobody := planOf(t, rbac.Subject{Admin: true}, twoApps()...)
	if nobody.Administers(rbac.AreaOrg) || nobody.AdministersAny(rbac.AreaDesign) {
		t.Error("nobody administers something")
	}
}

// Each plane is a policy: without it nothing is administered.
func TestPlanesComeFromTheEnforcer(t *testing.T) {
	t.Parallel()
	s := wang()
	s.Planes = []string{"org", "app:cost", "data:cost"}
	e, _ := rbac.NewEngine(twoApps())
	for _, tt := range []struct{ rule, areas string }{
		{"p organisation_administrators administration org administer", "design:cost data:cost"},
		{"g plane:app:cost app_administrators:cost administration", "org data:cost"},
		{"p data_administrators:cost administration data:cost administer", "org design:cost"},
	} {
		less, err := e.Without(rbac.Administration, strings.Fields(tt.rule)...)
		if err != nil {
			t.Fatal(err)
		}
		p, err := less.Plan(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := administers(p); got != tt.areas {
			t.Errorf("without %s: %q, want %q", tt.rule, got, tt.areas)
		}
	}
	if _, err := e.Without(rbac.Administration, "p", "nothing"); err == nil {
		t.Error("a policy that is not there must not be taken away silently")
	}
	less, err := e.Without("cost", "g", "plane:data:cost", "data_administrators", "cost")
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := less.Plan(s, nil); p.Form("cost.contract").Can(schema.OpView) {
		t.Error("without the policy nothing is left of the data administrator's right")
	}
}

func TestPoliciesOfAdministration(t *testing.T) {
	t.Parallel()
	e, _ := rbac.NewEngine([]rbac.AppSource{app()})
	want := [][]string{{"p", "platform_administrators", "administration", "*", "administer"}, {"p", "organisation_administrators", "administration", "org", "administer"},
		{"p", "app_administrators:cost", "administration", "design:cost", "administer"}, {"p", "data_administrators:cost", "administration", "data:cost", "administer"}}
	if diff := cmp.Diff(want, e.Policies(rbac.Administration)[:4]); diff != "" {
		t.Error(diff)
	}
}

func TestNarrow(t *testing.T) {
	t.Parallel()
	g, own := group("g", "view", "edit", "create"), group("own", "view", "edit", "delete")
	g.Fields.Hide, own.Rows = []string{"secret"}, "mine"
	full := planOf(t, wang(), app(g, own))
	p := full.Narrow(func(form, op string) bool { return form == "cost.contract" && (op == "view" || op == "delete") })
	f, mine := p.Form("cost.contract"), map[string]any{"created_by": "u-wang"}
	if !f.Allows("view", mine) || !f.Allows("delete", mine) || f.Allows("edit", mine) || f.Can("create") || f.Reaches("edit") {
		t.Error("operations")
	}
	if got := f.Fields(mine).Of("secret"); got != rbac.FieldRead {
		t.Errorf("secret is %v: his own record shows it, and the key does not write", got)
	}
	if got := f.Explain("edit", mine); len(got) != 1 || got[0].Code != rbac.ReasonKey || got[0].Allowed {
		t.Errorf("%+v", got)
	}
	if p.Form("cost.note").Can("view") || !full.Form("cost.contract").Allows("edit", mine) {
		t.Error("the plan itself was changed, or the other form reached")
	}
	none := full.Narrow(func(string, string) bool { return false }).Form("cost.contract")
	if none.Allows("view", mine) || none.Can("view") {
		t.Error("a key that reaches nothing sees something")
	}
}
