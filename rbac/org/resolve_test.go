package org_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/schema"
)

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
