package engine_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
)

const onePM = `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},{"id":"pm","type":"approve","who":[{"users":["wang"]}]}]}`

func TestApplyRefusesBrokenCommands(t *testing.T) {
	t.Parallel()
	tests := []struct {
		cmd  engine.Command
		kind fault.Kind
		code string
	}{
		{engine.Command{Kind: "", By: "li"}, fault.Invalid, "command.unknown"},
		{engine.Command{Kind: "Submit", By: "li"}, fault.Invalid, "command.unknown"},
		{engine.Command{Kind: "submit"}, fault.Invalid, "command.nobody"},
		{engine.Command{Kind: "submit", By: "li", Comment: strings.Repeat("长", engine.MaxComment+1)}, fault.Invalid, "comment.too_long"},
		{engine.Command{Kind: "submit", By: "li", Comment: strings.Repeat("长", engine.MaxComment)}, "", ""},
	}
	for _, tt := range tests {
		p := newPlay(t, mustCompile(t, mustParse(t, onePM)), nil)
		_, err := p.do(tt.cmd)
		if fault.CodeOf(err) != tt.code || err != nil && fault.KindOf(err) != tt.kind {
			t.Errorf("%.20q: %v", tt.cmd.Kind, err)
		}
	}
	p := newPlay(t, mustCompile(t, mustParse(t, onePM)), nil)
	p.c.Flow = "other"
	if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); fault.CodeOf(err) != "case.other_flow" {
		t.Errorf("another flow's case: %v", err)
	}
}

// TestSubmitNamesInitiator: a case without an initiator belongs to whoever submits it.
func TestSubmitNamesInitiator(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, onePM)), nil)
	p.c = engine.Case{}
	if got := p.can("wu"); !slices.Equal(got, []string{"submit"}) {
		t.Errorf("may %v", got)
	}
	if _, err := p.do(engine.Command{Kind: "submit", By: "wu"}); err != nil || p.c.Initiator != "wu" || p.c.Flow != "f" {
		t.Errorf("%+v %v", p.c, err)
	}
}

// TestFieldErrorsNameTheirPlace: what a client can correct says where.
func TestFieldErrorsNameTheirPlace(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, onePM)), nil)
	if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
		t.Fatal(err)
	}
	for cmd, path := range map[string]string{"comment": "/comment", "transfer": "/to"} {
		by := map[string]string{"comment": "li", "transfer": "wang"}[cmd]
		_, err := p.do(engine.Command{Kind: cmd, By: by, Task: 1})
		var f *fault.Error
		if !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Path != path {
			t.Errorf("%s: %v", cmd, err)
		}
	}
}

// TestConditionThatFails: a formula that cannot be evaluated refuses the command and names node and branch.
func TestConditionThatFails(t *testing.T) {
	t.Parallel()
	f := mustCompile(t, mustParse(t, `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},
		{"id":"c","type":"condition","branches":[{"when":"RAND() > 2","nodes":[]},{"otherwise":true,"nodes":[]}]}]}`))
	p := newPlay(t, f, nil) // no source of chance: RAND is an error
	_, err := p.do(engine.Command{Kind: "submit", By: "li"})
	var e *fault.Error
	var cause *formula.RunError
	if !errors.As(err, &e) || e.Code != "condition.failed" || e.Params["node"] != "c" || e.Params["branch"] != 1 || !errors.As(err, &cause) {
		t.Fatalf("%v", err)
	}
	if p.c.State != engine.Draft {
		t.Errorf("state %s", p.c.State)
	}
}

// TestJoinOnceWhoeverIsFirst: two branches decided on the same case: whichever
// is written first, the other, applied again on what was written, joins once.
func TestJoinOnceWhoeverIsFirst(t *testing.T) {
	t.Parallel()
	for _, order := range [][]int{{1, 2}, {2, 1}} {
		p := newPlay(t, mustCompile(t, mustParse(t, `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},
			{"id":"both","type":"parallel","branches":[
				{"nodes":[{"id":"a","type":"approve","who":[{"users":["wang"]}]}]},
				{"nodes":[{"id":"b","type":"approve","who":[{"users":["zhao"]}]}]}]},
			{"id":"gm","type":"approve","who":[{"users":["zhang"]}]}]}`)), nil)
		if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
			t.Fatal(err)
		}
		by := map[int]string{1: "wang", 2: "zhao"}
		lost := *p // decided on the same case, but not written
		if _, err := lost.do(engine.Command{Kind: "approve", By: by[order[1]], Task: order[1], Rev: 1}); err != nil {
			t.Fatal(err)
		}
		for _, n := range order {
			if _, err := p.do(engine.Command{Kind: "approve", By: by[n], Task: n, Rev: 1}); err != nil {
				t.Fatal(err)
			}
		}
		arrivals := 0
		for _, v := range p.c.Visits {
			if v.Node == "gm" {
				arrivals++
			}
		}
		if arrivals != 1 || !slices.Equal(p.c.Handlers(), []string{"zhang"}) {
			t.Errorf("%v: %d arrivals, handlers %v", order, arrivals, p.c.Handlers())
		}
	}
}

// TestEffects spells out the effects of one command, in order.
func TestEffects(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},
		{"id":"pm","type":"approve","who":[{"users":["wang","zhao"]}]},{"id":"copy","type":"cc","who":[{"users":["sun"]}]}]}`)), nil)
	if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
		t.Fatal(err)
	}
	got, err := p.do(engine.Command{Kind: "approve", By: "zhao", Task: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := []engine.Effect{
		{N: 1, Kind: "task_closed", Task: 2, Node: "pm"},
		{N: 2, Kind: "task_closed", Task: 1, Node: "pm"},
		{N: 3, Kind: "task_opened", Task: 3, Node: "copy"},
		{N: 4, Kind: "notify", Event: "cc", Node: "copy", To: []string{"sun"}, State: "running"},
		{N: 5, Kind: "case_ended", State: "approved"},
		{N: 6, Kind: "notify", Event: "approved", To: []string{"li"}, State: "approved"},
		{N: 7, Kind: "visit_ended", Visit: 2, Node: "pm", State: "approved"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got) %s", d)
	}
}

// TestTimesAreStorable: whatever clock the command comes with, the case holds UTC milliseconds.
func TestTimesAreStorable(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, onePM)), nil)
	p.now = day.Add(123456789).In(shanghai)
	if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil { // do checks every stored value
		t.Fatal(err)
	}
	if want := day.Add(123e6); !p.c.StartedAt.Equal(want) {
		t.Errorf("started %v, want %v", p.c.StartedAt, want)
	}
}

func BenchmarkApprove(b *testing.B) {
	p := newPlay(b, mustCompile(b, mustParse(b, rightsFlow)), nil)
	if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := p.f.Apply(p.c, engine.Command{Kind: "approve", By: "chen", Task: 1, At: day}); err != nil {
			b.Fatal(err)
		}
	}
}
