package org_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
)

// However many administrators step down at the same moment, on two nodes and by
// whatever way, one of them stays.
func TestLastAdministratorStaysInARace(t *testing.T) {
	t.Parallel()
	for round := range 5 {
		place := tenant(t)
		nodes := []*org.Service{open(t, place), nil}
		b := org.Batch{}
		for i := range 8 {
			id := fmt.Sprint("admin", i)
			b.Users = append(b.Users, org.User{ID: id, Login: id, Name: id, Admin: true})
		}
		if err := nodes[0].Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		nodes[1] = open(t, place)
		down := []func(s *org.Service, u org.User) error{
			func(s *org.Service, u org.User) error { return s.Leave(t.Context(), u.ID) },
			func(s *org.Service, u org.User) error {
				u.Admin = false
				_, err := s.UpdateUser(t.Context(), u)
				return err
			},
			func(s *org.Service, u org.User) error {
				u.Admin = false
				return s.Apply(t.Context(), org.Batch{Users: []org.User{u}})
			},
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		refused := 0
		for i, u := range b.Users {
			wg.Go(func() {
				u.State = org.Active
				err := down[(i+round)%len(down)](nodes[i%2], u)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case fault.Is(err, "org.last_admin"):
					refused++
				case err != nil:
					t.Errorf("%s: %v", u.ID, err)
				}
			})
		}
		wg.Wait()
		if err := nodes[0].Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := nodes[0].Admins(); len(left) != 1 || refused != 1 {
			t.Fatalf("round %d: %v stay, %d were refused", round, left, refused)
		}
	}
}

// Whoever could not be changed, or is an administrator again, counts at once.
func TestStepDownIsTakenBack(t *testing.T) {
	t.Parallel()
	s := company(t)
	li := *s.Snapshot().User("li")
	li.Admin = true
	li, err := s.UpdateUser(t.Context(), li)
	if err != nil {
		t.Fatal(err)
	}
	stale := *s.Snapshot().User("admin")
	stale.Admin, stale.Rev = false, stale.Rev+7
	if _, err := s.UpdateUser(t.Context(), stale); fault.KindOf(err) != fault.Conflict {
		t.Fatalf("a stale change: %v", err)
	}
	li.Admin = false
	if li, err = s.UpdateUser(t.Context(), li); err != nil {
		t.Fatalf("the other one is still there: %v", err)
	}
	li.Admin = true
	if _, err = s.UpdateUser(t.Context(), li); err != nil {
		t.Fatal(err)
	}
	if err := s.Leave(t.Context(), "admin"); err != nil {
		t.Errorf("li is an administrator again: %v", err)
	}
}

func TestNobodyRaisesHisOwnRights(t *testing.T) {
	t.Parallel()
	s := company(t)
	user := func(id string, change func(*org.User)) org.Batch {
		u := *s.Snapshot().User(id)
		change(&u)
		return org.Batch{Users: []org.User{u}}
	}
	dept := func(id string, change func(*org.Dept)) org.Batch {
		d := *s.Snapshot().Dept(id)
		change(&d)
		return org.Batch{Depts: []org.Dept{d}}
	}
	role := func(holders ...string) org.Batch {
		r := org.Role{ID: "cost.gm"}
		for _, h := range holders {
			r.Holders = append(r.Holders, org.Holder{User: h})
		}
		return org.Batch{Roles: []org.Role{r}}
	}
	tests := []struct {
		name    string
		by      string
		change  org.Batch
		refused bool
	}{
		{"a role for himself", "wang", role("zhang", "wang"), true},
		{"a role for others", "wang", role("zhang"), false},
		{"a plane for himself", "wang", user("wang", func(u *org.User) { u.Planes = []string{"data:cost"} }), true},
		{"a plane for others", "wang", user("zhao", func(u *org.User) { u.Planes = []string{"data:cost"} }), false},
		{"administrator", "wang", user("wang", func(u *org.User) { u.Admin = true }), true},
		{"another department for himself", "wang", user("wang", func(u *org.User) { u.Depts = []string{"team1", "fin"} }), true},
		{"his department given up", "wang", user("wang", func(u *org.User) { u.Depts = nil }), false},
		{"another login for himself", "wang", user("wang", func(u *org.User) { u.Login = "boss" }), true},
		{"another name for himself", "wang", user("wang", func(u *org.User) { u.Name = "王" }), false},
		{"head of a department", "wang", dept("fin", func(d *org.Dept) { d.Heads = []string{"wang"} }), true},
		{"his department moved", "wang", dept("team1", func(d *org.Dept) { d.Parent = "fin" }), true},
		{"another department put below his", "wang", dept("fin", func(d *org.Dept) { d.Parent = "team1" }), true},
		{"a new department below his", "wang", org.Batch{Depts: []org.Dept{{ID: "new", Name: "二组", Parent: "team1"}}}, false},
		{"his department renamed", "wang", dept("team1", func(d *org.Dept) { d.Name = "经理室" }), true},
		{"a department he heads renamed", "li", dept("fin", func(d *org.Dept) { d.Name = "资金部" }), true},
		{"another department renamed", "wang", dept("fin", func(d *org.Dept) { d.Name = "资金部" }), false},
		{"manager of somebody", "wang", user("zhao", func(u *org.User) { u.Manager = "wang" }), true},
		{"whatever, by an administrator", "admin", user("admin", func(u *org.User) { u.Depts, u.Planes = []string{"fin"}, []string{"org"} }), false},
		{"nobody", "nobody", role("zhang"), true},
	}
	for _, tt := range tests {
		if err := s.Snapshot().CheckRaise(tt.by, s.Snapshot().With(tt.change)); (err != nil) != tt.refused {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestPlanesAreChecked(t *testing.T) {
	t.Parallel()
	s := company(t)
	for plane, ok := range map[string]bool{"org": true, "app:cost": true, "data:cost": true, "platform": false, "app:": false, "data:Cost": false, "cost": false} {
		u := *s.Snapshot().User("wang")
		u.Planes = []string{plane}
		_, err := s.UpdateUser(t.Context(), u)
		if (err == nil) != ok {
			t.Errorf("%s: %v", plane, err)
		}
		if ok {
			sub, err := s.Subject(t.Context(), "wang")
			if err != nil || len(sub.Planes) != 1 || sub.Planes[0] != plane {
				t.Errorf("%s: the subject has %v (%v)", plane, sub.Planes, err)
			}
		}
	}
	u := *s.Snapshot().User("wang")
	u.Planes = []string{"org", "org"}
	if _, err := s.UpdateUser(t.Context(), u); err == nil {
		t.Error("one plane twice")
	}
}
