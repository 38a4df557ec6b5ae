package runtime

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
)

// SettingsPatch changes some settings of a tenant; nil leaves one as it is.
type SettingsPatch struct {
	Rev      int64   // of the settings it was made from; 0 = not checked
	Name     *string // 1 to 100 characters
	Zone     *string // IANA name
	Currency *string // ISO 4217
	Lang     *string // zh-CN or en
	Host     *string // host name without port, "" = none
	Security *SecurityPatch
	From     string // address of who changes them, who must not lock himself out; "" = the command line
}

var (
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
	hostPattern     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)
)

// SettingKeys name the texts that the document of a tenant holds when it decides them.
func SettingKeys() []string { return []string{"name", "zone", "currency", "lang", "host"} }

func invalidSettings(fields ...fault.Field) error {
	return fault.New(fault.Invalid, "settings.invalid", "these settings cannot be saved").At(fields...)
}

// normal brings a patch into the form in which it is stored, and tells what is wrong with it.
func (p *SettingsPatch) normal() error {
	var found []fault.Field
	check := func(path string, v *string, code, message string, ok func(string) bool) {
		if v == nil {
			return
		}
		if *v = strings.TrimSpace(*v); !ok(*v) {
			found = append(found, fault.Field{Path: path, Code: code, Message: message})
		}
	}
	if p.Host != nil {
		*p.Host = strings.ToLower(*p.Host)
	}
	check("/name", p.Name, "length", "a name has 1 to 100 characters", func(v string) bool {
		return v != "" && len([]rune(v)) <= maxTenantName && !strings.ContainsFunc(v, unicode.IsControl)
	})
	check("/zone", p.Zone, "unknown", "a time zone such as Asia/Shanghai is needed", func(v string) bool {
		_, err := time.LoadLocation(v)
		return err == nil && v != "" && v != "Local"
	})
	check("/currency", p.Currency, "pattern", "a currency such as CNY is needed", currencyPattern.MatchString)
	check("/lang", p.Lang, "option", "the language is zh-CN or en", func(v string) bool { return v == "zh-CN" || v == "en" })
	check("/host", p.Host, "pattern", "a host name has no scheme, port or path", func(v string) bool {
		return v == "" || len(v) <= 253 && hostPattern.MatchString(v)
	})
	if p.Security != nil {
		found = append(found, p.Security.problems(p.From)...)
	}
	if len(found) > 0 {
		return invalidSettings(found...)
	}
	return nil
}

func (p *SettingsPatch) patch() storage.Patch {
	out := storage.Patch{Set: map[string]any{}}
	for key, v := range map[string]*string{"name": p.Name, "zone": p.Zone, "currency": p.Currency, "lang": p.Lang, "host": p.Host} {
		switch {
		case v == nil:
		case *v == "":
			out.Unset = append(out.Unset, key)
		default:
			out.Set[key] = *v
		}
	}
	if p.Security != nil {
		p.Security.into(&out)
	}
	return out
}

// SetSettings changes the settings of a tenant: on this node at once, on the
// others within two seconds. A stale Rev is settings.stale; a host name that
// another tenant has is settings.duplicate.
func (h *Host) SetSettings(ctx context.Context, id string, p SettingsPatch) (tenant.Settings, error) {
	s, err := h.Tenant(ctx, id)
	if err != nil {
		return tenant.Settings{}, err
	}
	if err := p.normal(); err != nil {
		return tenant.Settings{}, err
	}
	change := p.patch()
	if len(change.Set)+len(change.Unset) == 0 {
		return s.Settings(), nil
	}
	doc, err := h.places().Patch(ctx, id, storage.Guard{Rev: p.Rev}, change)
	switch {
	case errors.Is(err, storage.ErrConflict):
		return tenant.Settings{}, fault.New(fault.Conflict, "settings.stale", "somebody else changed the settings meanwhile").Because(err)
	case errors.Is(err, storage.ErrDuplicate):
		return tenant.Settings{}, fault.New(fault.Duplicate, "settings.duplicate", "another organisation has this host name").Because(err).
			At(fault.Field{Path: "/host", Code: "duplicate", Message: "another organisation has this host name"})
	case err != nil:
		return tenant.Settings{}, fmt.Errorf("settings: %w", err)
	}
	set := tenant.SettingsOf(doc)
	s.SetSettings(set)
	return set, nil
}
