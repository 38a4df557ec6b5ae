package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/schema"
)

// TestParseFlowParts: every part of a node is read, and what is left out is filled in.
func TestParseFlowParts(t *testing.T) {
	t.Parallel()
	f, problems := schema.ParseFlow("cost", "f", json.RawMessage(`{"form": "x", "nodes": [
		{"id": "a", "type": "approve", "who": [{"dept_heads": {"to": 3, "role": "vp"}}, {"managers": {}}], "attachment": "required", "signature": "required"},
		{"id": "v", "type": "approve", "mode": "vote", "vote": {"percent": 60, "veto": [{"node": "a"}]},
			"who": [{"chosen": {"by": "previous", "from": [{"role": "pm"}], "max": 3}}, {"manager": 2}, {"group": "g"}, {"formula": "signers"}],
			"deadline": {"days": 2, "calendar": "site", "before": [8, 2], "every": 4, "to": [{"role": "gm"}], "then": "escalate"}},
		{"id": "s", "type": "subflow", "subflow": {"form": "base.payment", "each": "lines", "wait": true, "initiator": {"manager": 1}, "back": {"lines.no": "no"}}},
		{"id": "d", "type": "data", "data": {"op": "update", "form": "stock", "where": "a == form.b", "set": {"c": "1"}, "into": {"d": "c"}, "many": true}},
		{"id": "c", "type": "call", "call": {"url": "https://e.com/{no}", "headers": {"X-A": "b"}, "body": {"a": "b"}, "into": {"no": "/no"}, "secret": "key"}},
		{"id": "w", "type": "delay", "delay": {"until": "deliver", "calendar": "always"}}],
		"settings": {"withdrawTo": "start", "leaver": "admin", "takeBack": "never"}}`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []*schema.Node{
		{ID: "a", Type: schema.NodeApprove, Mode: "sequence", ReturnTo: "start", Attachment: "required", Signature: "required",
			Who: []schema.Who{{DeptHeads: &schema.Levels{From: 1, To: 3, Role: "vp"}}, {Managers: &schema.Levels{From: 1}}}},
		{ID: "v", Type: schema.NodeApprove, Mode: "vote", ReturnTo: "start", Vote: &schema.Vote{Percent: 60, Veto: []schema.Who{{Node: "a"}}},
			Who:      []schema.Who{{Chosen: &schema.Chosen{By: "previous", From: []schema.Who{{Role: "pm"}}, Min: 1, Max: 3}}, {Manager: 2}, {Group: "g"}, {Formula: "signers"}},
			Deadline: &schema.Deadline{Days: 2, Calendar: "site", Then: "escalate", To: []schema.Who{{Role: "gm"}}, Before: []int{8, 2}, Every: 4}},
		{ID: "s", Type: schema.NodeSubflow, Subflow: &schema.Subflow{Form: "base.payment", Each: "lines", Data: map[string]string{}, Wait: true,
			Initiator: &schema.Who{Manager: 1}, Rejected: "reject", Back: map[string]string{"lines.no": "no"}}},
		{ID: "d", Type: schema.NodeData, Data: &schema.Data{Op: "update", Form: "stock", Where: "a == form.b", Set: map[string]string{"c": "1"},
			Into: map[string]string{"d": "c"}, Many: true, Fail: "retry"}},
		{ID: "c", Type: schema.NodeCall, Call: &schema.Call{URL: "https://e.com/{no}", Method: "POST", Headers: map[string]string{"X-A": "b"},
			Body: map[string]string{"a": "b"}, Into: map[string]string{"no": "/no"}, Secret: "key", Timeout: 10, Fail: "retry"}},
		{ID: "w", Type: schema.NodeDelay, Delay: &schema.Delay{Until: "deliver", Calendar: "always"}},
	}
	if d := cmp.Diff(want, f.Nodes); d != "" {
		t.Errorf("(-want +got) %s", d)
	}
	if s := f.Settings; s.WithdrawTo != "start" || s.Leaver != "admin" || s.TakeBack != "never" {
		t.Errorf("settings %+v", s)
	}
}

func TestURLParts(t *testing.T) {
	t.Parallel()
	text := func(s string) schema.URLPart { return schema.URLPart{Text: s} }
	code := func(s string) schema.URLPart { return schema.URLPart{Text: s, Formula: true} }
	tests := []struct {
		in   string
		want []schema.URLPart
		ok   bool
	}{
		{"https://a/b", []schema.URLPart{text("https://a/b")}, true},
		{"https://a/{no}/x?y={IF(a, \"}\", '{')}", []schema.URLPart{text("https://a/"), code("no"), text("/x?y="), code("IF(a, \"}\", '{')")}, true},
		{"https://a/{}", []schema.URLPart{text("https://a/"), code("")}, true},
		{"https://a/{no", nil, false},
		{"https://a/no}", nil, false},
		{"https://a/{\"no}", nil, false},
		{"", nil, true},
	}
	for _, tt := range tests {
		got, ok := schema.URLParts(tt.in)
		if d := cmp.Diff(tt.want, got); ok != tt.ok || ok && d != "" {
			t.Errorf("%s: %v %s", tt.in, ok, d)
		}
	}
}
