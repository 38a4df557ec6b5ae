package tenant

import (
	"maps"
	"slices"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// sources are what access is compiled from, of apps that belong together.
func sources(apps map[string]*catalog.App) []rbac.AppSource {
	var out []rbac.AppSource
	for _, key := range slices.Sorted(maps.Keys(apps)) {
		app := apps[key]
		src := rbac.AppSource{App: key, Access: app.Def.Access, Forms: map[string]rbac.FormSource{}}
		for k, f := range app.Forms {
			src.Forms[k] = rbac.FormSource{Form: f.Def, Env: f.Env}
		}
		out = append(out, src)
	}
	return out
}

// checkAccess finds, before anything is published, what Refresh would stumble over,
// and warns of members that mean nobody in this organisation.
func (t *Tenant) checkAccess(apps map[string]*catalog.App) []schema.Problem {
	from := sources(apps)
	_, problems := rbac.NewEngine(from)
	problems = append(problems, rbac.Nobody(from, t.somebody)...)
	for i, p := range problems {
		if app, ok := p.Params["app"].(string); ok {
			problems[i].Path = app + "/" + p.Path
		}
	}
	return problems
}

// somebody knows departments by id, name or path, and users by id or login.
func (t *Tenant) somebody(kind, ref string) bool {
	if t.Org == nil {
		return true // the organisation is not there yet: nothing is said of it
	}
	snap := t.Org.Snapshot()
	if kind == "dept" {
		return snap.Dept(snap.DeptID(ref)) != nil
	}
	return snap.User(ref) != nil || snap.ByLogin(ref) != nil
}
