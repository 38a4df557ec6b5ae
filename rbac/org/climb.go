package org

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// heads lists the active heads of the departments above the initiator's, level
// by level, each person once. A level without a head is passed over.
func (s *Snapshot) heads(q Query, l schema.Levels) []string {
	var levels [][]string
	for _, d := range s.Above(s.deptOf(q)) {
		levels = append(levels, s.active(s.depts[d].Heads))
	}
	return s.climb(q, l, levels)
}

// managers lists the managers above the initiator, level by level. Where people
// are one another's managers it ends with whoever comes twice.
func (s *Snapshot) managers(q Query, l schema.Levels) []string {
	var levels [][]string
	seen := []string{q.Initiator}
	for {
		m := s.Manager(seen[len(seen)-1])
		if len(m) == 0 || slices.Contains(seen, m[0]) {
			return s.climb(q, l, levels)
		}
		seen, levels = append(seen, m[0]), append(levels, m)
	}
}

// managerAt is the manager n levels above the initiator, nobody above the top.
func (s *Snapshot) managerAt(q Query, n int) []string {
	return s.managers(q, schema.Levels{From: n, To: n})
}

// climb takes the levels that are asked for, and stops behind the first in
// which somebody holds the role.
func (s *Snapshot) climb(q Query, l schema.Levels, levels [][]string) []string {
	var out []string
	for i, people := range levels {
		if i+1 < max(l.From, 1) {
			continue
		}
		if l.To > 0 && i+1 > l.To {
			break
		}
		out = merge(out, people)
		holds := func(u string) bool { return slices.Contains(s.rolesOf[u], roleID(q.App, l.Role)) }
		if l.Role != "" && slices.ContainsFunc(people, holds) {
			break
		}
	}
	return out
}

// Holders are the active users with a role ("app.role"), whatever they hold it for.
func (s *Snapshot) Holders(role string) []string {
	r := s.roles[role]
	if r == nil {
		return nil
	}
	var users []string
	for _, h := range r.Holders {
		users = append(users, h.User)
	}
	return s.active(users)
}

// ActiveOf keeps those of some users who are there, each once.
func (s *Snapshot) ActiveOf(users []string) []string { return s.active(users) }
