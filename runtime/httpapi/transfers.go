package httpapi

import (
	"encoding/json"
	"net/url"

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
		{Method: "GET", Path: "/api/v1/jobs/:id", Handler: api.job, Need: user},
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
