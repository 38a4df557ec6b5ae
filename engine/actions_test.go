package engine_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

var update = flag.Bool("update", false, "write testdata/actions.tsv anew; read the difference before keeping it")

// situation is a state of a case, brought about by real commands.
type situation struct {
	name     string
	nodes    string // definition of the node in question
	steps    []engine.Command
	settings string
	force    engine.State // the state that no command reaches
}

// people is a node where wang (task 1) and zhao (task 2) are asked and may do everything.
func people(kind, mode string) string {
	more := ""
	if mode == "vote" {
		more = `"vote":{"percent":60,"veto":[{"users":["zhao"]}]},`
	}
	actions, err := json.Marshal(schema.KnownActions(schema.NodeType(kind)))
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"id":"n","type":%q,"mode":%q,%s"who":[{"users":["wang","zhao"]}],"actions":%s}`, kind, mode, more, actions)
}

var submitted = engine.Command{Kind: "submit", By: "li"}

func wang(kind string, more ...func(*engine.Command)) engine.Command {
	cmd := engine.Command{Kind: kind, By: "wang", Task: 1}
	for _, m := range more {
		m(&cmd)
	}
	return cmd
}

func to(users ...string) func(*engine.Command) { return func(c *engine.Command) { c.To = users } }

func where(w string) func(*engine.Command) { return func(c *engine.Command) { c.Where = w } }

func root(kind string) engine.Command { return engine.Command{Kind: kind, By: "root", Admin: true} }

func situations() []situation {
	all := people("approve", "all")
	out := []situation{{name: "draft", nodes: all}}
	for _, kind := range []string{"approve", "handle"} {
		for _, mode := range []string{"any", "all", "sequence", "vote"} {
			out = append(out, atWork(kind, mode)...)
		}
	}
	out = append(out, atWorkOutside()...)
	return append(out,
		situation{name: "returned", nodes: all, steps: []engine.Command{submitted, wang("return")}},
		situation{name: "returned, one had agreed", nodes: all, steps: []engine.Command{submitted, {Kind: "approve", By: "zhao", Task: 2}, wang("return")}},
		situation{name: "withdrawn to the start", nodes: all, settings: `,"withdrawTo":"start"`, steps: []engine.Command{submitted, {Kind: "withdraw", By: "li"}}},
		situation{name: "suspended", nodes: all, steps: []engine.Command{submitted, root("suspend")}},
		situation{name: "suspended while returned", nodes: all, steps: []engine.Command{submitted, wang("return"), root("suspend")}},
		situation{name: "passed, gm asked", nodes: people("approve", "any"), steps: []engine.Command{submitted, wang("approve")}},
		situation{name: "passed, wang may return to it", nodes: people("approve", "any") + `,{"id":"m","type":"approve","who":[{"users":["wang","sun"]}],"mode":"all","returnTo":"previous"}`,
			steps: []engine.Command{submitted, wang("approve")}},
		situation{name: "approved", nodes: people("approve", "any"), steps: []engine.Command{submitted, wang("approve"), {Kind: "approve", By: "zhang", Task: 3}}},
		situation{name: "rejected", nodes: all, steps: []engine.Command{submitted, wang("reject")}},
		situation{name: "withdrawn", nodes: all, steps: []engine.Command{submitted, {Kind: "withdraw", By: "li"}}},
		situation{name: "terminated", nodes: all, steps: []engine.Command{submitted, root("terminate")}},
		situation{name: "error", nodes: all, steps: []engine.Command{submitted}, force: engine.Failed},
	)
}

// atWork are the situations of a node where people are asked.
func atWork(kind, mode string) []situation {
	name, n := kind+" "+mode, people(kind, mode)
	out := []situation{{name: name, nodes: n, steps: []engine.Command{submitted}}}
	if mode != "any" {
		out = append(out, situation{name: name + ", wang agreed", nodes: n, steps: []engine.Command{submitted, wang(kind)}})
	}
	return append(out,
		situation{name: name + ", wang delegated to sun", nodes: n, steps: []engine.Command{submitted, wang("delegate", to("sun"))}},
		situation{name: name + ", sun added before", nodes: n, steps: []engine.Command{submitted, wang("add_signer", to("sun"), where("before"))}},
		situation{name: name + ", sun added after", nodes: n, steps: []engine.Command{submitted, wang("add_signer", to("sun"), where("after"))}},
		situation{name: name + ", sun added beside", nodes: n, steps: []engine.Command{submitted, wang("add_signer", to("sun"), where("beside"))}},
	)
}

// atWorkOutside are the situations of a node that waits for something else than people.
func atWorkOutside() []situation {
	data := `{"id":"n","type":"data","data":{"op":"create","form":"log","set":{"name":"name"},"fail":"wait"}}`
	failed := engine.Command{Kind: engine.CmdResult, Visit: 2, Error: "no answer"}
	return []situation{
		{name: "data", nodes: data, steps: []engine.Command{submitted}},
		{name: "data, failed", nodes: data, steps: []engine.Command{submitted, failed}},
		{name: "delay", nodes: `{"id":"n","type":"delay","delay":{"hours":80}}`, steps: []engine.Command{submitted}},
	}
}

func (s situation) play(t *testing.T) *play {
	t.Helper()
	f := mustCompile(t, mustParse(t, `{"key":"f","form":"contract","settings":{"resubmit":"choose"`+s.settings+`},"nodes":[{"id":"start","type":"start"},`+
		s.nodes+`,{"id":"gm","type":"approve","who":[{"users":["zhang"]}]}]}`))
	p := newPlay(t, f, map[string][]string{"admins": {"root"}, "manager:wang": {"hu"}})
	p.flows = map[int]*engine.Flow{3: f, 4: f}
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

// copy is a play of its own, from here on.
func (p *play) copy() *play {
	q := *p
	q.seen = audit{maps.Clone(p.seen.ended), maps.Clone(p.seen.cancelled)}
	return &q
}

// attempts are all actions, each by whoever would normally take it; those of
// assignees by wang, by zhao, and by whoever else has an open task.
func attempts(p *play) []engine.Command {
	out := []engine.Command{
		{Kind: "submit", By: "li"}, {Kind: "resubmit", By: "li"}, {Kind: "resubmit", By: "li", Back: true},
		{Kind: "withdraw", By: "li"}, {Kind: "cancel", By: "li"}, {Kind: "urge", By: "li"}, {Kind: "comment", By: "li", Comment: "x"},
	}
	for _, kind := range []string{"terminate", "suspend", "resume", "retry", "skip"} {
		out = append(out, root(kind))
	}
	for _, node := range []string{"start", "n", "gm"} {
		out = append(out, engine.Command{Kind: "jump", By: "root", Admin: true, To: []string{node}})
	}
	out = append(out,
		engine.Command{Kind: "reassign", By: "root", Admin: true, Task: 1, To: []string{"qian"}},
		engine.Command{Kind: "migrate", By: "root", Admin: true, Version: 4},
		engine.Command{Kind: "leaver", To: []string{"wang"}},
		engine.Command{Kind: "timer", Visit: 2, Event: "delay"},
		engine.Command{Kind: "result", Visit: 2})
	seats := []engine.Task{{N: 1, Assignee: "wang"}, {N: 2, Assignee: "zhao"}}
	for _, t := range p.c.OpenTasks("") {
		if t.N > 2 && t.Kind != engine.KindStart {
			seats = append(seats, t)
		}
	}
	for _, t := range seats {
		out = append(out, ofAssignee(t)...)
	}
	return out
}

func ofAssignee(t engine.Task) []engine.Command {
	var out []engine.Command
	for _, kind := range []string{"approve", "handle", "reject", "return", "transfer", "delegate", "remove_signer", "save", "take_back"} {
		cmd := engine.Command{Kind: kind, By: t.Assignee, Task: t.N}
		switch kind {
		case "transfer", "delegate":
			cmd.To = []string{"qian"}
		case "remove_signer":
			cmd.To = []string{"sun"}
		case "return":
			back := cmd
			back.Back = true
			out = append(out, back)
		}
		out = append(out, cmd)
	}
	for _, w := range []string{engine.WhereBefore, engine.WhereAfter, engine.WhereBeside} {
		out = append(out, engine.Command{Kind: "add_signer", By: t.Assignee, Task: t.N, To: []string{"qian"}, Where: w})
	}
	return out
}

// outcome tells what a command does: the code that refuses it, or the state and who is asked next; – when nothing changes.
func outcome(p *play, cmd engine.Command) string {
	before := len(p.c.Log)
	if _, err := p.do(cmd); err != nil {
		return fault.CodeOf(err)
	}
	if len(p.c.Log) == before {
		return "–"
	}
	return strings.TrimSpace(fmt.Sprintf("→ %s %s", p.c.State, strings.Join(p.c.Handlers(), ",")))
}

// TestActionTable: every (action × state × mode) pair does what its line says.
// The pairs are made here, so none can be missing from the file, and each
// action that there is has to be among them.
func TestActionTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	tried := map[string]bool{}
	for _, s := range situations() {
		start := s.play(t)
		for _, cmd := range attempts(start) {
			tried[cmd.Kind] = true
			p := start.copy()
			p.now = p.now.Add(time.Hour)
			offered(t, s.name, p, cmd)
			what, by := strings.TrimSpace(cmd.Kind+" "+variant(cmd)), cmd.By
			if by == "" {
				by = "–"
			}
			if s.force != "" {
				fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", s.name, what, by, forced(p, cmd))
				continue
			}
			fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", s.name, what, by, outcome(p, cmd))
		}
	}
	for _, kind := range append([]string{"migrate", "timer", "result", "leaver"}, everyAction...) {
		if !tried[kind] {
			t.Errorf("the table has no line of %s", kind)
		}
	}
	compareFile(t, "testdata/actions.tsv", b.String())
}

// variant is what tells apart the lines of one action.
func variant(cmd engine.Command) string {
	switch {
	case cmd.Back:
		return "back"
	case cmd.Kind == "jump":
		return cmd.To[0]
	}
	return cmd.Where
}

// forced is outcome for a state that replay cannot reach.
func forced(p *play, cmd engine.Command) string {
	cmd.At, cmd.Answers = p.now, map[string][]string{}
	for {
		c, _, needs, err := p.apply(cmd)
		switch {
		case err != nil:
			return fault.CodeOf(err)
		case len(needs) == 0 && len(c.Log) == len(p.c.Log):
			return "–"
		case len(needs) == 0:
			return "→ " + string(c.State)
		}
		for _, n := range needs {
			cmd.Answers[n.Key] = p.answer(n)
		}
	}
}

// offered checks that Allowed says the same as Apply.
func offered(t *testing.T, name string, p *play, cmd engine.Command) {
	t.Helper()
	if cmd.By == "" || cmd.Kind == "migrate" {
		return // not for people to choose from
	}
	list := p.f.Allowed(p.c, cmd.By)
	if cmd.Admin {
		list = p.f.AllowedAdmin(p.c)
	}
	listed := slices.ContainsFunc(list, func(a engine.Action) bool { return covers(a, cmd) })
	if err := p.try(cmd); (err == nil) != listed {
		t.Errorf("%s: %s %s by %s: offered %v, but %v", name, cmd.Kind, variant(cmd), cmd.By, listed, err)
	}
}

// covers reports that an offered action is the one of a command.
func covers(a engine.Action, cmd engine.Command) bool {
	switch {
	case a.Kind != cmd.Kind || a.Task != cmd.Task && a.Kind != "resubmit":
		return false
	case a.Kind == "resubmit":
		return !cmd.Back || len(a.ReturnTo) > 0
	case a.Kind == "return":
		return a.Back || !cmd.Back
	case cmd.Where != "" && !slices.Contains(a.Where, cmd.Where):
		return false
	case a.To != nil && a.To.From != nil:
		return !slices.ContainsFunc(cmd.To, func(u string) bool { return !slices.Contains(a.To.From, u) })
	}
	return true
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
