package engine_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
)

var update = flag.Bool("update", false, "write testdata/actions.tsv anew; read the difference before keeping it")

// situation is a state of a case, brought about by real commands.
type situation struct {
	name  string
	nodes string // definition of the node in question
	steps []engine.Command
	force engine.State // states that no command reaches yet
}

func situations() []situation {
	submit := engine.Command{Kind: "submit", By: "li"}
	agree := func(kind string) engine.Command { return engine.Command{Kind: kind, By: "wang", Task: 1} }
	node := func(kind, mode string) string {
		return fmt.Sprintf(`{"id":"n","type":%q,"mode":%q,"who":[{"users":["wang","zhao"]}]}`, kind, mode)
	}
	all := node("approve", "all")
	out := []situation{{name: "draft", nodes: all}}
	for _, kind := range []string{"approve", "handle"} {
		for _, mode := range []string{"any", "all", "sequence"} {
			out = append(out, situation{name: kind + " " + mode, nodes: node(kind, mode), steps: []engine.Command{submit}})
			if mode != "any" {
				out = append(out, situation{name: kind + " " + mode + ", wang agreed", nodes: node(kind, mode), steps: []engine.Command{submit, agree(kind)}})
			}
		}
	}
	return append(out,
		situation{name: "returned", nodes: all, steps: []engine.Command{submit, {Kind: "return", By: "wang", Task: 1}}},
		situation{name: "suspended", nodes: all, steps: []engine.Command{submit}, force: engine.Suspended},
		situation{name: "approved", nodes: node("approve", "any"), steps: []engine.Command{submit, agree("approve"), {Kind: "approve", By: "zhang", Task: 3}}},
		situation{name: "rejected", nodes: all, steps: []engine.Command{submit, {Kind: "reject", By: "wang", Task: 1}}},
		situation{name: "withdrawn", nodes: all, steps: []engine.Command{submit, {Kind: "withdraw", By: "li"}}},
		situation{name: "terminated", nodes: all, steps: []engine.Command{submit, {Kind: "terminate", By: "root", Admin: true}}},
		situation{name: "error", nodes: all, steps: []engine.Command{submit}, force: engine.Failed},
	)
}

func (s situation) play(t *testing.T) *play {
	t.Helper()
	f := mustCompile(t, mustParse(t, `{"key":"f","form":"contract","settings":{"resubmit":"choose"},"nodes":[{"id":"start","type":"start"},`+
		s.nodes+`,{"id":"gm","type":"approve","who":[{"users":["zhang"]}]}]}`))
	p := newPlay(t, f, nil)
	for _, cmd := range s.steps {
		if _, err := p.do(cmd); err != nil {
			t.Fatalf("%s: %s: %v", s.name, cmd.Kind, err)
		}
	}
	if s.force != "" {
		p.c.State = s.force
	}
	return p
}

// attempts are all actions, each by whoever would normally take it.
func attempts() []engine.Command {
	out := []engine.Command{
		{Kind: "submit", By: "li"}, {Kind: "resubmit", By: "li"}, {Kind: "resubmit", By: "li", Back: true},
		{Kind: "withdraw", By: "li"}, {Kind: "urge", By: "li"}, {Kind: "comment", By: "li", Comment: "x"},
		{Kind: "terminate", By: "root", Admin: true},
	}
	for i, by := range []string{"wang", "zhao"} {
		for _, kind := range []string{"approve", "handle", "reject", "return", "transfer"} {
			cmd := engine.Command{Kind: kind, By: by, Task: i + 1}
			if kind == "transfer" {
				cmd.To = []string{"sun"}
			}
			out = append(out, cmd)
		}
	}
	return out
}

// outcome tells what a command does: the code that refuses it, or the state and who is asked next.
func outcome(p *play, cmd engine.Command) string {
	if _, err := p.do(cmd); err != nil {
		return fault.CodeOf(err)
	}
	return strings.TrimSpace(fmt.Sprintf("→ %s %s", p.c.State, strings.Join(p.c.Handlers(), ",")))
}

// TestActionTable: every (action × state × mode) pair does what its line says.
func TestActionTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, s := range situations() {
		for _, cmd := range attempts() {
			action := cmd.Kind
			if cmd.Back {
				action += " back"
			}
			p := s.play(t)
			p.now = p.now.Add(time.Hour)
			offered(t, p, cmd)
			if s.force != "" {
				fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", s.name, action, cmd.By, forced(p, cmd))
				continue
			}
			fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", s.name, action, cmd.By, outcome(p, cmd))
		}
	}
	compareFile(t, "testdata/actions.tsv", b.String())
}

// forced is outcome for a state that replay cannot reach.
func forced(p *play, cmd engine.Command) string {
	cmd.At = p.now
	c, _, _, err := p.f.Apply(p.c, cmd)
	if err != nil {
		return fault.CodeOf(err)
	}
	return "→ " + string(c.State)
}

// offered checks that Allowed says the same as Apply.
func offered(t *testing.T, p *play, cmd engine.Command) {
	t.Helper()
	listed := slices.ContainsFunc(append(p.f.Allowed(p.c, cmd.By), p.f.AllowedAdmin(p.c)...), func(a engine.Action) bool {
		return a.Kind == cmd.Kind && (a.Task == cmd.Task || a.Kind == "resubmit") && (!cmd.Back || len(a.ReturnTo) > 0)
	})
	if err := p.try(cmd); (err == nil) != listed {
		t.Errorf("%s by %s in state %s: offered %v, but %v", cmd.Kind, cmd.By, p.c.State, listed, err)
	}
}

func compareFile(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	wantLines, gotLines := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(wantLines), len(gotLines)) {
		var w, g string
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if w != g {
			t.Errorf("line %d:\n want %s\n  got %s", i+1, w, g)
		}
	}
}
