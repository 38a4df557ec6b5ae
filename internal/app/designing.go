package app

import (
	"reflect"
	"strings"

	"github.com/gofiber/fiber/v2"

	builderapi "github.com/formwork-run/formwork/builder-api"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/httpapi"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// designing tells the builder who asks, and which apps he may design.
func designing(c *fiber.Ctx) builderapi.Caller {
	s, a := httpapi.Caller(c)
	return builderapi.Caller{User: a.User, Lang: a.Lang, Design: designerAt(s, a.IP), Flows: flows{s, a},
		Designs: func(app string) bool { return a.Plan.Administers(rbac.AreaDesign + app) },
		Gains:   func(app *schema.App) string { return gains(s, a, app) },
		Reaches: func(app *schema.App) error { return reaches(s, a, app) }}
}

// gains: whoever administers all data of an app can give himself nothing by its
// access groups; nor can they on a form that is new, and has no data.
func gains(s *runtime.Services, a *tenant.Actor, app *schema.App) string {
	if a.Plan.Administers(rbac.AreaData + app.Key) {
		return ""
	}
	now := s.Catalog.Snapshot().Apps[app.Key]
	if now == nil {
		return ""
	}
	return rbac.Gains(a.Subject, app.Key, now.Def.Access, app.Access, func(form string) bool { return now.Forms[form] != nil })
}

// reaches: what a definition newly reads of other forms is computed with the rights
// of the app, so whoever imports it must see that himself; to write to another app
// by a flow he must administer its data. On a form of his own app that he cannot
// open himself, he learns nothing by it.
func reaches(s *runtime.Services, a *tenant.Actor, app *schema.App) error {
	snap, before := s.Catalog.Snapshot(), &schema.App{Key: app.Key}
	if now := snap.Apps[app.Key]; now != nil {
		before = now.Def
	}
	find := func(ref string) *schema.Form {
		if f := snap.Form(ref); f != nil {
			return f.Def
		}
		return nil
	}
	for _, r := range rbac.Reaches(before, app, find) {
		to, _, _ := strings.Cut(r.To, ".")
		target := find(r.To)
		if target == nil || a.Plan.Administers(rbac.AreaData+to) {
			continue // it has no data yet, or none that he may not see
		}
		own := to == app.Key
		if own && !opens(a, app, r.From) || (own || !r.Writes) && seesAll(a, target) {
			continue
		}
		return fault.Newf(fault.Forbidden, "access.own_reach", "%s would reach records of %s with the rights of the app, over which you have none", r.Place, r.To).
			With("place", r.Place).With("form", r.To)
	}
	return nil
}

// opens reports whether he can open some record of a form, or make one, by the
// groups there are or by those of the definition.
func opens(a *tenant.Actor, app *schema.App, form string) bool {
	p := a.Plan.Form(app.Key + "." + form)
	return p.Can(schema.OpView) || p.Can(schema.OpCreate) ||
		rbac.Gains(a.Subject, app.Key, schema.Access{}, app.Access, func(f string) bool { return f == form }) != ""
}

// seesAll reports whether he sees every record of a form, and all that is in it.
func seesAll(a *tenant.Actor, form *schema.Form) bool {
	p := a.Plan.Form(form.Ref())
	all := func(x filter.Expr) bool { return reflect.DeepEqual(x, filter.True) }
	if !all(p.Scope(schema.OpView)) {
		return false
	}
	for _, f := range form.Fields {
		if !all(p.FieldScope(f.Key)) {
			return false
		}
		for _, c := range f.Columns {
			if !all(p.FieldScope(f.Key + "." + c.Key)) {
				return false
			}
		}
	}
	return true
}
