package org

import (
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
)

// CheckRaise refuses (org.own_rights) a change of the organisation by which the one
// who makes it would be more than he is: in a department, above or heading one,
// holder of a role, on a plane, under another login, or in a department of a name
// that it had not. A platform administrator has all there is, and raises nothing.
// What access groups mean by the names of other departments is rbac's to compare.
func (s *Snapshot) CheckRaise(actor string, next *Snapshot) error {
	was, err := s.Subject(actor)
	if err != nil || was.Admin {
		return err
	}
	if u := next.User(actor); u == nil || u.State != Active {
		return nil // he leaves, and raises nothing
	}
	is, err := next.Subject(actor)
	if err != nil {
		return err
	}
	known := func(dept string) bool { return s.depts[dept] != nil } // nothing is in one that is made just now
	raised := is.Admin || is.Login != was.Login || more(was.Roles, is.Roles, nil) || more(was.Planes, is.Planes, nil) || more(was.Depts, is.Depts, nil) ||
		more(was.DeptsAbove, is.DeptsAbove, nil) || more(was.DeptsBelow, is.DeptsBelow, known) || more(was.Headed, is.Headed, known) || renamed(&was, &is) ||
		more(s.managing(actor), next.managing(actor), nil)
	if raised {
		return OwnRights()
	}
	return nil
}

// OwnRights refuses a change by which somebody would raise his own rights.
func OwnRights() error {
	return fault.New(fault.Forbidden, "org.own_rights", "this would raise your own rights: ask a platform administrator")
}

// more reports whether the second list has what the first has not; known, where
// given, limits what counts.
func more(was, is []string, known func(string) bool) bool {
	return slices.ContainsFunc(is, func(x string) bool { return !slices.Contains(was, x) && (known == nil || known(x)) })
}

// renamed reports whether a department he is in or heads, or one above his, has got
// a name by which access groups and flows may mean it.
func renamed(was, is *rbac.Subject) bool {
	for name, id := range is.DeptNames {
		if was.DeptNames[name] != id && (slices.Contains(is.DeptsAbove, id) || slices.Contains(was.Headed, id)) {
			return true
		}
	}
	return false
}

// managing are the users whose manager somebody is by name.
func (s *Snapshot) managing(user string) []string {
	var out []string
	for id, u := range s.users {
		if u.Manager == user {
			out = append(out, id)
		}
	}
	return out
}
