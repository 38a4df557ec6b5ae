package webhook

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// TestTLS: certificates are held against the name that was called.
func TestTLS(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(s.Close)
	c, err := New(Config{Allow: []string{"127.0.0.1"}}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if _, err := c.Call(context.Background(), Request{URL: s.URL}); fault.CodeOf(err) != "call.unreachable" {
		t.Errorf("a certificate nobody knows: %v", err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	transport := c.http.Transport.(*http.Transport)
	transport.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	transport.TLSClientConfig.RootCAs = pool
	if _, err := c.Call(context.Background(), Request{URL: s.URL}); err != nil {
		t.Errorf("a known certificate: %v", err)
	}
}
