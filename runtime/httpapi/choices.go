package httpapi

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/flow"
)

// choices tells whom the caller chooses when he submits what he is filling.
func (api *API) choices(c *fiber.Ctx) error {
	k := of(c)
	var data json.RawMessage
	if s := c.Query("data"); s != "" {
		if data = json.RawMessage(s); !json.Valid(data) {
			return fault.New(fault.Malformed, "body.json", "data is no JSON")
		}
	}
	p, err := k.Flow.Predict(c.UserContext(), k.actor, k.param("form"), c.Query("id"), data)
	if err != nil {
		return err
	}
	items := []flow.Choice{}
	for _, ch := range p.Choose {
		if ch.By == "initiator" {
			items = append(items, ch)
		}
	}
	if p.Display == nil { // a form without a flow
		p.Display = k.display(nil, nil)
	}
	return c.JSON(fiber.Map{"items": items, "display": p.Display})
}
