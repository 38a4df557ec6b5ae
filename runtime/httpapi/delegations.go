package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/runtime/delegation"
)

// delegations lists those of the caller, and in whose place he stands; an
// administrator may ask for somebody else's, or all.
func (api *API) delegations(c *fiber.Ctx) error {
	k := of(c)
	user, all := c.Query("user", k.actor.User), c.QueryBool("all")
	if (all || user != k.actor.User) && !k.actor.Admin {
		return fault.New(fault.Forbidden, "delegation.not_yours", "only administrators may see the delegations of others")
	}
	items, err := k.Delegations.List(c.UserContext(), user)
	if all && err == nil {
		items, err = k.Delegations.All(c.UserContext())
	}
	if err != nil {
		return err
	}
	standing := []delegation.Delegation{}
	if !all {
		if standing, err = k.Delegations.StandingFor(c.UserContext(), user); err != nil {
			return err
		}
	}
	var users []string
	for _, d := range append(append([]delegation.Delegation(nil), items...), standing...) {
		users = append(users, d.User, d.Delegate, d.CreatedBy)
	}
	return c.JSON(fiber.Map{"items": items, "standing_for": standing, "display": k.display(users, nil)})
}

func (api *API) addDelegation(c *fiber.Ctx) error {
	k := of(c)
	var in delegation.Input
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	d, err := k.Delegations.Add(c.UserContext(), k.actor, in)
	if err != nil {
		return err
	}
	if err := k.note("delegation.created", delegationFacts(d)); err != nil {
		return err
	}
	return created(c, d)
}

func (api *API) patchDelegation(c *fiber.Ctx) error {
	k := of(c)
	var in delegation.Input
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	d, err := k.Delegations.Change(c.UserContext(), k.actor, k.param("id"), in)
	if err != nil {
		return err
	}
	if err := k.note("delegation.changed", delegationFacts(d)); err != nil {
		return err
	}
	return c.JSON(d)
}

func (api *API) endDelegation(c *fiber.Ctx) error {
	k := of(c)
	if err := k.Delegations.End(c.UserContext(), k.actor, k.param("id")); err != nil {
		return err
	}
	if err := k.note("delegation.ended", map[string]any{"delegation": k.param("id")}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func delegationFacts(d delegation.Delegation) map[string]any {
	return map[string]any{"delegation": d.ID, "user": d.User, "delegate": d.Delegate, "from": d.From, "until": d.Until, "forms": list(d.Forms)}
}
