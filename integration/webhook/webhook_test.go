package webhook_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/integration/webhook"
	"github.com/formwork-run/formwork/internal/fault"
)

var now = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)

func client(t *testing.T, cfg webhook.Config) *webhook.Client {
	t.Helper()
	c, err := webhook.New(cfg, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// near may reach the servers of a test.
func near(t *testing.T) *webhook.Client {
	return client(t, webhook.Config{HTTP: true, Allow: []string{"127.0.0.0/8"}})
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func refused(t *testing.T, what string, err error, kind fault.Kind, code string) {
	t.Helper()
	if fault.CodeOf(err) != code || fault.KindOf(err) != kind {
		t.Errorf("%s: %v (%s), want %s (%s)", what, err, fault.KindOf(err), code, kind)
	}
}

// TestCall: the request arrives as it was asked for, signed, and its answer comes back.
func TestCall(t *testing.T) {
	t.Parallel()
	secret := []byte("a long secret")
	seen := make(chan error, 1)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		err := webhook.Verify(secret, r, body, now.Add(time.Minute), 5*time.Minute)
		for name, want := range map[string]string{"Idempotency-Key": "k1", "Content-Type": "application/json", "X-Own": "yes", "Host": ""} {
			if got := r.Header.Get(name); got != want && err == nil {
				err = fault.Newf(fault.Invalid, "header", "%s is %q, want %q", name, got, want)
			}
		}
		if string(body) != `{"a":1}` || r.Method != http.MethodPost || r.URL.RequestURI() != "/in?x=1" {
			err = fault.Newf(fault.Invalid, "request", "%s %s %s", r.Method, r.URL, body)
		}
		seen <- err
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"no":"7"}`))
	})
	a, err := near(t).Call(context.Background(), webhook.Request{URL: url + "/in?x=1", Body: []byte(`{"a":1}`), Secret: secret, Key: "k1",
		Headers: map[string]string{"X-Own": "yes", "Host": "other.example", "x-formwork-signature": "t=1,v1=00", "Idempotency-Key": "other"}})
	if err != nil || a.Status != 201 || string(a.Body) != `{"no":"7"}` {
		t.Fatalf("%+v %v", a, err)
	}
	if err := <-seen; err != nil {
		t.Error(err)
	}
}

// TestVerify: whatever is changed on the way, or comes too late, is found out.
func TestVerify(t *testing.T) {
	t.Parallel()
	secret, body := []byte("a long secret"), []byte(`{"a":1}`)
	var got *http.Request
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) { got = r.Clone(context.Background()) })
	if _, err := near(t).Call(context.Background(), webhook.Request{URL: url + "/in", Body: body, Secret: secret, Key: "k"}); err != nil {
		t.Fatal(err)
	}
	check := func(what string, secret, body []byte, at time.Time, change func(*http.Request), code string) {
		t.Helper()
		r := got.Clone(context.Background())
		change(r)
		if err := webhook.Verify(secret, r, body, at, time.Minute); fault.CodeOf(err) != code {
			t.Errorf("%s: %v, want %q", what, err, code)
		}
	}
	same := func(*http.Request) {}
	check("untouched", secret, body, now, same, "")
	check("another body", secret, []byte(`{"a":2}`), now, same, "call.signature")
	check("another secret", []byte("another secret"), body, now, same, "call.signature")
	check("later", secret, body, now.Add(2*time.Minute), same, "call.signature_old")
	check("from the future", secret, body, now.Add(-2*time.Minute), same, "call.signature_old")
	check("another place", secret, body, now, func(r *http.Request) { r.URL.Path = "/out" }, "call.signature")
	check("another key", secret, body, now, func(r *http.Request) { r.Header.Set("Idempotency-Key", "x") }, "call.signature")
	check("another method", secret, body, now, func(r *http.Request) { r.Method = "DELETE" }, "call.signature")
	check("none", secret, body, now, func(r *http.Request) { r.Header.Del(webhook.SignatureHeader) }, "call.signature")
	check("rubbish", secret, body, now, func(r *http.Request) { r.Header.Set(webhook.SignatureHeader, "t=x,v1=zz") }, "call.signature")
}

// TestAddresses: what must not be called is refused before anything is asked of the network.
func TestAddresses(t *testing.T) {
	t.Parallel()
	strict := client(t, webhook.Config{})
	for _, url := range []string{"http://example.com", "ftp://example.com", "https://", "https:///x", "https://a:b@example.com", "https://u@example.com/",
		"://", "javascript:alert(1)", "file:///etc/passwd", "https://exa mple.com"} {
		_, err := strict.Call(context.Background(), webhook.Request{URL: url})
		refused(t, url, err, fault.Refused, "call.url")
	}
	_, err := strict.Call(context.Background(), webhook.Request{URL: "https://example.com", Method: "BAD METHOD"})
	refused(t, "a method that is none", err, fault.Refused, "call.url")
	_, err = strict.Call(context.Background(), webhook.Request{URL: "https://example.com", Body: make([]byte, webhook.MaxBody+1)})
	refused(t, "a large body", err, fault.Refused, "call.too_large")
}

// TestGuard: addresses of the own network are refused when connecting, however they are written.
func TestGuard(t *testing.T) {
	t.Parallel()
	c := client(t, webhook.Config{HTTP: true, Allow: []string{"10.9.0.0/16"}})
	for _, host := range []string{"127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.100.100.200", "0.0.0.0",
		"[::1]", "[::]", "[fe80::1]", "[fd00:ec2::254]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2002:7f00:1::]",
		"255.255.255.255", "224.0.0.1", "[ff02::1]", "198.18.0.1", "[::127.0.0.1]"} {
		_, err := c.Call(context.Background(), webhook.Request{URL: "http://" + host + ":1/", Timeout: 2 * time.Second})
		refused(t, host, err, fault.Refused, "call.address")
	}
}

// TestAllow: what an operator names may be reached, and nothing beside it.
func TestAllow(t *testing.T) {
	t.Parallel()
	url := serve(t, func(http.ResponseWriter, *http.Request) {})
	for allow, ok := range map[string]bool{"127.0.0.1": true, "127.0.0.0/8": true, "127.0.0.2": false, "10.0.0.0/8": false, "127.0.0.1.example.com": false} {
		_, err := client(t, webhook.Config{HTTP: true, Allow: []string{allow}}).Call(context.Background(), webhook.Request{URL: url})
		if ok != (err == nil) {
			t.Errorf("allowing %s: %v", allow, err)
		}
	}
	named := client(t, webhook.Config{HTTP: true, Allow: []string{" LocalHost "}})
	if _, err := named.Call(context.Background(), webhook.Request{URL: strings.Replace(url, "127.0.0.1", "localhost", 1)}); err != nil {
		t.Errorf("a host that is allowed by name: %v", err)
	}
	_, err := named.Call(context.Background(), webhook.Request{URL: url})
	refused(t, "its address without the name", err, fault.Refused, "call.address")
	if _, err := webhook.New(webhook.Config{Allow: []string{"no host/"}}, time.Now); err == nil {
		t.Error("a network that is none is taken")
	}
}

// TestRedirects: only within the same place, and never losing the request.
func TestRedirects(t *testing.T) {
	t.Parallel()
	other := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the other place was asked") })
	var last string
	mux := http.NewServeMux()
	to := func(path, target string, status int) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, status) })
	}
	to("/away", other, http.StatusTemporaryRedirect)
	to("/lost", "/end", http.StatusFound)
	to("/moved", "/end", http.StatusPermanentRedirect)
	to("/circle", "/circle", http.StatusTemporaryRedirect)
	mux.HandleFunc("/end", func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := webhook.Verify([]byte("secret"), r, body, now, time.Minute); err != nil {
			t.Error(err)
		}
		last = r.Method + string(body)
	})
	url := serve(t, mux.ServeHTTP)
	call := func(path string) error {
		_, err := near(t).Call(context.Background(), webhook.Request{URL: url + path, Body: []byte("1"), Secret: []byte("secret")})
		return err
	}
	for _, path := range []string{"/away", "/lost", "/circle"} {
		refused(t, path, call(path), fault.Refused, "call.redirect")
	}
	if err := call("/moved"); err != nil || last != "POST1" {
		t.Errorf("within the place: %v, %q arrived", err, last)
	}
}

// TestAnswers: which failures are worth another try.
func TestAnswers(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			<-r.Context().Done()
		case "/large":
			_, _ = w.Write(make([]byte, webhook.MaxAnswer+1))
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("x"))
		case "/500", "/503", "/429", "/408":
			w.WriteHeader(map[string]int{"/500": 500, "/503": 503, "/429": 429, "/408": 408}[r.URL.Path])
		case "/400", "/404":
			w.WriteHeader(map[string]int{"/400": 400, "/404": 404}[r.URL.Path])
		}
	})
	for path, want := range map[string]struct {
		kind fault.Kind
		code string
	}{
		"/slow": {fault.Unavailable, "call.timeout"}, "/large": {fault.Refused, "call.too_large"}, "/cut": {fault.Unavailable, "call.unreachable"},
		"/500": {fault.Unavailable, "call.status"}, "/503": {fault.Unavailable, "call.status"}, "/429": {fault.Unavailable, "call.status"},
		"/408": {fault.Unavailable, "call.status"}, "/400": {fault.Refused, "call.status"}, "/404": {fault.Refused, "call.status"},
	} {
		timeout := 10 * time.Second
		if path == "/slow" {
			timeout = 50 * time.Millisecond
		}
		_, err := near(t).Call(context.Background(), webhook.Request{URL: url + path, Timeout: timeout})
		refused(t, path, err, want.kind, want.code)
	}
	_, err := near(t).Call(context.Background(), webhook.Request{URL: "http://127.0.0.1:1/", Timeout: 2 * time.Second})
	refused(t, "nobody listens", err, fault.Unavailable, "call.unreachable")
}
