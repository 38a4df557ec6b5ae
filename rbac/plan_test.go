package rbac_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

func TestMembers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		member schema.MemberDef
		want   bool
	}{
		{"everyone", schema.MemberDef{Everyone: true}, true},
		{"role of the app", schema.MemberDef{Role: "pm"}, true},
		{"role in full", schema.MemberDef{Role: "cost.pm"}, true},
		{"same role of another app", schema.MemberDef{Role: "base.pm"}, false},
		{"user by id", schema.MemberDef{User: "u-wang"}, true},
		{"user by login", schema.MemberDef{User: "wang"}, true},
		{"another user", schema.MemberDef{User: "u-wan"}, false},
		{"own department", schema.MemberDef{Dept: "d11"}, true},
		{"own department by name", schema.MemberDef{Dept: "一组"}, true},
		{"second department", schema.MemberDef{Dept: "d3"}, true},
		{"department above, alone", schema.MemberDef{Dept: "工程部"}, false},
		{"department above, with children", schema.MemberDef{Dept: "工程部", Children: true}, true},
		{"department below", schema.MemberDef{Dept: "d111", Children: true}, false},
		{"another department", schema.MemberDef{Dept: "财务部", Children: true}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := group("g", "view", "create")
			g.Members = []schema.MemberDef{tt.member}
			f := planOf(t, wang(), app(g)).Form("cost.contract")
			if got := f.Can("view"); got != tt.want {
				t.Errorf("view %v, want %v", got, tt.want)
			}
			if got := f.Allows("create", nil); got != tt.want {
				t.Errorf("create %v, want %v", got, tt.want)
			}
			if f.Can("edit") || f.Allows("edit", map[string]any{}) {
				t.Error("edit was never given")
			}
		})
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	mine := map[string]any{"created_by": "u-wang", "dept": "d9", "case": map[string]any{"state": "draft"}}
	record := func(dept string, part ...any) map[string]any {
		return map[string]any{"created_by": "u-li", "dept": dept, "acl": map[string]any{"part": part}}
	}
	tests := []struct {
		rows string
		doc  map[string]any
		want bool
	}{
		{"", record("d9"), true},
		{"all", record("d9"), true},
		{"mine", mine, true},
		{"mine", record("d11"), false},
		{"my_dept", record("d11"), true},
		{"my_dept", record("d3"), true},
		{"my_dept", record("d111"), false},
		{"my_depts", record("d111"), true},
		{"my_depts", record("d1"), false},
		{"headed", record("d21"), true},
		{"headed", record("d11"), false},
		{"took_part", record("d9", "u-li", "u-wang"), true},
		{"took_part", record("d9", "u-li"), false},
		{"took_part", map[string]any{}, false},
		{"depts:d9", record("d9"), true},
		{"depts: 财务部 ,d4", record("d9"), true},
		{"depts: 财务部 ,d4", record("d4"), true},
		{"depts:财务部", record("d4"), false},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.rows, tt.doc), func(t *testing.T) {
			t.Parallel()
			g := group("g", "view")
			g.Rows = tt.rows
			f := planOf(t, wang(), app(g)).Form("cost.contract")
			if got := f.Allows("view", tt.doc); got != tt.want {
				t.Errorf("allows %v, want %v", got, tt.want)
			}
			if got := filter.Match(f.Scope("view"), tt.doc); got != tt.want {
				t.Errorf("scope %v, want %v: %v", got, tt.want, f.Scope("view"))
			}
		})
	}
}

func TestNobodyMayNothing(t *testing.T) {
	t.Parallel()
	p := planOf(t, rbac.Subject{}, app(group("g", "view", "create")))
	f := p.Form("cost.contract")
	if f.Can("view") || f.Can("create") || p.Menu("cost", "contract") || f.Fields(nil).Default != rbac.FieldHidden {
		t.Error("a subject without a user may do something")
	}
	if got := f.Explain("view", nil)[0].Code; got != rbac.ReasonAnonymous {
		t.Errorf("explained as %s", got)
	}
}

func TestUnknownFormDeniesAll(t *testing.T) {
	t.Parallel()
	f := planOf(t, wang(), app(group("g", "view"))).Form("cost.nothing")
	if f.Can("view") || f.Allows("view", map[string]any{}) || f.CanSort("x") {
		t.Error("an unknown form allows something")
	}
	if diff := cmp.Diff(filter.False, f.Scope("view")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(filter.False, f.FieldScope("x")); diff != "" {
		t.Error(diff)
	}
	if got := f.Explain("view", nil)[0].Code; got != rbac.ReasonUnknownForm {
		t.Errorf("explained as %s", got)
	}
}

func TestCaseStates(t *testing.T) {
	t.Parallel()
	g := group("g", "view", "create")
	g.When = []string{"running", "approved"}
	f := planOf(t, wang(), app(g)).Form("cost.contract")
	for state, want := range map[string]bool{"running": true, "approved": true, "draft": false} {
		if got := f.Allows("view", map[string]any{"case": map[string]any{"state": state}}); got != want {
			t.Errorf("%s: %v", state, got)
		}
	}
	if f.Allows("view", map[string]any{}) {
		t.Error("a record without a case is in no state")
	}
	if !f.Allows("create", nil) {
		t.Error("a new record has no state yet that could forbid it")
	}
}

func TestMembersByField(t *testing.T) {
	t.Parallel()
	g := group("manager", "view", "edit", "create")
	g.Members = []schema.MemberDef{{Field: "manager"}}
	f := planOf(t, wang(), app(g)).Form("cost.contract")
	named := map[string]any{"data": map[string]any{"manager": "u-wang"}}
	one := map[string]any{"data": map[string]any{"manager": []any{"u-li", "u-wang"}}}
	other := map[string]any{"data": map[string]any{"manager": "u-li"}}
	if !f.Allows("edit", named) || !f.Allows("edit", one) || f.Allows("edit", other) || f.Allows("view", map[string]any{}) {
		t.Error("membership by field is not decided by the record")
	}
	if f.Can("create") {
		t.Error("a record that is not there names nobody, so nobody may create it")
	}
	if got := f.Fields(other).Default; got != rbac.FieldHidden {
		t.Errorf("fields of another's record: %v", got)
	}
}

func TestOperationsNeedTheRecordVisible(t *testing.T) {
	t.Parallel()
	see := group("see", "view")
	see.Rows = "mine"
	remove := group("remove", "delete")
	f := planOf(t, wang(), app(see, remove)).Form("cost.contract")
	mine, other := map[string]any{"created_by": "u-wang"}, map[string]any{"created_by": "u-li"}
	if !f.Allows("delete", mine) || f.Allows("delete", other) {
		t.Error("delete must hold on visible records only")
	}
	if filter.Match(f.Scope("delete"), other) {
		t.Error("the scope of delete shows more than view")
	}
	blind := planOf(t, wang(), app(remove)).Form("cost.contract")
	if blind.Can("delete") {
		t.Error("delete without any view can do nothing")
	}
}

func TestMenus(t *testing.T) {
	t.Parallel()
	src := app(group("g", "view"))
	p := planOf(t, wang(), src)
	for page, want := range map[string]bool{"overview": true, "contract": true, "note": false, "help": true} {
		if got := p.Menu("cost", page); got != want {
			t.Errorf("pm: %s %v", page, got)
		}
	}
	s := wang()
	s.Roles = []string{"base.gm"}
	if p := planOf(t, s, src); p.Menu("cost", "overview") {
		t.Error("overview is for pm")
	}
	s.Roles, s.Admin = nil, true
	if p := planOf(t, s, src); !p.Menu("cost", "overview") || !p.Menu("cost", "note") {
		t.Error("administrators see every entry")
	}
}
