package httpapi

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/org"
)

func sortedTexts(l []string) []string { slices.Sort(l); return l }

// DeptOut is a department as an administrator sees it.
type DeptOut struct {
	ID      string   `json:"id"`
	Rev     int64    `json:"rev"`
	Name    string   `json:"name"`
	Parent  string   `json:"parent"` // "" = at the top
	Heads   []string `json:"heads"`  // the first one in charge
	Order   int64    `json:"order"`  // among its siblings
	Members int      `json:"members"`
}

func (k call) deptOut(d org.Dept) DeptOut {
	out := DeptOut{ID: d.ID, Rev: d.Rev, Name: d.Name, Parent: d.Parent, Heads: d.Heads, Order: d.Order, Members: len(k.Org.Snapshot().Members(d.ID))}
	if out.Heads == nil {
		out.Heads = []string{}
	}
	return out
}

// listDepts gives the whole tree, each department before those below it.
func (api *API) listDepts(c *fiber.Ctx) error {
	k := of(c)
	items, heads := []DeptOut{}, []string{}
	for _, d := range k.Org.Snapshot().Tree() {
		items, heads = append(items, k.deptOut(d)), append(heads, d.Heads...)
	}
	return c.JSON(page{Items: items, Display: k.display(heads, nil)})
}

// deptBody is what a body may say of a department; what it leaves out stays as it is.
type deptBody struct {
	Name   *string   `json:"name"`
	Parent *string   `json:"parent"`
	Heads  *[]string `json:"heads"`
	Order  *int64    `json:"order"`
}

func (b deptBody) over(d *org.Dept) []string {
	var fields []string
	for name, was := range map[string]bool{"name": set(&d.Name, b.Name), "parent": set(&d.Parent, b.Parent), "heads": set(&d.Heads, b.Heads),
		"order": set(&d.Order, b.Order)} {
		if was {
			fields = append(fields, name)
		}
	}
	return sortedTexts(fields)
}

func (k call) deptAnswer(d org.Dept) answer {
	return answer{Item: k.deptOut(d), Display: k.display(d.Heads, []string{d.Parent})}
}

func (api *API) createDept(c *fiber.Ctx) error {
	k := of(c)
	var in deptBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	d := org.Dept{}
	in.over(&d)
	d, err := k.Org.CreateDept(c.UserContext(), d)
	if err != nil {
		return err
	}
	if err := k.orgChanged("dept.created", map[string]any{"dept": d.ID, "name": d.Name}); err != nil {
		return err
	}
	return created(c, k.deptAnswer(d))
}

func (k call) dept() (org.Dept, error) {
	d := k.Org.Snapshot().Dept(k.param("id"))
	if d == nil {
		return org.Dept{}, fault.New(fault.NotFound, "org.not_found", "there is no such department").With("id", k.param("id"))
	}
	return *d, nil
}

func (api *API) patchDept(c *fiber.Ctx) error {
	k := of(c)
	var in struct {
		deptBody
		Rev int64 `json:"rev"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	d, err := k.dept()
	if err != nil {
		return err
	}
	d.Rev = in.Rev
	fields := in.over(&d)
	if d, err = k.Org.UpdateDept(c.UserContext(), d); err != nil {
		return err
	}
	if err := k.orgChanged("dept.changed", map[string]any{"dept": d.ID, "name": d.Name, "fields": list(fields)}); err != nil {
		return err
	}
	return c.JSON(k.deptAnswer(d))
}

func (api *API) deleteDept(c *fiber.Ctx) error {
	k := of(c)
	d, err := k.dept()
	if err != nil {
		return err
	}
	if err := k.Org.DeleteDept(c.UserContext(), d.ID); err != nil {
		return err
	}
	if err := k.orgChanged("dept.deleted", map[string]any{"dept": d.ID, "name": d.Name}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

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
		Rev     int64 `json:"rev"`
		Holders []struct {
			User  string   `json:"user"`
			Depts []string `json:"depts"`
		} `json:"holders"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if k.Org.Snapshot().Role(k.param("id")) == nil {
		return fault.New(fault.NotFound, "org.not_found", "there is no such role").With("id", k.param("id"))
	}
	r := org.Role{ID: k.param("id"), Rev: in.Rev}
	for _, h := range in.Holders {
		r.Holders = append(r.Holders, org.Holder{User: h.User, Depts: h.Depts})
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
