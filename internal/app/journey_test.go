package app_test

import (
	"strings"
	"sync"
	"testing"
)

const contracts = "/api/v1/forms/cost.expense_contract/records"

// todo finds a person's open task on a record in the task centre, "" when there is none.
func (w *world) todo(t *testing.T, who, record string) (task string, rev int64) {
	t.Helper()
	cursor := ""
	for {
		r := w.call(t, who, "GET", "/api/v1/tasks"+query("box", "todo", "limit", "200", "cursor", cursor), nil).want(t, 200, "")
		for i, x := range r.list("items") {
			if m := x.(map[string]any); m["record"] == record {
				return m["id"].(string), r.int("items." + itoa(int64(i)) + ".rev")
			}
		}
		if cursor = r.text("next_cursor"); cursor == "" {
			return "", 0
		}
	}
}

// act decides a person's task on a record as the task centre shows it.
func (w *world) act(t *testing.T, who, record, action string, more map[string]any) reply {
	t.Helper()
	task, rev := w.todo(t, who, record)
	if task == "" {
		t.Fatalf("%s has nothing to do on %s", who, record)
	}
	body := map[string]any{"rev": rev, "comment": "同意"}
	for k, v := range more {
		body[k] = v
	}
	return w.call(t, who, "POST", "/api/v1/tasks/"+task+"/"+action, body)
}

// The journey of the issue: li fills a contract with three lines, wang approves,
// chen and zhao in parallel, above a million zhang, then the seal.
func TestJourneyOfAContract(t *testing.T) {
	t.Parallel()
	w := open(t)
	data := w.contractData(nil)
	r := w.call(t, "li", "POST", contracts, map[string]any{"data": data}).want(t, 201, "")
	id := r.text("id")
	r.amount(t, "data.amount", "221850").amount(t, "data.amount_ex", "215388.35").amount(t, "data.lines.2.amount", "9250").
		equal(t, "state", "active").equal(t, "case.state", "running").equal(t, "case.handlers", []any{"wang"})
	if no := r.text("data.no"); !strings.HasPrefix(no, "HT-") || !strings.HasPrefix(r.text("title"), no) {
		t.Errorf("number %q, title %q", no, r.text("title"))
	}
	w.predicted(t, data)

	w.act(t, "wang", id, "approve", nil).want(t, 200, "").equal(t, "case.state", "running")
	w.act(t, "zhao", id, "approve", nil).want(t, 200, "")
	if task, _ := w.todo(t, "zhang", id); task != "" {
		t.Errorf("zhang is asked before Legal agreed: %s", task)
	}
	w.act(t, "chen", id, "approve", nil).want(t, 200, "")
	w.act(t, "chen", id, "handle", nil).want(t, 422, "record.invalid")
	rev := w.call(t, "chen", "GET", contracts+"/"+id, nil).want(t, 200, "").int("rev")
	w.act(t, "chen", id, "handle", map[string]any{"record_rev": rev, "data": map[string]any{"set": map[string]any{"archive_no": "GD-1"}}}).
		want(t, 200, "").equal(t, "case.state", "approved").equal(t, "record.data.archive_no", "GD-1")

	w.timeline(t, "li", id, "submit", "approve", "approve", "approve", "handle")
	w.call(t, "li", "GET", contracts+"/"+id+"/history", nil).want(t, 200, "").equal(t, "items.0.changes.0.field", "archive_no").equal(t, "items.0.by", "chen")
	w.unseen(t, "wu", id, r.text("data.name"))
}

// predicted: before he submits, li sees who will be asked.
func (w *world) predicted(t *testing.T, data map[string]any) {
	t.Helper()
	r := w.call(t, "li", "POST", "/api/v1/forms/cost.expense_contract/predict", map[string]any{"data": w.contractData(map[string]any{"lines": data["lines"]})}).want(t, 200, "")
	for _, who := range []string{"王磊", "陈思远", "赵敏"} {
		if !strings.Contains(string(r.raw), who) {
			t.Errorf("the prediction does not name %s: %s", who, clip(string(r.raw)))
		}
	}
}

// timeline checks that the acts of people on a case are these, in this order.
func (w *world) timeline(t *testing.T, who, id string, want ...string) {
	t.Helper()
	r := w.call(t, who, "GET", "/api/v1/cases/cost.expense_contract."+id, nil).want(t, 200, "")
	var have []string
	for _, x := range r.list("timeline") {
		if m := x.(map[string]any); m["by"] != nil {
			have = append(have, m["action"].(string))
		}
	}
	if strings.Join(have, " ") != strings.Join(want, " ") {
		t.Errorf("timeline %v, want %v", have, want)
	}
}

// unseen checks that no path shows a record to a person.
func (w *world) unseen(t *testing.T, who, id, name string) {
	t.Helper()
	for _, path := range []string{contracts + "/" + id, contracts + "/" + id + "/history", contracts + "/" + id + "/comments",
		contracts + "/" + id + "/explain"} {
		w.call(t, who, "GET", path, nil).want(t, 404, "record.not_found")
	}
	w.call(t, who, "GET", "/api/v1/cases/cost.expense_contract."+id, nil).want(t, 404, "case.not_found")
	filter := `{"path":"name","op":"eq","value":"` + name + `"}`
	paths := []string{contracts + query("limit", "200"), contracts + query("q", name), contracts + query("filter", filter),
		contracts + query("view", "my_contracts"), contracts + query("view", "big_contracts", "sort", "-amount"), contracts + query("drafts", "true"),
		"/api/v1/forms/cost.expense_change/options/contract" + query("q", name), "/api/v1/forms/cost.settlement/options/contract" + query("q", name),
		"/api/v1/tasks?box=todo", "/api/v1/tasks?box=done", "/api/v1/tasks?box=cc", "/api/v1/tasks?box=mine", "/api/v1/notices",
		"/api/v1/forms/cost.expense_contract/trash"}
	for _, path := range paths {
		r := w.call(t, who, "GET", path, nil).want(t, 200, "")
		if strings.Contains(string(r.raw), id) || strings.Contains(string(r.raw), name) {
			t.Errorf("%s shows it to %s: %s", path, who, clip(string(r.raw)))
		}
	}
	n := w.call(t, who, "GET", contracts+query("filter", filter, "total", "true"), nil).want(t, 200, "").int("total")
	if n != 0 {
		t.Errorf("the count tells %s of %d", who, n)
	}
}

func TestJourneyAboveAMillionGoesToTheGeneralManager(t *testing.T) {
	t.Parallel()
	w := open(t)
	subject := w.named("商品混凝土")
	lines := []any{map[string]any{"subject": subject, "item": "C30", "qty": "2500", "price": "420.00"}}
	r := w.call(t, "li", "POST", contracts, map[string]any{"data": w.contractData(map[string]any{"lines": lines, "legal_opinion": nil})})
	id := r.want(t, 201, "").amount(t, "data.amount", "1050000").text("id")
	w.act(t, "wang", id, "approve", nil).want(t, 200, "")
	var both sync.WaitGroup
	for _, who := range []string{"zhao", "chen"} {
		w.token(t, who)
		both.Add(1)
		go func() { // the branches are parallel: so are the two
			defer both.Done()
			rev := w.call(t, who, "GET", contracts+"/"+id, nil).int("rev")
			more := map[string]any{}
			if who == "chen" {
				more = map[string]any{"record_rev": rev, "data": map[string]any{"set": map[string]any{"legal_opinion": "条款无异议"}}}
			}
			if r := w.act(t, who, id, "approve", more); r.code != 200 {
				t.Errorf("%s: %d %s", who, r.code, r.raw)
			}
		}()
	}
	both.Wait()
	w.act(t, "zhang", id, "approve", nil).want(t, 200, "").equal(t, "case.state", "running").equal(t, "case.timeline.4.by", "zhang")
	if task, _ := w.todo(t, "chen", id); task == "" {
		t.Error("the seal waits for nobody")
	}
}

func TestJourneyNegativeQuantityNamesItsPlace(t *testing.T) {
	t.Parallel()
	w := open(t)
	data := w.contractData(nil)
	data["lines"].([]any)[0].(map[string]any)["qty"] = -1
	r := w.call(t, "li", "POST", contracts, map[string]any{"data": data}).want(t, 422, "record.invalid")
	r.equal(t, "errors.0.path", "/lines/0/qty").equal(t, "errors.0.code", "min").equal(t, "errors.0.message", "不能小于 0")
	r = w.call(t, "li", "POST", "/api/v1/forms/cost.expense_contract/evaluate", map[string]any{"data": data}).want(t, 200, "")
	if r.errorAt("/lines/0/qty") != "min" {
		t.Errorf("evaluating finds %v", r.list("errors"))
	}
}

// The texts of refusals follow the language of the user.
func TestJourneyErrorsInTheUsersLanguage(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.call(t, other+"/zhou", "PATCH", "/api/v1/me", map[string]any{"lang": "en"}).want(t, 204, "")
	r := w.call(t, other+"/zhou", "POST", "/api/v1/forms/lab.item/records", map[string]any{"data": map[string]any{"n": -1}}).want(t, 422, "record.invalid")
	if r.errorAt("/n") != "min" || !strings.Contains(string(r.raw), "at least 0") || r.text("detail") != "some fields are not right" {
		t.Errorf("not in English: %s", r.raw)
	}
}

// A second tap on the same button is the first one.
func TestJourneyApprovingTwiceIsOneApproval(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.contract(t, "li", nil)
	task, rev := w.todo(t, "wang", id)
	w.token(t, "wang")
	var taps sync.WaitGroup
	for range 6 {
		taps.Add(1)
		go func() {
			defer taps.Done()
			if r := w.call(t, "wang", "POST", "/api/v1/tasks/"+task+"/approve", map[string]any{"rev": rev}); r.code != 200 {
				t.Errorf("%d %s", r.code, r.raw)
			}
		}()
	}
	taps.Wait()
	w.timeline(t, "li", id, "submit", "approve")
	w.call(t, "wang", "POST", "/api/v1/tasks/"+task+"/reject", map[string]any{"rev": rev, "comment": "no"}).want(t, 409, "")
}

// Whoever comes second is told what was decided.
func TestJourneyLostRaceTellsWhatWasDecided(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.req(t, "li")
	zhao, chen := w.task(t, "zhao", "lab.req", id), w.task(t, "chen", "lab.req", id)
	w.call(t, "zhao", "POST", "/api/v1/tasks/"+zhao+"/approve", map[string]any{"rev": 1}).want(t, 200, "")
	r := w.call(t, "chen", "POST", "/api/v1/tasks/"+chen+"/approve", map[string]any{"rev": 1}).want(t, 409, "task.not_open")
	r.equal(t, "params.state", "cancelled").equal(t, "params.by", "zhao")
	if r.text("params.at") == "" {
		t.Errorf("it does not say when: %v", r.at("params"))
	}
}

func TestJourneyIdempotencyKeyGivesTheSameRecord(t *testing.T) {
	t.Parallel()
	w := open(t)
	key, body := unique("key-"), map[string]any{"data": map[string]any{"subject": "once"}}
	for _, who := range []string{"li", "zhou"} {
		w.token(t, who)
	}
	ids := make([]string, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Add(1)
		go func() {
			defer all.Done()
			r := w.call(t, "li", "POST", "/api/v1/forms/lab.req/records", body, "Idempotency-Key", key)
			if r.code != 201 {
				t.Errorf("%d %s", r.code, r.raw)
			}
			ids[i] = r.text("id")
		}()
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("two records: %v", ids)
		}
	}
	w.call(t, "zhou", "POST", "/api/v1/forms/lab.req/records", body, "Idempotency-Key", key).want(t, 201, "")
	n := w.call(t, "li", "GET", "/api/v1/forms/lab.req/records"+query("filter", `{"path":"subject","op":"eq","value":"once"}`, "total", "true"), nil).int("total")
	if n != 1 {
		t.Errorf("li has %d records by one key; zhou's is his own", n)
	}
}

// The task centre is searched by what its lines are called.
func TestTasksAreSearchedByTitle(t *testing.T) {
	t.Parallel()
	w := open(t)
	for q, found := range map[string]bool{"机电安装": true, "支出合同": true, "没有这样的标题": false} {
		r := w.call(t, "chen", "GET", "/api/v1/tasks"+query("box", "todo", "q", q), nil).want(t, 200, "")
		if got := len(r.list("items")) > 0; got != found {
			t.Errorf("q=%s: found %v, want %v", q, got, found)
		}
	}
}
