package rbac

import (
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

// FormSource is what access compilation needs of a published form.
type FormSource struct {
	Form *schema.Form
	// Env is the type environment of the form's formulas, with USER.
	Env formula.Type
}

// AppSource is what access compilation needs of a published app.
type AppSource struct {
	App    string
	Access schema.Access
	Forms  map[string]FormSource // by form key
}

// formOps are the operations on the form as a whole: there is no record yet
// that a row range or a case state could be about.
var formOps = map[string]bool{schema.OpCreate: true, schema.OpImport: true}

// opOpen is the operation on a menu entry.
const opOpen = "open"

// Names of the synthetic groups that carry rules not written as access groups.
const (
	groupPrefix = "group:"
	menuPrefix  = "menu:"
	pagePrefix  = "page:"
	adminGroup  = "administrators"
	dataGroup   = "data_administrators"
)

// MaxGroups is how many access groups one form may have.
const MaxGroups = 63

// MaxMy is how many records a MY(form, path) may resolve to for one subject.
const MaxMy = 10_000

// appRules turns the access part of an app into policies. Broken groups are left out.
func appRules(src AppSource, groups []*group) rules {
	var r rules
	for member, group := range allData(src.App) {
		r.policies = append(r.policies, []string{group, src.App, "*", "*"})
		r.members = append(r.members, []string{member, group, src.App})
	}
	for _, g := range groups {
		for _, op := range g.def.Can {
			r.policies = append(r.policies, []string{g.name(), src.App, g.def.Form, op})
		}
		for _, m := range g.members {
			r.members = append(r.members, []string{m, g.name(), src.App})
		}
	}
	for _, m := range src.Access.Menus {
		r.policies = append(r.policies, []string{menuPrefix + m.Page, src.App, pagePrefix + m.Page, opOpen})
		for _, role := range m.Roles {
			r.members = append(r.members, []string{memberRole + qualify(src.App, role), menuPrefix + m.Page, src.App})
		}
	}
	return r
}

// allData are those who may do everything with the data of an app, by member:
// the platform's administrators, and the app's data administrators.
func allData(app string) map[string]string {
	return map[string]string{memberAdmin: adminGroup, memberPlane + PlaneData + app: dataGroup}
}
