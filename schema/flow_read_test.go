package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/schema"
)

func TestParseFlowNormalises(t *testing.T) {
	t.Parallel()
	f, problems := schema.ParseFlow("cost", "leave", json.RawMessage(`{
		"key": "leave", "title": {"zh-CN": "请假", "en": "Leave"}, "form": "leave",
		"nodes": [
			{"id": "start", "type": "start"},
			{"id": "pm", "type": "approve", "title": "项目经理", "who": [{"field": "manager"}, {"dept_head": 2}],
				"fields": {"edit": "all", "hide": ["a"], "rows": {"lines": ["add"]}},
				"deadline": {"hours": 8}, "empty": {"then": "skip"}, "buttons": {"approve": "核准"}},
			{"id": "c", "type": "condition", "branches": [{"when": "a > 1"}, {"id": "rest", "otherwise": true, "nodes": []}]}
		],
		"settings": {"self": "skip"}}`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := &schema.Flow{
		Key: "leave", App: "cost", Title: schema.Text{"zh-CN": "请假", "en": "Leave"}, Form: "leave",
		Nodes: []*schema.Node{
			{ID: "start", Type: schema.NodeStart, Fields: schema.NodeFields{Edit: []string{"all"}}},
			{ID: "pm", Type: schema.NodeApprove, Title: schema.Plain("项目经理"), Who: []schema.Who{{Field: "manager"}, {DeptHead: 2}},
				Mode: "any", ReturnTo: "start", Empty: &schema.EmptyWho{Then: "skip"}, Deadline: &schema.Deadline{Hours: 8, Then: "remind"},
				Fields:  schema.NodeFields{Edit: []string{"all"}, Hide: []string{"a"}, Rows: map[string][]string{"lines": {"add"}}},
				Buttons: map[string]schema.Text{"approve": schema.Plain("核准")}},
			{ID: "c", Type: schema.NodeCondition, Branches: []schema.Branch{
				{ID: "b1", When: "a > 1", Nodes: []*schema.Node{}}, {ID: "rest", Otherwise: true, Nodes: []*schema.Node{}}}},
		},
		Settings: schema.FlowSettings{Withdraw: "before_first_approval", Dedupe: "none", Empty: schema.EmptyWho{Then: "admin"}, Self: "skip", Resubmit: "start",
			WithdrawTo: "end", Leaver: "manager", TakeBack: "allow"},
	}
	if d := cmp.Diff(want, f); d != "" {
		t.Errorf("(-want +got) %s", d)
	}
}

func TestParseFlowRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{`{`, " syntax"},
		{`[]`, " type"},
		{`null`, " type"},
		{`{"key":"g"}`, "/key key.mismatch"},
		{`{"key":"f","nodez":[]}`, "/nodez unknown_key"},
		{`{"key":"f","Form":"x"}`, "/Form unknown_key"},
		{`{"key":"f","nodes":{}}`, "/nodes type"},
		{`{"key":"f","nodes":[1]}`, "/nodes/0 type"},
		{`{"key":"f","nodes":[{"id":1}]}`, "/nodes/0/id type"},
		{`{"key":"f","nodes":[{"who":[{"rolle":"x"}]}]}`, "/nodes/0/who/0/rolle unknown_key"},
		{`{"key":"f","nodes":[{"who":[{"initiator":false}]}]}`, "/nodes/0/who/0/initiator value"},
		{`{"key":"f","nodes":[{"who":[{"dept_head":0}]}]}`, "/nodes/0/who/0/dept_head range"},
		{`{"key":"f","nodes":[{"who":[{"dept_head":1.5}]}]}`, "/nodes/0/who/0/dept_head range"},
		{`{"key":"f","nodes":[{"branches":[{"when":true}]}]}`, "/nodes/0/branches/0/when type"},
		{`{"key":"f","nodes":[{"fields":{"edit":[1]}}]}`, "/nodes/0/fields/edit/0 type"},
		{`{"key":"f","nodes":[{"fields":{"write":"all"}}]}`, "/nodes/0/fields/write unknown_key"},
		{`{"key":"f","nodes":[{"deadline":{"hours":0}}]}`, "/nodes/0/deadline/hours range"},
		{`{"key":"f","nodes":[{"deadline":{"days":0}}]}`, "/nodes/0/deadline/days range"},
		{`{"key":"f","nodes":[{"deadline":{"before":4}}]}`, "/nodes/0/deadline/before type"},
		{`{"key":"f","nodes":[{"deadline":{"before":[0]}}]}`, "/nodes/0/deadline/before/0 range"},
		{`{"key":"f","nodes":[{"deadline":{"every":-1}}]}`, "/nodes/0/deadline/every range"},
		{`{"key":"f","nodes":[{"deadline":{"to":[{"rolle":"x"}]}}]}`, "/nodes/0/deadline/to/0/rolle unknown_key"},
		{`{"key":"f","nodes":[{"who":[{"dept_heads":{"upto":3}}]}]}`, "/nodes/0/who/0/dept_heads/upto unknown_key"},
		{`{"key":"f","nodes":[{"who":[{"dept_heads":{"to":11}}]}]}`, "/nodes/0/who/0/dept_heads/to range"},
		{`{"key":"f","nodes":[{"who":[{"managers":3}]}]}`, "/nodes/0/who/0/managers type"},
		{`{"key":"f","nodes":[{"who":[{"manager":0}]}]}`, "/nodes/0/who/0/manager range"},
		{`{"key":"f","nodes":[{"who":[{"chosen":"initiator"}]}]}`, "/nodes/0/who/0/chosen type"},
		{`{"key":"f","nodes":[{"who":[{"chosen":{"from":{}}}]}]}`, "/nodes/0/who/0/chosen/from type"},
		{`{"key":"f","nodes":[{"vote":{"percent":101}}]}`, "/nodes/0/vote/percent range"},
		{`{"key":"f","nodes":[{"vote":50}]}`, "/nodes/0/vote type"},
		{`{"key":"f","nodes":[{"subflow":{"wait":"yes"}}]}`, "/nodes/0/subflow/wait type"},
		{`{"key":"f","nodes":[{"subflow":{"data":{"a/b":1}}}]}`, "/nodes/0/subflow/data/a~1b type"},
		{`{"key":"f","nodes":[{"data":{"upsert":true}}]}`, "/nodes/0/data/upsert unknown_key"},
		{`{"key":"f","nodes":[{"data":{"set":[]}}]}`, "/nodes/0/data/set type"},
		{`{"key":"f","nodes":[{"call":{"timeout":61}}]}`, "/nodes/0/call/timeout range"},
		{`{"key":"f","nodes":[{"call":{"headers":{"a":1}}}]}`, "/nodes/0/call/headers/a type"},
		{`{"key":"f","nodes":[{"delay":{"hours":1.5}}]}`, "/nodes/0/delay/hours range"},
		{`{"key":"f","nodes":[{"attachment":true}]}`, "/nodes/0/attachment type"},
		{`{"key":"f","settings":{"leaver":{}}}`, "/settings/leaver type"},
		{`{"key":"f","nodes":[{"buttons":["x"]}]}`, "/nodes/0/buttons type"},
		{`{"key":"f","nodes":[{"title":{"zh_CN":"x"}}]}`, "/nodes/0/title/zh_CN language"},
		{`{"key":"f","settings":{"empty":"skip"}}`, "/settings/empty type"},
		{`{"key":"f","key":"f"}`, " syntax"},
		{`{"key":"f","title":"` + strings.Repeat("x", 1<<20) + `"}`, " too_large"},
	}
	for _, tt := range tests {
		f, problems := schema.ParseFlow("cost", "f", json.RawMessage(tt.in))
		if f == nil || len(problems) != 1 {
			t.Errorf("%.60s: %v", tt.in, problems)
			continue
		}
		if got := strings.TrimPrefix(problems[0].Path, "flows/f#") + " " + problems[0].Code; got != tt.want {
			t.Errorf("%.60s: %s, want %s", tt.in, got, tt.want)
		}
	}
}

// FuzzParseFlow: whatever is read without a problem is written and read again
// as the same flow, and checking it never panics.
func FuzzParseFlow(f *testing.F) {
	f.Add(`{"key":"f","form":"x","nodes":[{"id":"start","type":"start","fields":{"edit":"all"}}]}`)
	f.Add(`{"nodes":[{"id":"c","type":"condition","branches":[{"when":"a > 1","nodes":[{"type":"end"}]},{"otherwise":true}]}]}`)
	f.Add(`{"nodes":[{"id":"a","type":"approve","who":[{"users":["x"]},{"dept_head":1}],"mode":"all","buttons":{"approve":{"en":"OK"}}}],"settings":{"empty":{"then":"user","user":"x"}}}`)
	f.Add(`{"nodes":[{"id":"a","type":"approve","mode":"vote","vote":{"percent":60,"veto":[{"role":"x"}]},"who":[{"chosen":{"by":"previous","max":2}},{"dept_heads":{}}],"deadline":{"hours":4,"before":[1],"then":"escalate","to":[{"manager":1}]}}]}`)
	f.Add(`{"nodes":[{"id":"s","type":"subflow","subflow":{"form":"a.b","each":"lines","data":{"a":"b"},"wait":true}},{"id":"d","type":"data","data":{"op":"find","form":"x","where":"a==form.b","into":{"c":"d"}}},{"id":"c","type":"call","call":{"url":"https://x/{a}","into":{"b":"/c"}}},{"id":"e","type":"delay","delay":{"days":2}}]}`)
	f.Add(`{"nodes":[{"id":"p","type":"parallel","branches":[{"nodes":[]},{"nodes":[{"type":"cc","who":[{"initiator":true}]}]}]}]}`)
	f.Fuzz(func(t *testing.T, in string) {
		flow, problems := schema.ParseFlow("cost", "f", json.RawMessage(in))
		if flow == nil {
			t.Fatal("no flow")
		}
		flow.Check()
		if len(problems) > 0 {
			return
		}
		raw, err := json.Marshal(flow)
		if err != nil {
			t.Fatal(err)
		}
		back, problems := schema.ParseFlow("cost", "f", raw)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", raw, problems)
		}
		again, err := json.Marshal(back)
		if err != nil || string(raw) != string(again) {
			t.Fatalf("written %s\nagain %s %v", raw, again, err)
		}
	})
}
