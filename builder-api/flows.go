package builderapi

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/builder-api/design"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
)

// designed is the app of a request's path, for whoever designs it; to others it is not there.
func designed(c *fiber.Ctx, k Caller) (string, error) {
	app := c.Params("app")
	if !k.Designs(app) {
		return "", fault.Newf(fault.NotFound, "app.unknown", "there is no app %s", app).With("app", app)
	}
	return app, nil
}

// simulate runs a flow on sample data.
func (api *API) simulate(c *fiber.Ctx) error {
	k := api.caller(c)
	app, err := designed(c, k)
	if err != nil {
		return err
	}
	var in design.Simulation
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	out, err := k.Flows.Simulate(c.UserContext(), app, in)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// previewMigration lists what would become of running cases.
func (api *API) previewMigration(c *fiber.Ctx) error {
	k := api.caller(c)
	app, err := designed(c, k)
	if err != nil {
		return err
	}
	limit := 0
	if q := c.Query("limit"); q != "" {
		if limit, err = strconv.Atoi(q); err != nil || limit < 1 {
			return fault.New(fault.Malformed, "list.limit", "limit is a whole number from 1")
		}
	}
	in := design.Migration{Form: c.Query("form")}
	if err := in.Check(); err != nil {
		return err
	}
	out, err := k.Flows.PreviewMigration(c.UserContext(), app, in, c.Query("cursor"), limit)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

// migrate moves running cases to the version in use, as a job.
func (api *API) migrate(c *fiber.Ctx) error {
	k := api.caller(c)
	app, err := designed(c, k)
	if err != nil {
		return err
	}
	var in design.Migration
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if err := in.Check(); err != nil {
		return err
	}
	if in.DryRun {
		out, err := k.Flows.PreviewMigration(c.UserContext(), app, in, "", 0)
		if err != nil {
			return err
		}
		return c.JSON(out)
	}
	out, err := k.Flows.Migrate(c.UserContext(), app, in)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(out)
}

// migration tells how far a job is.
func (api *API) migration(c *fiber.Ctx) error {
	k := api.caller(c)
	app, err := designed(c, k)
	if err != nil {
		return err
	}
	out, err := k.Flows.Migration(c.UserContext(), app, c.Params("job"))
	if err != nil {
		return err
	}
	return c.JSON(out)
}
