package org

import (
	"slices"
	"strings"
)

// Limits of one page of a picker.
const (
	DefaultPage = 50
	MaxPage     = 200
)

// Search asks a picker for one page. With IDs it asks for exactly those, in
// that order, and nothing else counts.
type Search struct {
	Q      string // part of a name, of a login, pinyin or its initials; "" = all
	Dept   string // users: of this department and those below; depts: directly below it
	App    string // roles: of this app
	IDs    []string
	Cursor string // Next of the page before
	Limit  int    // 0 = DefaultPage, at most MaxPage
}

// UserItem is a user in a picker.
type UserItem struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Login    string `json:"login"`
	Dept     string `json:"dept,omitempty"` // id of the main department
	DeptName string `json:"dept_name,omitempty"`
	Avatar   string `json:"avatar,omitempty"`
	Left     bool   `json:"left,omitempty"` // only when asked for by id
}

// DeptItem is a department in a picker.
type DeptItem struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Parent   string `json:"parent,omitempty"`
	Path     string `json:"path"`
	Children bool   `json:"children"` // has departments below it
}

// RoleItem is a role in a picker.
type RoleItem struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	App  string `json:"app"`
}

// person is a user with what he is found and sorted by.
type person struct {
	user *User
	key  sortKey
	name name
}

func newPerson(u *User) person {
	n := newName(u.Name)
	return person{user: u, key: sortKey{n.pinyin(), u.Name, u.ID}, name: n}
}

func comparePeople(a, b person) int { return a.key.compare(b.key) }

// Users asks the user picker. Users who left come only when asked for by id.
func (s *Snapshot) Users(q Search) (Page[UserItem], error) {
	if q.IDs != nil {
		return byID(q.IDs, s.users, s.userItem), nil
	}
	text := normalQuery(q.Q)
	var within []string
	if q.Dept != "" {
		within = s.Below(q.Dept)
	}
	return page(q, s.people, func(p person) sortKey { return p.key }, func(p person) (UserItem, bool) {
		ok := p.user.State == Active && (text == "" || p.name.matches(text) || strings.Contains(p.user.Login, text)) &&
			(q.Dept == "" || slices.ContainsFunc(p.user.Depts, func(d string) bool { return slices.Contains(within, d) }))
		return s.userItem(p.user), ok
	})
}

func (s *Snapshot) userItem(u *User) UserItem {
	item := UserItem{ID: u.ID, Name: u.Name, Login: u.Login, Avatar: u.Avatar, Left: u.State != Active}
	if len(u.Depts) > 0 {
		item.Dept, item.DeptName = u.Depts[0], s.Name(DeptsCollection, u.Depts[0])
	}
	return item
}

// Depts asks the department picker: in the order of the tree without a query,
// level by level; with Dept only what is directly below it.
func (s *Snapshot) Depts(q Search) (Page[DeptItem], error) {
	if q.IDs != nil {
		return byID(q.IDs, s.depts, s.deptItem), nil
	}
	text := normalQuery(q.Q)
	order := s.treeOrder()
	// The place in the order is the key of the cursor, so that pages follow the tree.
	return page(q, order, func(p placed) sortKey { return sortKey{name: p.place, id: p.id} }, func(p placed) (DeptItem, bool) {
		d := s.depts[p.id]
		ok := (text == "" || newName(d.Name).matches(text)) && (q.Dept == "" || d.Parent == q.Dept)
		return s.deptItem(d), ok
	})
}

func (s *Snapshot) deptItem(d *Dept) DeptItem {
	return DeptItem{ID: d.ID, Name: d.Name, Parent: d.Parent, Path: s.Path(d.ID), Children: len(s.children[d.ID]) > 0}
}

type placed struct{ id, place string }

// treeOrder walks the tree depth first. Departments in a cycle, or below a
// department that is gone, come at the end: they must stay reachable to be mended.
func (s *Snapshot) treeOrder() []placed {
	var ids []string
	seen := map[string]bool{}
	var walk func(id string)
	walk = func(id string) {
		if seen[id] {
			return
		}
		seen[id] = true
		ids = append(ids, id)
		for _, c := range s.children[id] {
			walk(c)
		}
	}
	for _, id := range s.children[""] {
		walk(id)
	}
	for _, id := range sorted(s.depts) {
		walk(id)
	}
	out := make([]placed, len(ids))
	for i, id := range ids {
		out[i] = placed{id: id, place: padded(i)}
	}
	return out
}

func padded(n int) string {
	const digits = 7
	b := []byte(strings.Repeat("0", digits))
	for i := digits - 1; n > 0; i, n = i-1, n/10 {
		b[i] = byte('0' + n%10)
	}
	return string(b)
}

// Roles asks the role picker.
func (s *Snapshot) Roles(q Search) (Page[RoleItem], error) {
	if q.IDs != nil {
		return byID(q.IDs, s.roles, roleItem), nil
	}
	text := normalQuery(q.Q)
	roles := make([]*Role, 0, len(s.roles))
	for _, id := range sorted(s.roles) {
		roles = append(roles, s.roles[id])
	}
	return page(q, roles, func(r *Role) sortKey { return sortKey{id: r.ID} }, func(r *Role) (RoleItem, bool) {
		item := roleItem(r)
		return item, (q.App == "" || item.App == q.App) &&
			(text == "" || newName(item.Name).matches(text) || strings.Contains(r.ID, text))
	})
}

func roleItem(r *Role) RoleItem {
	app, key, _ := strings.Cut(r.ID, ".")
	item := RoleItem{ID: r.ID, Name: r.Title.In(""), App: app}
	if item.Name == "" {
		item.Name = key
	}
	return item
}
