package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/schema"
)

const rightsFlow = `{"key":"f","form":"contract","nodes":[
	{"id":"start","type":"start","fields":{"edit":"all","hide":["opinion"]}},
	{"id":"both","type":"parallel","branches":[
		{"nodes":[{"id":"legal","type":"approve","who":[{"users":["chen"]}],"fields":{"edit":["opinion"],"require":["opinion"],"hide":["amount"]}}]},
		{"nodes":[{"id":"tech","type":"approve","who":[{"users":["chen","wang"]}],"mode":"all","fields":{"hide":["amount","lines.qty"],"rows":{"lines":["edit"]}}}]}]},
	{"id":"copy","type":"cc","who":[{"users":["sun"]}],"fields":{"hide":"all","read":["name"]}},
	{"id":"gm","type":"approve","who":[{"users":["zhang"]}],"fields":{"edit":["scan"]}}]}`

func TestRights(t *testing.T) {
	t.Parallel()
	type want struct {
		rights schema.NodeFields
		node   string
		open   bool
	}
	start := schema.NodeFields{Edit: []string{"all"}, Hide: []string{"opinion"}}
	startSeen := schema.NodeFields{Read: []string{"all"}, Hide: []string{"opinion"}}
	tests := []struct {
		after []engine.Command
		user  string
		want  *want // nil = no part in it
	}{
		{nil, "li", &want{start, "start", true}},
		{nil, "chen", nil},
		{[]engine.Command{{Kind: "submit", By: "li"}}, "li", &want{startSeen, "start", false}},
		{nil, "chen", &want{schema.NodeFields{Edit: []string{"opinion"}, Read: []string{"all", "lines.qty"}, Hide: []string{"amount"}, Require: []string{"opinion"},
			Rows: map[string][]string{"lines": {"edit"}}}, "legal", true}},
		{nil, "wang", &want{schema.NodeFields{Hide: []string{"amount", "lines.qty"}, Rows: map[string][]string{"lines": {"edit"}}}, "tech", true}},
		{nil, "zhang", nil},
		{nil, "", nil},
		{[]engine.Command{{Kind: "approve", By: "wang", Task: 3}}, "wang", &want{schema.NodeFields{Hide: []string{"amount", "lines.qty"}}, "tech", false}},
		{[]engine.Command{{Kind: "approve", By: "chen", Task: 1}}, "chen", &want{schema.NodeFields{Hide: []string{"amount", "lines.qty"}, Rows: map[string][]string{"lines": {"edit"}}}, "tech", true}},
		{[]engine.Command{{Kind: "approve", By: "chen", Task: 2}}, "sun", &want{schema.NodeFields{Read: []string{"name"}, Hide: []string{"all"}}, "copy", false}},
		{[]engine.Command{{Kind: "return", By: "zhang", Task: 5}}, "li", &want{start, "start", true}},
		{nil, "zhang", &want{schema.NodeFields{Read: []string{"scan"}}, "gm", false}},
	}
	p := newPlay(t, mustCompile(t, mustParse(t, rightsFlow)), nil)
	for i, tt := range tests {
		for _, cmd := range tt.after {
			if _, err := p.do(cmd); err != nil {
				t.Fatalf("%d: %v", i, err)
			}
		}
		rights, node, open, ok := p.f.Rights(p.c, tt.user)
		if ok != (tt.want != nil) {
			t.Errorf("%d: %q has a part: %v", i, tt.user, ok)
		}
		if !ok || tt.want == nil {
			continue
		}
		if d := cmp.Diff(*tt.want, want{rights, node, open}, cmp.AllowUnexported(want{}), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%d %s (-want +got): %s", i, tt.user, d)
		}
	}
}
