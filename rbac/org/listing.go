package org

import (
	"slices"
	"strings"
)

// What an administrator sees: everybody and everything, as it is stored.

// People lists users in picker order, also those who left; state is active,
// left, or "" for both. Of the search Q, Dept, Cursor and Limit count.
func (s *Snapshot) People(q Search, state string) (Page[User], error) {
	text := normalQuery(q.Q)
	var within []string
	if q.Dept != "" {
		within = s.Below(q.Dept)
	}
	return page(q, s.people, func(p person) sortKey { return p.key }, func(p person) (User, bool) {
		u := p.user
		ok := (state == "" || u.State == state) && (text == "" || p.name.matches(text) || strings.Contains(u.Login, text)) &&
			(q.Dept == "" || slices.ContainsFunc(u.Depts, func(d string) bool { return slices.Contains(within, d) }))
		return *u, ok
	})
}

// Tree lists all departments, each before those below it, siblings in their order.
func (s *Snapshot) Tree() []Dept {
	out := make([]Dept, 0, len(s.depts))
	for _, p := range s.treeOrder() {
		out = append(out, *s.depts[p.id])
	}
	return out
}

// AllRoles lists every role with its holders, by id.
func (s *Snapshot) AllRoles() []Role {
	out := make([]Role, 0, len(s.roles))
	for _, id := range sorted(s.roles) {
		out = append(out, *s.roles[id])
	}
	return out
}

// Active counts the users who did not leave.
func (s *Snapshot) Active() int {
	n := 0
	for _, u := range s.users {
		if u.State == Active {
			n++
		}
	}
	return n
}
