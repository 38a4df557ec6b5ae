// Package builderapi is the administrators' HTTP API: what is designed,
// checked, published and brought in as packs.
package builderapi

import (
	"bytes"
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
}

// API serves the design services of the caller's tenant.
type API struct {
	admin  fiber.Handler // lets administrators pass
	caller func(c *fiber.Ctx) Caller
}

// New makes an API. admin must let only administrators pass; caller tells who
// it let pass.
func New(admin fiber.Handler, caller func(c *fiber.Ctx) Caller) *API {
	return &API{admin: admin, caller: caller}
}

// Mount adds every route of the table to an app.
func (api *API) Mount(app *fiber.App) {
	for _, r := range api.Routes() {
		app.Add(r.Method, r.Path, api.admin, r.Handler)
	}
}

// Routes is the route table; docs/api/openapi.yaml describes exactly these.
func (api *API) Routes() []httpkit.Route {
	return []httpkit.Route{
		{Method: "GET", Path: "/api/builder/v1/apps", Handler: api.apps, Need: httpkit.Admin},
		{Method: "POST", Path: "/api/builder/v1/formula/check", Handler: api.checkFormula, Need: httpkit.Admin},
		{Method: "POST", Path: "/api/builder/v1/packs/plan", Handler: api.planPack, Need: httpkit.Admin},
		{Method: "POST", Path: "/api/builder/v1/packs/import", Handler: api.importPack, Need: httpkit.Admin},
	}
}

func (api *API) apps(c *fiber.Ctx) error {
	k := api.caller(c)
	return c.JSON(fiber.Map{"items": k.Design.Apps(k.Lang)})
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
	out, err := api.caller(c).Design.CheckFormula(in.Form, in.Text, in.Expect)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// read reads the pack in a request's body: a .zip.
func (api *API) read(c *fiber.Ctx, d *design.Service) (*pack.Pack, []schema.Problem, error) {
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), "application/zip") {
		return nil, nil, fault.New(fault.Malformed, "pack.type", "a pack is sent as application/zip")
	}
	body := c.Body()
	p, problems := pack.ReadZip(bytes.NewReader(body), int64(len(body)), d.Installed()...)
	if p == nil || schema.HasErrors(problems) {
		return nil, problems, refused(problems)
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
	p, warnings, err := api.read(c, k.Design)
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
	p, _, err := api.read(c, k.Design)
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
