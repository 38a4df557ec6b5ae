package org_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/schema"
)

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

func TestLanguageIsTheUsersOwnChoice(t *testing.T) {
	t.Parallel()
	s := company(t)
	before := *s.Snapshot().User("li")
	if err := s.SetLang(t.Context(), "li", "zh-CN"); err != nil {
		t.Fatal(err)
	}
	after := *s.Snapshot().User("li")
	before.Lang, before.Rev = "zh-CN", after.Rev
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error("something else changed", diff)
	}
	if err := s.SetLang(t.Context(), "li", "<script>"); !fault.Is(err, "org.user") {
		t.Errorf("no language: %v", err)
	}
	if err := s.SetLang(t.Context(), "nobody", "en"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nobody: %v", err)
	}
}
