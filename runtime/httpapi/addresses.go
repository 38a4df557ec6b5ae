package httpapi

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime"
)

// allowed holds a request to the networks from which the organisation lets itself be reached.
func allowed(c *fiber.Ctx, s *runtime.Services, id authn.Identity) error {
	p, addr := s.Settings().Security.Addresses, httpkit.Addr(c)
	ok := p.All.Has(addr)
	if path := c.Path(); strings.HasPrefix(path, "/api/admin/") || strings.HasPrefix(path, "/api/builder/") {
		ok = ok && p.Admin.Has(addr)
	}
	if id.Key != "" {
		ok = ok && p.Keys.Has(addr)
	}
	if !ok {
		return fault.New(fault.Forbidden, "auth.address", "the organisation cannot be reached from your network").With("address", addr)
	}
	return nil
}

// cutTicket parts a ticket or token into tenant and rest.
func cutTicket(text string) (tenant, rest string, ok bool) { return strings.Cut(text, joiner) }
