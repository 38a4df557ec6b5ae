// Package builderapi is the administrators' HTTP API: what is designed,
// checked, published and brought in as packs.
package builderapi

import (
	"bytes"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/builder-api/design"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/pack"
)

// Caller is the administrator behind a request.
type Caller struct {
	User   string
	Lang   string
	Design *design.Service
	Flows  design.Flows
	// Designs reports whether he administers the design of an app.
	Designs func(app string) bool
	// Gains names the access group of a definition by which he would give himself
	// rights over data that he has not, "" when there is none.
	Gains func(app *schema.App) string
	// Reaches refuses a definition that would show him, or write, records of other
	// forms over which he has no rights.
	Reaches func(app *schema.App) error
}

// API serves the design services of the caller's tenant.
type API struct {
	gate   func(need string) fiber.Handler // lets those pass who have what a route needs
	caller func(c *fiber.Ctx) Caller
}

// New makes an API. gate must let only those pass who have the need; caller tells
// who it let pass.
func New(gate func(need string) fiber.Handler, caller func(c *fiber.Ctx) Caller) *API {
	return &API{gate: gate, caller: caller}
}

// Mount adds every route of the table to an app.
func (api *API) Mount(app *fiber.App) {
	for _, r := range api.Routes() {
		app.Add(r.Method, r.Path, api.gate(r.Need), r.Handler)
	}
}

// Routes is the route table; docs/api/openapi.yaml describes exactly these.
func (api *API) Routes() []httpkit.Route {
	return []httpkit.Route{
		{Method: "GET", Path: "/api/builder/v1/apps", Handler: api.apps, Need: httpkit.DesignAdmin},
		{Method: "POST", Path: "/api/builder/v1/formula/check", Handler: api.checkFormula, Need: httpkit.DesignAdmin},
		{Method: "POST", Path: "/api/builder/v1/apps/:app/simulate", Handler: api.simulate, Need: httpkit.DesignAdmin},
		{Method: "GET", Path: "/api/builder/v1/apps/:app/migrate", Handler: api.previewMigration, Need: httpkit.DesignAdmin},
		{Method: "POST", Path: "/api/builder/v1/apps/:app/migrate", Handler: api.migrate, Need: httpkit.DesignAdmin},
		{Method: "GET", Path: "/api/builder/v1/apps/:app/migrate/:job", Handler: api.migration, Need: httpkit.DesignAdmin},
		{Method: "POST", Path: "/api/builder/v1/packs/plan", Handler: api.planPack, Need: httpkit.DesignAdmin},
		{Method: "POST", Path: "/api/builder/v1/packs/import", Handler: api.importPack, Need: httpkit.DesignAdmin},
	}
}

func (api *API) apps(c *fiber.Ctx) error {
	k := api.caller(c)
	items := slices.DeleteFunc(k.Design.Apps(k.Lang), func(a design.AppInfo) bool { return !k.Designs(a.Key) })
	return c.JSON(fiber.Map{"items": items})
}

type formulaBody struct {
	Form   string `json:"form"` // "app.form"
	Text   string `json:"text"`
	Expect string `json:"expect"` // number, text, bool, date, datetime, "" = anything
}

func (api *API) checkFormula(c *fiber.Ctx) error {
	var in formulaBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	k := api.caller(c)
	if app, _, _ := strings.Cut(in.Form, "."); !k.Designs(app) {
		return fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", in.Form).With("form", in.Form)
	}
	out, err := k.Design.CheckFormula(in.Form, in.Text, in.Expect)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// read reads the pack in a request's body: a .zip of an app that the caller designs.
func (api *API) read(c *fiber.Ctx, k Caller) (*pack.Pack, []schema.Problem, error) {
	d := k.Design
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), "application/zip") {
		return nil, nil, fault.New(fault.Malformed, "pack.type", "a pack is sent as application/zip")
	}
	body := c.Body()
	p, problems := pack.ReadZip(bytes.NewReader(body), int64(len(body)), d.Installed()...)
	if p == nil || schema.HasErrors(problems) {
		return nil, problems, refused(problems)
	}
	if !k.Designs(p.App.Key) {
		return nil, problems, fault.Newf(fault.Forbidden, "design.forbidden", "you do not administer the app %s", p.App.Key).With("app", p.App.Key)
	}
	if g := k.Gains(p.App); g != "" {
		return nil, problems, fault.Newf(fault.Forbidden, "access.own_rights", "access group %s would give you rights over data that you have not", g).With("group", g)
	}
	if err := k.Reaches(p.App); err != nil {
		return nil, problems, err
	}
	return p, problems, nil
}

// refused names every problem of a pack as a field of the error.
func refused(problems []schema.Problem) error {
	e := fault.New(fault.Invalid, "publish.problems", "the pack has errors; nothing was imported")
	for _, p := range problems {
		if !p.Warning {
			e = e.At(fault.Field{Path: p.Path, Code: p.Code, Message: p.Message, Params: p.Params})
		}
	}
	return e
}

func (api *API) planPack(c *fiber.Ctx) error {
	k := api.caller(c)
	p, warnings, err := api.read(c, k)
	if err != nil {
		return err
	}
	problems, err := k.Design.Check(c.UserContext(), p)
	if err != nil {
		return err
	}
	plan := k.Design.Plan(p)
	plan.Problems = append(append(plan.Problems, warnings...), problems...)
	return c.JSON(plan)
}

func (api *API) importPack(c *fiber.Ctx) error {
	k := api.caller(c)
	p, _, err := api.read(c, k)
	if err != nil {
		return err
	}
	versions, problems, err := k.Design.Import(c.UserContext(), k.User, "import "+p.Meta.Version, p)
	if err != nil {
		if schema.HasErrors(problems) {
			return refused(problems)
		}
		return err
	}
	return c.JSON(fiber.Map{"versions": versions, "problems": problems})
}
