package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/runtime/flow"
)

// flowRoutes are about what runs: tasks, cases, who stands in, and their analysis.
func (api *API) flowRoutes() []httpkit.Route {
	const user = httpkit.User
	return []httpkit.Route{
		{Method: "GET", Path: "/api/v1/flows/:form/stats", Handler: api.flowStats, Need: user},

		{Method: "GET", Path: "/api/v1/tasks", Handler: api.tasks, Need: user},
		{Method: "GET", Path: "/api/v1/tasks/count", Handler: api.taskCount, Need: user},
		{Method: "POST", Path: "/api/v1/tasks/batch", Handler: api.taskBatch, Need: user},
		{Method: "POST", Path: "/api/v1/tasks/:id/:action", Handler: api.taskAction, Need: user},
		{Method: "GET", Path: "/api/v1/cases/:id", Handler: api.caseView, Need: user},
		{Method: "GET", Path: "/api/v1/cases/:id/explain", Handler: api.explainCase, Need: user},
		{Method: "POST", Path: "/api/v1/cases/:id/:action", Handler: api.caseAction, Need: user},
		{Method: "GET", Path: "/api/v1/delegations", Handler: api.delegations, Need: user},
		{Method: "POST", Path: "/api/v1/delegations", Handler: api.addDelegation, Need: user},
		{Method: "PATCH", Path: "/api/v1/delegations/:id", Handler: api.patchDelegation, Need: user},
		{Method: "DELETE", Path: "/api/v1/delegations/:id", Handler: api.endDelegation, Need: user},
		{Method: "GET", Path: "/api/v1/me/phrases", Handler: api.phrases, Need: user},
		{Method: "PUT", Path: "/api/v1/me/phrases", Handler: api.putPhrases, Need: user},
	}
}

// flowStats analyses a flow, as far as the caller may see its cases.
func (api *API) flowStats(c *fiber.Ctx) error {
	k := of(c)
	out, err := k.Flow.Stats(c.UserContext(), k.actor, k.param("form"), flow.StatsInput{From: c.Query("from"), Until: c.Query("until"), Group: c.Query("group")})
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// rebuildStats notes facts of cases that ended before facts were kept.
func (api *API) rebuildStats(c *fiber.Ctx) error {
	k := of(c)
	job, err := k.Flow.RebuildFacts(c.UserContext(), k.param("form"))
	if err != nil {
		return err
	}
	if err := k.note("flow.stats_rebuilt", map[string]any{"form": k.param("form")}); err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(fiber.Map{"job": job})
}

// secrets lists the secrets that sign calls, without their values.
func (api *API) secrets(c *fiber.Ctx) error {
	k := of(c)
	items, err := k.Flow.Secrets(c.UserContext())
	if err != nil {
		return err
	}
	users := []string{}
	for _, x := range items {
		users = append(users, x.UpdatedBy)
	}
	return c.JSON(fiber.Map{"items": items, "display": k.display(users, nil)})
}

type secretBody struct {
	Value string `json:"value"`
}

// putSecret makes or replaces a secret. Its value is never answered or noted.
func (api *API) putSecret(c *fiber.Ctx) error {
	k := of(c)
	var in secretBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if err := k.Flow.SetSecret(c.UserContext(), k.actor, k.param("name"), in.Value); err != nil {
		return err
	}
	if err := k.note("secret.set", map[string]any{"name": k.param("name")}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (api *API) deleteSecret(c *fiber.Ctx) error {
	k := of(c)
	if err := k.Flow.DeleteSecret(c.UserContext(), k.param("name")); err != nil {
		return err
	}
	if err := k.note("secret.deleted", map[string]any{"name": k.param("name")}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
