package org_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
)

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
