package httpkit

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

const keyAddr = "addr"

// Addresses finds out where a request comes from: the peer of the connection,
// or, where that is a trusted proxy, the last address of X-Forwarded-For that is
// none. What stands before it anybody could have written.
func Addresses(trusted []netip.Prefix) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(keyAddr, addrOf(c.Context().RemoteIP().String(), c.GetReqHeaders()[fiber.HeaderXForwardedFor], trusted))
		return c.Next()
	}
}

// Addr is where a request comes from, as text without a port.
func Addr(c *fiber.Ctx) string {
	if s, ok := c.Locals(keyAddr).(string); ok {
		return s
	}
	return c.IP()
}

func addrOf(peer string, forwarded []string, trusted []netip.Prefix) string {
	at := plainAddr(peer)
	if len(trusted) == 0 {
		return at
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0 && isTrusted(at, trusted); i-- {
		hop := plainAddr(strings.TrimSpace(hops[i]))
		if hop == "" {
			break // whoever wrote this is no proxy of ours
		}
		at = hop
	}
	return at
}

// plainAddr is an address in its one form, "" for what is none.
func plainAddr(text string) string {
	a, err := netip.ParseAddr(text)
	if err != nil {
		ap, perr := netip.ParseAddrPort(text)
		if perr != nil {
			return ""
		}
		a = ap.Addr()
	}
	return a.Unmap().WithZone("").String()
}

func isTrusted(addr string, trusted []netip.Prefix) bool {
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return false
	}
	for _, p := range trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
