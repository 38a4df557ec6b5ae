package org_test

import (
	"context"
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
