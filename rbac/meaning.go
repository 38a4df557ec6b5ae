package rbac

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// MeansMore names an access group ("app.group") that would give a subject more if
// the organisation were another: one that he would be in whatever the record and is
// not, or that he is in and whose range depts:… would mean a department that it did
// not mean. So it finds what a department's new name, place or absence does to groups
// that name departments. "" = there is none. Neither subject's other attributes are compared.
func (e *Engine) MeansMore(was, is *Subject) string {
	if e == nil {
		return ""
	}
	for name, a := range e.apps {
		for _, g := range a.groups {
			if joins(g, was, is) || g.in(is) && g.ranges(was, is) {
				return name + "." + g.def.Key
			}
		}
	}
	return ""
}

// in reports whether he is a member, be it only by a field of the record.
func (g *group) in(s *Subject) bool { return slices.ContainsFunc(g.members, s.is) }

// joins reports whether a member of the group means him now, and meant him not.
func joins(g *group, was, is *Subject) bool {
	return slices.ContainsFunc(g.members, func(m string) bool { return is.is(m) && !was.is(m) })
}

// ranges reports whether the group's range by name means another department now.
func (g *group) ranges(was, is *Subject) bool {
	names, byName := strings.CutPrefix(g.def.Rows, schema.RowsDepts)
	if !byName {
		return false
	}
	before := namedDepts(was, names)
	return slices.ContainsFunc(namedDepts(is, names), func(id string) bool { return !slices.Contains(before, id) && is.knows(id) })
}

// knows reports whether a department of that id exists; each has at least a path.
func (s *Subject) knows(dept string) bool {
	for _, id := range s.DeptNames {
		if id == dept {
			return true
		}
	}
	return false
}
