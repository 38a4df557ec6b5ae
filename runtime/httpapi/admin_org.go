package httpapi

import (
	"slices"

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
	if err := k.guardRaise(k.Org.Snapshot().With(org.Batch{Depts: []org.Dept{withID(d, k.IDs.New)}})); err != nil {
		return err
	}
	d, err := k.Org.CreateDept(c.UserContext(), d)
	if err != nil {
		return err
	}
	if err := k.orgChanged("dept.created", map[string]any{"dept": d.ID, "name": d.Name}); err != nil {
		return err
	}
	return created(c, k.deptAnswer(d))
}

// withID is a department that is to be made, under some id.
func withID(d org.Dept, newID func() string) org.Dept {
	d.ID = newID()
	return d
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
	if err := k.guardRaise(k.Org.Snapshot().With(org.Batch{Depts: []org.Dept{d}})); err != nil {
		return err
	}
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
	if err := k.guardRaise(k.Org.Snapshot().Without(d.ID)); err != nil {
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
