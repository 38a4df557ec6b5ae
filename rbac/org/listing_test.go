package org_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/rbac/org"
)

func TestPeopleShowsWhoLeft(t *testing.T) {
	t.Parallel()
	snap := company(t).Snapshot()
	tests := []struct {
		name, state string
		q           org.Search
		want        []string
	}{
		{"who left", org.Left, org.Search{}, []string{"guo"}},
		{"a name among who left", org.Left, org.Search{Q: "gl"}, []string{"guo"}},
		{"a name among the active", org.Active, org.Search{Q: "guoliu"}, nil},
		{"of a team", "", org.Search{Dept: "team1"}, []string{"guo", "wang"}},
		{"active of a team", org.Active, org.Search{Dept: "team1"}, []string{"li", "wang"}},
	}
	for _, tt := range tests {
		got, err := snap.People(tt.q, tt.state)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		var ids []string
		for _, u := range got.Items {
			ids = append(ids, u.ID)
		}
		for _, want := range tt.want {
			if !slices.Contains(ids, want) {
				t.Errorf("%s: %s is missing in %v", tt.name, want, ids)
			}
		}
		if tt.state != "" && len(ids) != len(tt.want) {
			t.Errorf("%s: %v", tt.name, ids)
		}
	}
	all, err := snap.People(org.Search{Limit: 1}, "")
	if err != nil || len(all.Items) != 1 || all.Next == "" {
		t.Fatalf("one at a time: %v %v", all, err)
	}
	if _, err := snap.People(org.Search{Cursor: all.Next}, ""); err != nil {
		t.Error(err)
	}
}

func TestTreeGoesDownBranchByBranch(t *testing.T) {
	t.Parallel()
	var got []string
	for _, d := range company(t).Snapshot().Tree() {
		got = append(got, d.ID)
	}
	if diff := cmp.Diff([]string{"hq", "eng", "team1", "fin"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAllRoles(t *testing.T) {
	t.Parallel()
	snap := company(t).Snapshot()
	roles := snap.AllRoles()
	if len(roles) == 0 {
		t.Fatal("no roles")
	}
	for _, r := range roles {
		if diff := cmp.Diff(*snap.Role(r.ID), r); diff != "" {
			t.Error(diff)
		}
	}
}
