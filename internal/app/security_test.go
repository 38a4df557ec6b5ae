package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/internal/httpkit"
)

// everybody are the people of the demonstration who administer nothing.
var everybody = []string{"zhang", "wang", "li", "chen", "zhao", "sun", "zhou", "wu"}

// sample is a request of a route that would be answered if the right person sent it.
func sample(t *testing.T, w *world, c routeCase) (path string, body any) {
	t.Helper()
	f := newFixtures(t, w)
	switch {
	case c.Bytes != nil:
		body = []byte(f.fill(*c.Bytes))
	case c.Body != nil:
		body = f.fill(*c.Body)
	}
	return f.fill(c.Path), body
}

// Vertical: a route of administrators is not there for anybody else, whatever it
// is asked; and for an administrator of another organisation, nothing of ours is.
func TestSecurityNobodyElseReachesAdministration(t *testing.T) {
	t.Parallel()
	w := open(t)
	needs := map[string]string{}
	for _, r := range routes() {
		needs[r.Method+" "+r.Path] = r.Need
	}
	seen := 0
	for _, c := range loadRoutes(t) {
		need := needs[c.Route]
		if need == httpkit.Public || need == httpkit.User {
			continue
		}
		seen++
		path, body := sample(t, w, c)
		for _, who := range everybody {
			if r := send(t, w.base, w.token(t, who), c.method(), path, body, "Content-Type", cmpOr(c.Type, "application/json")); r.code != 404 || r.text("code") != "route.not_found" {
				t.Errorf("%s as %s: %d %s", c.Route, who, r.code, r.text("code"))
			}
		}
		if c.Foreign != "" && ownAlike[c.Route] == "" {
			if r := send(t, w.base, w.token(t, other+"/admin"), c.method(), path, body); r.code != 404 {
				t.Errorf("%s with our ids, as an administrator of another organisation: %d %s", c.Route, r.code, r.text("code"))
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d routes are of administrators", seen)
	}
}

// ownAlike are the routes whose ids are the same in every organisation, so that
// ours name the caller's own.
var ownAlike = map[string]string{
	"PUT /api/admin/v1/roles/:id": "a role's id is declared by its app: he changes who holds it in his own organisation",
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Cross-site: every route that changes something refuses a cookie alone.
func TestSecurityEveryChangeNeedsTheCSRFToken(t *testing.T) {
	t.Parallel()
	w := open(t)
	cookie, _, _ := w.cookies(t, "admin")
	for _, r := range routes() {
		if r.Need == httpkit.Public || !httpkit.Unsafe(r.Method) || !strings.HasPrefix(r.Path, "/api/") {
			continue
		}
		path := concrete(r.Path, "x")
		if got := send(t, w.base, "", r.Method, path, `{}`, "Cookie", cookie); got.code != 403 || got.text("code") != "auth.csrf" {
			t.Errorf("%s %s with a cookie and no token: %d %s", r.Method, r.Path, got.code, got.text("code"))
		}
	}
}

// concrete puts a value for every parameter of a route.
func concrete(path, value string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") {
			parts[i] = value
		}
	}
	return strings.Join(parts, "/")
}

// Open redirects, reflected scripts, headers: whatever is in an address, the
// answer is JSON that no browser runs, and sends nobody anywhere.
func TestSecurityAnswersReflectNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	hostile := []string{"%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "%27%20OR%201=1--", "%252e%252e%252f", "%0d%0aSet-Cookie:%20x=1", "javascript:alert(1)"}
	far := "?next=//evil.example&return=https://evil.example&redirect=//evil.example&url=https://evil.example&callback=evil&q=%3Cscript%3E&field=%3Cscript%3E&cursor=%3Cscript%3E&filter=%3Cscript%3E&sort=%3Cscript%3E"
	for _, r := range routes() {
		if !strings.HasPrefix(r.Path, "/api/") || r.Path == "/api/v1/events" {
			continue
		}
		values := hostile
		if !strings.Contains(r.Path, ":") {
			values = []string{""}
		}
		who := "li"
		if r.Need != httpkit.User && r.Need != httpkit.Public {
			who = "admin"
		}
		if r.Method == "DELETE" && !strings.Contains(r.Path, ":") {
			continue // it would log li out
		}
		for _, v := range values {
			got, err := request(w.base, w.token(t, who), r.Method, concrete(r.Path, v)+far, `{"<script>":"<script>"}`)
			if err != nil {
				t.Fatalf("%s %s: %v", r.Method, r.Path, err)
			}
			fenced(t, r.Method+" "+r.Path+" "+v, got)
		}
	}
	for _, page := range []string{"/", "/login", "/setup", "/password", "/%3Cscript%3E", "//evil.example/", "/\\evil.example", "/%2f%2fevil.example"} {
		got, err := request(w.base, "", "GET", page+"?next=//evil.example&token=%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.code >= 300 && got.code < 400 || got.head.Get("Location") != "" {
			t.Errorf("%s sends to %q", page, got.head.Get("Location"))
		}
		if strings.Contains(string(got.raw), "alert(1)") {
			t.Errorf("%s reflects its address", page)
		}
		if csp := got.head.Get("Content-Security-Policy"); got.code == 200 && (!strings.Contains(csp, "script-src 'self'") || strings.Contains(strings.SplitN(csp, "style-src", 2)[0], "unsafe")) {
			t.Errorf("%s: policy %q", page, csp)
		}
	}
}

// fenced holds an answer of the API to what keeps a browser from running it.
func fenced(t *testing.T, what string, r reply) {
	t.Helper()
	if r.code >= 500 {
		t.Errorf("%s: %d %s", what, r.code, clip(string(r.raw)))
	}
	if r.code >= 300 && r.code < 400 || r.head.Get("Location") != "" || r.head.Get("Set-Cookie") == "x=1" {
		t.Errorf("%s: %d to %q, cookie %q", what, r.code, r.head.Get("Location"), r.head.Get("Set-Cookie"))
	}
	mime := r.head.Get("Content-Type")
	if len(r.raw) > 0 && !strings.Contains(mime, "json") && !strings.HasPrefix(r.head.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s is answered as %s", what, mime)
	}
	if strings.Contains(mime, "json") && strings.Contains(strings.ToLower(string(r.raw)), "<script") {
		t.Errorf("%s: the answer holds a tag: %s", what, clip(string(r.raw)))
	}
	if r.head.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(r.head.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%s: nosniff %q, policy %q", what, r.head.Get("X-Content-Type-Options"), r.head.Get("Content-Security-Policy"))
	}
}

// Stored scripts: what somebody types comes back as data, on every path.
func TestSecurityStoredScriptsStayData(t *testing.T) {
	t.Parallel()
	w := open(t)
	const x = `</script><script>alert(document.cookie)</script><img src=x onerror=alert(1)>`
	data := map[string]any{"name": x, "code": unique("<script>"), "note": x, "extra": map[string]any{"<script>": x}, "rows": []any{map[string]any{"what": x[:60], "qty": 1}},
		"files": []any{map[string]any{"id": w.file(t, "li", "<script>.txt", []byte(x)), "name": "<script>", "type": "text/html"}}}
	id := w.item(t, "li", data)
	w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 1, "set": map[string]any{"note": "changed " + x}}).want(t, 200, "")
	w.call(t, "li", "POST", items+"/"+id+"/comments", map[string]any{"text": x}).want(t, 201, "")
	w.call(t, "li", "PUT", "/api/v1/drafts/lab.item", map[string]any{"data": map[string]any{"note": x}}).want(t, 200, "")
	for _, path := range []string{items + "/" + id, items + query("q", "script"), items + query("filter", `{"path":"name","op":"eq","value":`+string(must(json.Marshal(x)))+`}`), items + "/" + id + "/history",
		items + "/" + id + "/comments", "/api/v1/drafts/lab.item", "/api/v1/forms/lab.item/options/parent" + query("q", "script"), "/api/v1/notices"} {
		r := w.call(t, "li", "GET", path, nil).want(t, 200, "")
		fenced(t, path, r)
	}
	w.call(t, "li", "DELETE", "/api/v1/drafts/lab.item", nil).want(t, 204, "")
	if got := w.call(t, "li", "GET", items+"/"+id, nil).text("data.name"); got != x {
		t.Errorf("the text was changed: %q", got)
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// Mass assignment: what the program keeps of a record is not set from outside.
func TestSecuritySystemFieldsAreNotAssigned(t *testing.T) {
	t.Parallel()
	w := open(t)
	kept := []string{"_id", "_rev", "rev", "id", "state", "title", "created_by", "created_at", "dept", "updated_by", "version", "case", "case.state", "acl", "acl.part", "outbox",
		"uniq", "search", "sealed", "keys", "life", "sys", "sys.created_by", "data", "form", "tenant", "lease_until", "__proto__", "constructor"}
	id := w.item(t, "li", map[string]any{"name": "kept"})
	before := w.call(t, "li", "GET", items+"/"+id, nil).want(t, 200, "")
	for _, k := range kept {
		at := "/" + strings.ReplaceAll(k, "~", "~0")
		w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"name": "x", k: "wu"}}).want(t, 422, "record.invalid").equal(t, "errors.0.path", at)
		w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 1, "set": map[string]any{k: "wu"}}).want(t, 422, "record.invalid").equal(t, "errors.0.path", at)
		w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 1, "unset": []any{k}}).want(t, 422, "record.invalid").equal(t, "errors.0.path", at)
		w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"name": "x", "rows": []any{map[string]any{"what": "a", k + "x": 1}}}}).want(t, 422, "record.invalid")
		if k != "data" && k != "state" {
			w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"name": "x"}, k: "wu"}).want(t, 400, "body.json")
		}
	}
	w.call(t, "li", "GET", items+"/"+id, nil).want(t, 200, "").equal(t, "rev", json.Number("1")).equal(t, "sys.created_by", before.text("sys.created_by"))
	for _, body := range []string{`{"admin":true}`, `{"lang":"en","planes":["data:lab"]}`, `{"roles":["base.gm"]}`, `{"id":"admin"}`} {
		w.call(t, "li", "PATCH", "/api/v1/me", body).want(t, 400, "body.json")
	}
}

// Patterns are RE2: none takes longer than its text is long.
func TestSecurityPatternsDoNotHang(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := time.Now()
	evil := strings.Repeat("a", 5000) + "!"
	for _, p := range []string{`(a+)+$`, `(a|aa)+$`, `(.*a){30}$`, `^(([a-z])+.)+[A-Z]([a-z])+$`} {
		w.call(t, "li", "GET", items+query("where", `MATCHES(name, "`+p+`")`), nil)
		w.call(t, "admin", "POST", "/api/builder/v1/formula/check", map[string]any{"form": "lab.item", "text": `MATCHES("` + evil + `", "` + p + `")`, "expect": "bool"})
	}
	w.call(t, "admin", "POST", "/api/builder/v1/formula/check", map[string]any{"form": "lab.item", "text": `MATCHES(name, "a{1000}{1000}")`, "expect": "bool"})
	if took := time.Since(began); took > tooSlow {
		t.Errorf("it took %v", took)
	}
}

// Archives that are traps.
func TestSecurityArchives(t *testing.T) {
	t.Parallel()
	w := open(t)
	link := &zip.FileHeader{Name: "forms/link.yaml"}
	link.SetMode(fs.ModeSymlink | 0o777)
	nested := zipped(t, map[string]io.Reader{"pack.yaml": strings.NewReader("key: inner\n"), "forms/x.yaml": io.LimitReader(zeros{}, 100<<20)})
	for what, body := range map[string][]byte{
		"a symbolic link":       archive(t, map[*zip.FileHeader]string{{Name: "pack.yaml"}: "key: up\n", link: "/etc/passwd"}),
		"an archive in it":      zipped(t, map[string]io.Reader{"pack.yaml": strings.NewReader("key: up\n"), "forms/x.zip": bytes.NewReader(nested)}),
		"an absolute path":      zipped(t, map[string]io.Reader{"pack.yaml": strings.NewReader("key: up\n"), "/etc/cron.d/x": strings.NewReader("x")}),
		"a path of Windows":     zipped(t, map[string]io.Reader{"pack.yaml": strings.NewReader("key: up\n"), `..\..\evil.yaml`: strings.NewReader("x")}),
		"a name with NUL":       zipped(t, map[string]io.Reader{"pack.yaml": strings.NewReader("key: up\n"), "forms/a\x00.yaml": strings.NewReader("x")}),
		"a name read backwards": zipped(t, map[string]io.Reader{"pack.yaml": strings.NewReader("key: up\n"), "forms/\u202elmay.x": strings.NewReader("x")}),
		"the same name twice":   archive(t, map[*zip.FileHeader]string{{Name: "pack.yaml"}: "key: one\n", {Name: "pack.yaml", Comment: "2"}: "key: two\n"}),
		"a lie about its size":  lying(t),
	} {
		for _, way := range []string{"plan", "import"} {
			r := w.call(t, "admin", "POST", "/api/builder/v1/packs/"+way, body, "Content-Type", "application/zip")
			if r.code != 422 || r.text("code") != "publish.problems" {
				t.Errorf("%s, %s: %d %s", what, way, r.code, clip(string(r.raw)))
			}
		}
	}
}

func archive(t *testing.T, files map[*zip.FileHeader]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for h, content := range files {
		f, err := z.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// lying is an archive whose entry is larger than its head says.
func lying(t *testing.T) []byte {
	t.Helper()
	good := archive(t, map[*zip.FileHeader]string{{Name: "pack.yaml", Method: zip.Deflate}: strings.Repeat("key: up\n", 10_000)})
	at := bytes.LastIndex(good, []byte("PK\x01\x02"))
	copy(good[at+24:], []byte{8, 0, 0, 0}) // the size in the directory
	return good
}

// What the log keeps of what happens here, beside the writes of records.
func TestSecurityIsAudited(t *testing.T) {
	t.Parallel()
	w := policyNode(t)
	has := func(action string, detail ...string) {
		t.Helper()
		r := w.call(t, "admin", "GET", "/api/admin/v1/audit"+query("action", action, "limit", "50"), nil).want(t, 200, "")
		for _, d := range append(detail, `"action":"`+action+`"`) {
			if !strings.Contains(string(r.raw), d) {
				t.Errorf("the log has no %s with %s: %s", action, d, clip(string(r.raw)))
			}
		}
	}
	w.call(t, "", "POST", "/api/v1/session", map[string]any{"user": "li", "password": "not this one", "tenant": "default"}).want(t, 401, "auth.credentials")
	w.call(t, "admin", "POST", "/api/builder/v1/packs/import", labZip(t), "Content-Type", "application/zip").want(t, 200, "")
	id := w.item(t, "li", map[string]any{"name": "shown"})
	w.call(t, "li", "GET", items+"/"+id+"/reveal?field=name", nil).want(t, 200, "").equal(t, "value", "shown")
	w.call(t, "admin", "GET", "/api/admin/v1/audit/export?format=csv", nil).want(t, 200, "")
	has("login.failed", `"login":"li"`, `"reason":"auth.credentials"`)
	has("login", `"by":"admin"`)
	has("design.published", `"app":"lab"`)
	has("design.imported", `"app":"lab"`)
	has("reveal", `"field":"name"`, id, `"form":"lab.item"`)
	has("audit.exported", `"format":"csv"`)
}

// policyNode is a program of its own: what these tests decide holds for the whole organisation.
func policyNode(t *testing.T) *world {
	t.Helper()
	w, err := newSmallWorld()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		_ = w.st.Close(context.Background()) // it is thrown away
	})
	return w
}

func (w *world) settle(t *testing.T, security map[string]any, want int) reply {
	t.Helper()
	return w.call(t, "admin", "PATCH", "/api/admin/v1/settings", map[string]any{"security": security}).want(t, want, "")
}

func (w *world) enter(t *testing.T, user, password string) reply {
	t.Helper()
	return w.call(t, "", "POST", "/api/v1/session", map[string]any{"user": user, "password": password, "tenant": "default"})
}

func TestSecurityPolicies(t *testing.T) {
	t.Parallel()
	w := policyNode(t)
	w.token(t, "admin")
	w.token(t, "li")

	t.Log("networks: nobody locks himself out; keys and people from elsewhere are refused")
	w.settle(t, map[string]any{"addresses": map[string]any{"all": []any{"203.0.113.0/24"}}}, 422).equal(t, "errors.0.code", "locked_out").equal(t, "errors.0.path", "/security/addresses/all")
	w.settle(t, map[string]any{"addresses": map[string]any{"admin": []any{"nonsense"}}}, 422).equal(t, "errors.0.path", "/security/addresses/admin/0").equal(t, "errors.0.code", "cidr")
	key := w.call(t, "admin", "POST", "/api/admin/v1/keys", map[string]any{"name": "k", "user": "li", "scopes": []any{"*:read"}, "rate": 3}).want(t, 201, "").text("secret")
	ask := func() reply { return send(t, w.base, key, "GET", items, nil) }
	ask().want(t, 200, "")
	w.settle(t, map[string]any{"addresses": map[string]any{"keys": []any{"203.0.113.0/24"}, "all": []any{"127.0.0.1", "::1"}}}, 200).equal(t, "security.addresses.all.0", "127.0.0.1")
	ask().want(t, 403, "auth.address")
	w.call(t, "li", "GET", "/api/v1/me", nil).want(t, 200, "")
	w.settle(t, map[string]any{"addresses": map[string]any{}}, 200)
	for range 3 {
		ask()
	}
	if r := ask(); r.code != 429 || r.text("code") != "auth.rate" {
		t.Errorf("a key beyond its rate: %d %s", r.code, r.text("code"))
	}

	t.Log("lockout: after three failures only an administrator opens it")
	w.settle(t, map[string]any{"lockout": map[string]any{"after": 3}, "password": map[string]any{"min_length": 10, "classes": 2, "history": 3, "max_age_days": 0}}, 200)
	for range 3 {
		w.enter(t, "sun", "wrong")
	}
	w.enter(t, "sun", app.DemoPassword).want(t, 403, "auth.locked")
	w.call(t, "admin", "GET", "/api/admin/v1/users/sun/security", nil).want(t, 200, "").equal(t, "locked", true)
	w.call(t, "admin", "DELETE", "/api/admin/v1/users/sun/lock", nil).want(t, 204, "")
	w.enter(t, "sun", app.DemoPassword).want(t, 200, "")

	t.Log("password policy: told before, held at the change, forced at the next login")
	w.call(t, "", "GET", "/api/v1/session/policy?tenant=default", nil).want(t, 200, "").equal(t, "min_length", json.Number("10")).equal(t, "classes", json.Number("2"))
	w.call(t, "li", "PATCH", "/api/v1/me", map[string]any{"old_password": app.DemoPassword, "password": "alllowercase"}).want(t, 422, "auth.password").equal(t, "errors.0.code", "classes")
	w.call(t, "admin", "POST", "/api/admin/v1/users/zhou/expire-password", nil).want(t, 204, "")
	step := w.enter(t, "zhou", app.DemoPassword).want(t, 200, "").equal(t, "need", "password").equal(t, "policy.min_length", json.Number("10"))
	if step.text("token") != "" || step.head.Get("Set-Cookie") != "" {
		t.Error("a login that is not over has a session")
	}
	w.call(t, "", "POST", "/api/v1/session/password", map[string]any{"ticket": step.text("ticket"), "password": app.DemoPassword}).want(t, 422, "auth.password")
	done := w.call(t, "", "POST", "/api/v1/session/password", map[string]any{"ticket": step.text("ticket"), "password": "A new secret 1"}).want(t, 200, "")
	send(t, w.base, done.text("token"), "GET", "/api/v1/me", nil).want(t, 200, "")

	t.Log("second factor: administrators must have one; a code is good once")
	w.settle(t, map[string]any{"totp": map[string]any{"required": "admins"}}, 200)
	step = w.enter(t, "admin", app.DemoPassword).want(t, 200, "").equal(t, "need", "enrol")
	enrol := w.call(t, "", "POST", "/api/v1/session/enrol", map[string]any{"ticket": step.text("ticket")}).want(t, 200, "")
	if !strings.HasPrefix(enrol.text("qr"), "<svg") || !strings.HasPrefix(enrol.text("uri"), "otpauth://totp/") {
		t.Errorf("enrolment %s", enrol.raw)
	}
	in := w.call(t, "", "POST", "/api/v1/session/enrol/confirm", map[string]any{"ticket": step.text("ticket"), "code": codeOf(t, enrol.text("secret"))}).want(t, 200, "")
	recovery := in.text("recovery_codes.0")
	send(t, w.base, in.text("token"), "GET", "/api/admin/v1/settings", nil).want(t, 200, "")
	step = w.enter(t, "admin", app.DemoPassword).want(t, 200, "").equal(t, "need", "totp")
	next := func(code string) reply {
		return w.call(t, "", "POST", "/api/v1/session/totp", map[string]any{"ticket": step.text("ticket"), "code": code})
	}
	next(codeOf(t, enrol.text("secret"))).want(t, 422, "auth.totp")
	next(recovery).want(t, 200, "")
	next(recovery).want(t, 422, "auth.totp")
	w.call(t, "admin", "POST", "/api/v1/me/totp/remove", map[string]any{"password": app.DemoPassword, "code": in.text("recovery_codes.1")}).want(t, 422, "auth.totp_required")
	if r := send(t, w.base, step.text("ticket"), "GET", "/api/v1/me", nil); r.code != 401 {
		t.Errorf("a ticket passes for a session: %d", r.code)
	}
}

// A trusted proxy tells where a request comes from; nobody else is believed.
func TestSecurityForwardedAddresses(t *testing.T) {
	t.Parallel()
	w := policyNode(t)
	r := w.call(t, "admin", "GET", "/api/admin/v1/settings", nil, "X-Forwarded-For", "203.0.113.9").want(t, 200, "")
	if a := r.text("your_address"); a != "127.0.0.1" && a != "::1" {
		t.Errorf("a header is believed: %s", a)
	}
}
