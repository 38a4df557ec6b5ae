package rbac_test

import (
	"testing"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

// app builds an app "cost" with the forms contract (with a flow) and note.
func app(groups ...schema.GroupDef) rbac.AppSource {
	env := contractEnv()
	contract := &schema.Form{App: "cost", Key: "contract", Flow: "contract", Fields: []*schema.Field{
		{Key: "amount", Type: schema.TypeMoney}, {Key: "manager", Type: schema.TypeMember},
		{Key: "secret", Type: schema.TypeText},
		{Key: "lines", Type: schema.TypeSubtable, Columns: []*schema.Field{{Key: "qty"}, {Key: "price"}}},
	}}
	return rbac.AppSource{App: "cost",
		Access: schema.Access{
			Groups: groups,
			Menus:  []schema.MenuRule{{Page: "overview", Roles: []string{"pm"}}, {Page: "note", Roles: []string{"pm", "base.gm"}}},
		},
		Forms: map[string]rbac.FormSource{
			"contract": {Form: contract, Env: env},
			"note":     {Form: &schema.Form{App: "cost", Key: "note"}, Env: env},
		}}
}

func group(key string, can ...string) schema.GroupDef {
	return schema.GroupDef{Key: key, Form: "contract", Members: []schema.MemberDef{{Everyone: true}}, Can: can}
}

// wang is in the department d11, below d1, and heads d2.
func wang() rbac.Subject {
	return rbac.Subject{Tenant: "t", User: "u-wang", Login: "wang", Name: "王", Depts: []string{"d11", "d3"},
		DeptsBelow: []string{"d11", "d111", "d3"}, DeptsAbove: []string{"d11", "d1", "d3"}, Headed: []string{"d2", "d21"},
		DeptNames: map[string]string{"工程部": "d1", "一组": "d11", "财务部": "d9"}, Roles: []string{"cost.pm"}}
}

func planOf(t *testing.T, s rbac.Subject, apps ...rbac.AppSource) *rbac.Plan {
	t.Helper()
	e, problems := rbac.NewEngine(apps)
	if len(problems) > 0 {
		t.Fatalf("problems: %+v", problems)
	}
	p, err := e.Plan(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
