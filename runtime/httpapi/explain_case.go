package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
)

// explainCase says why somebody is asked in a case: by a task (?task=) or a node (?node=).
func (api *API) explainCase(c *fiber.Ctx) error {
	k := of(c)
	task, node := c.Query("task"), c.Query("node")
	if (task == "") == (node == "") {
		return fault.New(fault.Malformed, "explain.what", "name a task or a node")
	}
	out, err := k.Flow.Explain(c.UserContext(), k.actor, k.param("id"), task, node)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// oneNotFound makes every "not there" of a route the same: of a form that there is
// not, of a record that may not be seen, of a task of somebody else.
func oneNotFound(code, text string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		err := c.Next()
		if fault.Is(err, "form.unknown") || fault.Is(err, "record.not_found") {
			return fault.New(fault.NotFound, code, text).Because(err)
		}
		return err
	}
}
