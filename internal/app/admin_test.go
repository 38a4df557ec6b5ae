package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/app"
)

// organisation makes what administration is about: people, departments, keys, sessions.
func (f *fixtures) organisation(name string) string {
	t, w := f.t, f.w
	t.Helper()
	admin := "admin"
	if strings.HasPrefix(name, "$foreign") {
		admin = other + "/admin"
	}
	switch name {
	case "$login":
		return unique("person")
	case "$user", "$foreignuser":
		return w.user(t, admin, nil)
	case "$dept", "$foreigndept":
		return w.call(t, admin, "POST", "/api/admin/v1/depts", map[string]any{"name": unique("department ")}).want(t, 201, "").text("item.id")
	case "$key", "$foreignkey":
		return w.call(t, admin, "POST", "/api/admin/v1/keys", map[string]any{"name": "robot", "scopes": []string{"*:view"}}).want(t, 201, "").text("item.id")
	case "$session", "$foreignsession":
		who := "zhou"
		if name != "$session" {
			who = other + "/zhou"
		}
		token := w.credential(t, "fresh "+who)
		return current(send(t, w.base, token, "GET", "/api/v1/sessions", nil).want(t, 200, ""))
	}
	return ""
}

// user adds somebody; more goes over what is said of him.
func (w *world) user(t *testing.T, admin string, more map[string]any) string {
	t.Helper()
	in := map[string]any{"login": unique("person"), "name": "Somebody"}
	for k, v := range more {
		in[k] = v
	}
	return w.call(t, admin, "POST", "/api/admin/v1/users", in).want(t, 201, "").text("item.id")
}

// current is the id of the session that asked for the list.
func current(r reply) string {
	for _, it := range r.list("items") {
		if m, _ := it.(map[string]any); m["current"] == true {
			id, _ := m["id"].(string)
			return id
		}
	}
	return ""
}

// join gives somebody a password by a link and logs him in.
func (w *world) join(t *testing.T, id, login, password string) string {
	t.Helper()
	link := w.call(t, "admin", "POST", "/api/admin/v1/users/"+id+"/password-link", nil).want(t, 201, "")
	q, err := url.Parse(link.text("path"))
	if err != nil || q.Path != "/password" || q.Query().Get("token") != link.text("token") {
		t.Fatalf("the link goes to %q: %v", link.text("path"), err)
	}
	in := map[string]any{"tenant": q.Query().Get("tenant"), "user": q.Query().Get("user"), "token": q.Query().Get("token"), "password": password}
	send(t, w.base, "", "POST", "/api/v1/password", in).want(t, 204, "")
	send(t, w.base, "", "POST", "/api/v1/password", in).want(t, 401, "auth.link")
	return send(t, w.base, "", "POST", "/api/v1/session", map[string]any{"tenant": app.DefaultTenant, "user": login, "password": password}).want(t, 200, "").text("token")
}

// A person comes, works, changes places and leaves; every step holds at once
// and stands in the log.
func TestAPersonComesAndLeaves(t *testing.T) {
	t.Parallel()
	w := open(t)
	dept := w.call(t, "admin", "POST", "/api/admin/v1/depts", map[string]any{"name": unique("team "), "parent": "cost"}).want(t, 201, "").text("item.id")
	login := unique("newcomer")
	made := w.call(t, "admin", "POST", "/api/admin/v1/users", map[string]any{"login": strings.ToUpper(login), "name": "新来的", "depts": []string{dept}}).want(t, 201, "")
	made.equal(t, "item.login", login).equal(t, "item.state", "active").equal(t, "item.admin", false)
	id, path := made.text("item.id"), "/api/admin/v1/users/"+made.text("item.id")

	token := w.join(t, id, login, "a fine password")
	send(t, w.base, token, "GET", "/api/admin/v1/users", nil).want(t, 404, "route.not_found")
	apps := func() int {
		return len(send(t, w.base, token, "GET", "/api/v1/apps", nil).want(t, 200, "").list("items"))
	}
	open := apps() // what is everybody's
	role := "/api/admin/v1/roles/base.archivist"
	before := w.role(t, "base.archivist")
	w.call(t, "admin", "PUT", role, map[string]any{"rev": before["rev"], "holders": append(before["holders"].([]any), map[string]any{"user": id, "depts": []string{dept}})}).want(t, 200, "")
	if apps() <= open {
		t.Error("the role he got does not hold at once")
	}
	w.call(t, "admin", "PUT", role, map[string]any{"rev": before["rev"], "holders": before["holders"]}).want(t, 409, "org.stale")
	w.call(t, "admin", "PUT", role, map[string]any{"holders": before["holders"]}).want(t, 200, "")
	if apps() != open {
		t.Error("the role he lost still holds")
	}

	w.call(t, "admin", "PATCH", path, map[string]any{"rev": 1, "name": "老员工"}).want(t, 200, "").equal(t, "item.name", "老员工").equal(t, "item.rev", w.call(t, "admin", "GET", path, nil).at("item.rev"))
	w.call(t, "admin", "PATCH", path, map[string]any{"rev": 1, "name": "x"}).want(t, 409, "org.stale")
	w.call(t, "admin", "POST", path+"/leave", nil).want(t, 204, "")
	send(t, w.base, token, "GET", "/api/v1/me", nil).want(t, 401, "")
	w.call(t, "admin", "POST", path+"/password-link", nil).want(t, 404, "org.not_found")
	left := w.call(t, "admin", "GET", "/api/admin/v1/users?state=left&q="+login, nil).want(t, 200, "")
	left.equal(t, "items.0.id", id)
	w.call(t, "admin", "DELETE", "/api/admin/v1/depts/"+dept, nil).want(t, 422, "org.dept_in_use")
	w.call(t, "admin", "PATCH", path, map[string]any{"state": "active", "depts": []string{}}).want(t, 200, "").equal(t, "item.state", "active")
	w.call(t, "admin", "DELETE", "/api/admin/v1/depts/"+dept, nil).want(t, 204, "")
	w.logged(t, id, "user.created", "user.password_link", "user.changed", "user.left")
}

func (w *world) role(t *testing.T, id string) map[string]any {
	t.Helper()
	for _, it := range w.call(t, "admin", "GET", "/api/admin/v1/roles", nil).want(t, 200, "").list("items") {
		if m, _ := it.(map[string]any); m["id"] == id {
			return m
		}
	}
	t.Fatalf("there is no role %s", id)
	return nil
}

// logged looks for acts about a user in the audit log.
func (w *world) logged(t *testing.T, user string, actions ...string) {
	t.Helper()
	have := map[string]bool{}
	for _, it := range w.call(t, "admin", "GET", "/api/admin/v1/audit?limit=200", nil).want(t, 200, "").list("items") {
		m, _ := it.(map[string]any)
		if d, _ := m["detail"].(map[string]any); d["user"] == user && m["by"] == "admin" {
			action, _ := m["action"].(string)
			have[action] = true
		}
	}
	for _, a := range actions {
		if !have[a] {
			t.Errorf("the log has no %s", a)
		}
	}
}

// A key reaches administration only with a scope that names it.
func TestKeysReachWhatTheyName(t *testing.T) {
	t.Parallel()
	w := open(t)
	key := func(scopes ...string) (id, secret string) {
		r := w.call(t, "admin", "POST", "/api/admin/v1/keys", map[string]any{"name": "robot", "scopes": scopes}).want(t, 201, "")
		return r.text("item.id"), r.text("secret")
	}
	_, data := key("*:*")
	send(t, w.base, data, "GET", "/api/v1/apps", nil).want(t, 200, "")
	send(t, w.base, data, "GET", "/api/admin/v1/users", nil).want(t, 403, "auth.scope")
	_, reader := key("admin:read")
	send(t, w.base, reader, "GET", "/api/admin/v1/users", nil).want(t, 200, "")
	send(t, w.base, reader, "POST", "/api/admin/v1/users", map[string]any{"login": unique("p"), "name": "P"}).want(t, 403, "auth.scope")
	id, all := key("admin:*")
	send(t, w.base, all, "POST", "/api/admin/v1/users", map[string]any{"login": unique("p"), "name": "P"}).want(t, 201, "")
	w.call(t, "admin", "DELETE", "/api/admin/v1/keys/"+id, nil).want(t, 204, "")
	send(t, w.base, all, "GET", "/api/admin/v1/users", nil).want(t, 401, "auth.key_invalid")
	for _, it := range w.call(t, "admin", "GET", "/api/admin/v1/keys", nil).want(t, 200, "").list("items") {
		if m, _ := it.(map[string]any); m["id"] == id || m["secret"] != nil || m["hash"] != nil {
			t.Errorf("the list shows %v", m)
		}
	}
}

// Settings hold at once, and what was planned with the old ones is forgotten.
func TestSettings(t *testing.T) {
	t.Parallel()
	w := open(t)
	was := w.call(t, other+"/admin", "GET", "/api/admin/v1/settings", nil).want(t, 200, "")
	was.equal(t, "id", other)
	w.call(t, other+"/li", "GET", "/api/v1/me", nil).want(t, 200, "")
	w.call(t, other+"/admin", "PATCH", "/api/admin/v1/settings", map[string]any{"rev": was.at("rev"), "name": "港口", "host": "Other.example"}).want(t, 200, "").equal(t, "host", "other.example")
	w.call(t, other+"/admin", "PATCH", "/api/admin/v1/settings", map[string]any{"rev": was.at("rev"), "name": "x"}).want(t, 409, "settings.stale")
	w.call(t, other+"/li", "GET", "/api/v1/me", nil).want(t, 200, "").equal(t, "tenant.name", "港口")
	w.call(t, "admin", "PATCH", "/api/admin/v1/settings", map[string]any{"host": "other.example"}).want(t, 409, "settings.duplicate")

	req, err := http.NewRequest("POST", w.base+"/api/v1/session", strings.NewReader(`{"user":"li","password":"`+app.DemoPassword+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "other.example:8443"
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _ = res.Body.Close(); res.StatusCode != 200 {
		t.Errorf("a login by host name: %d", res.StatusCode)
	}
	w.call(t, other+"/admin", "PATCH", "/api/admin/v1/settings", map[string]any{"name": "Other", "host": ""}).want(t, 200, "").equal(t, "host", "")
}

// A user sees and ends his own sessions; an administrator ends all of somebody's.
func TestSessions(t *testing.T) {
	t.Parallel()
	w := open(t)
	login := unique("p")
	id := w.user(t, "admin", map[string]any{"login": login})
	first := w.join(t, id, login, "a fine password")
	second := send(t, w.base, "", "POST", "/api/v1/session", map[string]any{"tenant": app.DefaultTenant, "user": login, "password": "a fine password"}).want(t, 200, "").text("token")
	open := send(t, w.base, second, "GET", "/api/v1/sessions", nil).want(t, 200, "")
	if len(open.list("items")) != 2 || current(open) == "" {
		t.Fatalf("sessions: %s", open.raw)
	}
	send(t, w.base, second, "DELETE", "/api/v1/sessions/"+current(open), nil).want(t, 204, "")
	send(t, w.base, second, "GET", "/api/v1/me", nil).want(t, 401, "auth.session")
	send(t, w.base, first, "GET", "/api/v1/me", nil).want(t, 200, "")
	w.call(t, "admin", "DELETE", "/api/admin/v1/users/"+id+"/sessions", nil).want(t, 204, "")
	send(t, w.base, first, "GET", "/api/v1/me", nil).want(t, 401, "auth.session")
}

func TestALinkSaysWhenItEnds(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.user(t, "admin", nil)
	link := w.call(t, "admin", "POST", "/api/admin/v1/users/"+id+"/password-link", nil).want(t, 201, "")
	ends, err := time.Parse(time.RFC3339, link.text("expires_at"))
	if left := time.Until(ends); err != nil || left < 23*time.Hour || left > 25*time.Hour {
		t.Errorf("it ends at %s: %v", link.text("expires_at"), err)
	}
}
