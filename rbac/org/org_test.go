package org_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

func tenant(t *testing.T) storage.Tenant {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.Background()) })
	place, err := store.Tenant("t")
	if err != nil {
		t.Fatal(err)
	}
	return place
}

func open(t *testing.T, place storage.Tenant) *org.Service {
	t.Helper()
	s, err := org.Open(t.Context(), org.Deps{Tenant: "t", Store: place, IDs: &ids.Sequence{Prefix: "n"},
		Clock: clock.NewFake(time.Date(2030, 5, 1, 8, 0, 0, 0, time.UTC))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// company is a small organisation:
//
//	总部 (head zhang) ─ 工程部 (head vacant) ─ 一组 (head wang, who left: guo)
//	                 └ 财务部 (head zhao)
func company(t *testing.T) *org.Service {
	t.Helper()
	s := open(t, tenant(t))
	err := s.Apply(t.Context(), org.Batch{
		Depts: []org.Dept{
			{ID: "team1", Name: "一组", Parent: "eng", Heads: []string{"guo", "wang"}},
			{ID: "hq", Name: "总部", Heads: []string{"zhang"}},
			{ID: "eng", Name: "工程部", Parent: "hq", Order: 1},
			{ID: "fin", Name: "财务部", Parent: "hq", Heads: []string{"zhao"}, Order: 2},
		},
		Users: []org.User{
			{ID: "zhang", Login: "zhang", Name: "张三", Depts: []string{"hq"}},
			{ID: "wang", Login: "wang", Name: "王五", Depts: []string{"team1"}},
			{ID: "guo", Login: "guo", Name: "郭六", Depts: []string{"team1"}, State: org.Left},
			{ID: "li", Login: "li", Name: "李四", Depts: []string{"team1", "fin"}, Lang: "en"},
			{ID: "zhao", Login: "zhao", Name: "赵七", Depts: []string{"fin"}, Manager: "guo"},
			{ID: "chen", Login: "chen", Name: "Chen Wei", Depts: []string{"eng"}, Manager: "zhao"},
			{ID: "admin", Login: "admin", Name: "管理员", Admin: true},
		},
		Roles: []org.Role{
			{ID: "cost.pm", Title: schema.Plain("项目经理"), Holders: []org.Holder{{User: "wang", Depts: []string{"eng"}}, {User: "zhang"}, {User: "guo"}}},
			{ID: "cost.finance", Title: schema.Plain("财务"), Holders: []org.Holder{{User: "zhao"}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSubject(t *testing.T) {
	t.Parallel()
	s := company(t)
	got, err := s.Subject(t.Context(), "li")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"team1", "fin"}, got.Depts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"team1", "eng", "hq", "fin"}, got.DeptsAbove); diff != "" {
		t.Error(diff)
	}
	if got.Name != "李四" || got.Login != "li" || got.Lang != "en" || got.Tenant != "t" || got.DeptNames["总部/工程部"] != "eng" {
		t.Errorf("%+v", got)
	}
	boss, _ := s.Subject(t.Context(), "zhang")
	if diff := cmp.Diff([]string{"hq", "eng", "fin", "team1"}, boss.Headed); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"hq", "eng", "fin", "team1"}, boss.DeptsBelow); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"cost.pm"}, boss.Roles); diff != "" {
		t.Error(diff)
	}
	for _, gone := range []string{"guo", "nobody", ""} {
		if _, err := s.Subject(t.Context(), gone); fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("%q: %v", gone, err)
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	s := company(t)
	tests := []struct {
		name string
		q    org.Query
		want []string
	}{
		{"users by id and login, once, not who left", org.Query{Who: schema.Who{Users: []string{"li", "WANG", "li", "guo", "nobody"}}}, []string{"li", "wang"}},
		{"role within managed departments", org.Query{Who: schema.Who{Role: "pm"}, App: "cost", Initiator: "li"}, []string{"wang", "zhang"}},
		{"role outside them", org.Query{Who: schema.Who{Role: "pm"}, App: "cost", Initiator: "zhao"}, []string{"zhang"}},
		{"department then, not now", org.Query{Who: schema.Who{Role: "cost.pm"}, Initiator: "zhao", Dept: "team1"}, []string{"wang", "zhang"}},
		{"role nobody holds", org.Query{Who: schema.Who{Role: "gm"}, App: "cost", Initiator: "li"}, nil},
		{"initiator", org.Query{Who: schema.Who{Initiator: true}, Initiator: "li"}, []string{"li"}},
		{"initiator who left", org.Query{Who: schema.Who{Initiator: true}, Initiator: "guo"}, nil},
		{"own head, not who left", org.Query{Who: schema.Who{DeptHead: 1}, Initiator: "li"}, []string{"wang"}},
		{"vacant post: climbs", org.Query{Who: schema.Who{DeptHead: 2}, Initiator: "li"}, []string{"zhang"}},
		{"third level", org.Query{Who: schema.Who{DeptHead: 3}, Initiator: "li"}, []string{"zhang"}},
		{"above the top", org.Query{Who: schema.Who{DeptHead: 4}, Initiator: "li"}, nil},
		{"without a department", org.Query{Who: schema.Who{DeptHead: 1}, Initiator: "admin"}, nil},
		{"department by name", org.Query{Who: schema.Who{Dept: "财务部"}}, []string{"li", "zhao"}},
		{"department without those below", org.Query{Who: schema.Who{Dept: "hq"}}, []string{"zhang"}},
		{"field", org.Query{Who: schema.Who{Field: "manager"}, IDs: []string{"guo", "wang"}}, []string{"wang"}},
		{"heads of a department field", org.Query{Who: schema.Who{DeptField: "dept"}, IDs: []string{"fin", "eng", "gone"}}, []string{"zhao", "zhang"}},
	}
	for _, tt := range tests {
		got, err := s.Resolve(tt.q)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	if _, err := s.Resolve(org.Query{}); !fault.Is(err, "org.who") {
		t.Errorf("a source that names nothing: %v", err)
	}
}

func TestManager(t *testing.T) {
	t.Parallel()
	s := company(t)
	for user, want := range map[string][]string{
		"chen":  {"zhao"},  // the one named
		"zhao":  {"zhang"}, // his manager left and he heads his own department: the head above
		"li":    {"wang"},  // head of the main department
		"zhang": nil,       // the top
		"admin": nil, "nobody": nil,
	} {
		if diff := cmp.Diff(want, s.Manager(user)); diff != "" {
			t.Errorf("%s: %s", user, diff)
		}
	}
	if diff := cmp.Diff([]string{"admin"}, s.Admins()); diff != "" {
		t.Error(diff)
	}
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	s := company(t)
	for attr, want := range map[string]any{"name": "李四", "dept": "team1", "dept_name": "一组", "manager": "wang",
		"depts": []any{"team1", "fin"}, "avatar": nil, "unknown": nil} {
		if diff := cmp.Diff(want, s.Attr("li", attr)); diff != "" {
			t.Errorf("%s: %s", attr, diff)
		}
	}
	for attr, want := range map[string]any{"path": "总部/工程部/一组", "head": "wang", "parent": "eng", "heads": []any{"wang"}} {
		if diff := cmp.Diff(want, s.DeptAttr("team1", attr)); diff != "" {
			t.Errorf("%s: %s", attr, diff)
		}
	}
	if s.Attr("nobody", "name") != nil || s.DeptAttr("eng", "head") != nil {
		t.Error("what is not there is blank")
	}
	if s.Name("users", "guo") != "郭六" || s.Name("roles", "cost.pm") != "项目经理" || s.Name("depts", "x") != "" {
		t.Error("names")
	}
}

func names(p org.Page[org.UserItem]) []string {
	out := []string{}
	for _, i := range p.Items {
		out = append(out, i.ID)
	}
	return out
}

func TestUserPicker(t *testing.T) {
	t.Parallel()
	snap := company(t).Snapshot()
	tests := []struct {
		name string
		q    org.Search
		want []string
	}{
		{"all, by pinyin, without who left", org.Search{}, []string{"chen", "admin", "li", "wang", "zhang", "zhao"}},
		{"part of a name", org.Search{Q: "四"}, []string{"li"}},
		{"initials", org.Search{Q: "zs"}, []string{"zhang"}},
		{"pinyin and initial", org.Search{Q: "ZhangS"}, []string{"zhang"}},
		{"beginnings", org.Search{Q: "zhsa"}, []string{"zhang"}},
		{"given name alone", org.Search{Q: "qi"}, []string{"zhao"}},
		{"login", org.Search{Q: "dmi"}, []string{"admin"}},
		{"latin name", org.Search{Q: "wei"}, []string{"chen"}},
		{"nobody", org.Search{Q: "xq"}, []string{}},
		{"department and below", org.Search{Dept: "eng"}, []string{"chen", "li", "wang"}},
		{"by id, also who left, in that order", org.Search{IDs: []string{"guo", "li", "x"}}, []string{"guo", "li"}},
		{"by no ids", org.Search{IDs: []string{}}, []string{}},
	}
	for _, tt := range tests {
		got, err := snap.Users(tt.q)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, names(got)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	if _, err := snap.Users(org.Search{Cursor: "%%"}); fault.KindOf(err) != fault.Malformed {
		t.Errorf("a foreign cursor: %v", err)
	}
}

func TestPickersPage(t *testing.T) {
	t.Parallel()
	s := company(t)
	var got []string
	q := org.Search{Limit: 2}
	for range 10 {
		p, err := s.Snapshot().Users(q)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, names(p)...)
		if q.Cursor = p.Next; q.Cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"chen", "admin", "li", "wang", "zhang", "zhao"}, got); diff != "" {
		t.Error(diff)
	}
	depts, err := s.Snapshot().Depts(org.Search{})
	if err != nil {
		t.Fatal(err)
	}
	want := []org.DeptItem{{ID: "hq", Name: "总部", Path: "总部", Children: true},
		{ID: "eng", Name: "工程部", Parent: "hq", Path: "总部/工程部", Children: true},
		{ID: "team1", Name: "一组", Parent: "eng", Path: "总部/工程部/一组"},
		{ID: "fin", Name: "财务部", Parent: "hq", Path: "总部/财务部"}}
	if diff := cmp.Diff(want, depts.Items); diff != "" {
		t.Error(diff)
	}
	some, _ := s.Snapshot().Depts(org.Search{Q: "gcb"})
	roles, _ := s.Snapshot().Roles(org.Search{Q: "xmjl"})
	if len(some.Items) != 1 || some.Items[0].ID != "eng" || len(roles.Items) != 1 || roles.Items[0].ID != "cost.pm" {
		t.Errorf("%+v %+v", some, roles)
	}
}

// fields lists the places and codes of a fault.
func fields(err error) []string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return []string{fmt.Sprint(err)}
	}
	var out []string
	for _, x := range f.Fields {
		out = append(out, x.Path+" "+x.Code)
	}
	return out
}

func TestInvalidUsersAreRefused(t *testing.T) {
	t.Parallel()
	s := company(t)
	before, _ := s.Snapshot().Users(org.Search{})
	tests := []struct {
		name string
		u    org.User
		want []string
	}{
		{"nothing", org.User{}, []string{"/name required", "/login pattern"}},
		{"login taken, in another case", org.User{Login: " LI ", Name: "x"}, []string{"/login duplicate"}},
		{"login of one who left", org.User{Login: "guo", Name: "x"}, []string{"/login duplicate"}},
		{"login with blanks", org.User{Login: "a b", Name: "x"}, []string{"/login pattern"}},
		{"unknown department", org.User{Login: "x", Name: "x", Depts: []string{"hq", "nowhere", "hq"}}, []string{"/depts/1 unknown", "/depts/2 duplicate"}},
		{"unknown manager", org.User{Login: "x", Name: "x", Manager: "nobody"}, []string{"/manager unknown"}},
		{"own manager", org.User{ID: "x", Login: "x", Name: "x", Manager: "x"}, []string{"/manager cycle"}},
		{"language", org.User{Login: "x", Name: "x", Lang: "Deutsch!"}, []string{"/lang pattern"}},
		{"state", org.User{Login: "x", Name: "x", State: "gone"}, []string{"/state enum"}},
		{"id", org.User{ID: "../x", Login: "x", Name: "x"}, []string{"/id pattern"}},
		{"name", org.User{Login: "x", Name: "a\x00b"}, []string{"/name pattern"}},
	}
	for _, tt := range tests {
		_, err := s.CreateUser(t.Context(), tt.u)
		if diff := cmp.Diff(tt.want, fields(err)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	after, _ := s.Snapshot().Users(org.Search{})
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error("a refused write changed something", diff)
	}
	if _, err := s.UpdateUser(t.Context(), org.User{ID: "zhao", Login: "zhao", Name: "赵", State: org.Active, Manager: "chen"}); fields(err)[0] != "/manager cycle" {
		t.Errorf("a circle of managers: %v", err)
	}
	if _, err := s.UpdateUser(t.Context(), org.User{ID: "ghost", Login: "ghost", Name: "x", State: org.Active}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown user: %v", err)
	}
}

func TestLoginIsNobodysID(t *testing.T) {
	t.Parallel()
	s := company(t)
	if _, err := s.CreateUser(t.Context(), org.User{ID: "u9", Login: "nine", Name: "x"}); err != nil {
		t.Fatal(err)
	}
	_, err := s.CreateUser(t.Context(), org.User{Login: "u9", Name: "x"})
	if diff := cmp.Diff([]string{"/login duplicate"}, fields(err)); diff != "" {
		t.Error(diff)
	}
	_, err = s.CreateUser(t.Context(), org.User{ID: "nine", Login: "ten", Name: "x"})
	if diff := cmp.Diff([]string{"/id duplicate"}, fields(err)); diff != "" {
		t.Error(diff)
	}
}

func TestInvalidDeptsAndRolesAreRefused(t *testing.T) {
	t.Parallel()
	s := company(t)
	tests := []struct {
		d    org.Dept
		want []string
	}{
		{org.Dept{Name: ""}, []string{"/name required"}},
		{org.Dept{Name: "a/b"}, []string{"/name pattern"}},
		{org.Dept{Name: "x", Parent: "nowhere"}, []string{"/parent unknown"}},
		{org.Dept{Name: "工程部", Parent: "hq"}, []string{"/name duplicate"}},
		{org.Dept{Name: "x", Heads: []string{"nobody"}}, []string{"/heads/0 unknown"}},
	}
	for _, tt := range tests {
		_, err := s.CreateDept(t.Context(), tt.d)
		if diff := cmp.Diff(tt.want, fields(err)); diff != "" {
			t.Errorf("%+v: %s", tt.d, diff)
		}
	}
	for parent, want := range map[string]string{"hq": "/parent cycle", "eng": "/parent cycle", "team1": "/parent cycle"} {
		if _, err := s.UpdateDept(t.Context(), org.Dept{ID: "hq", Name: "总部", Parent: parent}); fields(err)[0] != want {
			t.Errorf("hq below %s: %v", parent, err)
		}
	}
	if err := s.DeleteDept(t.Context(), "fin"); !fault.Is(err, "org.dept_in_use") {
		t.Errorf("a department with people: %v", err)
	}
	if err := s.DeleteDept(t.Context(), "none"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no department: %v", err)
	}
	err := s.SetRole(t.Context(), org.Role{ID: "pm", Holders: []org.Holder{{User: "x"}, {User: "li", Depts: []string{"y"}}, {User: "li"}}})
	if diff := cmp.Diff([]string{"/id pattern", "/holders/0/user unknown", "/holders/1/depts/0 unknown", "/holders/2/user duplicate"}, fields(err)); diff != "" {
		t.Error(diff)
	}
}

func TestBatchIsCheckedAsAWhole(t *testing.T) {
	t.Parallel()
	s := open(t, tenant(t))
	err := s.Apply(t.Context(), org.Batch{
		Depts: []org.Dept{{ID: "a", Name: "A", Parent: "b"}, {ID: "b", Name: "B", Parent: "a"}, {Name: "C"}},
		Users: []org.User{{ID: "u1", Login: "x", Name: "X"}, {ID: "u2", Login: "X", Name: "Y", Depts: []string{"none"}}},
		Roles: []org.Role{{ID: "r.r", Holders: []org.Holder{{User: "u3"}}}},
	})
	want := []string{"/depts/0/parent cycle", "/depts/1/parent cycle", "/depts/2/id required",
		"/users/0/login duplicate", "/users/1/depts/0 unknown", "/users/1/login duplicate", "/roles/0/holders/0/user unknown"}
	if diff := cmp.Diff(want, fields(err)); diff != "" {
		t.Error(diff)
	}
	if p, _ := s.Snapshot().Depts(org.Search{}); len(p.Items) != 0 {
		t.Error("a refused batch wrote something")
	}
}

func TestWritesAreKeptAndSeen(t *testing.T) {
	t.Parallel()
	place := tenant(t)
	s, other := open(t, place), open(t, place)
	ctx := t.Context()
	d, err := s.CreateDept(ctx, org.Dept{Name: "工程部"})
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.CreateUser(ctx, org.User{Login: "Li.Si", Name: "李四", Depts: []string{d.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DeclareRoles(ctx, "cost", []schema.RoleDef{{Key: "pm", Title: schema.Text{"zh-CN": "项目经理", "en": "PM"}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetRole(ctx, org.Role{ID: "cost.pm", Holders: []org.Holder{{User: u.ID, Depts: []string{d.ID}}}}); err != nil {
		t.Fatal(err)
	}
	if other.Snapshot().User(u.ID) != nil {
		t.Fatal("the other node cannot know yet")
	}
	if s.Generation() == other.Generation() {
		t.Fatal("the generation does not tell that something changed")
	}
	if err := other.Load(ctx); err != nil {
		t.Fatal(err)
	}
	if s.Generation() != other.Generation() {
		t.Error("generations differ after loading")
	}
	want := &org.Role{ID: "cost.pm", Title: schema.Text{"zh-CN": "项目经理", "en": "PM"}, Holders: []org.Holder{{User: u.ID, Depts: []string{d.ID}}}, Rev: 2}
	if diff := cmp.Diff(want, other.Snapshot().Role("cost.pm")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(s.Snapshot().User(u.ID), other.Snapshot().ByLogin("LI.SI")); diff != "" {
		t.Error(diff)
	}
	if err := s.DeclareRoles(ctx, "cost", []schema.RoleDef{{Key: "pm", Title: schema.Plain("经理")}}); err != nil {
		t.Fatal(err)
	}
	if got := s.Snapshot().Role("cost.pm"); got.Title.In("") != "经理" || len(got.Holders) != 1 {
		t.Errorf("a new title must not change who holds the role: %+v", got)
	}
}

func TestStaleAndRacingWrites(t *testing.T) {
	t.Parallel()
	place := tenant(t)
	s, other := open(t, place), open(t, place)
	u, err := s.CreateUser(t.Context(), org.User{Login: "li", Name: "李"})
	if err != nil {
		t.Fatal(err)
	}
	first := u
	first.Name = "李四"
	if _, err := s.UpdateUser(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UpdateUser(t.Context(), u); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a stale revision: %v", err)
	}
	// The other node has not heard of li: the unique index holds.
	if _, err := other.CreateUser(t.Context(), org.User{ID: "second", Login: "li", Name: "李"}); fault.KindOf(err) != fault.Duplicate {
		t.Errorf("a login taken meanwhile: %v", err)
	}
}

func TestLastAdministratorStays(t *testing.T) {
	t.Parallel()
	s := company(t)
	if err := s.Leave(t.Context(), "admin"); !fault.Is(err, "org.last_admin") {
		t.Errorf("leaves: %v", err)
	}
	li := *s.Snapshot().User("li")
	li.Admin = true
	if _, err := s.UpdateUser(t.Context(), li); err != nil {
		t.Fatal(err)
	}
	if err := s.Leave(t.Context(), "admin"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Subject(t.Context(), "admin"); err == nil {
		t.Error("who left is nobody")
	}
	if err := s.Leave(t.Context(), "nobody"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nobody leaves: %v", err)
	}
}

// Two moves on two nodes can make a circle that neither could see.
func TestACircleInTheStoreHangsNobody(t *testing.T) {
	t.Parallel()
	place := tenant(t)
	s, other := open(t, place), open(t, place)
	for _, id := range []string{"a", "b"} {
		if _, err := s.CreateDept(t.Context(), org.Dept{ID: id, Name: id}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.CreateUser(t.Context(), org.User{ID: "u", Login: "u", Name: "u", Depts: []string{"a"}}); err != nil {
		t.Fatal(err)
	}
	if err := other.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UpdateDept(t.Context(), org.Dept{ID: "a", Name: "a", Parent: "b"}); err != nil {
		t.Fatal(err)
	}
	if _, err := other.UpdateDept(t.Context(), org.Dept{ID: "b", Name: "b", Parent: "a"}); err != nil {
		t.Fatal(err)
	}
	sub, err := other.Subject(t.Context(), "u")
	if err != nil || len(sub.DeptsAbove) != 2 || len(sub.DeptsBelow) != 2 {
		t.Errorf("%+v %v", sub, err)
	}
	if p, err := other.Snapshot().Depts(org.Search{}); err != nil || len(p.Items) != 2 {
		t.Errorf("departments in a circle must stay reachable: %+v %v", p, err)
	}
	if got, _ := other.Resolve(org.Query{Who: schema.Who{DeptHead: 2}, Initiator: "u"}); got != nil {
		t.Errorf("heads %v", got)
	}
	if _, err := other.UpdateDept(t.Context(), org.Dept{ID: "b", Name: "b"}); err != nil {
		t.Errorf("the circle must be mendable: %v", err)
	}
}

func TestAmbiguousDepartmentNamesMeanNobody(t *testing.T) {
	t.Parallel()
	s := open(t, tenant(t))
	err := s.Apply(t.Context(), org.Batch{Depts: []org.Dept{{ID: "x", Name: "X"}, {ID: "y", Name: "Y"},
		{ID: "x1", Name: "一组", Parent: "x"}, {ID: "y1", Name: "一组", Parent: "y"}}})
	if err != nil {
		t.Fatal(err)
	}
	snap := s.Snapshot()
	if snap.DeptID("一组") != "" || snap.DeptID("X/一组") != "x1" || snap.DeptID("y1") != "y1" {
		t.Errorf("%q %q %q", snap.DeptID("一组"), snap.DeptID("X/一组"), snap.DeptID("y1"))
	}
}
