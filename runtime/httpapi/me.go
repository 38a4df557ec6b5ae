package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// Me is whoever is logged in.
type Me struct {
	User   MeUser   `json:"user"`
	Tenant MeTenant `json:"tenant"`
	Lang   string   `json:"lang"`
}

// MeUser is the user's own entry.
type MeUser struct {
	ID    string   `json:"id"`
	Login string   `json:"login"`
	Name  string   `json:"name"`
	Dept  string   `json:"dept"`
	Depts []Named  `json:"depts"`
	Roles []string `json:"roles"`
	Admin bool     `json:"admin"`
	// Planes of administration he is on: platform (which is what Admin says), org, app:<app>, data:<app>.
	Planes []string `json:"planes"`
}

// MeTenant is what the client needs of the organisation.
type MeTenant struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Zone     string `json:"zone"`
	Currency string `json:"currency"`
}

// Named is an id with its name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (api *API) me(c *fiber.Ctx) error {
	return c.JSON(meOf(of(c)))
}

func meOf(k call) Me {
	a := k.actor
	u := k.Org.Snapshot().User(a.User)
	out := Me{Lang: a.Lang, Tenant: MeTenant{ID: k.ID, Name: k.Settings().Name, Zone: k.Settings().Zone.String(), Currency: k.Settings().Currency},
		User: MeUser{ID: a.User, Name: a.Name, Roles: a.Roles, Admin: a.Admin, Planes: a.AllPlanes(), Depts: []Named{}}}
	if u != nil {
		out.User.Login = u.Login
	}
	if out.User.Roles == nil {
		out.User.Roles = []string{}
	}
	for i, d := range a.Depts {
		if i == 0 {
			out.User.Dept = d
		}
		out.User.Depts = append(out.User.Depts, Named{d, k.Org.Name("depts", d)})
	}
	return out
}

// saveMe changes what a user decides for himself: his language, his password.
func (api *API) saveMe(c *fiber.Ctx) error {
	k := of(c)
	var in struct {
		Lang        string `json:"lang"`
		OldPassword string `json:"old_password"`
		Password    string `json:"password"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if in.Lang != "" {
		if in.Lang != "zh-CN" && in.Lang != "en" {
			return fault.New(fault.Invalid, "me.lang", "the language is zh-CN or en").At(fault.Field{Path: "/lang", Code: "option", Message: "zh-CN or en"})
		}
		if err := k.Org.SetLang(c.UserContext(), k.actor.User, in.Lang); err != nil {
			return err
		}
	}
	if in.Password != "" {
		if err := k.Authn.ChangePassword(c.UserContext(), k.identity, in.OldPassword, in.Password, httpkit.Addr(c)); err != nil {
			return err
		}
		if err := k.Audit.Note(c.UserContext(), k.actor.User, "password.changed", httpkit.Addr(c), nil); err != nil {
			return err
		}
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// AppEntry is an app in the navigation.
type AppEntry struct {
	Key         string      `json:"key"`
	Title       string      `json:"title"`
	Icon        string      `json:"icon,omitempty"`
	Description string      `json:"description,omitempty"`
	Menu        []MenuEntry `json:"menu"`
}

// MenuEntry is a form, or a group of them, in an app's navigation.
type MenuEntry struct {
	Form  string      `json:"form,omitempty"` // "app.form"
	Title string      `json:"title"`
	Can   []string    `json:"can,omitempty"` // view, create
	Items []MenuEntry `json:"items,omitempty"`
}

func (api *API) apps(c *fiber.Ctx) error {
	k := of(c)
	snap := k.Catalog.Snapshot()
	out := []AppEntry{}
	for _, key := range snap.AppKeys() {
		if e := appEntry(k, snap.Apps[key]); len(e.Menu) > 0 {
			out = append(out, e)
		}
	}
	return c.JSON(fiber.Map{"items": out})
}

func appEntry(k call, app *catalog.App) AppEntry {
	d := app.Def
	menu := d.Menu
	if len(menu) == 0 {
		for _, f := range d.Forms {
			menu = append(menu, schema.MenuItem{Form: f.Key})
		}
	}
	return AppEntry{Key: d.Key, Title: d.Title.In(k.actor.Lang), Icon: d.Icon, Description: d.Description.In(k.actor.Lang), Menu: menuEntries(k, app, menu)}
}

// menuEntries leaves out what the actor may not open; a form he has a part in by
// a flow he finds in the task centre.
func menuEntries(k call, app *catalog.App, items []schema.MenuItem) []MenuEntry {
	out := []MenuEntry{}
	for _, it := range items {
		e := MenuEntry{Title: it.Title.In(k.actor.Lang)}
		if len(it.Items) > 0 {
			if e.Items = menuEntries(k, app, it.Items); len(e.Items) > 0 {
				out = append(out, e)
			}
			continue
		}
		f := app.Forms[it.Form]
		if f == nil || !k.actor.Plan.Menu(app.Def.Key, it.Form) {
			continue
		}
		plan := k.actor.Plan.Form(f.Ref())
		for _, op := range []string{schema.OpView, schema.OpCreate} {
			if plan.Can(op) {
				e.Can = append(e.Can, op)
			}
		}
		if len(e.Can) == 0 {
			continue
		}
		e.Form = f.Ref()
		if e.Title == "" {
			e.Title = f.Def.Title.In(k.actor.Lang)
		}
		out = append(out, e)
	}
	return out
}
