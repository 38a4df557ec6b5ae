// Package httpapi is the end user's HTTP API, and the administrator's at
// /api/admin. Handlers parse, call one service method, and write what comes
// back; every decision is made behind them.
package httpapi

import (
	"log/slog"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// API serves the tenants of a host.
type API struct {
	host   *runtime.Host
	log    *slog.Logger
	secure bool // cookies only over https
}

// Options of an API.
type Options struct {
	Log *slog.Logger
	// SecureCookies marks cookies Secure: set when served over https.
	SecureCookies bool
}

// New makes an API.
func New(host *runtime.Host, o Options) *API {
	return &API{host: host, log: o.Log, secure: o.SecureCookies}
}

// Mount adds every route of the table to an app.
func (api *API) Mount(app *fiber.App) {
	for _, r := range api.Routes() {
		chain := []fiber.Handler{}
		switch r.Need {
		case httpkit.Public:
		case httpkit.User:
			chain = append(chain, api.authenticate)
		default:
			chain = append(chain, api.Gate(r.Need))
		}
		chain = append(chain, api.hiding(r)...)
		app.Add(r.Method, r.Path, append(chain, r.Handler)...)
	}
}

// rateLogin is the rate class of what guesses passwords: authn slows it down by
// login and address.
const rateLogin = "login"

// Routes is the route table; docs/api/openapi.yaml describes exactly these.
func (api *API) Routes() []httpkit.Route {
	const user = httpkit.User
	return append([]httpkit.Route{
		{Method: "POST", Path: "/api/v1/setup", Handler: api.setup, Need: httpkit.Public, Rate: rateLogin},
		{Method: "POST", Path: "/api/v1/session", Handler: api.login, Need: httpkit.Public, Rate: rateLogin},
		{Method: "DELETE", Path: "/api/v1/session", Handler: api.logout, Need: user},
		{Method: "POST", Path: "/api/v1/password", Handler: api.usePasswordLink, Need: httpkit.Public, Rate: rateLogin},
		{Method: "GET", Path: "/api/v1/sessions", Handler: api.sessions, Need: user},
		{Method: "DELETE", Path: "/api/v1/sessions/:id", Handler: api.endSession, Need: user},
		{Method: "GET", Path: "/api/v1/me", Handler: api.me, Need: user},
		{Method: "PATCH", Path: "/api/v1/me", Handler: api.saveMe, Need: user},
		{Method: "GET", Path: "/api/v1/apps", Handler: api.apps, Need: user},

		{Method: "GET", Path: "/api/v1/forms/:form", Handler: api.form, Need: user},
		{Method: "POST", Path: "/api/v1/forms/:form/records", Handler: api.create, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/records", Handler: api.list, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/records/:id", Handler: api.get, Need: user},
		{Method: "PATCH", Path: "/api/v1/forms/:form/records/:id", Handler: api.save, Need: user},
		{Method: "DELETE", Path: "/api/v1/forms/:form/records/:id", Handler: api.remove, Need: user},
		{Method: "POST", Path: "/api/v1/forms/:form/records/:id/restore", Handler: api.restore, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/records/:id/history", Handler: api.history, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/records/:id/comments", Handler: api.comments, Need: user},
		{Method: "POST", Path: "/api/v1/forms/:form/records/:id/comments", Handler: api.addComment, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/records/:id/explain", Handler: api.explain, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/trash", Handler: api.trash, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/views", Handler: api.views, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/options/:field", Handler: api.options, Need: user},
		{Method: "POST", Path: "/api/v1/forms/:form/evaluate", Handler: api.evaluate, Need: user},
		{Method: "POST", Path: "/api/v1/forms/:form/predict", Handler: api.predict, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/choices", Handler: api.choices, Need: user},

		{Method: "GET", Path: "/api/v1/drafts/:form", Handler: api.getDraft, Need: user},
		{Method: "PUT", Path: "/api/v1/drafts/:form", Handler: api.putDraft, Need: user},
		{Method: "DELETE", Path: "/api/v1/drafts/:form", Handler: api.deleteDraft, Need: user},
		{Method: "GET", Path: "/api/v1/drafts/:form/:id", Handler: api.getDraft, Need: user},
		{Method: "PUT", Path: "/api/v1/drafts/:form/:id", Handler: api.putDraft, Need: user},
		{Method: "DELETE", Path: "/api/v1/drafts/:form/:id", Handler: api.deleteDraft, Need: user},

		{Method: "POST", Path: "/api/v1/files", Handler: api.beginFile, Need: user},
		{Method: "PUT", Path: "/api/v1/files/:id/parts/:n", Handler: api.putPart, Need: user},
		{Method: "POST", Path: "/api/v1/files/:id/complete", Handler: api.completeFile, Need: user},
		{Method: "GET", Path: "/api/v1/files/:id", Handler: api.getFile, Need: user},

		{Method: "GET", Path: "/api/v1/org/users", Handler: api.users, Need: user},
		{Method: "GET", Path: "/api/v1/org/depts", Handler: api.depts, Need: user},
		{Method: "GET", Path: "/api/v1/org/roles", Handler: api.roles, Need: user},

		{Method: "GET", Path: "/api/v1/notices", Handler: api.notices, Need: user},
		{Method: "POST", Path: "/api/v1/notices", Handler: api.readNotices, Need: user},
	}, slices.Concat(api.flowRoutes(), api.transferRoutes(), api.adminRoutes(), api.securityRoutes())...)
}

// call is a request with its tenant and actor.
type call struct {
	*fiber.Ctx
	*runtime.Services
	actor    *tenant.Actor
	identity authn.Identity
}

const keyCall = "call"

// of gives the call of an authenticated request.
func of(c *fiber.Ctx) call { return c.Locals(keyCall).(call) }

// param is a path parameter, unescaped.
func (c call) param(name string) string { return c.Ctx.Params(name) }

// hiding keeps a route from telling what exists: its answer about what the caller
// may not know of is that about what there is not.
func (api *API) hiding(r httpkit.Route) []fiber.Handler {
	switch {
	case r.Need != httpkit.User:
	case strings.Contains(r.Path, "/:form"):
		return []fiber.Handler{api.formThere}
	case strings.HasPrefix(r.Path, "/api/v1/tasks/:id"):
		return []fiber.Handler{oneNotFound("task.not_found", "there is no such task")}
	case strings.HasPrefix(r.Path, "/api/v1/cases/:id"):
		return []fiber.Handler{oneNotFound("case.not_found", "there is no such case")}
	}
	return nil
}

// Gate lets those pass who have what a route needs, for APIs that are mounted
// beside this one too. To others the route does not exist.
func (api *API) Gate(need string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		k, err := api.enter(c)
		if err != nil {
			return err
		}
		if !reaches(k.actor.Plan, need) {
			return fault.New(fault.NotFound, "route.not_found", "not found")
		}
		return c.Next()
	}
}

// reaches reports whether a plan has what a route needs.
func reaches(p *rbac.Plan, need string) bool {
	switch need {
	case httpkit.User:
		return true
	case httpkit.OrgAdmin:
		return p.Administers(rbac.AreaOrg)
	case httpkit.DesignAdmin:
		return p.AdministersAny(rbac.AreaDesign)
	case httpkit.DataAdmin:
		return p.AdministersAny(rbac.AreaData) || p.AdministersAny(rbac.AreaDesign)
	}
	return p.Administers(rbac.AreaPlatform)
}

// Caller tells who Gate let pass: his tenant's services, and himself.
func Caller(c *fiber.Ctx) (*runtime.Services, *tenant.Actor) {
	k := of(c)
	return k.Services, k.actor
}
