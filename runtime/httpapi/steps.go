package httpapi

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime"
)

// NeedOut is a login that is not over: what it still needs, and the ticket for
// the step that gives it.
type NeedOut struct {
	Need    string     `json:"need"` // totp, enrol or password
	Ticket  string     `json:"ticket"`
	Expires time.Time  `json:"expires_at"`
	Policy  *PolicyOut `json:"policy,omitempty"` // with password
}

// PolicyOut is what a new password must be, for who chooses one.
type PolicyOut struct {
	authn.PasswordPolicy
	MaxLength int `json:"max_length"`
}

func policyOut(s *runtime.Services) *PolicyOut {
	return &PolicyOut{s.Authn.Policy().Password, authn.MaxPassword}
}

// failedLogins are the errors of a login that the audit log keeps, with their
// actions. (Tries that were only slowed down are not tries.)
var failedLogins = map[string]string{"auth.credentials": "login.failed", "auth.totp": "login.failed", "auth.locked": "login.locked", "auth.address": "login.refused"}

// noteFailure logs a login that failed; login is what was typed.
func noteFailure(c *fiber.Ctx, s *runtime.Services, user, login string, err error) error {
	action := failedLogins[fault.CodeOf(err)]
	if action == "" {
		return err
	}
	// A client that went away must not keep its failure out of the log.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), 5*time.Second)
	defer cancel()
	detail := map[string]any{"reason": fault.CodeOf(err)}
	if login != "" {
		detail["login"] = clipped(login)
	}
	if nerr := s.Audit.Note(ctx, user, action, httpkit.Addr(c), detail); nerr != nil {
		return nerr
	}
	return err
}

// clipped bounds a text of a stranger that is logged.
func clipped(text string) string {
	r := []rune(text)
	return string(r[:min(len(r), 100)])
}

// arrived ends a step of a login: by a session, or by what is still needed.
func (api *API) arrived(c *fiber.Ctx, s *runtime.Services, issued authn.Issued, more fiber.Map) error {
	if issued.Need != "" {
		out := NeedOut{Need: issued.Need, Ticket: s.ID + joiner + issued.Ticket, Expires: issued.Expires}
		if issued.Need == authn.NeedPassword {
			out.Policy = policyOut(s)
		}
		return c.JSON(out)
	}
	if err := s.Audit.Note(c.UserContext(), issued.User, "login", httpkit.Addr(c), nil); err != nil {
		return err
	}
	return api.welcomeWith(c, s, issued, more)
}

// stepBody is a step of a login.
type stepBody struct {
	Ticket   string `json:"ticket"`
	Code     string `json:"code"`
	Password string `json:"password"`
}

// step reads a step and finds its organisation.
func (api *API) step(c *fiber.Ctx) (stepBody, *runtime.Services, error) {
	var in stepBody
	if err := httpkit.Body(c, &in); err != nil {
		return in, nil, err
	}
	tenantID, text, ok := cutTicket(in.Ticket)
	over := fault.New(fault.Unauthorized, "auth.ticket", "this step of the login is over: log in anew")
	if !ok {
		return in, nil, over
	}
	s, err := api.host.Tenant(c.UserContext(), tenantID)
	if err != nil {
		return in, nil, over.Because(err)
	}
	in.Ticket = text
	return in, s, allowed(c, s, authn.Identity{})
}

func from(c *fiber.Ctx) authn.Sender {
	return authn.Sender{Addr: httpkit.Addr(c), Agent: c.Get(fiber.HeaderUserAgent)}
}

func (api *API) stepTOTP(c *fiber.Ctx) error {
	in, s, err := api.step(c)
	if err != nil {
		return err
	}
	issued, err := s.Authn.StepTOTP(c.UserContext(), in.Ticket, in.Code, from(c))
	if err != nil {
		return noteFailure(c, s, issued.User, "", err)
	}
	return api.arrived(c, s, issued, nil)
}

func (api *API) stepEnrol(c *fiber.Ctx) error {
	in, s, err := api.step(c)
	if err != nil {
		return err
	}
	out, err := s.Authn.StepEnrol(c.UserContext(), in.Ticket)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

func (api *API) stepEnrolled(c *fiber.Ctx) error {
	in, s, err := api.step(c)
	if err != nil {
		return err
	}
	issued, codes, err := s.Authn.StepEnrolled(c.UserContext(), in.Ticket, in.Code, from(c))
	if err != nil {
		return err
	}
	if err := s.Audit.Note(c.UserContext(), issued.User, "totp.enrolled", httpkit.Addr(c), nil); err != nil {
		return err
	}
	if issued.Need != "" {
		out := fiber.Map{"need": issued.Need, "ticket": s.ID + joiner + issued.Ticket, "expires_at": issued.Expires, "recovery_codes": codes, "policy": policyOut(s)}
		return c.JSON(out)
	}
	return api.arrived(c, s, issued, fiber.Map{"recovery_codes": codes})
}

func (api *API) stepPassword(c *fiber.Ctx) error {
	in, s, err := api.step(c)
	if err != nil {
		return err
	}
	issued, err := s.Authn.StepPassword(c.UserContext(), in.Ticket, in.Password, from(c))
	if err != nil {
		return err
	}
	if err := s.Audit.Note(c.UserContext(), issued.User, "password.changed", httpkit.Addr(c), map[string]any{"by": "login"}); err != nil {
		return err
	}
	return api.arrived(c, s, issued, nil)
}

// passwordPolicy tells what a password must be, before anybody is logged in.
func (api *API) passwordPolicy(c *fiber.Ctx) error {
	s, err := api.host.Find(c.UserContext(), c.Query("tenant"), c.Hostname())
	if err != nil {
		return err
	}
	return c.JSON(policyOut(s))
}
