package app_test

import (
	"strings"
	"sync"
	"testing"
)

const items = "/api/v1/forms/lab.item/records"

// row finds a row of the subtable by what it says.
func row(t *testing.T, r reply, what string) map[string]any {
	t.Helper()
	for _, x := range r.list("data.rows") {
		if m := x.(map[string]any); m["what"] == what {
			return m
		}
	}
	t.Fatalf("there is no row %q in %v", what, r.at("data.rows"))
	return nil
}

// kept makes an item with what li may not see.
func (w *world) kept(t *testing.T) (id string, first reply) {
	t.Helper()
	r := w.call(t, "zhao", "POST", items, map[string]any{"data": map[string]any{"name": "kept", "secret": "900.50", "note": "n",
		"rows": []any{map[string]any{"what": "a", "qty": 1, "cost": 10}, map[string]any{"what": "b", "qty": 2, "cost": 20}}}}).want(t, 201, "")
	return r.text("id"), r
}

// A patch loses neither a hidden field nor a hidden column nor a row it does not name.
func TestPatchKeepsWhatItDoesNotName(t *testing.T) {
	t.Parallel()
	w := open(t)
	id, first := w.kept(t)
	r := w.call(t, "li", "GET", items+"/"+id, nil).want(t, 200, "")
	r.equal(t, "data.secret", nil).equal(t, "rights.fields.secret", "hidden")
	if c := row(t, r, "a")["cost"]; c != nil {
		t.Errorf("li sees the cost %v", c)
	}
	body := map[string]any{"rev": 1, "set": map[string]any{"name": "renamed"}, "unset": []string{"note"},
		"rows": map[string]any{"rows": map[string]any{"change": []any{map[string]any{"id": row(t, first, "a")["id"], "qty": 5}},
			"add": []any{map[string]any{"what": "c", "qty": 7}}}}}
	w.call(t, "li", "PATCH", items+"/"+id, body).want(t, 200, "").amount(t, "data.total", "14").equal(t, "data.note", nil)
	r = w.call(t, "zhao", "GET", items+"/"+id, nil).want(t, 200, "").amount(t, "data.secret", "900.50").equal(t, "data.name", "renamed")
	if a, b := row(t, r, "a"), row(t, r, "b"); a["cost"] != "10" || b["cost"] != "20" || a["qty"] != "5" || b["qty"] != "2" {
		t.Errorf("rows are %v", r.at("data.rows"))
	}
}

// Replacing the list of rows by what li sees of it keeps the columns he does not see.
func TestPatchWholeListKeepsHiddenColumns(t *testing.T) {
	t.Parallel()
	w := open(t)
	id, _ := w.kept(t)
	seen := w.call(t, "li", "GET", items+"/"+id, nil).want(t, 200, "").list("data.rows")
	seen[0].(map[string]any)["qty"] = "4"
	w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 1, "set": map[string]any{"rows": seen}}).want(t, 200, "")
	r := w.call(t, "zhao", "GET", items+"/"+id, nil).want(t, 200, "")
	if a, b := row(t, r, "a"), row(t, r, "b"); a["cost"] != "10" || b["cost"] != "20" || a["qty"] != "4" {
		t.Errorf("rows are %v", r.at("data.rows"))
	}
}

// Two people change different rows: the second is told what changed, and loses nothing.
func TestPatchStaleTellsWhatChanged(t *testing.T) {
	t.Parallel()
	w := open(t)
	id, first := w.kept(t)
	change := func(what string, qty int) map[string]any {
		return map[string]any{"rows": map[string]any{"change": []any{map[string]any{"id": row(t, first, what)["id"], "qty": qty}}}}
	}
	w.call(t, "zhao", "PATCH", items+"/"+id, map[string]any{"rev": 1, "rows": change("a", 11), "set": map[string]any{"secret": "1000"}}).want(t, 200, "").equal(t, "data.name", "kept")
	r := w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 1, "rows": change("b", 22)}).want(t, 409, "record.stale")
	r.equal(t, "params.updated_by", "zhao")
	if r.int("params.rev") != 2 || r.text("params.updated_at") == "" {
		t.Errorf("params %v", r.at("params"))
	}
	said := string(r.raw)
	if len(r.list("params.changes")) != 1 || !strings.Contains(said, `"field":"rows"`) || !strings.Contains(said, `"after":{"qty":"11"}`) {
		t.Errorf("it does not tell what changed: %s", said)
	}
	if strings.Contains(said, "secret") || strings.Contains(said, "1000") || strings.Contains(said, "cost") {
		t.Errorf("it tells li what he may not see: %s", said)
	}
	w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 2, "rows": change("b", 22)}).want(t, 200, "")
	r = w.call(t, "zhao", "GET", items+"/"+id, nil).want(t, 200, "")
	if row(t, r, "a")["qty"] != "11" || row(t, r, "b")["qty"] != "22" {
		t.Errorf("a change is lost: %v", r.at("data.rows"))
	}
}

// Many at once: each acknowledged patch is in the record, each refused one is not.
func TestPatchManyAtOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.item(t, "li", map[string]any{"name": "counter", "n": 0})
	w.token(t, "li")
	var all sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 6 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 5 {
				r := w.call(t, "li", "GET", items+"/"+id, nil)
				n := r.text("data.n")
				r = w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": r.int("rev"), "set": map[string]any{"n": n + "0"[:0], "note": unique("n")}})
				switch r.code {
				case 200:
					mu.Lock()
					done++
					mu.Unlock()
				case 409:
				default:
					t.Errorf("%d %s", r.code, r.raw)
				}
			}
		}()
	}
	all.Wait()
	r := w.call(t, "li", "GET", items+"/"+id, nil).want(t, 200, "")
	if got := r.int("rev"); got != int64(done)+1 {
		t.Errorf("%d patches were acknowledged and the record is at revision %d", done, got)
	}
	if n := len(w.call(t, "li", "GET", items+"/"+id+"/history", nil).list("items")); n != done {
		t.Errorf("%d patches were acknowledged and the history has %d", done, n)
	}
}

func TestDraftIsItsAuthorsAlone(t *testing.T) {
	t.Parallel()
	w := open(t)
	mark := unique("half-")
	r := w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"note": mark}, "submit": false}).want(t, 201, "").equal(t, "state", "draft")
	id := r.text("id")
	for _, who := range []string{"zhao", "zhou", "admin"} {
		w.call(t, who, "GET", items+"/"+id, nil).want(t, 404, "record.not_found")
		w.call(t, who, "PATCH", items+"/"+id, map[string]any{"rev": 1, "submit": true}).want(t, 404, "record.not_found")
		for _, path := range []string{items + query("limit", "200"), items + query("q", mark), items + query("drafts", "true")} {
			if r := w.call(t, who, "GET", path, nil).want(t, 200, ""); strings.Contains(string(r.raw), id) {
				t.Errorf("%s sees the draft by %s", who, path)
			}
		}
	}
	if r := w.call(t, "li", "GET", items+query("drafts", "true", "limit", "200"), nil); !strings.Contains(string(r.raw), id) {
		t.Error("li does not find his draft")
	}
	w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 1, "submit": true}).want(t, 422, "record.invalid")
	w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 1, "set": map[string]any{"name": "whole"}, "submit": true}).want(t, 200, "").equal(t, "state", "active")
	w.call(t, "zhao", "GET", items+"/"+id, nil).want(t, 200, "").equal(t, "data.name", "whole")
}

// A draft of a form with a flow starts when it is submitted, once.
func TestDraftStartsItsFlowWhenSubmitted(t *testing.T) {
	t.Parallel()
	w := open(t)
	const reqs = "/api/v1/forms/lab.req/records"
	r := w.call(t, "li", "POST", reqs, map[string]any{"data": map[string]any{"subject": "later"}, "submit": false}).want(t, 201, "")
	r.equal(t, "case.state", "draft").equal(t, "data.no", nil)
	w.call(t, "zhao", "GET", reqs+"/"+r.text("id"), nil).want(t, 404, "record.not_found")
	r = w.call(t, "li", "PATCH", reqs+"/"+r.text("id"), map[string]any{"rev": 1, "submit": true}).want(t, 200, "")
	r.equal(t, "case.state", "running").equal(t, "case.handlers", []any{"zhao", "chen"})
	if r.text("data.no") == "" {
		t.Error("it has no number")
	}
	w.call(t, "zhao", "GET", reqs+"/"+r.text("id"), nil).want(t, 200, "")
}

func TestTrashAndBack(t *testing.T) {
	t.Parallel()
	w := open(t)
	code := unique("T-")
	id := w.item(t, "li", map[string]any{"name": "deleted", "code": code, "rows": []any{map[string]any{"what": "a", "qty": 3}}})
	w.call(t, "li", "DELETE", items+"/"+id+"?rev=1", nil).want(t, 204, "")
	w.call(t, "li", "GET", items+"/"+id, nil).want(t, 404, "record.not_found")
	if r := w.call(t, "li", "GET", "/api/v1/forms/lab.item/trash", nil).want(t, 200, ""); !strings.Contains(string(r.raw), id) {
		t.Errorf("it is not in the trash: %s", clip(string(r.raw)))
	}
	if r := w.call(t, "zhao", "GET", "/api/v1/forms/lab.item/trash", nil).want(t, 200, ""); strings.Contains(string(r.raw), id) {
		t.Error("zhao may restore nothing and sees it in the trash")
	}
	taker := w.item(t, "li", map[string]any{"name": "took the code", "code": code})
	w.call(t, "li", "POST", items+"/"+id+"/restore", nil).want(t, 409, "record.duplicate").equal(t, "errors.0.path", "/code")
	w.call(t, "li", "DELETE", items+"/"+taker, nil).want(t, 204, "")
	r := w.call(t, "li", "POST", items+"/"+id+"/restore", nil).want(t, 200, "")
	r.equal(t, "data.code", code).equal(t, "state", "active").amount(t, "data.total", "3")
	w.call(t, "li", "GET", items+"/"+id, nil).want(t, 200, "").equal(t, "data.name", "deleted")
	w.call(t, "li", "POST", items+"/"+id+"/restore", nil).want(t, 404, "record.not_found")
}

// Restoring is no way round the checks: a draft comes back as a draft.
func TestTrashGivesADraftBackAsADraft(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"note": "no name yet"}, "submit": false}).want(t, 201, "").text("id")
	w.call(t, "li", "DELETE", items+"/"+id, nil).want(t, 204, "")
	r := w.call(t, "li", "POST", items+"/"+id+"/restore", nil)
	if r.code == 200 && r.text("state") != "draft" {
		t.Errorf("a draft without its required fields came back as %s", r.text("state"))
	}
	w.call(t, "zhao", "GET", items+"/"+id, nil).want(t, 404, "record.not_found")
}

func TestUniqueNamesItsField(t *testing.T) {
	t.Parallel()
	w := open(t)
	code := unique("U-")
	w.token(t, "li")
	codes := make([]int, 8)
	var all sync.WaitGroup
	for i := range codes {
		all.Add(1)
		go func() {
			defer all.Done()
			codes[i] = w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"name": "unique", "code": code}}).code
		}()
	}
	all.Wait()
	made := 0
	for _, c := range codes {
		if c == 201 {
			made++
		} else if c != 409 {
			t.Errorf("answer %d", c)
		}
	}
	if made != 1 {
		t.Errorf("%d records have the unique value", made)
	}
	r := w.call(t, "li", "POST", items, map[string]any{"data": map[string]any{"name": "again", "code": code}}).want(t, 409, "record.duplicate")
	r.equal(t, "errors.0.path", "/code").equal(t, "errors.0.code", "duplicate").equal(t, "errors.0.message", "已有相同的数据")
	id := w.item(t, "li", map[string]any{"name": "other", "code": unique("U-")})
	w.call(t, "li", "PATCH", items+"/"+id, map[string]any{"rev": 1, "set": map[string]any{"code": code}}).want(t, 409, "record.duplicate")
	w.call(t, "li", "GET", items+"/"+id, nil).want(t, 200, "").equal(t, "data.name", "other")
}

// What may not be read cannot be found by asking: neither by searching nor sorting nor filtering.
func TestHiddenFieldsAreNotFoundByAsking(t *testing.T) {
	t.Parallel()
	w := open(t)
	mark := unique("needle")
	id := w.call(t, "zhao", "POST", items, map[string]any{"data": map[string]any{"name": mark, "secret": "123456.78", "rows": []any{map[string]any{"what": "x", "cost": "77"}}}}).
		want(t, 201, "").text("id")
	for _, f := range []string{`{"path":"secret","op":"ge","value":"1"}`, `{"path":"rows.cost","op":"eq","value":"77"}`, `{"not":{"path":"secret","op":"lt","value":"1"}}`,
		`{"path":"rows","op":"elem","value":{"path":"cost","op":"eq","value":"77"}}`, `{"path":"secret","op":"exists","value":true}`} {
		w.call(t, "li", "GET", items+query("filter", f), nil).want(t, 400, "list.field")
		r := w.call(t, "zhao", "GET", items+query("filter", `{"and":[{"path":"name","op":"eq","value":"`+mark+`"},`+f+`]}`), nil).want(t, 200, "")
		if len(r.list("items")) != 1 || r.text("items.0.id") != id {
			t.Errorf("zhao does not find it by %s: %s", f, clip(string(r.raw)))
		}
	}
	w.call(t, "li", "GET", items+query("sort", "-secret"), nil).want(t, 400, "unknown_field")
	w.call(t, "li", "POST", "/api/v1/forms/lab.item/evaluate", map[string]any{"data": map[string]any{"name": "x", "secret": 1}}).want(t, 200, "").equal(t, "errors.0.code", "unknown_field")
	r := w.call(t, "li", "GET", "/api/v1/forms/lab.item", nil).want(t, 200, "")
	if s := string(r.raw); strings.Contains(s, `"secret"`) || strings.Contains(s, `"cost"`) {
		t.Errorf("the form tells li of hidden fields: %s", clip(s))
	}
}

// Pages are stable, complete and free of repeats, whatever the order.
func TestListPages(t *testing.T) {
	t.Parallel()
	w := open(t)
	mark := unique("page")
	for i := range 7 {
		w.item(t, "li", map[string]any{"name": mark, "n": i % 3})
	}
	filter := `{"path":"name","op":"eq","value":"` + mark + `"}`
	for _, sort := range []string{"", "n", "-n,sys.created_at", "name"} {
		seen, cursor := map[string]bool{}, ""
		for {
			r := w.call(t, "li", "GET", items+query("filter", filter, "sort", sort, "limit", "3", "cursor", cursor, "total", "true"), nil).want(t, 200, "")
			if r.int("total") != 7 {
				t.Errorf("total %d", r.int("total"))
			}
			for _, x := range r.list("items") {
				id := x.(map[string]any)["id"].(string)
				if seen[id] {
					t.Errorf("sort %q gives %s twice", sort, id)
				}
				seen[id] = true
			}
			if cursor = r.text("next_cursor"); cursor == "" {
				break
			}
		}
		if len(seen) != 7 {
			t.Errorf("sort %q gives %d of 7", sort, len(seen))
		}
	}
	r := w.call(t, "li", "GET", items+query("filter", filter, "limit", "3"), nil)
	w.call(t, "li", "GET", items+query("filter", filter, "limit", "3", "sort", "n", "cursor", r.text("next_cursor")), nil).want(t, 400, "list.cursor")
}
