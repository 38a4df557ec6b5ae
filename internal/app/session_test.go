package app_test

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/storage/sqlite"
)

// cookies logs in as a browser does and gives what it would send back.
func (w *world) cookies(t *testing.T, who string) (header, csrf string, set []*http.Cookie) {
	t.Helper()
	r := w.call(t, "", "POST", "/api/v1/session", map[string]any{"user": who, "password": app.DemoPassword, "tenant": app.DefaultTenant}).want(t, 200, "")
	res := http.Response{Header: r.head}
	var all []string
	for _, c := range res.Cookies() {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; "), r.text("csrf"), res.Cookies()
}

// A cookie alone changes nothing: another site can make a browser send it.
func TestSessionCookieNeedsItsCSRFToken(t *testing.T) {
	t.Parallel()
	w := open(t)
	cookie, csrf, set := w.cookies(t, "zhou")
	for _, c := range set {
		if c.Name == "fw_session" && !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			t.Errorf("cookie %s", c)
		}
	}
	_, foreign, _ := w.cookies(t, "li")
	w.call(t, "", "GET", "/api/v1/me", nil, "Cookie", cookie).want(t, 200, "")
	for name, header := range map[string]string{"none": "", "wrong": "x", "of another session": foreign} {
		for _, c := range []struct{ method, path string }{{"POST", items}, {"PATCH", "/api/v1/me"}, {"PUT", "/api/v1/drafts/lab.item"}, {"DELETE", "/api/v1/session"}} {
			if r := w.call(t, "", c.method, c.path, `{"data":{"name":"x"}}`, "Cookie", cookie, "X-CSRF-Token", header); r.code != 403 || r.text("code") != "auth.csrf" {
				t.Errorf("%s %s with a token that is %s: %d %s", c.method, c.path, name, r.code, r.text("code"))
			}
		}
	}
	w.call(t, "", "POST", items, `{"data":{"name":"by a browser"}}`, "Cookie", cookie, "X-CSRF-Token", csrf).want(t, 201, "")
	w.call(t, "", "DELETE", "/api/v1/session", nil, "Cookie", cookie, "X-CSRF-Token", csrf).want(t, 204, "")
	w.call(t, "", "GET", "/api/v1/me", nil, "Cookie", cookie).want(t, 401, "auth.session")
}

// A browser opens connections on which it asks nothing: they hold up no shutdown.
func TestShutdownIsNotHeldUpByIdleConnections(t *testing.T) {
	t.Parallel()
	st, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	n, err := startNode(st)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(n.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	send(t, n.base, "", "GET", "/readyz", nil).want(t, 200, "") // its connection stays open too
	began := time.Now()
	if err := n.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > tooSlow {
		t.Errorf("it took %v", took)
	}
	if err := st.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// own is a program of its own, for what would stand in the way of other tests.
func own(t *testing.T, change ...func(*app.Options)) *node {
	t.Helper()
	st, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	n, err := startNode(st, change...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.stop(); err != nil {
			t.Error(err)
		}
		if err := st.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return n
}

// Guessing is slowed down per login, and says for how long; the right password
// does not help while it lasts, and others are not kept out.
func TestSessionGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	n := own(t)
	s, err := n.Host.Tenant(context.Background(), app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	if err := people(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	try := func(user, password string) reply {
		return send(t, n.base, "", "POST", "/api/v1/session", map[string]any{"user": user, "password": password})
	}
	for range 5 {
		try("li", "guessed wrong").want(t, 401, "auth.credentials")
	}
	r := try("li", app.DemoPassword).want(t, 429, "auth.throttled")
	if seconds, err := strconv.Atoi(r.head.Get("Retry-After")); err != nil || seconds < 1 {
		t.Errorf("Retry-After is %q", r.head.Get("Retry-After"))
	}
	try("wang", app.DemoPassword).want(t, 200, "")
	for range 6 {
		r = try("nobody of this name", "x")
	}
	r.want(t, 429, "auth.throttled") // as for a login that there is
}

// An office logs in at nine, from one address: nobody is taken for an attack.
func TestSessionManyLoginsFromOneAddress(t *testing.T) {
	t.Parallel()
	n := own(t, func(o *app.Options) { o.Authn.Limit = authn.Limit{} })
	s, err := n.Host.Tenant(context.Background(), app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	if err := people(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for _, who := range []string{"li", "wang", "chen", "zhao", "zhang", "sun", "zhou", "wu"} {
		for range 4 {
			all.Add(1)
			go func() {
				defer all.Done()
				if _, err := login(n.base, who); err != nil {
					t.Errorf("%s: %v", who, err)
				}
			}()
		}
	}
	all.Wait()
}

// The first administrator is made by a link that works once.
func TestSessionSetupLinkWorksOnce(t *testing.T) {
	t.Parallel()
	n := own(t)
	s, err := n.Host.Tenant(context.Background(), app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Authn.SetupLink(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]any{"token": "not " + token, "user": "root", "name": "Root", "password": "correct horse"}
	r := send(t, n.base, "", "POST", "/api/v1/setup", body)
	if r.code != 401 && r.code != 404 && r.code != 422 {
		t.Errorf("a wrong link answers %d %s", r.code, r.text("code"))
	}
	body["token"], body["password"] = token, "12345678"
	send(t, n.base, "", "POST", "/api/v1/setup", body).want(t, 422, "auth.password")
	body["password"] = "correct horse"
	r = send(t, n.base, "", "POST", "/api/v1/setup", body).want(t, 200, "")
	send(t, n.base, r.text("token"), "GET", "/api/v1/me", nil).want(t, 200, "").equal(t, "user.admin", true)
	body["user"] = "second"
	if r := send(t, n.base, "", "POST", "/api/v1/setup", body); r.code < 400 {
		t.Errorf("the link works twice: %d", r.code)
	}
	send(t, n.base, r.text("token"), "GET", "/api/builder/v1/apps", nil).want(t, 200, "").equal(t, "items", []any{})
}

// A key reaches what its scopes name, however the address is written.
func TestSessionKeyKeepsToItsScopes(t *testing.T) {
	t.Parallel()
	w := open(t)
	s, err := w.Host.Tenant(context.Background(), app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	key := func(user string, scopes ...string) string {
		t.Helper()
		_, text, err := s.Authn.CreateKey(context.Background(), authn.NewKey{User: user, Name: "test", Scopes: scopes})
		if err != nil {
			t.Fatal(err)
		}
		return app.DefaultTenant + "~" + text
	}
	id := w.item(t, "li", map[string]any{"name": "for a key"})
	read := key("li", "lab.item:view")
	send(t, w.base, read, "GET", items+"/"+id, nil).want(t, 200, "")
	send(t, w.base, read, "PATCH", items+"/"+id, map[string]any{"rev": 1, "set": map[string]any{"name": "y"}}).want(t, 403, "auth.scope")
	send(t, w.base, read, "DELETE", items+"/"+id, nil).want(t, 403, "auth.scope")
	send(t, w.base, read, "GET", "/api/v1/forms/lab.req/records", nil).want(t, 403, "auth.scope")
	send(t, w.base, read, "GET", "/api/v1/cases/lab.req."+w.req(t, "li"), nil).want(t, 403, "auth.scope")
	boss := key("admin", "lab.item:view")
	for _, path := range []string{"/api/admin/v1/audit", "/api/builder/v1/apps", "/API/admin/v1/audit", "/api/ADMIN/v1/audit", "/api/admin/v1/audit/"} {
		if r := send(t, w.base, boss, "GET", path, nil); r.code == 200 && r.body != nil {
			t.Errorf("%s answers a key without the scope: %s", path, clip(string(r.raw)))
		}
	}
}
