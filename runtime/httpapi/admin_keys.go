package httpapi

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/authn"
)

func (api *API) listKeys(c *fiber.Ctx) error {
	k := of(c)
	keys, err := k.Authn.Keys(c.UserContext(), "")
	if err != nil {
		return err
	}
	users := []string{}
	for _, x := range keys {
		users = append(users, x.User)
	}
	return c.JSON(page{Items: keys, Display: k.display(users, nil)})
}

// createKey makes an API key that acts as a user, the caller unless another is
// named. Its secret is in this answer and nowhere else.
func (api *API) createKey(c *fiber.Ctx) error {
	k := of(c)
	var in struct {
		Name    string    `json:"name"`
		User    string    `json:"user"`
		Scopes  []string  `json:"scopes"`
		Expires time.Time `json:"expires_at"`
		Rate    int       `json:"rate"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if in.User == "" {
		in.User = k.actor.User
	}
	made, text, err := k.Authn.CreateKey(c.UserContext(), authn.NewKey{Name: in.Name, User: in.User, Scopes: in.Scopes, Expires: in.Expires, Rate: in.Rate})
	if err != nil {
		return err
	}
	if err := k.note("key.created", map[string]any{"key": made.ID, "name": made.Name, "user": made.User, "scopes": list(made.Scopes)}); err != nil {
		return err
	}
	return created(c, fiber.Map{"item": made, "secret": k.ID + joiner + text, "display": k.display([]string{made.User}, nil)})
}

func (api *API) deleteKey(c *fiber.Ctx) error {
	k := of(c)
	if err := k.Authn.RevokeKey(c.UserContext(), k.param("id")); err != nil {
		return err
	}
	if err := k.note("key.revoked", map[string]any{"key": k.param("id")}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
