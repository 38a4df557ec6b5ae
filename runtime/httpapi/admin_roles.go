package httpapi

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/org"
)

// RoleOut is a role with whoever holds it.
type RoleOut struct {
	ID       string      `json:"id"` // "app.role"
	Rev      int64       `json:"rev"`
	App      string      `json:"app"`
	AppTitle string      `json:"app_title"`
	Title    string      `json:"title"`
	Holders  []HolderOut `json:"holders"`
}

// HolderOut is a holder of a role.
type HolderOut struct {
	User  string   `json:"user"`
	Depts []string `json:"depts"` // he holds it for these and those below only; none = everywhere
}

func (k call) roleOut(r org.Role) RoleOut {
	app, _, _ := strings.Cut(r.ID, ".")
	out := RoleOut{ID: r.ID, Rev: r.Rev, App: app, AppTitle: app, Title: k.roleTitle(r), Holders: []HolderOut{}}
	if a := k.Catalog.Snapshot().Apps[app]; a != nil {
		out.AppTitle = a.Def.Title.In(k.actor.Lang)
	}
	for _, h := range r.Holders {
		depts := h.Depts
		if depts == nil {
			depts = []string{}
		}
		out.Holders = append(out.Holders, HolderOut{User: h.User, Depts: depts})
	}
	return out
}

// roleTitle is never empty.
func (k call) roleTitle(r org.Role) string {
	if t := r.Title.In(k.actor.Lang); t != "" {
		return t
	}
	_, key, _ := strings.Cut(r.ID, ".")
	return key
}

func (k call) nameRoles(into map[string]string, ids []string) {
	for _, id := range ids {
		if r := k.Org.Snapshot().Role(id); r != nil {
			into[id] = k.roleTitle(*r)
		}
	}
}

// named are the users and departments of a role's holders.
func named(r org.Role) (users, depts []string) {
	for _, h := range r.Holders {
		users, depts = append(users, h.User), append(depts, h.Depts...)
	}
	return users, depts
}

func (api *API) listRoles(c *fiber.Ctx) error {
	k := of(c)
	items, users, depts := []RoleOut{}, []string{}, []string{}
	for _, r := range k.Org.Snapshot().AllRoles() {
		u, d := named(r)
		items, users, depts = append(items, k.roleOut(r)), append(users, u...), append(depts, d...)
	}
	return c.JSON(page{Items: items, Display: k.display(users, depts)})
}

// putRole says who holds a role; roles themselves come with the apps.
func (api *API) putRole(c *fiber.Ctx) error {
	k := of(c)
	var in struct {
		Rev     int64       `json:"rev"`
		Holders []HolderOut `json:"holders"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if k.Org.Snapshot().Role(k.param("id")) == nil {
		return fault.New(fault.NotFound, "org.not_found", "there is no such role").With("id", k.param("id"))
	}
	r := org.Role{ID: k.param("id"), Rev: in.Rev}
	for _, h := range in.Holders {
		r.Holders = append(r.Holders, org.Holder(h))
	}
	if err := k.guardRaise(k.Org.Snapshot().With(org.Batch{Roles: []org.Role{r}})); err != nil {
		return err
	}
	if err := k.Org.SetRole(c.UserContext(), r); err != nil {
		return err
	}
	users, depts := named(r)
	if err := k.orgChanged("role.changed", map[string]any{"role": r.ID, "holders": list(users)}); err != nil {
		return err
	}
	return c.JSON(answer{Item: k.roleOut(*k.Org.Snapshot().Role(r.ID)), Display: k.display(users, depts)})
}
