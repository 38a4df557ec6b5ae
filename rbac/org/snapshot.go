package org

import (
	"cmp"
	"slices"
	"strings"
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

func (s *Snapshot) deptsInOrder() []string {
	order := sorted(s.depts)
	slices.SortStableFunc(order, func(a, b string) int {
		x, y := s.depts[a], s.depts[b]
		return cmp.Or(cmp.Compare(x.Order, y.Order), cmp.Compare(x.Name, y.Name))
	})
	return order
}

// nameDepts maps names and paths to ids. A name that two departments have means
// neither: a rule that names it must say which, by its path or id.
func (s *Snapshot) nameDepts() {
	seen := map[string]int{}
	for _, id := range sorted(s.depts) {
		names := []string{s.depts[id].Name}
		if path := s.Path(id); path != names[0] {
			names = append(names, path)
		}
		for _, name := range names {
			seen[name]++
			s.deptNames[name] = id
		}
	}
	for name, n := range seen {
		if _, isID := s.depts[name]; n > 1 || isID {
			delete(s.deptNames, name)
		}
	}
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

// DeptID finds a department by id, by name, or by path ("总部/工程部"); "" when
// there is none, or several have the name.
func (s *Snapshot) DeptID(ref string) string {
	if s.depts[ref] != nil {
		return ref
	}
	return s.deptNames[ref]
}

// Path is a department's name with those above it: "总部/工程部".
func (s *Snapshot) Path(id string) string {
	var names []string
	for _, up := range s.Above(id) {
		names = append(names, s.depts[up].Name)
	}
	slices.Reverse(names)
	return strings.Join(names, "/")
}

// Above lists a department and those above it, itself first.
func (s *Snapshot) Above(id string) []string {
	var out []string
	// A race of two moves can leave a cycle in the store; it must not hang a reader.
	for d := s.depts[id]; d != nil && !slices.Contains(out, d.ID); d = s.depts[d.Parent] {
		out = append(out, d.ID)
	}
	return out
}

// Below lists a department and all below it, itself first; nothing when there is no such department.
func (s *Snapshot) Below(id string) []string {
	if s.depts[id] == nil {
		return nil
	}
	out, seen := []string{id}, map[string]bool{id: true}
	for i := 0; i < len(out); i++ {
		for _, c := range s.children[out[i]] {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}

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
	sub := rbac.Subject{Tenant: s.tenant, User: u.ID, Login: u.Login, Name: u.Name, Lang: u.Lang, Admin: u.Admin,
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

// Name is the name of a user, department or role ("users", "depts", "roles"); "" when unknown.
func (s *Snapshot) Name(kind, id string) string {
	switch kind {
	case UsersCollection:
		if u := s.users[id]; u != nil {
			return u.Name
		}
	case DeptsCollection:
		if d := s.depts[id]; d != nil {
			return d.Name
		}
	case RolesCollection:
		if r := s.roles[id]; r != nil {
			return r.Title.In("")
		}
	}
	return ""
}

// Attr is an attribute of a user in the stored form of formulas: id, name,
// login, state, lang, dept, depts, dept_name, manager, roles, avatar. nil when
// the user or the attribute is unknown, or it is not set.
func (s *Snapshot) Attr(id, attr string) any {
	u := s.users[id]
	if u == nil {
		return nil
	}
	main := ""
	if len(u.Depts) > 0 {
		main = u.Depts[0]
	}
	switch attr {
	case "id":
		return text(u.ID)
	case "name":
		return text(u.Name)
	case "login":
		return text(u.Login)
	case "state":
		return text(u.State)
	case "lang":
		return text(u.Lang)
	case "avatar":
		return text(u.Avatar)
	case "dept":
		return text(main)
	case "dept_name":
		return text(s.Name(DeptsCollection, main))
	case "depts":
		return list(u.Depts)
	case "roles":
		return list(s.rolesOf[u.ID])
	case "manager":
		if m := s.Manager(u.ID); len(m) > 0 {
			return m[0]
		}
	}
	return nil
}

// DeptAttr is an attribute of a department: id, name, path, parent, head (the
// first active one), heads (the active ones). nil as for Attr.
func (s *Snapshot) DeptAttr(id, attr string) any {
	d := s.depts[id]
	if d == nil {
		return nil
	}
	switch attr {
	case "id":
		return text(d.ID)
	case "name":
		return text(d.Name)
	case "path":
		return text(s.Path(id))
	case "parent":
		return text(d.Parent)
	case "heads":
		return list(s.active(d.Heads))
	case "head":
		if heads := s.active(d.Heads); len(heads) > 0 {
			return heads[0]
		}
	}
	return nil
}

// text is a value of formulas: nothing is nil, never "".
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
