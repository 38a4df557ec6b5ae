package org

import (
	"slices"
	"sync"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
)

// Snapshot is the organisation at one moment; immutable and safe for
// concurrent use. What it returns is shared: read only.
type Snapshot struct {
	tenant     string
	generation int64

	users   map[string]*User
	byLogin map[string]*User
	depts   map[string]*Dept
	roles   map[string]*Role

	children  map[string][]string // department → departments directly below, in order
	members   map[string][]string // department → active users in it, in picker order
	headed    map[string][]string // user → departments he heads
	rolesOf   map[string][]string // user → roles
	deptNames map[string]string   // name, or path "a/b", of a department → id, where it is unambiguous
	people    []person            // all users in picker order

	subjects sync.Map // user id → rbac.Subject
}

func newSnapshot(tenant string, generation int64) *Snapshot {
	return &Snapshot{tenant: tenant, generation: generation,
		users: map[string]*User{}, byLogin: map[string]*User{}, depts: map[string]*Dept{}, roles: map[string]*Role{},
		children: map[string][]string{}, members: map[string][]string{}, headed: map[string][]string{},
		rolesOf: map[string][]string{}, deptNames: map[string]string{}}
}

func (s *Snapshot) addUser(u *User) {
	s.users[u.ID] = u
	s.byLogin[u.Login] = u
	s.people = append(s.people, newPerson(u))
}

func (s *Snapshot) addDept(d *Dept) { s.depts[d.ID] = d }

func (s *Snapshot) addRole(r *Role) { s.roles[r.ID] = r }

// finish derives what is asked for from what was added.
func (s *Snapshot) finish() {
	slices.SortFunc(s.people, comparePeople)
	for _, p := range s.people {
		for _, d := range p.user.Depts {
			if p.user.State == Active {
				s.members[d] = append(s.members[d], p.user.ID)
			}
		}
	}
	for _, id := range s.deptsInOrder() {
		d := s.depts[id]
		s.children[d.Parent] = append(s.children[d.Parent], id)
		for _, h := range d.Heads {
			s.headed[h] = append(s.headed[h], id)
		}
	}
	for _, id := range sorted(s.roles) {
		for _, h := range s.roles[id].Holders {
			if !slices.Contains(s.rolesOf[h.User], id) {
				s.rolesOf[h.User] = append(s.rolesOf[h.User], id)
			}
		}
	}
	s.nameDepts()
}

// User returns a user, nil when there is none; also one who left.
func (s *Snapshot) User(id string) *User { return s.users[id] }

// ByLogin returns the user with the login name, in whatever case, or nil.
func (s *Snapshot) ByLogin(login string) *User { return s.byLogin[normalLogin(login)] }

// Dept returns a department, nil when there is none.
func (s *Snapshot) Dept(id string) *Dept { return s.depts[id] }

// Role returns who holds a role, nil when nobody was ever given it.
func (s *Snapshot) Role(id string) *Role { return s.roles[id] }

// RolesOf lists the roles a user holds, sorted.
func (s *Snapshot) RolesOf(user string) []string { return s.rolesOf[user] }

// Members lists the active users of a department, not of those below it.
func (s *Snapshot) Members(dept string) []string { return s.members[dept] }

// Subject tells who a user is, for access decisions. A user who is unknown or
// has left is unauthorized (auth.user). Zone is left to the caller.
func (s *Snapshot) Subject(user string) (rbac.Subject, error) {
	if got, ok := s.subjects.Load(user); ok {
		return got.(rbac.Subject), nil
	}
	u := s.users[user]
	if u == nil || u.State != Active {
		return rbac.Subject{}, fault.New(fault.Unauthorized, "auth.user", "this account is not active")
	}
	sub := rbac.Subject{Tenant: s.tenant, User: u.ID, Login: u.Login, Name: u.Name, Lang: u.Lang, Admin: u.Admin, Planes: u.Planes,
		Depts: u.Depts, DeptNames: s.deptNames, Roles: s.rolesOf[u.ID]}
	for _, d := range u.Depts {
		sub.DeptsBelow = merge(sub.DeptsBelow, s.Below(d))
		sub.DeptsAbove = merge(sub.DeptsAbove, s.Above(d))
	}
	for _, d := range s.headed[u.ID] {
		sub.Headed = merge(sub.Headed, s.Below(d))
	}
	s.subjects.Store(user, sub)
	return sub, nil
}

// merge appends what is not there yet.
func merge(to, from []string) []string {
	for _, v := range from {
		if !slices.Contains(to, v) {
			to = append(to, v)
		}
	}
	return to
}
