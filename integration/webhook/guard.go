package webhook

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// forbidden are the networks that no call leads to, beside what netip tells of
// loopback, private, link-local and multicast addresses.
var forbidden = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // shared by carriers; metadata of some clouds
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast
	netip.MustParsePrefix("::/96"),           // IPv4 within
	netip.MustParsePrefix("64:ff9b::/96"),    // IPv4 within
	netip.MustParsePrefix("64:ff9b:1::/48"),  // IPv4 within
	netip.MustParsePrefix("100::/64"),        // discarded
	netip.MustParsePrefix("2001::/32"),       // IPv4 within
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // IPv4 within
	netip.MustParsePrefix("fec0::/10"),       // site-local
}

// guard decides which addresses may be reached. It looks at the resolved
// address when the connection is made: a name that resolves differently the
// second time gains nothing.
type guard struct {
	nets  []netip.Prefix
	hosts map[string]bool
}

var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$`)

func newGuard(allow []string) (guard, error) {
	g := guard{hosts: map[string]bool{}}
	for _, a := range allow {
		a = strings.ToLower(strings.TrimSpace(a))
		if a == "" {
			continue
		}
		if p, err := netip.ParsePrefix(a); err == nil {
			g.nets = append(g.nets, p.Masked())
		} else if ip, err := netip.ParseAddr(a); err == nil {
			g.nets = append(g.nets, netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()))
		} else if hostName.MatchString(a) {
			g.hosts[a] = true
		} else {
			return g, fmt.Errorf("calls: %q is no network, address or host name", a)
		}
	}
	return g, nil
}

// allows reports whether a resolved address may be reached.
func (g guard) allows(ip netip.Addr) bool {
	if ip.Zone() != "" {
		return false
	}
	ip = ip.Unmap()
	for _, p := range g.nets {
		if p.Contains(ip) {
			return true
		}
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() {
		return false
	}
	for _, p := range forbidden {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// dial connects to a host, unless the address it resolves to is guarded.
func (g guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("call: %w", err)
	}
	if !g.hosts[strings.ToLower(host)] {
		d.Control = g.control
	}
	return d.DialContext(ctx, network, address)
}

func (g guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || !g.allows(ap.Addr()) {
		return fault.New(fault.Refused, "call.address", "the address leads into a network that calls may not reach")
	}
	return nil
}
