package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/httpkit"
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
}

func settingsOut(id string, s tenant.Settings) SettingsOut {
	return SettingsOut{ID: id, Rev: s.Rev, Name: s.Name, Zone: s.Zone.String(), Currency: s.Currency, Lang: s.Lang, Host: s.Host}
}

func (api *API) getSettings(c *fiber.Ctx) error {
	k := of(c)
	return c.JSON(settingsOut(k.ID, k.Settings()))
}

// patchSettings changes settings; all nodes have them within two seconds.
func (api *API) patchSettings(c *fiber.Ctx) error {
	k := of(c)
	var in struct {
		Rev      int64   `json:"rev"`
		Name     *string `json:"name"`
		Zone     *string `json:"zone"`
		Currency *string `json:"currency"`
		Lang     *string `json:"lang"`
		Host     *string `json:"host"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	now, err := api.host.SetSettings(c.UserContext(), k.ID, runtime.SettingsPatch(in))
	if err != nil {
		return err
	}
	detail := map[string]any{"name": now.Name, "zone": now.Zone.String(), "currency": now.Currency, "lang": now.Lang, "host": now.Host}
	if err := k.note("settings.changed", detail); err != nil {
		return err
	}
	return c.JSON(settingsOut(k.ID, now))
}
