package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
)

const migrateOld = `{"key":"f","form":"contract","settings":{"resubmit":"back"},"nodes":[{"id":"start","type":"start"},
	{"id":"both","type":"parallel","branches":[
		{"id":"x","nodes":[{"id":"a","type":"approve","mode":"all","who":[{"users":["wang","zhao"]}]}]},
		{"id":"y","nodes":[{"id":"b","type":"handle","who":[{"users":["chen"]}]}]}]},
	{"id":"c","type":"approve","who":[{"users":["zhang"]}]}]}`

// TestFits: the preview names what is in the way, node by node, and where a case would stand.
func TestFits(t *testing.T) {
	t.Parallel()
	head := `{"key":"f","form":"contract","settings":{"resubmit":"back"},"nodes":[{"id":"start","type":"start"},`
	a, b := `{"id":"a","type":"approve","mode":"all","who":[{"users":["sun"]}]}`, `{"id":"b","type":"handle","who":[{"users":["chen"]}]}`
	block := func(typ, x, in, y, out string) string {
		return head + `{"id":"both","type":"` + typ + `","branches":[{"id":"` + x + `","nodes":[` + in + `]},{"id":"` + y + `","nodes":[` + out + `]}]}]}`
	}
	tests := []struct {
		name, next string
		at         []string
		problems   []string
	}{
		{"the same", migrateOld, []string{"a", "b"}, nil},
		{"branches change places", block("parallel", "y", b, "x", a), []string{"a", "b"}, nil},
		{"the mode changes", block("parallel", "x", `{"id":"a","type":"approve","who":[{"users":["sun"]}]}`, "y", b), []string{"a", "b"}, []string{"mode_changed:a"}},
		{"a node goes", block("parallel", "x", "", "y", b), []string{"b"}, []string{"node_missing:a"}},
		{"a type changes", block("parallel", "x", a, "y", `{"id":"b","type":"approve","who":[{"users":["chen"]}]}`), []string{"a"}, []string{"node_type:b"}},
		{"another branch", block("parallel", "x", a+","+b, "y", ""), []string{"a"}, []string{"block_changed:b"}},
		{"out of the block", head + a + "," + b + "]}", nil, []string{"node_missing:both", "block_changed:a", "block_changed:b"}},
		{"everything goes", `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"}]}`, nil, []string{"node_missing:both", "node_missing:a", "node_missing:b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPlay(t, mustCompile(t, mustParse(t, migrateOld)), nil)
			next := mustCompile(t, mustParse(t, tt.next))
			p.flows = map[int]*engine.Flow{3: p.f, 4: next}
			old := p.f
			if ok, _, problems := next.Fits(old, p.c); ok || !cmp.Equal(problems, []string{"case.not_started"}) {
				t.Errorf("a draft fits: %v", problems)
			}
			if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
				t.Fatal(err)
			}
			ok, at, problems := next.Fits(old, p.c)
			if d := cmp.Diff([]any{len(tt.problems) == 0, tt.at, tt.problems}, []any{ok, at, problems}); d != "" {
				t.Errorf("(-want +got) %s", d)
			}
			_, err := p.do(engine.Command{Kind: "migrate", By: "root", Admin: true, Version: 4})
			if (err == nil) != ok || err != nil && fault.CodeOf(err) != "migrate.unfit" {
				t.Errorf("fits %v, but %v", ok, err)
			}
			if want := map[bool]int{true: 4, false: 3}[ok]; p.c.Version != want {
				t.Errorf("on version %d", p.c.Version)
			}
		})
	}
}

// TestMigrateReturned: a returned case fits always; it goes straight back only
// where everything that was parked still has its place.
func TestMigrateReturned(t *testing.T) {
	t.Parallel()
	for next, want := range map[string][]string{
		migrateOld: {"chen", "wang"},
		`{"key":"f","form":"contract","settings":{"resubmit":"back"},"nodes":[{"id":"start","type":"start"},
			{"id":"a","type":"approve","who":[{"users":["hu"]}]}]}`: {"hu"},
	} {
		p := newPlay(t, mustCompile(t, mustParse(t, migrateOld)), nil)
		p.flows = map[int]*engine.Flow{3: p.f, 4: mustCompile(t, mustParse(t, next))}
		for _, cmd := range []engine.Command{
			{Kind: "submit", By: "li"}, {Kind: "approve", By: "zhao", Task: 2}, {Kind: "return", By: "wang", Task: 1},
			{Kind: "migrate", By: "root", Admin: true, Version: 4}, {Kind: "resubmit", By: "li"},
		} {
			if _, err := p.do(cmd); err != nil {
				t.Fatalf("%s: %v", cmd.Kind, err)
			}
		}
		got := map[string]bool{}
		for _, u := range p.c.Handlers() {
			got[u] = true
		}
		if len(got) != len(want) || !got[want[0]] || !got[want[len(want)-1]] {
			t.Errorf("asked %v, want %v", p.c.Handlers(), want)
		}
	}
}

// TestMigrateOnlyByMigrate: the command needs the flow it comes from.
func TestMigrateOnlyByMigrate(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, onePM)), nil)
	if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.do(engine.Command{Kind: "migrate", By: "root", Admin: true, Version: 4}); fault.CodeOf(err) != "command.unknown" {
		t.Error(err)
	}
	if _, err := engine.Replay(p.f, append(p.log, engine.LogEntry{Action: "migrate", By: "root", Detail: map[string]any{"admin": true}})); fault.CodeOf(err) != "log.unfit" {
		t.Error(err)
	}
}

// TestRightsAfterMigration: whose node is gone sees nothing by it any more.
func TestRightsAfterMigration(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, onePM)), nil)
	next := mustCompile(t, mustParse(t, `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},{"id":"gm","type":"approve","who":[{"users":["zhang"]}]}]}`))
	p.flows = map[int]*engine.Flow{3: p.f, 4: next}
	for _, cmd := range []engine.Command{{Kind: "submit", By: "li"}, {Kind: "migrate", By: "root", Admin: true, Version: 4, To: []string{"gm"}}} {
		if _, err := p.do(cmd); err != nil {
			t.Fatal(err)
		}
	}
	rights, node, open, ok := next.Rights(p.c, "wang")
	if !ok || open || node != "pm" || !rights.Hides("amount") || !rights.Hides("lines.qty") {
		t.Errorf("%+v %s %v %v", rights, node, open, ok)
	}
	if got := p.can("wang"); !cmp.Equal(got, []string{"comment"}) {
		t.Errorf("may %v", got)
	}
}
