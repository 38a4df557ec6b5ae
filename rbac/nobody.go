package rbac

import (
	"fmt"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// Nobody warns of members of access groups and menu rules that mean nobody: a role
// that its app does not declare, and departments and users that known ("dept",
// "user", as written) does not know. A group all of whose members are such has
// one more warning. A role of an app that is not among them is left out: it may come.
func Nobody(apps []AppSource, known func(kind, ref string) bool) []schema.Problem {
	roles, installed := map[string]bool{}, map[string]bool{}
	for _, a := range apps {
		installed[a.App] = true
		for _, r := range a.Access.Roles {
			roles[a.App+"."+r.Key] = true
		}
	}
	var out []schema.Problem
	for _, a := range apps {
		x := nobodyCheck{app: a.App, roles: roles, installed: installed, known: known}
		for i, m := range a.Access.Menus {
			for j, role := range m.Roles {
				x.role(fmt.Sprintf("/menus/%d/roles/%d", i, j), role)
			}
		}
		for i, g := range a.Access.Groups {
			x.group(fmt.Sprintf("/groups/%d", i), g)
		}
		out = append(out, x.found...)
	}
	return out
}

type nobodyCheck struct {
	app              string
	roles, installed map[string]bool
	known            func(kind, ref string) bool
	found            []schema.Problem
}

func (x *nobodyCheck) warn(at, code, message, ref string) {
	x.found = append(x.found, schema.Problem{Path: "access#" + at, Code: code, Message: message, Warning: true, Params: map[string]any{"app": x.app, "value": ref}})
}

func (x *nobodyCheck) group(at string, g schema.GroupDef) {
	somebody := false
	for i, m := range g.Members {
		here := fmt.Sprintf("%s/members/%d", at, i)
		switch {
		case m.Role != "":
			somebody = x.role(here+"/role", m.Role) || somebody
		case m.Dept != "":
			somebody = x.is(here, "dept", m.Dept) || somebody
		case m.User != "":
			somebody = x.is(here, "user", m.User) || somebody
		default:
			somebody = true
		}
	}
	if !somebody && len(g.Members) > 0 {
		x.warn(at+"/members", "group_nobody", fmt.Sprintf("nobody can be in the group %q", g.Key), g.Key)
	}
}

func (x *nobodyCheck) role(at, ref string) bool {
	full := qualify(x.app, ref)
	owner, _, _ := strings.Cut(full, ".")
	if x.roles[full] || !x.installed[owner] {
		return true
	}
	x.warn(at, "unknown_role", fmt.Sprintf("the app %s has no role %s", owner, full), ref)
	return false
}

func (x *nobodyCheck) is(at, kind, ref string) bool {
	if x.known(kind, ref) {
		return true
	}
	x.warn(at+"/"+kind, "unknown_"+kind, fmt.Sprintf("there is no %s %q in the organisation: as long as that is so, it means nobody",
		map[string]string{"dept": "department", "user": "user"}[kind], ref), ref)
	return false
}
