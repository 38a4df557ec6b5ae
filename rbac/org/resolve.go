package org

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// Query is a question for people: an approver source, with what it is relative to.
type Query struct {
	Who schema.Who
	// App completes a role written without its app.
	App string
	// Initiator started the case; Dept is his department then, "" = his main one now.
	Initiator string
	Dept      string
	// IDs are the ids in the field of the record that Who names with Field or DeptField.
	IDs []string
}

// Resolve finds the active users an approver source means, in a stable order,
// each once. Nobody is no error: the flow's policy decides what happens then.
// Users who left, and ids that are unknown, are left out. A source that names
// nothing is invalid (org.who).
func (s *Snapshot) Resolve(q Query) ([]string, error) {
	w := q.Who
	switch {
	case len(w.Users) > 0:
		return s.active(s.userIDs(w.Users)), nil
	case w.Role != "":
		return s.holders(q), nil
	case w.Initiator:
		return s.active([]string{q.Initiator}), nil
	case w.DeptHead > 0:
		return s.headsUp(s.deptOf(q), w.DeptHead-1), nil
	case w.Dept != "":
		return s.members[s.DeptID(w.Dept)], nil
	case w.Field != "":
		return s.active(q.IDs), nil
	case w.DeptField != "":
		return s.headsOf(q.IDs), nil
	case w.DeptHeads != nil:
		return s.heads(q, *w.DeptHeads), nil
	case w.Managers != nil:
		return s.managers(q, *w.Managers), nil
	case w.Manager > 0:
		return s.managerAt(q, w.Manager), nil
	}
	return nil, fault.New(fault.Invalid, "org.who", "this approver source names nobody")
}

// headsOf lists the heads of several departments, each once.
func (s *Snapshot) headsOf(depts []string) []string {
	var out []string
	for _, d := range depts {
		out = merge(out, s.headsUp(d, 0))
	}
	return out
}

// userIDs accepts ids and login names.
func (s *Snapshot) userIDs(refs []string) []string {
	out := make([]string, len(refs))
	for i, ref := range refs {
		out[i] = ref
		if u := s.ByLogin(ref); s.users[ref] == nil && u != nil {
			out[i] = u.ID
		}
	}
	return out
}

// active keeps the users who are there, each once.
func (s *Snapshot) active(ids []string) []string {
	var out []string
	for _, id := range ids {
		if u := s.users[id]; u != nil && u.State == Active && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// holders finds who holds the role for the initiator's department.
func (s *Snapshot) holders(q Query) []string {
	role := s.roles[roleID(q.App, q.Who.Role)]
	if role == nil {
		return nil
	}
	above := s.Above(s.deptOf(q))
	var found []string
	for _, h := range role.Holders {
		if len(h.Depts) == 0 || slices.ContainsFunc(h.Depts, func(d string) bool { return slices.Contains(above, d) }) {
			found = append(found, h.User)
		}
	}
	return s.active(found)
}

// roleID completes a role written without its app.
func roleID(app, role string) string {
	if strings.Contains(role, ".") {
		return role
	}
	return app + "." + role
}

func (s *Snapshot) deptOf(q Query) string {
	if q.Dept != "" {
		return q.Dept
	}
	if u := s.users[q.Initiator]; u != nil && len(u.Depts) > 0 {
		return u.Depts[0]
	}
	return ""
}

// headsUp finds the active heads of the department levels above the given one,
// climbing further where a post is vacant. Above the top there is nobody.
func (s *Snapshot) headsUp(dept string, levels int) []string {
	above := s.Above(dept)
	if levels >= len(above) {
		return nil
	}
	for _, d := range above[levels:] {
		if heads := s.active(s.depts[d].Heads); len(heads) > 0 {
			return heads
		}
	}
	return nil
}

// Manager is the active manager of a user: the one named; when none is named,
// or he left, the first head of his main department or of one above it who is
// not the user himself. "" when there is none.
func (s *Snapshot) Manager(user string) []string {
	u := s.users[user]
	if u == nil {
		return nil
	}
	if m := s.users[u.Manager]; m != nil && m.State == Active && m.ID != user {
		return []string{m.ID}
	}
	if len(u.Depts) == 0 {
		return nil
	}
	for _, d := range s.Above(u.Depts[0]) {
		for _, h := range s.active(s.depts[d].Heads) {
			if h != user {
				return []string{h}
			}
		}
	}
	return nil
}

// Admins are the active platform administrators, by id.
func (s *Snapshot) Admins() []string {
	var out []string
	for _, id := range sorted(s.users) {
		if u := s.users[id]; u.Admin && u.State == Active {
			out = append(out, id)
		}
	}
	return out
}
