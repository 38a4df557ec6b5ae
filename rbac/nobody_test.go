package rbac_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

func TestNobody(t *testing.T) {
	t.Parallel()
	a := app(group("open", "view"), group("lost", "view"), group("half", "view"), group("field", "view"))
	a.Access.Roles = []schema.RoleDef{{Key: "pm"}}
	a.Access.Menus = []schema.MenuRule{{Page: "note", Roles: []string{"pm", "base.gm", "other.x"}}}
	g := a.Access.Groups
	g[1].Members = []schema.MemberDef{{Role: "base.gone"}, {Dept: "工程部"}, {User: "nobody"}}
	g[2].Members = []schema.MemberDef{{User: "nobody"}, {Role: "cost.pm"}, {Dept: "d1"}, {User: "wang"}, {Role: "elsewhere.role"}}
	g[3].Members = []schema.MemberDef{{Field: "manager"}}
	base := rbac.AppSource{App: "base", Access: schema.Access{Roles: []schema.RoleDef{{Key: "gm"}}}}
	var got []string
	for _, p := range rbac.Nobody([]rbac.AppSource{a, base}, func(kind, ref string) bool { return kind+ref == "deptd1" || kind+ref == "userwang" }) {
		if !p.Warning || p.Message == "" || p.Params["app"] != "cost" {
			t.Errorf("%+v", p)
		}
		got = append(got, p.Path+" "+p.Code)
	}
	want := []string{"access#/groups/1/members/0/role unknown_role", "access#/groups/1/members/1/dept unknown_dept", "access#/groups/1/members/2/user unknown_user",
		"access#/groups/1/members group_nobody", "access#/groups/2/members/0/user unknown_user"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
