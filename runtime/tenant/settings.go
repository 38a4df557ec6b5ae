package tenant

import (
	"time"
	_ "time/tzdata" // zones are known also where the machine has none

	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/storage"
)

// Settings are what an organisation decides once for all its apps.
type Settings struct {
	Name     string
	Zone     *time.Location
	Currency string        // ISO 4217
	Lang     string        // of notices and of users without a choice
	Host     string        // host name by which a login finds the tenant, "" = none
	Rev      int64         // of the stored document
	Security *authn.Policy // never nil, never changed
}

// DefaultSettings are those of a tenant that decided nothing.
func DefaultSettings() Settings {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		zone = time.FixedZone("Asia/Shanghai", 8*3600)
	}
	return Settings{Name: "Formwork", Zone: zone, Currency: "CNY", Lang: "zh-CN", Security: policyOf(nil)}
}

// SettingsOf reads what a tenant's document decides over the defaults.
func SettingsOf(doc storage.Doc) Settings {
	s := DefaultSettings()
	for key, into := range map[string]*string{"name": &s.Name, "currency": &s.Currency, "lang": &s.Lang, "host": &s.Host} {
		if v, ok := doc[key].(string); ok && v != "" {
			*into = v
		}
	}
	if name, ok := doc["zone"].(string); ok && name != "" {
		if z, err := time.LoadLocation(name); err == nil {
			s.Zone = z
		}
	}
	s.Rev, _ = doc[storage.Rev].(int64)
	s.Security = policyOf(doc)
	return s
}

// Settings are those of this moment: an administrator may change them while
// requests run.
func (t *Tenant) Settings() Settings { return *t.settings.Load() }

// SetSettings makes settings hold on this node, unless newer ones do already.
// Plans are made anew: they know the zone.
func (t *Tenant) SetSettings(s Settings) {
	for {
		was := t.settings.Load()
		if was.Rev >= s.Rev {
			return
		}
		if t.settings.CompareAndSwap(was, &s) {
			t.forgetPlans()
			return
		}
	}
}
