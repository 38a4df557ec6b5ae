package authn

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
)

// Policy is what an organisation demands of those who prove who they are. The
// zero Policy is DefaultPolicy's.
type Policy struct {
	Password  PasswordPolicy  `json:"password"`
	Lockout   LockoutPolicy   `json:"lockout"`
	TOTP      TOTPPolicy      `json:"totp"`
	Addresses AddressesPolicy `json:"addresses"`
}

// PasswordPolicy is what a new password must be.
type PasswordPolicy struct {
	MinLength  int `json:"min_length"`   // characters, 8–64
	Classes    int `json:"classes"`      // how many of lower case, upper case, digit, other it must hold, 0–4
	History    int `json:"history"`      // it is none of the last so many, 0–24
	MaxAgeDays int `json:"max_age_days"` // after which it must be changed, 0 = never
}

// LockoutPolicy locks an account after so many failures in a row, until an
// administrator unlocks it. 0: never, tries only get slower.
type LockoutPolicy struct {
	After int `json:"after"`
}

// Who needs a second factor.
const (
	RequireNone   = "none"
	RequireAdmins = "admins"
	RequireAll    = "all"
)

// TOTPPolicy says who needs a second factor: none, admins or all.
type TOTPPolicy struct {
	Required string `json:"required"`
}

// AddressesPolicy are the networks that requests may come from, by what they
// want; an empty list lets all pass. All holds for everything, Admin for the
// administration and the builder, Keys for API keys, each beside All.
type AddressesPolicy struct {
	All   Networks `json:"all"`
	Admin Networks `json:"admin"`
	Keys  Networks `json:"keys"`
}

// Networks are addresses and networks: "198.51.100.7", "203.0.113.0/24".
type Networks []netip.Prefix

// MarshalJSON implements json.Marshaler: a list of texts.
func (n Networks) MarshalJSON() ([]byte, error) {
	parts := make([]string, len(n))
	for i, p := range n.Texts() {
		parts[i] = `"` + p + `"`
	}
	return []byte("[" + strings.Join(parts, ",") + "]"), nil
}

// Texts are the networks as people write them.
func (n Networks) Texts() []string {
	out := make([]string, len(n))
	for i, p := range n {
		out[i] = p.String()
		if p.Bits() == p.Addr().BitLen() {
			out[i] = p.Addr().String()
		}
	}
	return out
}

// Has reports whether an address is in one of the networks; every address is in none at all.
func (n Networks) Has(addr string) bool {
	if len(n) == 0 {
		return true
	}
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return false
	}
	a = a.Unmap().WithZone("")
	for _, p := range n {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// ParseNetwork reads an address or a network.
func ParseNetwork(text string) (netip.Prefix, error) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() {
		return netip.Prefix{}, fmt.Errorf("%q is no address or network", text)
	}
	return p.Masked(), nil
}

// DefaultPolicy is that of an organisation that has decided nothing.
func DefaultPolicy() Policy {
	return Policy{Password: PasswordPolicy{MinLength: MinPassword}, TOTP: TOTPPolicy{Required: RequireNone}}
}

// policy is the one of this moment.
func (s *Service) policy() Policy {
	p := DefaultPolicy()
	if s.d.Policy != nil {
		p = s.d.Policy()
	}
	p.Password.MinLength = max(p.Password.MinLength, MinPassword)
	return p
}

// Policy is the one of this moment.
func (s *Service) Policy() Policy { return s.policy() }

// Check holds a password to the policy: long enough, of enough kinds of
// characters, not the login or the name, not one character repeated, none of
// the most common ones. The fault (auth.password) names /password.
func (p PasswordPolicy) Check(password, login, name string) error {
	least := max(p.MinLength, MinPassword)
	n, lower := utf8.RuneCountInString(password), strings.ToLower(password)
	switch {
	case n < least:
		return p.weak("min_length", fmt.Sprintf("at least %d characters", least))
	case n > MaxPassword:
		return p.weak("max_length", fmt.Sprintf("at most %d characters", MaxPassword))
	case lower == strings.ToLower(login) || lower == strings.ToLower(name):
		return p.weak("same_as_login", "the login is no password")
	case strings.Trim(password, password[:1]) == "":
		return p.weak("too_simple", "one character repeated is no password")
	case common[lower]:
		return p.weak("too_common", "this is one of the first passwords anybody tries")
	case classes(password) < p.Classes:
		return p.weak("classes", fmt.Sprintf("it needs %d of: lower case, upper case, digit, other character", p.Classes))
	}
	return nil
}

// classes counts the kinds of characters in a password.
func classes(password string) int {
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}

func (p PasswordPolicy) weak(code, message string) error {
	return fault.New(fault.Invalid, "auth.password", "this password cannot be used").
		At(fault.Field{Path: "/password", Code: code, Message: message,
			Params: map[string]any{"min": max(p.MinLength, MinPassword), "max": MaxPassword, "classes": p.Classes, "last": p.History}})
}
