// Package config reads what an operator decides: defaults, then the
// environment, then flags. Every problem is reported at once, and secrets never
// show in what is printed.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// Config is how the program runs.
type Config struct {
	// Addr is where it listens, "127.0.0.1:8080".
	Addr string
	// Data is the folder of the embedded store and of files.
	Data string
	// Store is "sqlite", or a mongodb:// or mongodb+srv:// address.
	Store Secret
	// Demo loads the example packs, people and records.
	Demo bool
	// Keyset are the keys of sensitive fields in their text form; KeysetFile is
	// where they stand. Without either they are kept beside the data.
	Keyset     Hidden
	KeysetFile string
	// TrustedProxies are the addresses (CIDR, by commas) whose X-Forwarded-For is believed.
	TrustedProxies string
	// CallAllow names what calls of flows may reach although it is private:
	// networks, addresses and host names, by commas.
	CallAllow string
	// SecureCookies marks cookies as https only.
	SecureCookies bool
	// LogLevel is debug, info, warn or error; LogFormat text or json.
	LogLevel  string
	LogFormat string
}

// Default is what runs without any decision.
func Default() Config {
	return Config{Addr: "127.0.0.1:8080", Data: "./data", Store: "sqlite", LogLevel: "info", LogFormat: "text"}
}

// FromEnv lays FORMWORK_… variables over a configuration.
func (c Config) FromEnv(getenv func(string) string) Config {
	text := func(name string, into *string) {
		if v := getenv("FORMWORK_" + name); v != "" {
			*into = v
		}
	}
	flag := func(name string, into *bool) {
		if v := strings.ToLower(getenv("FORMWORK_" + name)); v != "" {
			*into = v == "1" || v == "true" || v == "yes"
		}
	}
	store, keys := string(c.Store), string(c.Keyset)
	text("KEYSET", &keys)
	text("KEYSET_FILE", &c.KeysetFile)
	text("TRUSTED_PROXIES", &c.TrustedProxies)
	text("CALL_ALLOW", &c.CallAllow)
	text("ADDR", &c.Addr)
	text("DATA", &c.Data)
	text("STORE", &store)
	text("LOG_LEVEL", &c.LogLevel)
	text("LOG_FORMAT", &c.LogFormat)
	flag("DEMO", &c.Demo)
	flag("SECURE_COOKIES", &c.SecureCookies)
	c.Store, c.Keyset = Secret(store), Hidden(keys)
	return c
}

// Check reports everything that is wrong.
func (c Config) Check() error {
	var found []error
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		found = append(found, fmt.Errorf("addr %q is no host:port", c.Addr))
	}
	if !c.Mongo() && c.Store != "sqlite" {
		found = append(found, errors.New("store is sqlite, or an address that begins with mongodb:// or mongodb+srv://"))
	}
	if !c.Mongo() && strings.TrimSpace(c.Data) == "" {
		found = append(found, errors.New("data names no folder"))
	}
	if !oneOf(c.LogLevel, "debug", "info", "warn", "error") {
		found = append(found, fmt.Errorf("log level %q is none of debug, info, warn, error", c.LogLevel))
	}
	if !oneOf(c.LogFormat, "text", "json") {
		found = append(found, fmt.Errorf("log format %q is none of text, json", c.LogFormat))
	}
	if c.Keyset != "" && c.KeysetFile != "" {
		found = append(found, errors.New("keyset and keyset file are both given: one of them is enough"))
	}
	if _, err := c.Proxies(); err != nil {
		found = append(found, err)
	}
	return errors.Join(found...)
}

// Callable are the private places that calls may reach.
func (c Config) Callable() []string {
	return strings.FieldsFunc(c.CallAllow, func(r rune) bool { return r == ',' || r == ' ' })
}

// Proxies are the trusted proxies as networks.
func (c Config) Proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range strings.FieldsFunc(c.TrustedProxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(text)
		if a, aerr := netip.ParseAddr(text); err != nil && aerr == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q is no address or network", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// Hidden is a text that never shows when it is printed.
type Hidden string

// String implements fmt.Stringer.
func (Hidden) String() string { return "(secret)" }

// GoString implements fmt.GoStringer.
func (Hidden) GoString() string { return "(secret)" }

// MarshalText implements encoding.TextMarshaler, for logs.
func (Hidden) MarshalText() ([]byte, error) { return []byte("(secret)"), nil }

// Mongo reports whether the store is a MongoDB.
func (c Config) Mongo() bool {
	return strings.HasPrefix(string(c.Store), "mongodb://") || strings.HasPrefix(string(c.Store), "mongodb+srv://")
}

func oneOf(s string, l ...string) bool {
	for _, x := range l {
		if s == x {
			return true
		}
	}
	return false
}

// Secret is a text that holds a password; it redacts itself when printed.
type Secret string

// String implements fmt.Stringer: of an address it shows all but the password.
func (s Secret) String() string {
	u, err := url.Parse(string(s))
	if err != nil {
		return "(secret)"
	}
	return u.Redacted()
}

// GoString implements fmt.GoStringer.
func (s Secret) GoString() string { return s.String() }

// MarshalText implements encoding.TextMarshaler, for logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
