package app_test

import (
	"encoding/json"
	"testing"
	"time"
)

// TestBatchOfTasks: every task of a batch has a result of its own, and a repeat
// with the same key answers the same.
func TestBatchOfTasks(t *testing.T) {
	t.Parallel()
	w := openSmall(t)
	mine, gone := w.req(t, "li"), w.req(t, "li")
	a, b := w.task(t, "zhao", "lab.req", mine), w.task(t, "zhao", "lab.req", gone)
	w.call(t, "li", "POST", "/api/v1/cases/lab.req."+gone+"/withdraw", map[string]any{}).want(t, 200, "")
	body := map[string]any{"action": "approve", "comment": "同意", "items": []any{
		map[string]any{"id": a, "rev": 1}, map[string]any{"id": b, "rev": 1}, map[string]any{"id": "lab.req.nothing.1"}, map[string]any{"id": "nothing"}}}
	for range 2 {
		r := w.call(t, "zhao", "POST", "/api/v1/tasks/batch", body, "Idempotency-Key", "batch-1").want(t, 200, "")
		r.equal(t, "items.0.ok", true).equal(t, "items.0.status", json.Number("200"))
		r.equal(t, "items.1.ok", false).equal(t, "items.1.status", json.Number("409")).equal(t, "items.1.code", "task.not_open").equal(t, "items.1.detail", "该待办已处理")
		r.equal(t, "items.2.status", json.Number("404")).equal(t, "items.3.code", "task.not_found")
	}
}

// TestStandIn: a delegation made over HTTP sends the next task to the delegate,
// who is shown for whom he has it. It runs alone: it takes the others' tasks of zhao along.
func TestStandIn(t *testing.T) {
	w := openSmall(t)
	until := time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
	d := w.call(t, "zhao", "POST", "/api/v1/delegations", map[string]any{"delegate": "sun", "until": until, "forms": []string{"lab.req"}}).want(t, 201, "")
	d.equal(t, "state", "active").equal(t, "user", "zhao")
	w.call(t, "sun", "GET", "/api/v1/delegations", nil).want(t, 200, "").equal(t, "standing_for.0.user", "zhao")
	id := w.req(t, "li")
	task := w.task(t, "sun", "lab.req", id)
	l := w.call(t, "sun", "GET", "/api/v1/tasks?order=urgent", nil).want(t, 200, "")
	l.equal(t, "items.0.principal", "zhao")
	w.call(t, "zhao", "GET", "/api/v1/tasks?box=delegated", nil).want(t, 200, "").equal(t, "items.0.id", task).equal(t, "items.0.assignee", "sun")
	w.call(t, "zhao", "GET", "/api/v1/tasks/count", nil).want(t, 200, "").equal(t, "delegated", json.Number("1"))
	w.call(t, "sun", "POST", "/api/v1/tasks/"+task+"/approve", map[string]any{"rev": 1}).want(t, 200, "")
	w.call(t, "zhao", "DELETE", "/api/v1/delegations/"+d.text("id"), nil).want(t, 204, "")
	w.call(t, "sun", "GET", "/api/v1/delegations", nil).want(t, 200, "").equal(t, "standing_for", []any{})
	w.call(t, "zhao", "GET", "/api/v1/delegations", nil).want(t, 200, "").equal(t, "items.0.state", "ended")
}

// TestPhrasesOfAPerson: mine are mine, the common ones everybody's.
func TestPhrasesOfAPerson(t *testing.T) {
	t.Parallel()
	w := openSmall(t)
	w.call(t, "li", "PUT", "/api/v1/me/phrases", map[string]any{"items": []string{"同意付款"}}).want(t, 200, "").equal(t, "items.0", "同意付款")
	w.call(t, "zhao", "GET", "/api/v1/me/phrases", nil).want(t, 200, "").equal(t, "items", []any{}).equal(t, "common.0", "同意")
	w.call(t, "admin", "PUT", "/api/admin/v1/phrases", map[string]any{"items": []string{"按章办理"}}).want(t, 200, "")
	w.call(t, "zhao", "GET", "/api/v1/me/phrases", nil).want(t, 200, "").equal(t, "common", []any{"按章办理"})
}
