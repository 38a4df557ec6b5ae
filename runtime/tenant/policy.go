package tenant

import (
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/storage"
)

// policyOf reads what a tenant's document demands of those who log in, over the defaults.
func policyOf(doc storage.Doc) *authn.Policy {
	p := authn.DefaultPolicy()
	sec, _ := doc["security"].(map[string]any)
	if m, ok := sec["password"].(map[string]any); ok {
		p.Password = authn.PasswordPolicy{MinLength: whole(m, "min_length"), Classes: whole(m, "classes"), History: whole(m, "history"), MaxAgeDays: whole(m, "max_age_days")}
	}
	if m, ok := sec["lockout"].(map[string]any); ok {
		p.Lockout.After = whole(m, "after")
	}
	if m, ok := sec["totp"].(map[string]any); ok {
		p.TOTP.Required, _ = m["required"].(string)
	}
	if m, ok := sec["addresses"].(map[string]any); ok {
		p.Addresses = authn.AddressesPolicy{All: networks(m["all"]), Admin: networks(m["admin"]), Keys: networks(m["keys"])}
	}
	return &p
}

func whole(m map[string]any, key string) int { n, _ := m[key].(int64); return int(n) }

func networks(v any) authn.Networks {
	l, _ := v.([]any)
	var out authn.Networks
	for _, x := range l {
		text, _ := x.(string)
		if p, err := authn.ParseNetwork(text); err == nil {
			out = append(out, p)
		}
	}
	return out
}
