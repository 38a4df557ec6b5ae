package rbac

import (
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/schema/formula"
)

// Subject is whoever acts, with what the organisation says about him. A
// subject without a User is nobody and may do nothing.
type Subject struct {
	Tenant string
	User   string
	Login  string // login name; access groups may name a user by it
	Name   string
	Lang   string
	Zone   *time.Location
	// Depts are the departments he is in, the main one first.
	Depts []string
	// DeptsBelow are those and all departments below them; Headed the departments he heads and all below.
	DeptsBelow []string
	Headed     []string
	// DeptsAbove are his departments and all above them (for members given by a department with children).
	DeptsAbove []string
	// DeptNames maps the names of departments to ids, for groups that name a
	// department; nil = by id only. It is shared and never written to.
	DeptNames map[string]string
	Roles     []string // "app.role"
	Admin     bool     // platform administrator
	// Planes of administration besides the platform's: "org", "app:<app>", "data:<app>"; see Plan.Administers.
	Planes []string
}

// Kinds of members as the enforcer sees them: "role:cost.pm", "user:42", "everyone".
const (
	memberUser     = "user:"
	memberDept     = "dept:"
	memberTree     = "tree:" // a department and all below it
	memberRole     = "role:"
	memberField    = "field:"
	memberEveryone = "everyone"
	memberPlane    = "plane:" // followed by a plane, "plane:data:cost"
	memberAdmin    = "platform:administrator"
)

// is reports whether the subject is the member. Members by a field of the
// record are decided per record; here everybody may turn out to be one.
func (s *Subject) is(member string) bool {
	switch member {
	case memberEveryone:
		return true
	case memberAdmin:
		return s.Admin
	}
	kind, ref, _ := strings.Cut(member, ":")
	switch kind + ":" {
	case memberUser:
		return ref == s.User || (s.Login != "" && ref == s.Login)
	case memberRole:
		return slices.Contains(s.Roles, ref)
	case memberDept:
		return s.inDept(s.Depts, ref)
	case memberTree:
		return s.inDept(s.DeptsAbove, ref)
	case memberPlane:
		return slices.Contains(s.Planes, ref)
	case memberField:
		return true
	}
	return false
}

// inDept accepts a department by id or by name.
func (s *Subject) inDept(depts []string, ref string) bool {
	return slices.Contains(depts, ref) || slices.Contains(depts, s.deptID(ref))
}

// deptID turns a department's name into its id; what is no name is an id.
func (s *Subject) deptID(ref string) string {
	if id, ok := s.DeptNames[ref]; ok {
		return id
	}
	return ref
}

// context is what row formulas see of the subject. It has no time: formulas
// that depend on it are refused for row ranges, because a plan outlives it.
func (s *Subject) context() *formula.Context {
	u := formula.User{ID: s.User, Name: s.Name, Depts: s.Depts, Roles: s.Roles}
	if len(s.Depts) > 0 {
		u.Dept = s.Depts[0]
	}
	return &formula.Context{Zone: s.Zone, Lang: s.Lang, User: u}
}
