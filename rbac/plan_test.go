package rbac_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
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

func TestFieldsOfOneGroup(t *testing.T) {
	t.Parallel()
	g := group("g", "view", "edit")
	g.Fields = schema.GroupFields{Hide: []string{"secret"}, Mask: []string{"party"}, Readonly: []string{"amount", "lines.price"}}
	g.RowsOf = map[string][]string{"lines": {"add", "edit"}}
	f := planOf(t, wang(), app(g)).Form("cost.contract")
	got := f.Fields(map[string]any{})
	want := rbac.Fields{Default: rbac.FieldWrite,
		By: map[string]rbac.FieldRight{"secret": rbac.FieldHidden, "party": rbac.FieldMasked,
			"amount": rbac.FieldRead, "lines.price": rbac.FieldRead},
		Rows: map[string][]string{"lines": {"add", "edit"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for path, want := range map[string]rbac.FieldRight{"lines": rbac.FieldWrite, "lines.qty": rbac.FieldWrite,
		"lines.price": rbac.FieldRead, "secret": rbac.FieldHidden, "secret.part": rbac.FieldHidden} {
		if r := got.Of(path); r != want {
			t.Errorf("%s: %v, want %v", path, r, want)
		}
	}
	for path, want := range map[string]bool{"amount": true, "secret": false, "party": false, "sys.created_at": true, "lines.qty": true} {
		if f.CanSort(path) != want {
			t.Errorf("sort by %s: %v", path, !want)
		}
	}
}

func TestViewAloneWritesNothing(t *testing.T) {
	t.Parallel()
	f := planOf(t, wang(), app(group("g", "view"))).Form("cost.contract")
	if got := f.Fields(map[string]any{}); got.Default != rbac.FieldRead || len(got.By) != 0 {
		t.Errorf("fields %+v", got)
	}
	if got := f.Fields(nil); got.Default != rbac.FieldHidden {
		t.Errorf("fields of a new record %+v", got)
	}
}

func TestFieldsAddUpPerRecord(t *testing.T) {
	t.Parallel()
	all := group("all", "view")
	all.Fields.Hide = []string{"lines", "secret"}
	own := group("own", "view", "edit")
	own.Rows = "mine"
	own.Fields = schema.GroupFields{Hide: []string{"lines.price"}, Readonly: []string{"amount"}}
	f := planOf(t, wang(), app(all, own)).Form("cost.contract")
	mine, other := map[string]any{"created_by": "u-wang"}, map[string]any{"created_by": "u-li"}
	tests := []struct {
		path        string
		mine, other rbac.FieldRight
	}{
		{"amount", rbac.FieldRead, rbac.FieldRead},
		{"name", rbac.FieldWrite, rbac.FieldRead},
		{"secret", rbac.FieldWrite, rbac.FieldHidden},
		{"lines", rbac.FieldWrite, rbac.FieldHidden},
		{"lines.qty", rbac.FieldWrite, rbac.FieldHidden},
		// Neither group shows it: one hides the subtable, the other the column.
		{"lines.price", rbac.FieldHidden, rbac.FieldHidden},
	}
	for _, tt := range tests {
		if got := f.Fields(mine).Of(tt.path); got != tt.mine {
			t.Errorf("mine %s: %v, want %v", tt.path, got, tt.mine)
		}
		if got := f.Fields(other).Of(tt.path); got != tt.other {
			t.Errorf("other %s: %v, want %v", tt.path, got, tt.other)
		}
	}
	if f.CanSort("secret") || !f.CanSort("amount") {
		t.Error("sorting is allowed exactly where every group shows the field")
	}
	want := filter.Cmp{Path: "created_by", Op: filter.Eq, Value: "u-wang"}
	if diff := cmp.Diff(filter.Expr(want), f.FieldScope("secret")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(filter.True, f.FieldScope("amount")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(filter.False, f.FieldScope("lines.price")); diff != "" {
		t.Error(diff)
	}
}

func TestRowOperationsAddUp(t *testing.T) {
	t.Parallel()
	a, b := group("a", "view", "edit"), group("b", "view", "edit")
	a.RowsOf = map[string][]string{"lines": {"add"}}
	b.RowsOf = map[string][]string{"lines": {"edit", "add"}}
	b.Rows = "mine"
	f := planOf(t, wang(), app(a, b)).Form("cost.contract")
	if diff := cmp.Diff([]string{"add", "edit"}, f.Fields(map[string]any{"created_by": "u-wang"}).Rows["lines"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"add"}, f.Fields(map[string]any{}).Rows["lines"]); diff != "" {
		t.Error(diff)
	}
	b.RowsOf = nil
	f = planOf(t, wang(), app(a, b)).Form("cost.contract")
	if _, limited := f.Fields(map[string]any{"created_by": "u-wang"}).Rows["lines"]; limited {
		t.Error("a group that limits nothing allows all")
	}
	a.RowsOf["lines"] = []string{}
	f = planOf(t, wang(), app(a)).Form("cost.contract")
	if ops, limited := f.Fields(map[string]any{}).Rows["lines"]; !limited || len(ops) != 0 {
		t.Error("an empty list allows nothing")
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
