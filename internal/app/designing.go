package app

import (
	"github.com/gofiber/fiber/v2"

	builderapi "github.com/formwork-run/formwork/builder-api"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/httpapi"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// designing tells the builder who asks, and which apps he may design.
func designing(c *fiber.Ctx) builderapi.Caller {
	s, a := httpapi.Caller(c)
	return builderapi.Caller{User: a.User, Lang: a.Lang, Design: designerAt(s, a.IP), Flows: flows{s, a},
		Designs: func(app string) bool { return a.Plan.Administers(rbac.AreaDesign + app) },
		Gains:   func(app *schema.App) string { return gains(s, a, app) }}
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
