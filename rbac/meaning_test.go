package rbac_test

import (
	"maps"
	"testing"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

// What other names of departments do to the groups that name them.
func TestMeansMore(t *testing.T) {
	t.Parallel()
	ranged := group("ranged", schema.OpView)
	ranged.Rows = "depts:财务部, 资金部"
	ranged.Members = []schema.MemberDef{{User: "wang"}}
	others := group("others", schema.OpView)
	others.Rows, others.Members = "depts:档案室", []schema.MemberDef{{User: "li"}}
	member := group("member", schema.OpView)
	member.Members = []schema.MemberDef{{Dept: "经理室"}}
	byField := group("by_field", schema.OpView)
	byField.Rows, byField.Members = "depts:法务部", []schema.MemberDef{{Field: "manager"}}
	e, problems := rbac.NewEngine([]rbac.AppSource{app(ranged, others, member, byField)})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, c := range map[string]struct {
		names map[string]string // new meanings; "" = none any more
		want  string
	}{
		"nothing":                               {nil, ""},
		"another department has the name":       {map[string]string{"财务部": "d8"}, "cost.ranged"},
		"a second name means the same":          {map[string]string{"资金部": "d9"}, ""},
		"a name that meant nothing":             {map[string]string{"资金部": "d8"}, "cost.ranged"},
		"the name is gone":                      {map[string]string{"财务部": ""}, ""},
		"a name that no group means":            {map[string]string{"车队": "d8"}, ""},
		"a range of a group he is not in":       {map[string]string{"档案室": "d8"}, ""},
		"a range of a group he may come into":   {map[string]string{"法务部": "d8"}, "cost.by_field"},
		"his department has a member's name":    {map[string]string{"经理室": "d11"}, "cost.member"},
		"another one's department has the name": {map[string]string{"经理室": "d8"}, ""},
	} {
		was, is := wang(), wang()
		is.DeptNames = maps.Clone(was.DeptNames)
		maps.Copy(is.DeptNames, c.names)
		maps.DeleteFunc(is.DeptNames, func(_, id string) bool { return id == "" })
		if got := e.MeansMore(&was, &is); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
