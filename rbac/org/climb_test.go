package org_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/schema"
)

func TestClimb(t *testing.T) {
	t.Parallel()
	s := open(t, tenant(t))
	user := func(id, dept, manager, state string) org.User {
		return org.User{ID: id, Login: id, Name: id, State: state, Depts: []string{dept}, Manager: manager}
	}
	err := s.Apply(context.Background(), org.Batch{
		Depts: []org.Dept{{ID: "group", Name: "集团", Heads: []string{"boss"}}, {ID: "branch", Name: "分公司", Parent: "group", Heads: []string{"gone"}},
			{ID: "works", Name: "工程部", Parent: "branch", Heads: []string{"head", "vice"}}, {ID: "team", Name: "班组", Parent: "works", Heads: []string{"lead"}}},
		Users: []org.User{user("ann", "team", "lead", org.Active), user("lead", "team", "head", org.Active), user("head", "works", "boss", org.Active),
			user("vice", "works", "", org.Active), user("gone", "branch", "", org.Left), user("boss", "group", "", org.Active)},
		Roles: []org.Role{{ID: "lab.director", Holders: []org.Holder{{User: "vice"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		who  schema.Who
		want []string
	}{
		{"every head, vacant levels passed over", schema.Who{DeptHeads: &schema.Levels{}}, []string{"lead", "head", "vice", "boss"}},
		{"from the second level to the third", schema.Who{DeptHeads: &schema.Levels{From: 2, To: 3}}, []string{"head", "vice"}},
		{"until a director has been asked", schema.Who{DeptHeads: &schema.Levels{Role: "director"}}, []string{"lead", "head", "vice"}},
		{"above the top", schema.Who{DeptHeads: &schema.Levels{From: 9}}, nil},
		{"every manager", schema.Who{Managers: &schema.Levels{}}, []string{"lead", "head", "boss"}},
		{"the second manager", schema.Who{Manager: 2}, []string{"head"}},
		{"no ninth manager", schema.Who{Manager: 9}, nil},
	}
	for _, c := range cases {
		got, err := s.Resolve(org.Query{Who: c.who, App: "lab", Initiator: "ann"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
