package httpapi

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/authn"
)

// SessionOut is one of the caller's open sessions.
type SessionOut struct {
	authn.Session
	Current bool `json:"current"` // the one that asks
}

func (api *API) sessions(c *fiber.Ctx) error {
	k := of(c)
	open, err := k.Authn.Sessions(c.UserContext(), k.actor.User)
	if err != nil {
		return err
	}
	items := []SessionOut{}
	for _, s := range open {
		items = append(items, SessionOut{Session: s, Current: s.ID == k.identity.Session})
	}
	return c.JSON(page{Items: items})
}

// endSession ends one of the caller's own sessions, also the one that asks.
func (api *API) endSession(c *fiber.Ctx) error {
	k := of(c)
	open, err := k.Authn.Sessions(c.UserContext(), k.actor.User)
	if err != nil {
		return err
	}
	id := k.param("id")
	if !slices.ContainsFunc(open, func(s authn.Session) bool { return s.ID == id }) {
		return fault.New(fault.NotFound, "session.not_found", "there is no such session")
	}
	if err := k.Authn.End(c.UserContext(), id); err != nil {
		return err
	}
	if err := k.note("session.ended", nil); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// usePasswordLink gives a user a new password by his one-time link.
func (api *API) usePasswordLink(c *fiber.Ctx) error {
	var in struct {
		Tenant   string `json:"tenant"`
		Token    string `json:"token"`
		User     string `json:"user"`
		Password string `json:"password"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	s, err := api.host.Find(c.UserContext(), in.Tenant, c.Hostname())
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return fault.New(fault.Unauthorized, "auth.link", "this link was used, is over, or never was one").Because(err)
	}
	if err != nil {
		return err
	}
	if err := allowed(c, s, authn.Identity{}); err != nil {
		return err
	}
	if err := s.Authn.FinishPassword(c.UserContext(), in.Token, in.User, in.Password); err != nil {
		return err
	}
	if err := s.Audit.Note(c.UserContext(), in.User, "password.changed", httpkit.Addr(c), map[string]any{"by": "link"}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
