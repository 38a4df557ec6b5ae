package httpkit

import (
	"net/netip"
	"testing"
)

func TestWhereARequestComesFrom(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		what, peer string
		forwarded  []string
		trusted    []netip.Prefix
		want       string
	}{
		{"nobody is trusted", "10.0.0.1", []string{"203.0.113.9"}, nil, "10.0.0.1"},
		{"a stranger forges", "198.51.100.7", []string{"203.0.113.9"}, proxies, "198.51.100.7"},
		{"a proxy tells", "10.0.0.1", []string{"203.0.113.9"}, proxies, "203.0.113.9"},
		{"the client forged before the proxy", "10.0.0.1", []string{"127.0.0.1, 203.0.113.9"}, proxies, "203.0.113.9"},
		{"two proxies", "10.0.0.1", []string{"1.1.1.1, 203.0.113.9, 10.0.0.2"}, proxies, "203.0.113.9"},
		{"two headers", "10.0.0.1", []string{"1.1.1.1", "203.0.113.9"}, proxies, "203.0.113.9"},
		{"only proxies", "10.0.0.1", []string{"10.0.0.3, 10.0.0.2"}, proxies, "10.0.0.3"},
		{"nothing", "10.0.0.1", nil, proxies, "10.0.0.1"},
		{"rubbish", "10.0.0.1", []string{"203.0.113.9, <script>"}, proxies, "10.0.0.1"},
		{"with a port", "10.0.0.1", []string{"203.0.113.9:1234"}, proxies, "203.0.113.9"},
		{"mapped", "::ffff:10.0.0.1", []string{"::ffff:203.0.113.9"}, proxies, "203.0.113.9"},
		{"six", "fd00::1", []string{"2001:db8::5"}, proxies, "2001:db8::5"},
	} {
		if got := addrOf(c.peer, c.forwarded, c.trusted); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
