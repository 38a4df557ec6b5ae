package runtime

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/storage"
)

// SecurityPatch replaces parts of what an organisation demands of those who log
// in; nil leaves one as it is.
type SecurityPatch struct {
	Password  *authn.PasswordPolicy `json:"password"`
	Lockout   *authn.LockoutPolicy  `json:"lockout"`
	TOTP      *authn.TOTPPolicy     `json:"totp"`
	Addresses *AddressLists         `json:"addresses"`
}

// AddressLists are networks as they are written, "203.0.113.0/24" or "198.51.100.7".
type AddressLists struct {
	All   []string `json:"all"`
	Admin []string `json:"admin"`
	Keys  []string `json:"keys"`
}

// Limits of the policy.
const (
	maxMinLength = 64
	maxHistory   = 24
	maxAge       = 3650
	maxLockout   = 100
	maxNetworks  = 200
)

// problems tells what is wrong with a patch that somebody at an address makes.
func (p *SecurityPatch) problems(from string) []fault.Field {
	var found []fault.Field
	bound := func(path string, n, least, most int) {
		if n < least || n > most {
			found = append(found, fault.Field{Path: "/security" + path, Code: "range", Message: fmt.Sprintf("%d to %d", least, most), Params: map[string]any{"min": least, "max": most}})
		}
	}
	if x := p.Password; x != nil {
		bound("/password/min_length", x.MinLength, authn.MinPassword, maxMinLength)
		bound("/password/classes", x.Classes, 0, 4)
		bound("/password/history", x.History, 0, maxHistory)
		bound("/password/max_age_days", x.MaxAgeDays, 0, maxAge)
	}
	if p.Lockout != nil {
		bound("/lockout/after", p.Lockout.After, 0, maxLockout)
	}
	if x := p.TOTP; x != nil && x.Required != authn.RequireNone && x.Required != authn.RequireAdmins && x.Required != authn.RequireAll {
		found = append(found, fault.Field{Path: "/security/totp/required", Code: "option", Message: "none, admins or all"})
	}
	if x := p.Addresses; x != nil {
		// Whoever saves this is an administrator: the first two lists are about him.
		found = append(found, listProblems("all", x.All, from, true)...)
		found = append(found, listProblems("admin", x.Admin, from, true)...)
		found = append(found, listProblems("keys", x.Keys, from, false)...)
	}
	return found
}

func listProblems(name string, list []string, from string, his bool) []fault.Field {
	at := "/security/addresses/" + name
	if len(list) > maxNetworks {
		return []fault.Field{{Path: at, Code: "max_items", Message: "too many networks", Params: map[string]any{"max": maxNetworks}}}
	}
	var found []fault.Field
	var nets authn.Networks
	for i, text := range list {
		n, err := authn.ParseNetwork(text)
		if err != nil {
			found = append(found, fault.Field{Path: fmt.Sprintf("%s/%d", at, i), Code: "cidr", Message: "an address or network such as 203.0.113.0/24 is needed"})
		}
		nets = append(nets, n)
	}
	if len(found) == 0 && his && from != "" && !nets.Has(from) {
		found = append(found, fault.Field{Path: at, Code: "locked_out", Message: "you would lock yourself out: your own address " + from + " is not in the list", Params: map[string]any{"address": from}})
	}
	return found
}

// into adds a patch to that of the document.
func (p *SecurityPatch) into(out *storage.Patch) {
	if x := p.Password; x != nil {
		out.Set["security.password"] = map[string]any{"min_length": int64(x.MinLength), "classes": int64(x.Classes), "history": int64(x.History), "max_age_days": int64(x.MaxAgeDays)}
	}
	if p.Lockout != nil {
		out.Set["security.lockout"] = map[string]any{"after": int64(p.Lockout.After)}
	}
	if p.TOTP != nil {
		out.Set["security.totp"] = map[string]any{"required": p.TOTP.Required}
	}
	if x := p.Addresses; x != nil {
		out.Set["security.addresses"] = map[string]any{"all": anyTexts(x.All), "admin": anyTexts(x.Admin), "keys": anyTexts(x.Keys)}
	}
}

// anyTexts are networks in the form in which they are read again.
func anyTexts(l []string) []any {
	out := make([]any, 0, len(l))
	for _, text := range l {
		if p, err := authn.ParseNetwork(text); err == nil {
			out = append(out, authn.Networks([]netip.Prefix{p}).Texts()[0])
		}
	}
	return out
}

// OpenNetworks lets a tenant be reached from everywhere again.
func (h *Host) OpenNetworks(ctx context.Context, id string) error {
	_, err := h.SetSettings(ctx, id, SettingsPatch{Security: &SecurityPatch{Addresses: &AddressLists{}}})
	return err
}
