package rbac_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/storage/filter"
)

func TestMyErrorsNameTheGroup(t *testing.T) {
	t.Parallel()
	g := group("team", "view")
	g.Rows = `project in MY("base.project", "members.member")`
	e, problems := rbac.NewEngine([]rbac.AppSource{app(g)})
	if len(problems) > 0 {
		t.Fatalf("problems: %+v", problems)
	}
	ids := make([]string, rbac.MaxMy+1)
	for i := range ids {
		ids[i] = fmt.Sprint("p", i)
	}
	_, err := e.Plan(wang(), func(string, string) ([]string, error) { return ids, nil })
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "access.my_too_large" || f.Params["group"] != "cost.team" {
		t.Errorf("error %v", err)
	}
	asked := ""
	p, err := e.Plan(wang(), func(form, path string) ([]string, error) {
		asked += form + " " + path + ";"
		return ids[:rbac.MaxMy], nil
	})
	if err != nil || asked != "base.project members.member;" {
		t.Fatalf("asked %q, error %v", asked, err)
	}
	doc := func(project string) map[string]any {
		return map[string]any{"data": map[string]any{"project": project}}
	}
	if f := p.Form("cost.contract"); !f.Allows("view", doc("p7")) || f.Allows("view", doc("q")) {
		t.Error("MY does not decide")
	}
	if _, err := e.Plan(wang(), nil); !fault.Is(err, "access.my_missing") {
		t.Errorf("without a resolver: %v", err)
	}
}

func TestRowFormulas(t *testing.T) {
	t.Parallel()
	doc := map[string]any{"created_by": "u-li", "dept": "d11", "case": map[string]any{"state": "running"},
		"data": map[string]any{"amount": decimal.MustParse("1000.50"), "manager": "u-wang", "secret": "x",
			"lines": []any{map[string]any{"id": "1", "qty": decimal.MustParse("3")}, map[string]any{"id": "2", "qty": decimal.MustParse("9")}}}}
	tests := []struct {
		rows string
		want bool
	}{
		{"manager == USER.id", true},
		{"sys.created_by == USER.id", false},
		{"manager == USER.id and amount > 1000", true},
		{"manager == USER.id and amount > 1000.50", false},
		{"sys.dept in USER.depts", true},
		{`"cost.pm" in USER.roles`, true},
		{`"cost.gm" in USER.roles`, false},
		{`case.state == "running" or secret == "y"`, true},
		{`not (secret == "x")`, false},
	}
	for _, tt := range tests {
		t.Run(tt.rows, func(t *testing.T) {
			t.Parallel()
			g := group("g", "view")
			g.Rows = tt.rows
			f := planOf(t, wang(), app(g)).Form("cost.contract")
			if got := f.Allows("view", doc); got != tt.want {
				t.Errorf("allows %v, scope %#v", got, f.Scope("view"))
			}
			if got := filter.Match(f.Scope("view"), doc); got != tt.want {
				t.Errorf("scope %v: %#v", got, f.Scope("view"))
			}
		})
	}
}

func TestUnfitRowFormulasAreProblems(t *testing.T) {
	t.Parallel()
	for rows, code := range map[string]string{
		"amuont > 3":             "unknown_name",
		"amount +":               "syntax",
		"amount":                 "type",
		"sys.created_at > NOW()": "rows_volatile",
		"manager == DIRECTOR()":  "rows_volatile",
		`LOOKUP("base.p", a == secret, b) == "x"`: "rows_volatile",
		`project.pm == USER.id`:                   "rows_path",
		"LEN(secret) > 3":                         "rows_filter",
	} {
		g := group("g", "view")
		g.Rows = rows
		e, problems := rbac.NewEngine([]rbac.AppSource{app(g)})
		var codes []string
		for _, p := range problems {
			codes = append(codes, p.Path+" "+p.Code)
		}
		if diff := cmp.Diff([]string{"access#/groups/0/rows " + code}, codes); diff != "" {
			t.Errorf("%s: %s", rows, diff)
		}
		p, err := e.Plan(wang(), nil)
		if err != nil || p.Form("cost.contract").Can("view") {
			t.Errorf("%s: a broken range must grant nothing (%v)", rows, err)
		}
	}
}
