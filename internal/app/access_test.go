package app_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/rbac"
)

// apart is a small world of its own, for tests that change whom it lets do what.
func apart(t *testing.T) *world {
	t.Helper()
	w, err := newSmallWorld()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.stop(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// without takes one policy away on the node of a world.
func (w *world) without(t *testing.T, domain, rule string) {
	t.Helper()
	s, err := w.Host.Tenant(context.Background(), app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Policies(func(e *rbac.Engine) (*rbac.Engine, error) { return e.Without(domain, strings.Fields(rule)...) })
	if err != nil {
		t.Fatal(err)
	}
}

// planes puts somebody on planes of administration.
func (w *world) planes(t *testing.T, user string, planes ...string) {
	t.Helper()
	w.call(t, "admin", "PATCH", "/api/admin/v1/users/"+user, map[string]any{"planes": planes}).want(t, 200, "")
}

// Every answer comes from a policy of the enforcer: without it, the answer is another.
func TestAccessWithoutAPolicy(t *testing.T) {
	t.Parallel()
	w := apart(t)
	id := w.item(t, "li", map[string]any{"name": "held by policies"})
	path := items + "/" + id
	w.planes(t, "sun", "org")
	steps := []struct{ app, rule, who, method, path, before, after string }{
		{"lab", "p group:clerks lab item history", "li", "GET", path + "/explain?op=history", "true", "false"},
		{"lab", "p group:clerks lab item edit", "li", "PATCH", path, "200", "403"},
		{"lab", "p group:clerks lab item view", "li", "GET", path, "200", "404"},
		{"lab", "g role:base.cost_engineer group:clerks lab", "li", "GET", items, "200", "404"},
		{"lab", "p administrators lab * *", "admin", "GET", path, "200", "404"},
		{rbac.Administration, "p organisation_administrators administration org administer", "sun", "GET", "/api/admin/v1/users", "200", "404"},
		{rbac.Administration, "p platform_administrators administration * administer", "admin", "GET", "/api/admin/v1/settings", "200", "404"},
	}
	rev := 0
	ask := func(s struct{ app, rule, who, method, path, before, after string }) string {
		var body any
		if s.method == "PATCH" {
			rev++
			body = map[string]any{"rev": rev, "set": map[string]any{"note": unique("n")}}
		}
		r := w.call(t, s.who, s.method, s.path, body)
		if strings.Contains(s.path, "/explain") && r.code == 200 {
			if r.at("allowed") == true {
				return "true"
			}
			return "false"
		}
		return itoa(int64(r.code))
	}
	for _, s := range steps {
		if got := ask(s); got != s.before {
			t.Fatalf("%s %s with all policies: %s, want %s", s.method, s.path, got, s.before)
		}
		w.without(t, s.app, s.rule)
		if got := ask(s); got != s.after {
			t.Errorf("%s %s without %q: %s, want %s", s.method, s.path, s.rule, got, s.after)
		}
	}
}

// What each plane of administration reaches, and what not.
func TestAccessPlanes(t *testing.T) {
	t.Parallel()
	w := apart(t)
	id := w.item(t, "li", map[string]any{"name": "of li"})
	w.planes(t, "sun", "org")
	w.planes(t, "wu", "app:lab")
	w.planes(t, "wang", "data:lab")
	const check = "/api/builder/v1/formula/check"
	formula := func(form string) any { return map[string]any{"form": form, "text": "1 + 1"} }
	for _, c := range []struct {
		method, path string
		body         any
		want         map[string]string // by person: sun org, wu app:lab, wang data:lab, li nothing
	}{
		{"GET", "/api/admin/v1/users", nil, map[string]string{"admin": "200", "sun": "200", "wu": "404", "wang": "404", "li": "404"}},
		{"GET", "/api/admin/v1/depts", nil, map[string]string{"admin": "200", "sun": "200", "wu": "404", "wang": "404", "li": "404"}},
		{"GET", "/api/admin/v1/roles", nil, map[string]string{"admin": "200", "sun": "200", "wu": "404", "wang": "404", "li": "404"}},
		{"GET", "/api/admin/v1/keys", nil, map[string]string{"admin": "200", "sun": "404", "wu": "404", "wang": "404", "li": "404"}},
		{"GET", "/api/admin/v1/settings", nil, map[string]string{"admin": "200", "sun": "404", "wu": "404", "wang": "404"}},
		{"GET", "/api/admin/v1/audit", nil, map[string]string{"admin": "200", "sun": "404", "wu": "404", "wang": "404"}},
		{"GET", "/api/builder/v1/apps", nil, map[string]string{"admin": "200", "sun": "404", "wu": "200", "wang": "404", "li": "404"}},
		{"POST", check, formula("lab.item"), map[string]string{"admin": "200", "wu": "200", "wang": "404"}},
		{"POST", check, formula("base.project"), map[string]string{"admin": "200", "wu": "404"}},
		{"GET", items + "/" + id, nil, map[string]string{"admin": "200", "sun": "404", "wu": "404", "wang": "200", "li": "200"}},
		{"GET", "/api/admin/v1/explain?form=lab.item&user=li", nil, map[string]string{"admin": "200", "sun": "404", "wu": "200", "wang": "200", "li": "404"}},
		{"GET", "/api/admin/v1/explain?form=lab.item&user=li&record=" + id, nil, map[string]string{"admin": "200", "wu": "404", "wang": "200"}},
		{"GET", "/api/admin/v1/explain?form=base.project&user=li", nil, map[string]string{"admin": "200", "wu": "404", "wang": "404"}},
		{"GET", items + "/" + id + "/explain?user=zhao", nil, map[string]string{"admin": "200", "wang": "200", "li": "403"}},
	} {
		for who, want := range c.want {
			if got := itoa(int64(w.call(t, who, c.method, c.path, c.body).code)); got != want {
				t.Errorf("%s %s by %s: %s, want %s", c.method, c.path, who, got, want)
			}
		}
	}
	for who, want := range map[string][]any{"admin": {"platform"}, "sun": {"org"}, "wu": {"app:lab"}, "wang": {"data:lab"}, "li": {}} {
		w.call(t, who, "GET", "/api/v1/me", nil).want(t, 200, "").equal(t, "user.planes", want)
	}
	w.call(t, "wu", "GET", "/api/builder/v1/apps", nil).want(t, 200, "").equal(t, "items.0.key", "lab")
}

// Whoever designs an app gives himself none of its data by it.
func TestAccessDesignWithoutData(t *testing.T) {
	t.Parallel()
	w := apart(t)
	w.planes(t, "wu", "app:lab")
	zip := func(change ...string) reply {
		t.Helper()
		return w.call(t, "wu", "POST", "/api/builder/v1/packs/import", labZip(t, change...), "Content-Type", "application/zip")
	}
	zip().want(t, 200, "")
	all := "groups:\n  - {key: all, form: item, members: [{everyone: true}], can: [view]}\n"
	zip("access/lab.yaml", "groups:\n", all).want(t, 403, "access.own_rights")
	me := "groups:\n  - {key: all, form: item, members: [{user: wu}], can: [view]}\n"
	zip("access/lab.yaml", "groups:\n", me).want(t, 403, "access.own_rights")
	other := "groups:\n  - {key: all, form: item, members: [{user: li}], can: [view]}\n"
	zip("access/lab.yaml", "groups:\n", other).want(t, 200, "")
	zip("pack.yaml", "key: lab", "key: lab2").want(t, 403, "design.forbidden")
	w.planes(t, "wu", "app:lab", "data:lab")
	zip("access/lab.yaml", "groups:\n", all).want(t, 200, "")
}

// Nor by what a definition reads of other forms with the rights of the app.
func TestAccessDesignReachesNoOtherData(t *testing.T) {
	t.Parallel()
	w := apart(t)
	mine := []string{"access/lab.yaml", "groups:\n", "groups:\n  - {key: mine, form: req, members: [{user: wu}], can: [view, create]}\n"}
	zip := func(who string, change ...string) reply {
		t.Helper()
		return w.call(t, who, "POST", "/api/builder/v1/packs/import", labZip(t, append(mine, change...)...), "Content-Type", "application/zip")
	}
	zip("admin").want(t, 200, "")
	w.planes(t, "wu", "app:lab")
	field := func(def string) []string { return []string{"forms/req.yaml", "answer:", def + "\n    answer:"} }
	for name, change := range map[string][]string{
		"a LOOKUP into another app":       field(`peek: {title: {en: P, zh-CN: P}, x-field: {type: formula, resultType: text, formula: 'LOOKUP("base.project", code == subject, name)'}}`),
		"through a relation":              field(`pro: {title: {en: P, zh-CN: P}, x-field: {type: relation, form: base.project}}` + "\n    " + `peek: {title: {en: P, zh-CN: P}, x-field: {type: formula, resultType: text, formula: 'CONCAT(pro.name)'}}`),
		"a lookup field":                  field(`pro: {title: {en: P, zh-CN: P}, x-field: {type: relation, form: base.project}}` + "\n    " + `peek: {title: {en: P, zh-CN: P}, x-field: {type: lookup, via: pro, field: name}}`),
		"a form of the app he cannot see": field(`peek: {title: {en: P, zh-CN: P}, x-field: {type: formula, resultType: text, formula: 'LOOKUP("lab.item", code == subject, name)'}}`),
		"a node that writes there":        {"flows/req.yaml", "settings:", "  - {id: reach, type: data, data: {op: create, form: base.party, set: {name: subject}}}\nsettings:"},
	} {
		zip("wu", change...).want(t, 403, "access.own_reach")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	relation := field(`pro: {title: {en: P, zh-CN: P}, x-field: {type: relation, form: base.project}}`)
	zip("wu", relation...).want(t, 200, "") // choosing is with the chooser's rights
	lookup := field(`peek: {title: {en: P, zh-CN: P}, x-field: {type: formula, resultType: text, formula: 'LOOKUP("base.project", code == subject, name)'}}`)
	w.planes(t, "wu", "app:lab", "data:base")
	zip("wu", lookup...).want(t, 200, "")
	w.planes(t, "wu", "app:lab")
	zip("wu", lookup...).want(t, 200, "") // it is there already
}

// Whoever administers the organisation reaches no further than he stands.
func TestAccessNobodyRaisesHisOwnRights(t *testing.T) {
	t.Parallel()
	w := apart(t)
	w.planes(t, "sun", "org")
	w.planes(t, "wu", "data:lab")
	user := func(id string) string { return "/api/admin/v1/users/" + id }
	role := func(users ...string) map[string]any {
		holders := []any{}
		for _, u := range users {
			holders = append(holders, map[string]any{"user": u, "depts": []string{}})
		}
		return map[string]any{"holders": holders}
	}
	for _, c := range []struct {
		name, method, path string
		body               any
		status             int
		code               string
	}{
		{"a role for himself", "PUT", "/api/admin/v1/roles/base.gm", role("sun"), 403, "org.own_rights"},
		{"a role for another", "PUT", "/api/admin/v1/roles/base.gm", role("zhou"), 200, ""},
		{"another department for himself", "PATCH", user("sun"), map[string]any{"depts": []string{"cost"}}, 403, "org.own_rights"},
		{"head of a department", "PATCH", "/api/admin/v1/depts/cost", map[string]any{"heads": []string{"sun"}}, 403, "org.own_rights"},
		{"administrator himself", "PATCH", user("sun"), map[string]any{"admin": true}, 403, "org.plane"},
		{"administrator another", "PATCH", user("li"), map[string]any{"admin": true}, 403, "org.plane"},
		{"a new administrator", "POST", "/api/admin/v1/users", map[string]any{"login": unique("boss"), "name": "B", "admin": true}, 403, "org.plane"},
		{"a plane he is not on", "PATCH", user("li"), map[string]any{"planes": []string{"data:lab"}}, 403, "org.plane"},
		{"for himself too", "PATCH", user("sun"), map[string]any{"planes": []string{"org", "data:lab"}}, 403, "org.plane"},
		{"taking a plane he is not on", "PATCH", user("wu"), map[string]any{"planes": []string{}}, 403, "org.plane"},
		{"his own plane for another", "PATCH", user("zhou"), map[string]any{"planes": []string{"org"}}, 200, ""},
		{"a platform administrator", "PATCH", user("admin"), map[string]any{"name": "x"}, 403, "org.protected"},
		{"who leaves", "POST", user("admin") + "/leave", nil, 403, "org.protected"},
		{"into his account", "POST", user("admin") + "/password-link", nil, 403, "org.protected"},
		{"out of his account", "DELETE", user("admin") + "/sessions", nil, 403, "org.protected"},
		{"into the account of a data administrator", "POST", user("wu") + "/password-link", nil, 403, "org.protected"},
		{"whose name he may change", "PATCH", user("wu"), map[string]any{"name": "吴工"}, 200, ""},
		{"into the account of anybody else", "POST", user("li") + "/password-link", nil, 201, ""},
		{"an unknown plane", "PATCH", user("li"), map[string]any{"planes": []string{"everything"}}, 403, "org.plane"},
	} {
		t.Run(c.name, func(t *testing.T) { w.call(t, "sun", c.method, c.path, c.body).want(t, c.status, c.code) })
	}
	w.call(t, "admin", "PATCH", user("li"), map[string]any{"planes": []string{"everything"}}).want(t, 422, "org.user")
}

// A department's name by which groups mean records is changed by nobody whose
// records these become.
func TestAccessNamesOfDepartmentsRaiseNobody(t *testing.T) {
	t.Parallel()
	w := apart(t)
	w.planes(t, "sun", "org")
	// Names as apps mean them: of a range, and of members.
	named := "groups:\n  - {key: by_range, form: item, members: [{user: sun}], can: [view], rows: 'depts:档案室'}\n" +
		"  - {key: twins, form: item, members: [{user: sun}], can: [view], rows: 'depts:双子'}\n" +
		"  - {key: others, form: item, members: [{user: li}], can: [view], rows: 'depts:车队'}\n"
	w.call(t, "admin", "POST", "/api/builder/v1/packs/import", labZip(t, "access/lab.yaml", "groups:\n", named), "Content-Type", "application/zip").want(t, 200, "")
	dept := func(name, parent string) string {
		return w.call(t, "admin", "POST", "/api/admin/v1/depts", map[string]any{"name": name, "parent": parent}).want(t, 201, "").text("item.id")
	}
	a, top := dept("甲", ""), dept("乙", "")
	twin := dept("双子", a)
	dept("双子", top)
	const at = "/api/admin/v1/depts/"
	for _, c := range []struct {
		name, method, path string
		body               any
		status             int
		code               string
	}{
		{"a name of a range of his", "PATCH", at + a, map[string]any{"name": "档案室"}, 403, "org.own_rights"},
		{"made with that name", "POST", "/api/admin/v1/depts", map[string]any{"name": "档案室"}, 403, "org.own_rights"},
		{"one of two gives its name up", "PATCH", at + twin, map[string]any{"name": "独子"}, 403, "org.own_rights"},
		{"one of two goes", "DELETE", at + twin, nil, 403, "org.own_rights"},
		{"a name of a range of another", "PATCH", at + a, map[string]any{"name": "车队"}, 200, ""},
		{"any other name", "PATCH", at + a, map[string]any{"name": "丙"}, 200, ""},
		{"by the platform's administrator", "PATCH", at + a, map[string]any{"name": "档案室"}, 200, ""},
	} {
		who := "sun"
		if strings.HasPrefix(c.name, "by the platform") {
			who = "admin"
		}
		t.Run(c.name, func(t *testing.T) { w.call(t, who, c.method, c.path, c.body).want(t, c.status, c.code) })
	}
}

// A form without any right answers as one that there is not, on every route.
func TestAccessUnknownAndForbiddenAnswerAlike(t *testing.T) {
	t.Parallel()
	w := openSmall(t)
	hidden, missing := "lab.item", "lab.nothing"
	id := w.item(t, "li", map[string]any{"name": "x"})
	for _, r := range routes() {
		if r.Need != httpkit.User || !strings.Contains(r.Path, ":form") && !strings.HasPrefix(r.Path, "/api/v1/cases/:id") && !strings.HasPrefix(r.Path, "/api/v1/tasks/:id") {
			continue
		}
		ask := func(form string) (int, string) {
			path := strings.NewReplacer(":form", form, ":field", "name", ":action", "urge", ":task", "1").Replace(r.Path)
			path = strings.Replace(path, "cases/:id", "cases/"+form+"."+id, 1)
			path = strings.Replace(path, "tasks/:id", "tasks/"+form+"."+id+".1", 1)
			if strings.HasSuffix(path, "explain") && strings.Contains(path, "cases") {
				path += "?node=start"
			}
			path = strings.Replace(path, ":id", id, 1)
			a := w.call(t, "wu", r.Method, path, map[string]any{})
			return a.code, a.text("code") + " " + a.text("title") + " " + strings.ReplaceAll(a.text("detail"), form, "")
		}
		status, code := ask(hidden)
		status2, code2 := ask(missing)
		if status != status2 || code != code2 || status == 200 {
			t.Errorf("%s %s: a form without a right answers %d %s, one that there is not %d %s", r.Method, r.Path, status, code, status2, code2)
		}
	}
}

// Whoever has left comes in by nothing, and by nothing old when he is back.
func TestAccessLeaverLosesHisKeys(t *testing.T) {
	t.Parallel()
	w := open(t)
	login := unique("leaver")
	id := w.call(t, "admin", "POST", "/api/admin/v1/users", map[string]any{"login": login, "name": "走的人"}).want(t, 201, "").text("item.id")
	made := w.call(t, "admin", "POST", "/api/admin/v1/keys", map[string]any{"name": "his", "user": id, "scopes": []string{"*:view"}}).want(t, 201, "")
	key := made.text("secret")
	send(t, w.base, key, "GET", "/api/v1/me", nil).want(t, 200, "")
	w.call(t, "admin", "POST", "/api/admin/v1/users/"+id+"/leave", nil).want(t, 204, "")
	send(t, w.base, key, "GET", "/api/v1/me", nil).want(t, 401, "")
	w.call(t, "admin", "PATCH", "/api/admin/v1/users/"+id, map[string]any{"state": "active"}).want(t, 200, "")
	send(t, w.base, key, "GET", "/api/v1/me", nil).want(t, 401, "auth.key_invalid")
	for _, k := range w.call(t, "admin", "GET", "/api/admin/v1/keys", nil).want(t, 200, "").list("items") {
		if m, _ := k.(map[string]any); m["user"] == id {
			t.Errorf("his key is still there: %v", m)
		}
	}
}

// Explanations are in words, name who decided, and tell nobody of others.
func TestAccessExplains(t *testing.T) {
	t.Parallel()
	w := open(t)
	path := items + "/" + w.item(t, "li", map[string]any{"name": "explained"})
	own := w.call(t, "li", "GET", path+"/explain?op=edit&field=name", nil).want(t, 200, "")
	own.equal(t, "allowed", true).equal(t, "reasons.0.group", "clerks").equal(t, "field.right", "write")
	if text := own.text("text"); !strings.Contains(text, "您") || !strings.Contains(text, "权限组“经办”") || !strings.Contains(text, "修改") {
		t.Errorf("text %q", text)
	}
	denied := w.call(t, "li", "GET", path+"/explain?op=approve", nil).want(t, 200, "").equal(t, "allowed", false)
	if strings.Contains(string(denied.raw), "keepers") || strings.Contains(string(denied.raw), "管理") && strings.Contains(string(denied.raw), "财务") {
		t.Errorf("he is told of groups that he is not in: %s", denied.raw)
	}
	w.call(t, "li", "GET", path+"/explain?field=secret", nil).want(t, 400, "explain.field") // it is hidden from him everywhere
	w.call(t, "li", "GET", path+"/explain?field=rows.cost", nil).want(t, 400, "explain.field")

	admin := w.call(t, "admin", "GET", path+"/explain?user=li&op=view&field=secret", nil).want(t, 200, "")
	admin.equal(t, "field.right", "hidden").equal(t, "field.reasons.0.code", "field_limited")
	if text := admin.text("field.text"); !strings.Contains(text, "李娜") || !strings.Contains(text, "隐藏") {
		t.Errorf("field text %q", text)
	}
	matrix := w.call(t, "admin", "GET", "/api/admin/v1/explain?form=lab.item&user=wu&record="+path[strings.LastIndex(path, "/")+1:], nil).want(t, 200, "")
	if !slices.ContainsFunc(matrix.list("ops"), func(x any) bool {
		m, _ := x.(map[string]any)
		text, _ := m["text"].(string)
		return m["op"] == "view" && m["allowed"] == false && text != ""
	}) {
		t.Errorf("the matrix says nothing of viewing: %s", clip(string(matrix.raw)))
	}
	if n := len(matrix.list("fields")); n < 8 {
		t.Errorf("the matrix has %d fields", n)
	}
}

// Why somebody is asked: the source and the policy, in words.
func TestAccessExplainsApprovers(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.req(t, "li")
	r := w.call(t, "li", "GET", "/api/v1/cases/lab.req."+id+"/explain?node=either", nil).want(t, 200, "")
	if len(r.list("items")) == 0 || r.text("items.0.from.0.kind") != "role" {
		t.Fatalf("%s", r.raw)
	}
	if text := r.text("text"); !strings.Contains(text, "持有角色") {
		t.Errorf("text %q", text)
	}
	task := w.task(t, "zhao", "lab.req", id)
	w.call(t, "zhao", "GET", "/api/v1/cases/lab.req."+id+"/explain?task="+task, nil).want(t, 200, "").equal(t, "items.0.user", "zhao")
}

// A field that somebody sees only as a mask is in the form he is given, and
// shown in the clear only to whom revealing is granted.
func TestAccessMaskedFieldsAreShownAsMasks(t *testing.T) {
	t.Parallel()
	w := open(t)
	form := w.call(t, "zhao", "GET", "/api/v1/forms/labour.worker", nil).want(t, 200, "")
	if !slices.ContainsFunc(form.list("fields"), func(x any) bool {
		m, _ := x.(map[string]any)
		return m["key"] == "id_no" && m["right"] == "masked" && m["sensitive"] == true
	}) {
		t.Errorf("the form has no masked field: %s", clip(string(form.raw)))
	}
	l := w.call(t, "zhao", "GET", "/api/v1/forms/labour.worker/records?limit=1", nil).want(t, 200, "")
	id, masked := l.text("items.0.id"), l.text("items.0.data.id_no")
	if len(masked) != 18 || !strings.Contains(masked, "********") {
		t.Errorf("shown as %q", masked)
	}
	path := "/api/v1/forms/labour.worker/records/" + id + "/reveal?field=id_no"
	clear := w.call(t, "zhao", "GET", path, nil).want(t, 200, "").text("value")
	if strings.Contains(clear, "*") || clear[:6] != masked[:6] {
		t.Errorf("revealed %q for %q", clear, masked)
	}
	w.call(t, "sun", "GET", path, nil).want(t, 403, "record.reveal_forbidden")
}
