package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/runtime/calendar"
)

func (api *API) calendars(c *fiber.Ctx) error {
	return c.JSON(fiber.Map{"items": of(c).Calendars.List()})
}

func (api *API) getCalendar(c *fiber.Ctx) error {
	k := of(c)
	d, err := k.Calendars.Def(k.param("key"))
	if err != nil {
		return err
	}
	return c.JSON(d)
}

// putCalendar saves a calendar; the key is that of the path.
func (api *API) putCalendar(c *fiber.Ctx) error {
	k := of(c)
	var in calendar.Def
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	in.Key = k.param("key")
	d, err := k.Calendars.Put(c.UserContext(), in)
	if err != nil {
		return err
	}
	if err := k.note("calendar.changed", map[string]any{"calendar": d.Key, "title": d.Title}); err != nil {
		return err
	}
	return c.JSON(d)
}

func (api *API) deleteCalendar(c *fiber.Ctx) error {
	k := of(c)
	if err := k.Calendars.Delete(c.UserContext(), k.param("key")); err != nil {
		return err
	}
	if err := k.note("calendar.deleted", map[string]any{"calendar": k.param("key")}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
