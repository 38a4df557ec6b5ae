package httpapi

import (
	"errors"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/org"
)

// UserOut is a user as an administrator sees him.
type UserOut struct {
	ID      string   `json:"id"`
	Rev     int64    `json:"rev"` // a change is made from it
	Login   string   `json:"login"`
	Name    string   `json:"name"`
	Lang    string   `json:"lang"` // "" = the organisation's
	State   string   `json:"state"`
	Depts   []string `json:"depts"`   // the main one first
	Manager string   `json:"manager"` // "" = the head of his main department
	Admin   bool     `json:"admin"`
	Planes  []string `json:"planes"` // of administration, besides the platform's: org, app:<app>, data:<app>
	Roles   []string `json:"roles"`
}

func (k call) userOut(u org.User) UserOut {
	out := UserOut{ID: u.ID, Rev: u.Rev, Login: u.Login, Name: u.Name, Lang: u.Lang, State: u.State, Depts: u.Depts, Manager: u.Manager,
		Admin: u.Admin, Planes: u.Planes, Roles: k.Org.Snapshot().RolesOf(u.ID)}
	if out.Depts == nil {
		out.Depts = []string{}
	}
	if out.Planes == nil {
		out.Planes = []string{}
	}
	if out.Roles == nil {
		out.Roles = []string{}
	}
	return out
}

// userAnswer is a user with the names of whom and what he mentions.
func (k call) userAnswer(u org.User) answer {
	d := k.display([]string{u.Manager}, u.Depts)
	k.nameRoles(d.Roles, k.Org.Snapshot().RolesOf(u.ID))
	return answer{Item: k.userOut(u), Display: d}
}

func (api *API) listUsers(c *fiber.Ctx) error {
	k := of(c)
	state := c.Query("state")
	if state != "" && state != org.Active && state != org.Left {
		return fault.New(fault.Malformed, "query.state", "state is active or left")
	}
	q, err := search(c)
	if err != nil {
		return err
	}
	found, err := k.Org.Snapshot().People(q, state)
	if err != nil {
		return err
	}
	items, users, depts, roles := []UserOut{}, []string{}, []string{}, []string{}
	for _, u := range found.Items {
		items = append(items, k.userOut(u))
		users, depts, roles = append(users, u.Manager), append(depts, u.Depts...), append(roles, k.Org.Snapshot().RolesOf(u.ID)...)
	}
	d := k.display(users, depts)
	k.nameRoles(d.Roles, roles)
	return c.JSON(page{Items: items, Next: found.Next, Display: d})
}

// user finds the user of the path.
func (k call) user() (org.User, error) {
	u := k.Org.Snapshot().User(k.param("id"))
	if u == nil {
		return org.User{}, fault.New(fault.NotFound, "org.not_found", "there is no such user").With("id", k.param("id"))
	}
	return *u, nil
}

func (api *API) getUser(c *fiber.Ctx) error {
	k := of(c)
	u, err := k.user()
	if err != nil {
		return err
	}
	return c.JSON(k.userAnswer(u))
}

// userBody is what a body may say of a user; what it leaves out stays as it is.
type userBody struct {
	Login   *string   `json:"login"`
	Name    *string   `json:"name"`
	Lang    *string   `json:"lang"`
	Depts   *[]string `json:"depts"`
	Manager *string   `json:"manager"`
	Admin   *bool     `json:"admin"`
	Planes  *[]string `json:"planes"`
}

// over lays the body over a user and names what it sets.
func (b userBody) over(u *org.User) []string {
	var fields []string
	for name, was := range map[string]bool{"login": set(&u.Login, b.Login), "name": set(&u.Name, b.Name), "lang": set(&u.Lang, b.Lang),
		"depts": set(&u.Depts, b.Depts), "manager": set(&u.Manager, b.Manager), "admin": set(&u.Admin, b.Admin), "planes": set(&u.Planes, b.Planes)} {
		if was {
			fields = append(fields, name)
		}
	}
	return sortedTexts(fields)
}

func (api *API) createUser(c *fiber.Ctx) error {
	k := of(c)
	var in userBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	u := org.User{}
	in.over(&u)
	if err := k.guardPlanes(org.User{}, u); err != nil {
		return err
	}
	u, err := k.Org.CreateUser(c.UserContext(), u)
	if err != nil {
		return err
	}
	if err := k.orgChanged("user.created", map[string]any{"user": u.ID, "login": u.Login, "admin": u.Admin, "planes": list(u.Planes)}); err != nil {
		return err
	}
	return created(c, k.userAnswer(u))
}

// userPatch may also bring somebody back who left.
type userPatch struct {
	userBody
	Rev   int64   `json:"rev"`
	State *string `json:"state"`
}

func (b userPatch) over(u *org.User) (fields []string, err error) {
	u.Rev = b.Rev
	fields = b.userBody.over(u)
	if !set(&u.State, b.State) {
		return fields, nil
	}
	if u.State != org.Active {
		return nil, fault.New(fault.Invalid, "org.user", "a user leaves by leave").At(fault.Field{Path: "/state", Code: "option", Message: "active only"})
	}
	return append(fields, "state"), nil
}

func (api *API) patchUser(c *fiber.Ctx) error {
	k := of(c)
	var in userPatch
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	u, err := k.user()
	if err != nil {
		return err
	}
	was := u
	fields, err := in.over(&u)
	if err != nil {
		return err
	}
	if err := errors.Join(k.guardUser(was), k.guardPlanes(was, u), k.guardRaise(k.Org.Snapshot().With(org.Batch{Users: []org.User{u}}))); err != nil {
		return err
	}
	if u, err = k.Org.UpdateUser(c.UserContext(), u); err != nil {
		return err
	}
	if err := k.orgChanged("user.changed", map[string]any{"user": u.ID, "login": u.Login, "fields": list(fields)}); err != nil {
		return err
	}
	return c.JSON(k.userAnswer(u))
}

// leaveUser ends an account: nothing it did is touched; what waits for it goes
// on as the flows say, and its delegations end.
func (api *API) leaveUser(c *fiber.Ctx) error {
	k := of(c)
	u, err := k.user()
	if err != nil {
		return err
	}
	if err := k.guardUser(u); err != nil {
		return err
	}
	if err := k.Org.Leave(c.UserContext(), u.ID); err != nil {
		return err
	}
	if err := k.orgChanged("user.left", map[string]any{"user": u.ID, "login": u.Login}); err != nil {
		return err
	}
	if err := k.Flow.Leave(c.UserContext(), u.ID); err != nil {
		return err
	}
	if err := k.EndAccount(c.UserContext(), u.ID); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// Link is a one-time link with which a user chooses a password.
type Link struct {
	Token   string    `json:"token"`
	Path    string    `json:"path"` // of the page that takes it, to put behind the server's address
	Expires time.Time `json:"expires_at"`
}

// passwordLink makes a link; the one made before stops working.
func (api *API) passwordLink(c *fiber.Ctx) error {
	k := of(c)
	u, err := k.user()
	if err != nil {
		return err
	}
	if err := k.guardAccount(u); err != nil {
		return err
	}
	token, err := k.Authn.PasswordLink(c.UserContext(), u.ID)
	if err != nil {
		return err
	}
	if err := k.note("user.password_link", map[string]any{"user": u.ID, "login": u.Login}); err != nil {
		return err
	}
	q := url.Values{"tenant": {k.ID}, "user": {u.ID}, "token": {token}}
	return created(c, Link{Token: token, Path: "/password?" + q.Encode(), Expires: k.Clock.Now().Add(k.Authn.LinkLife())})
}

func (api *API) endUserSessions(c *fiber.Ctx) error {
	k := of(c)
	u, err := k.user()
	if err != nil {
		return err
	}
	if err := k.guardAccount(u); err != nil {
		return err
	}
	if err := k.Authn.EndAll(c.UserContext(), u.ID, ""); err != nil {
		return err
	}
	if err := k.note("user.sessions_ended", map[string]any{"user": u.ID, "login": u.Login}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
