package httpapi

import (
	"crypto/subtle"
	"maps"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/schema"
)

// sessionCookie carries a session in a browser: "tenant~token".
const sessionCookie = "fw_session"

// joiner separates the tenant from the token: tenant ids never hold it.
const joiner = "~"

// authenticate finds out who is asking, and in which tenant.
func (api *API) authenticate(c *fiber.Ctx) error {
	if _, err := api.enter(c); err != nil {
		return err
	}
	return c.Next()
}

// enter puts the proven caller into the request.
func (api *API) enter(c *fiber.Ctx) (call, error) {
	k, err := api.caller(c)
	if err != nil {
		return call{}, err
	}
	if err := scoped(c, k.identity); err != nil {
		return call{}, err
	}
	if k.identity.Key != "" {
		k.Narrow(k.actor, k.identity.Key, k.identity.Permits)
	}
	httpkit.SetLang(c, k.actor.Lang)
	c.Locals(keyCall, k)
	return k, nil
}

// caller proves a request's credential and loads whoever is behind it.
func (api *API) caller(c *fiber.Ctx) (call, error) {
	credential, fromCookie := credentialOf(c)
	if credential == "" {
		return call{}, fault.New(fault.Unauthorized, "auth.required", "log in first")
	}
	tenantID, token, ok := strings.Cut(credential, joiner)
	if !ok {
		return call{}, fault.New(fault.Unauthorized, "auth.session", "this session is not valid")
	}
	s, err := api.host.Tenant(c.UserContext(), tenantID)
	if err != nil {
		return call{}, fault.New(fault.Unauthorized, "auth.session", "this session is not valid").Because(err)
	}
	id, err := s.Authn.Authenticate(c.UserContext(), token)
	if err != nil {
		return call{}, err
	}
	if err := allowed(c, s, id); err != nil {
		return call{}, err
	}
	if fromCookie && httpkit.Unsafe(c.Method()) && !sameText(c.Get(httpkit.CSRFHeader), id.CSRF) {
		return call{}, fault.New(fault.Forbidden, "auth.csrf", "the CSRF token is missing or wrong")
	}
	actor, err := s.Actor(c.UserContext(), id.User)
	if err != nil {
		return call{}, err
	}
	actor.RequestID, actor.IP = httpkit.RequestID(c), httpkit.Addr(c)
	return call{Ctx: c, Services: s, actor: actor, identity: id}, nil
}

// operations are what an API key's scope must name for a method.
var operations = map[string]string{fiber.MethodGet: "view", fiber.MethodHead: "view", fiber.MethodPost: "create",
	fiber.MethodPut: "edit", fiber.MethodPatch: "edit", fiber.MethodDelete: "delete"}

// routeOperations are the operations of routes whose method does not tell them.
var routeOperations = map[string]string{
	"POST /api/v1/forms/:form/records/:id/comments": schema.OpComment,
	"GET /api/v1/forms/:form/records/:id/history":   schema.OpHistory,
	"POST /api/v1/forms/:form/records/:id/restore":  schema.OpRestore,
	"GET /api/v1/forms/:form/records/:id/reveal":    schema.OpReveal,
	"POST /api/v1/forms/:form/evaluate":             schema.OpView,
	"POST /api/v1/forms/:form/predict":              schema.OpView,
	"POST /api/v1/forms/:form/export":               schema.OpExport,
	"GET /api/v1/forms/:form/import/template":       schema.OpImport,
	"POST /api/v1/tasks/:id/:action":                schema.OpEdit,
	"POST /api/v1/tasks/batch":                      schema.OpEdit,
	"POST /api/v1/cases/:id/:action":                schema.OpEdit,
}

// scoped holds an API key to its scopes: here the place and the operation of the
// request. What it reads besides is held by the plan that enter narrows.
func scoped(c *fiber.Ctx, id authn.Identity) error {
	op, ok := routeOperations[c.Method()+" "+c.Route().Path]
	if !ok {
		op = operations[c.Method()]
	}
	if !id.Permits(areaOf(c), op) {
		return fault.New(fault.Forbidden, "auth.scope", "this key does not reach here")
	}
	return nil
}

// areaOf is the form a request is about, or "admin", or "" for what is about no form.
func areaOf(c *fiber.Ctx) string {
	switch {
	case strings.HasPrefix(c.Path(), "/api/admin/"):
		return authn.AreaAdmin
	case strings.HasPrefix(c.Path(), "/api/builder/"):
		return authn.AreaBuilder
	}
	if f := c.Params("form"); f != "" {
		return f
	}
	if parts := strings.Split(c.Params("id"), "."); len(parts) > 2 {
		return parts[0] + "." + parts[1]
	}
	return ""
}

func credentialOf(c *fiber.Ctx) (credential string, fromCookie bool) {
	if h := c.Get(fiber.HeaderAuthorization); h != "" {
		if t, ok := strings.CutPrefix(h, "Bearer "); ok {
			return strings.TrimSpace(t), false
		}
		return "", false
	}
	return c.Cookies(sessionCookie), true
}

func sameText(a, b string) bool {
	return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

type loginBody struct {
	User     string `json:"user"`
	Password string `json:"password"`
	Tenant   string `json:"tenant"`
}

func (api *API) login(c *fiber.Ctx) error {
	var in loginBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	s, err := api.host.Find(c.UserContext(), in.Tenant, c.Hostname())
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return fault.New(fault.Unauthorized, "auth.credentials", "login or password is wrong").Because(err)
	}
	if err != nil {
		return err
	}
	if err := allowed(c, s, authn.Identity{}); err != nil {
		return noteFailure(c, s, "", in.User, err)
	}
	issued, err := s.Authn.Login(c.UserContext(), authn.Attempt{Login: in.User, Password: in.Password, Addr: httpkit.Addr(c), Agent: c.Get(fiber.HeaderUserAgent)})
	if err != nil {
		return noteFailure(c, s, "", in.User, err)
	}
	return api.arrived(c, s, issued, nil)
}

// welcome answers with a new session, as cookie and as token.
func (api *API) welcome(c *fiber.Ctx, s *runtime.Services, issued authn.Issued) error {
	return api.welcomeWith(c, s, issued, nil)
}

// welcomeWith is welcome with more beside.
func (api *API) welcomeWith(c *fiber.Ctx, s *runtime.Services, issued authn.Issued, more fiber.Map) error {
	token := s.ID + joiner + issued.Token
	api.setCookies(c, token, issued.CSRF, issued.Expires)
	actor, err := s.Actor(c.UserContext(), issued.User)
	if err != nil {
		return err
	}
	out := fiber.Map{"token": token, "csrf": issued.CSRF, "expires_at": issued.Expires, "user": fiber.Map{"id": actor.User, "name": actor.Name}}
	maps.Copy(out, more)
	return c.JSON(out)
}

func (api *API) setCookies(c *fiber.Ctx, token, csrf string, expires time.Time) {
	c.Cookie(&fiber.Cookie{Name: sessionCookie, Value: token, Path: "/", HTTPOnly: true, Secure: api.secure, SameSite: fiber.CookieSameSiteLaxMode, Expires: expires})
	c.Cookie(&fiber.Cookie{Name: httpkit.CSRFCookie, Value: csrf, Path: "/", Secure: api.secure, SameSite: fiber.CookieSameSiteLaxMode, Expires: expires})
}

func (api *API) logout(c *fiber.Ctx) error {
	k := of(c)
	if k.identity.Session != "" {
		if err := k.Authn.End(c.UserContext(), k.identity.Session); err != nil {
			return err
		}
		if err := k.Audit.Note(c.UserContext(), k.actor.User, "logout", httpkit.Addr(c), nil); err != nil {
			return err
		}
	}
	api.setCookies(c, "", "", time.Unix(0, 0))
	return c.SendStatus(fiber.StatusNoContent)
}

type setupBody struct {
	Tenant   string `json:"tenant"`
	Token    string `json:"token"`
	User     string `json:"user"`
	Name     string `json:"name"`
	Password string `json:"password"`
}

// setup uses the one-time link up: it makes the first administrator and logs him in.
func (api *API) setup(c *fiber.Ctx) error {
	var in setupBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	s, err := api.host.Find(c.UserContext(), in.Tenant, c.Hostname())
	if err != nil {
		return err
	}
	u, err := s.Authn.FinishSetup(c.UserContext(), in.Token, authn.Setup{Login: in.User, Name: in.Name, Password: in.Password})
	if err != nil {
		return err
	}
	if err := s.Audit.Note(c.UserContext(), u.ID, "setup", httpkit.Addr(c), nil); err != nil {
		return err
	}
	issued, err := s.Authn.Start(c.UserContext(), u.ID, httpkit.Addr(c), c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return err
	}
	return api.welcome(c, s, issued)
}
