package engine_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
)

// scenario is one file of testdata/scenarios.
type scenario struct {
	Scenario string              `yaml:"scenario"`
	Flow     any                 `yaml:"flow"`
	People   map[string][]string `yaml:"people"` // need key → users; left: who has left
	Zone     string              `yaml:"zone"`   // UTC when left out
	Start    string              `yaml:"start"`  // RFC 3339: when it begins
	Days     map[string]bool     `yaml:"days"`   // holidays (false) and shift days (true)
	Data     map[string]any      `yaml:"data"`
	Versions map[int]any         `yaml:"versions"` // flows to migrate to; the case begins on version 3
	Steps    []map[string]any    `yaml:"steps"`    // one action and what is expected after it
}

// stepArgs is how an action is given.
type stepArgs struct {
	By, At, Of, Comment string
	To                  []string
	Back, Admin         bool
	Task                int
	Rev                 int64
	Data                map[string]any
	People              map[string][]string // changes in the organisation
	Missing             []string            // nodes whose required field is empty
	After               string              // time that passes before
	Where, Signature    string
	Mention, Files      []string
	Choose              map[string][]string
	Version             int       // migrate
	Now                 time.Time // what the clock says, instead of After
	// Of the system: the node (At) whose visit it is about, and the rest as in engine.Command.
	Event, Result, Error, Ref string
	Item                      int
}

// expected is what holds after a step; what is left out is not checked.
type expected struct {
	Error   string
	State   *string
	At      []string
	Tasks   map[string]int    // open tasks by user, all of them
	Waiting []string          // users whose turn comes later
	Skipped map[string]string // "node:user" → reason, over the whole case
	Notices []string          // "event:user", of this step
	Can     map[string][]string
	Tree    map[string]string // node → state
	Asked   []string          // needs of this step, in order

	expectedMore
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/scenarios/*.yaml")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d scenarios, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			playFile(t, file)
		})
	}
}

func playFile(t *testing.T, file string) {
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var s scenario
	if err := yaml.UnmarshalWithOptions(raw, &s, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	def, err := json.Marshal(s.Flow)
	if err != nil {
		t.Fatal(err)
	}
	p := newPlay(t, mustCompile(t, mustParse(t, string(def))), s.People)
	if p.org == nil {
		p.org = map[string][]string{}
	}
	p.set(s.Data)
	p.setTimes(s)
	p.flows = versions(t, p.f, s.Versions)
	for i, step := range s.Steps {
		if !t.Run(fmt.Sprintf("step %d", i+1), func(t *testing.T) { p.t = t; p.step(step) }) {
			return
		}
	}
}

// versions compiles the flows a scenario migrates to; the case begins on version 3.
func versions(t *testing.T, first *engine.Flow, more map[int]any) map[int]*engine.Flow {
	out := map[int]*engine.Flow{3: first}
	for n, v := range more {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out[n] = mustCompile(t, mustParse(t, string(raw)))
	}
	return out
}

// set takes record data; numbers become decimals, as they are stored.
func (p *play) set(data map[string]any) {
	for k, v := range data {
		switch v := v.(type) {
		case int, int64, uint64, float64:
			d, err := decimal.Parse(fmt.Sprint(v))
			if err != nil {
				p.t.Fatal(err)
			}
			p.data[k] = d
		default:
			p.data[k] = v
		}
	}
}

func recode[T any](t tb, v any) (out T) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return out
}

func (p *play) step(step map[string]any) {
	p.t.Helper()
	want := recode[expected](p.t, step["expect"])
	for kind, v := range step {
		if kind == "expect" {
			continue
		}
		args := recode[stepArgs](p.t, v)
		p.prepare(args)
		if kind == "ring" { // time passes, and timers ring
			p.expect(want, p.ring(), nil)
			return
		}
		lines := len(p.log)
		effects, err := p.do(p.command(kind, args))
		p.expect(want, effects, err)
		if nothing := err == nil && len(p.log) == lines; want.Nothing != nothing {
			p.t.Errorf("changed nothing: %v", nothing)
		}
		return
	}
	p.t.Fatal("a step without an action")
}

func (p *play) prepare(args stepArgs) {
	p.now = p.now.Add(time.Minute)
	if args.After != "" {
		d, err := time.ParseDuration(args.After)
		if err != nil {
			p.t.Fatal(err)
		}
		p.now = p.now.Add(d)
	}
	if !args.Now.IsZero() {
		p.now = args.Now.UTC()
	}
	p.set(args.Data)
	for k, v := range args.People {
		p.org[k] = v
	}
	p.empty = args.Missing
}

// find gives the task a step is about: the one named, else the user's newest
// open one (at the node, if given), else his newest one, so that refusals can be expected.
func (p *play) find(args stepArgs) int {
	if args.Task != 0 {
		return args.Task
	}
	user := args.By
	if args.Of != "" {
		user = args.Of
	}
	last := 0
	for _, t := range slices.Backward(p.c.Tasks) {
		if t.Assignee != user || args.At != "" && t.Node != args.At {
			continue
		}
		if t.State == engine.TaskOpen {
			return t.N
		}
		last = max(last, t.N)
	}
	return last
}

func (p *play) expect(want expected, effects []engine.Effect, err error) {
	p.t.Helper()
	if code := fault.CodeOf(err); code != want.Error {
		p.t.Fatalf("error %v, want %q", err, want.Error)
	}
	if want.State != nil && string(p.c.State) != *want.State {
		p.t.Errorf("state %s, want %s", p.c.State, *want.State)
	}
	p.diff("at", want.At, p.c.OpenNodes())
	if want.Tasks != nil {
		got := map[string]int{}
		for _, t := range p.c.OpenTasks("") {
			got[t.Assignee]++
		}
		p.diff("tasks", want.Tasks, got)
	}
	p.diff("waiting", want.Waiting, p.inState(engine.TaskWaiting))
	p.diff("skipped", want.Skipped, p.skipped())
	p.diff("notices", want.Notices, notices(effects))
	for user, kinds := range want.Can {
		p.diff("can "+user, kinds, p.can(user))
	}
	if want.Tree != nil {
		got := map[string]string{}
		for _, n := range flatten(p.f.Tree(p.c)) {
			if _, ok := want.Tree[n.Node]; ok {
				got[n.Node] = n.State
			}
		}
		p.diff("tree", want.Tree, got)
	}
	p.diff("asked", want.Asked, p.asked)
	p.expectMore(want.expectedMore, effects)
}

// diff compares what is expected, if anything is.
func (p *play) diff(what string, want, got any) {
	p.t.Helper()
	switch w := want.(type) {
	case []string:
		if w == nil {
			return
		}
		if g := got.([]string); len(w) == 0 && len(g) == 0 {
			return
		}
	case map[string]string:
		if w == nil {
			return
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		p.t.Errorf("%s (-want +got): %s", what, d)
	}
}

func (p *play) inState(s engine.TaskState) []string {
	var out []string
	for _, t := range p.c.Tasks {
		if t.State == s {
			out = append(out, t.Assignee)
		}
	}
	return out
}

func (p *play) skipped() map[string]string {
	out := map[string]string{}
	for _, t := range p.c.Tasks {
		if t.State == engine.TaskSkipped {
			out[strings.TrimSuffix(t.Node+":"+t.Assignee, ":")] = t.Reason
		}
	}
	return out
}

func notices(effects []engine.Effect) []string {
	var out []string
	for _, e := range effects {
		for _, u := range e.To {
			out = append(out, e.Event+":"+u)
		}
	}
	return out
}

func (p *play) can(user string) []string {
	var out []string
	for _, a := range p.f.Allowed(p.c, user) {
		s := a.Kind
		if len(a.ReturnTo) > 0 {
			s += "(" + strings.Join(a.ReturnTo, ",") + ")"
		}
		out = append(out, s)
	}
	return out
}

func flatten(nodes []engine.PathNode) []engine.PathNode {
	var out []engine.PathNode
	for _, n := range nodes {
		out = append(out, n)
		for _, b := range n.Branches {
			out = append(out, flatten(b.Nodes)...)
		}
	}
	return out
}
