package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/audit"
)

// reveal shows one masked value in the clear, to whom that is granted. It is
// logged before it is shown.
func (api *API) reveal(c *fiber.Ctx) error {
	k := of(c)
	field, row := c.Query("field"), c.Query("row")
	if field == "" {
		return fault.New(fault.Malformed, "field.missing", "name the field").At(fault.Field{Path: "/field", Code: "required", Message: "name the field"})
	}
	rec, out, err := k.Records.Reveal(c.UserContext(), k.actor, k.param("form"), k.param("id"), field, row)
	if err != nil {
		return err
	}
	detail := map[string]any{"field": field}
	if row != "" {
		detail["row"] = row
	}
	entry := audit.About{By: k.actor.User, Action: "reveal", IP: k.actor.IP, Request: k.actor.RequestID, Form: rec.Ref(), Record: rec.ID(), Title: k.Records.NewViewer(k.actor).Title(rec), Detail: detail}
	if err := k.Audit.NoteAbout(c.UserContext(), entry); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(out)
}
