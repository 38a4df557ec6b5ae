package rbac

import (
	"reflect"
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// Gains names an access group by which a subject would get more from a changed
// definition of an app than he has: one that he is in, on a form with data, that was
// not there, or gave less. "" = there is none. A group that he is in only by a
// field of the record is not counted: whom a record names is said with the data.
func Gains(s Subject, app string, before, after schema.Access, hasData func(form string) bool) string {
	for _, g := range after.Groups {
		if !hasData(g.Form) || !s.inGroup(app, g) {
			continue
		}
		if !slices.ContainsFunc(before.Groups, func(old schema.GroupDef) bool { return s.inGroup(app, old) && covers(old, g) }) {
			return g.Key
		}
	}
	return ""
}

// inGroup reports whether he is a member whatever the record.
func (s *Subject) inGroup(app string, g schema.GroupDef) bool {
	return slices.ContainsFunc(g.Members, func(m schema.MemberDef) bool { return m.Field == "" && s.is(memberToken(app, m)) })
}

// covers reports whether a group gives at least what another one gives, on the same records.
func covers(old, g schema.GroupDef) bool {
	in := func(list []string, of []string) bool {
		return !slices.ContainsFunc(list, func(x string) bool { return !slices.Contains(of, x) })
	}
	if old.Form != g.Form || old.Rows != g.Rows || !in(g.Can, old.Can) || !reflect.DeepEqual(old.RowsOf, g.RowsOf) {
		return false
	}
	if len(old.When) > 0 && (len(g.When) == 0 || !in(g.When, old.When)) {
		return false
	}
	// Whatever was limited still is, at least as much.
	was, is := fieldCaps(old.Fields), group{caps: fieldCaps(g.Fields)}
	for name, limit := range was {
		if is.right(name, true) > limit {
			return false
		}
	}
	return true
}
