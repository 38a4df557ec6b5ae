package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// SettingsOut are the settings of the organisation.
type SettingsOut struct {
	ID       string `json:"id"`
	Rev      int64  `json:"rev"`
	Name     string `json:"name"`
	Zone     string `json:"zone"`     // IANA name
	Currency string `json:"currency"` // ISO 4217
	Lang     string `json:"lang"`
	Host     string `json:"host"` // "" = none
	// Security is what is demanded of those who log in.
	Security authn.Policy `json:"security"`
	// Address is the caller's, as the server sees it: lists of networks must hold it.
	Address string `json:"your_address"`
}

func (k call) settingsOut(s tenant.Settings) SettingsOut {
	return SettingsOut{ID: k.ID, Address: k.actor.IP, Security: *s.Security, Rev: s.Rev, Name: s.Name, Zone: s.Zone.String(), Currency: s.Currency, Lang: s.Lang, Host: s.Host}
}

func (api *API) getSettings(c *fiber.Ctx) error {
	k := of(c)
	return c.JSON(k.settingsOut(k.Settings()))
}

// patchSettings changes settings; all nodes have them within two seconds.
func (api *API) patchSettings(c *fiber.Ctx) error {
	k := of(c)
	var in struct {
		Rev      int64                  `json:"rev"`
		Name     *string                `json:"name"`
		Zone     *string                `json:"zone"`
		Currency *string                `json:"currency"`
		Lang     *string                `json:"lang"`
		Host     *string                `json:"host"`
		Security *runtime.SecurityPatch `json:"security"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	now, err := api.host.SetSettings(c.UserContext(), k.ID, runtime.SettingsPatch{Rev: in.Rev, Name: in.Name, Zone: in.Zone, Currency: in.Currency,
		Lang: in.Lang, Host: in.Host, Security: in.Security, From: k.actor.IP})
	if err != nil {
		return err
	}
	detail := map[string]any{"name": now.Name, "zone": now.Zone.String(), "currency": now.Currency, "lang": now.Lang, "host": now.Host}
	if in.Security != nil {
		detail["security"] = securityDetail(*now.Security)
	}
	if err := k.note("settings.changed", detail); err != nil {
		return err
	}
	return c.JSON(k.settingsOut(now))
}

// securityDetail is a policy as the log keeps it.
func securityDetail(p authn.Policy) map[string]any {
	return map[string]any{"min_length": int64(p.Password.MinLength), "classes": int64(p.Password.Classes), "history": int64(p.Password.History),
		"max_age_days": int64(p.Password.MaxAgeDays), "lock_after": int64(p.Lockout.After), "totp": p.TOTP.Required,
		"addresses_all": list(p.Addresses.All.Texts()), "addresses_admin": list(p.Addresses.Admin.Texts()), "addresses_keys": list(p.Addresses.Keys.Texts())}
}
