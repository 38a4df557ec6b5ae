package httpapi

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
)

// search reads what a picker is asked for.
func search(c *fiber.Ctx) (org.Search, error) {
	limit, err := limitQuery(c)
	if err != nil {
		return org.Search{}, err
	}
	q := org.Search{Q: c.Query("q"), Dept: c.Query("dept"), Cursor: c.Query("cursor"), Limit: limit}
	if ids := c.Query("ids"); ids != "" {
		q.IDs = strings.Split(ids, ",")
		if len(q.IDs) > maxIDs {
			return q, fault.Newf(fault.Malformed, "query.ids", "at most %d ids at once", maxIDs)
		}
	}
	return q, nil
}

func (api *API) users(c *fiber.Ctx) error {
	q, err := search(c)
	if err != nil {
		return err
	}
	out, err := of(c).Org.Snapshot().Users(q)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

func (api *API) depts(c *fiber.Ctx) error {
	q, err := search(c)
	if err != nil {
		return err
	}
	out, err := of(c).Org.Snapshot().Depts(q)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

func (api *API) roles(c *fiber.Ctx) error {
	q, err := search(c)
	if err != nil {
		return err
	}
	out, err := of(c).Org.Snapshot().Roles(q)
	if err != nil {
		return err
	}
	return c.JSON(out)
}
