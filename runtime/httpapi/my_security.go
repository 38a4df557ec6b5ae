package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/authn"
)

// securityRoutes are the steps of a login, what a user does for the security of
// his own account, and what administrators do for that of others.
func (api *API) securityRoutes() []httpkit.Route {
	const public, user, people, admin, base = httpkit.Public, httpkit.User, httpkit.OrgAdmin, httpkit.Admin, "/api/admin/v1"
	return []httpkit.Route{
		{Method: "POST", Path: "/api/v1/session/totp", Handler: api.stepTOTP, Need: public, Rate: rateLogin},
		{Method: "POST", Path: "/api/v1/session/enrol", Handler: api.stepEnrol, Need: public, Rate: rateLogin},
		{Method: "POST", Path: "/api/v1/session/enrol/confirm", Handler: api.stepEnrolled, Need: public, Rate: rateLogin},
		{Method: "POST", Path: "/api/v1/session/password", Handler: api.stepPassword, Need: public, Rate: rateLogin},
		{Method: "GET", Path: "/api/v1/session/policy", Handler: api.passwordPolicy, Need: public},

		{Method: "DELETE", Path: "/api/v1/sessions", Handler: api.endOtherSessions, Need: user},
		{Method: "GET", Path: "/api/v1/me/security", Handler: api.mySecurity, Need: user},
		{Method: "POST", Path: "/api/v1/me/totp", Handler: api.beginTOTP, Need: user},
		{Method: "POST", Path: "/api/v1/me/totp/confirm", Handler: api.confirmTOTP, Need: user},
		{Method: "POST", Path: "/api/v1/me/totp/recovery", Handler: api.newRecovery, Need: user},
		{Method: "POST", Path: "/api/v1/me/totp/remove", Handler: api.removeMyTOTP, Need: user},

		{Method: "GET", Path: "/api/v1/forms/:form/records/:id/reveal", Handler: api.reveal, Need: user},

		{Method: "GET", Path: base + "/users/:id/security", Handler: api.userSecurity, Need: people},
		{Method: "DELETE", Path: base + "/users/:id/sessions/:session", Handler: api.endUserSession, Need: people},
		{Method: "DELETE", Path: base + "/users/:id/lock", Handler: api.unlockUser, Need: people},
		{Method: "DELETE", Path: base + "/users/:id/totp", Handler: api.removeUserTOTP, Need: people},
		{Method: "POST", Path: base + "/users/:id/expire-password", Handler: api.expirePassword, Need: people},

		{Method: "GET", Path: base + "/audit/export", Handler: api.auditExport, Need: admin},
		{Method: "GET", Path: base + "/audit/head", Handler: api.auditHead, Need: admin},
		{Method: "GET", Path: base + "/audit/actions", Handler: api.auditActions, Need: admin},
		{Method: "GET", Path: base + "/encryption", Handler: api.encryption, Need: admin},
	}
}

// MySecurity is the state of a user's own account.
type MySecurity struct {
	TOTP     authn.SecondState   `json:"totp"`
	Password authn.PasswordState `json:"password"`
	Policy   *PolicyOut          `json:"policy"`
}

func (api *API) mySecurity(c *fiber.Ctx) error {
	k := of(c)
	second, err := k.Authn.Second(c.UserContext(), k.actor.User)
	if err != nil {
		return err
	}
	password, err := k.Authn.PasswordState(c.UserContext(), k.actor.User)
	if err != nil {
		return err
	}
	return c.JSON(MySecurity{second, password, policyOut(k.Services)})
}

// himself refuses API keys where somebody changes how he proves himself.
func (k call) himself() error {
	if k.identity.Key != "" {
		return fault.New(fault.Forbidden, "auth.scope", "an API key cannot change how its user logs in")
	}
	return nil
}

// endOtherSessions ends all of the caller's sessions but the one that asks.
func (api *API) endOtherSessions(c *fiber.Ctx) error {
	k := of(c)
	if err := k.himself(); err != nil {
		return err
	}
	if err := k.Authn.EndAll(c.UserContext(), k.actor.User, k.identity.Session); err != nil {
		return err
	}
	return k.did(c, "session.ended", map[string]any{"others": true})
}

// did logs an act of the caller and answers that it is done.
func (k call) did(c *fiber.Ctx, action string, detail map[string]any) error {
	if err := k.note(action, detail); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// proof is what somebody shows again before he changes how he logs in.
type proof struct {
	Password string `json:"password"`
	Code     string `json:"code"`
}

// proved reads a proof and holds the caller to it.
func (k call) proved(c *fiber.Ctx) error {
	var in proof
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if err := k.himself(); err != nil {
		return err
	}
	return k.Authn.ProveAgain(c.UserContext(), k.actor.User, in.Password, in.Code, httpkit.Addr(c))
}

// beginTOTP makes the secret of a second factor; a second one needs a code of the first.
func (api *API) beginTOTP(c *fiber.Ctx) error {
	k := of(c)
	if err := k.proved(c); err != nil {
		return err
	}
	out, err := k.Authn.BeginTOTP(c.UserContext(), k.actor.User)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

func (api *API) confirmTOTP(c *fiber.Ctx) error {
	k := of(c)
	var in struct {
		Code string `json:"code"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if err := k.himself(); err != nil {
		return err
	}
	codes, err := k.Authn.ConfirmTOTP(c.UserContext(), k.actor.User, in.Code, httpkit.Addr(c))
	if err != nil {
		return err
	}
	if err := k.note("totp.enrolled", nil); err != nil {
		return err
	}
	return c.JSON(fiber.Map{"recovery_codes": codes})
}

func (api *API) newRecovery(c *fiber.Ctx) error {
	k := of(c)
	if err := k.proved(c); err != nil {
		return err
	}
	codes, err := k.Authn.NewRecovery(c.UserContext(), k.actor.User)
	if err != nil {
		return err
	}
	if err := k.note("totp.recovery", nil); err != nil {
		return err
	}
	return c.JSON(fiber.Map{"recovery_codes": codes})
}

func (api *API) removeMyTOTP(c *fiber.Ctx) error {
	k := of(c)
	if err := k.proved(c); err != nil {
		return err
	}
	if k.Authn.SecondRequired(k.actor.User) {
		return fault.New(fault.Refused, "auth.totp_required", "the organisation requires a second factor")
	}
	if err := k.Authn.RemoveTOTP(c.UserContext(), k.actor.User); err != nil {
		return err
	}
	return k.did(c, "totp.removed", nil)
}
