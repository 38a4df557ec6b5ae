package httpapi

import (
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/runtime/transfer"
)

func (api *API) transferRoutes() []httpkit.Route {
	const user = httpkit.User
	return []httpkit.Route{
		{Method: "POST", Path: "/api/v1/forms/:form/export", Handler: api.export, Need: user},
		{Method: "GET", Path: "/api/v1/forms/:form/import/template", Handler: api.importTemplate, Need: user},
		{Method: "POST", Path: "/api/v1/forms/:form/import", Handler: api.importFile, Need: user},
		{Method: "GET", Path: "/api/v1/jobs/:id", Handler: api.job, Need: user},
		{Method: "GET", Path: "/api/v1/jobs/:id/rows", Handler: api.badRows, Need: user},
		{Method: "POST", Path: "/api/v1/jobs/:id/rows/:n", Handler: api.repairRow, Need: user},
		{Method: "GET", Path: "/api/v1/jobs/:id/errors.xlsx", Handler: api.errorsFile, Need: user},
		{Method: "POST", Path: "/api/v1/jobs/:id/undo", Handler: api.undoImport, Need: user},
	}
}

// startsJobs refuses API keys: a job runs as its owner, with more rights than
// the key that asked for it may reach.
func (c call) startsJobs() error {
	if c.identity.Key != "" {
		return fault.New(fault.Forbidden, "auth.scope", "an API key starts no exports and imports")
	}
	return nil
}

type exportBody struct {
	Filter    json.RawMessage `json:"filter"`
	Sort      string          `json:"sort"`
	Columns   []string        `json:"columns"`
	View      string          `json:"view"`
	Query     string          `json:"q"`
	Subtables string          `json:"subtables"`
}

func (api *API) export(c *fiber.Ctx) error {
	k := of(c)
	var in exportBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if err := k.startsJobs(); err != nil {
		return err
	}
	j, err := k.Transfers.Export(c.UserContext(), k.actor, k.param("form"), transfer.ExportInput(in))
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(fiber.Map{"job": j.ID})
}

func (api *API) job(c *fiber.Ctx) error {
	k := of(c)
	j, err := k.Transfers.Get(c.UserContext(), k.actor, k.param("id"))
	if err != nil {
		return err
	}
	if j.Error != nil {
		if s := Text(k.actor.Lang, j.Error.Code, nil); s != "" {
			j.Error.Message = s
		}
	}
	return c.JSON(j)
}

func (api *API) importTemplate(c *fiber.Ctx) error {
	k := of(c)
	name, content, err := k.Transfers.Template(k.actor, k.param("form"))
	if err != nil {
		return err
	}
	return spreadsheet(c, name, content)
}

// spreadsheet answers with a file that is downloaded.
func spreadsheet(c *fiber.Ctx, name string, content []byte) error {
	c.Set(fiber.HeaderContentType, transfer.MIME)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Set(fiber.HeaderContentDisposition, "attachment; filename*=UTF-8''"+url.PathEscape(name))
	return c.Send(content)
}

type importBody struct {
	File    string            `json:"file"`
	Mapping map[string]string `json:"mapping"`
	Key     string            `json:"key"`
	Mode    string            `json:"mode"`
	Submit  *bool             `json:"submit"` // absent = true
	DryRun  bool              `json:"dry_run"`
}

func (api *API) importFile(c *fiber.Ctx) error {
	k := of(c)
	var in importBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if err := k.startsJobs(); err != nil {
		return err
	}
	j, err := k.Transfers.Import(c.UserContext(), k.actor, k.param("form"), transfer.ImportInput{File: in.File, Mapping: in.Mapping, Key: in.Key,
		Mode: in.Mode, Submit: in.Submit == nil || *in.Submit, DryRun: in.DryRun})
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(fiber.Map{"job": j.ID})
}

// rowWords says what is wrong with rows of imports in the caller's language.
func (c call) rowWords() transfer.Translate {
	return func(code string, params map[string]any) string {
		if s := Text(c.actor.Lang, "field."+code, params); s != "" {
			return s
		}
		return Text(c.actor.Lang, code, params)
	}
}

func (api *API) badRows(c *fiber.Ctx) error {
	k := of(c)
	items, next, err := k.Transfers.BadRows(c.UserContext(), k.actor, k.param("id"), c.Query("cursor"), k.rowWords())
	if err != nil {
		return err
	}
	return c.JSON(page{Items: items, Next: next})
}

func (api *API) repairRow(c *fiber.Ctx) error {
	k := of(c)
	n, err := strconv.Atoi(k.param("n"))
	if err != nil || n < 1 {
		return fault.New(fault.Malformed, "import.row", "a row is a whole number")
	}
	var in struct {
		Set map[string]string `json:"set"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if err := k.startsJobs(); err != nil {
		return err
	}
	r, err := k.Transfers.Repair(c.UserContext(), k.actor, k.param("id"), n, in.Set, k.rowWords())
	if err != nil {
		return err
	}
	return c.JSON(r)
}

func (api *API) errorsFile(c *fiber.Ctx) error {
	k := of(c)
	name, content, err := k.Transfers.ErrorsFile(c.UserContext(), k.actor, k.param("id"), k.rowWords())
	if err != nil {
		return err
	}
	return spreadsheet(c, name, content)
}

func (api *API) undoImport(c *fiber.Ctx) error {
	k := of(c)
	if err := k.startsJobs(); err != nil {
		return err
	}
	j, err := k.Transfers.Undo(c.UserContext(), k.actor, k.param("id"))
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(fiber.Map{"job": j.ID})
}
