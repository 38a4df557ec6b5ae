package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
)

const workFlow = `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},
	{"id":"order","type":"subflow","subflow":{"form":"order","each":"lines","wait":true,"rejected":"continue"}},
	{"id":"gm","type":"approve","who":[{"users":["zhang"]}]}]}`

func TestWorkThroughManyRows(t *testing.T) {
	t.Parallel()
	for rows, want := range map[int]string{0: "", 1: "", engine.MaxWorkItems: "", engine.MaxWorkItems + 1: "work.too_many"} {
		p := newPlay(t, mustCompile(t, mustParse(t, workFlow)), nil)
		p.data["lines"] = make([]any, rows)
		if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); fault.CodeOf(err) != want {
			t.Errorf("%d rows: %v", rows, err)
		}
	}
}

// TestResultsInAnyOrder: in whatever order results come, and however often, each counts once and the case goes on once.
func TestResultsInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {0, 0, 1, 1, 2, 2}} {
		p := newPlay(t, mustCompile(t, mustParse(t, workFlow)), nil)
		p.data["lines"] = make([]any, 3)
		if _, err := p.do(engine.Command{Kind: "submit", By: "li"}); err != nil {
			t.Fatal(err)
		}
		arrivals := 0
		for _, item := range append(slices.Clone(order), order...) {
			effects, err := p.do(engine.Command{Kind: "result", Visit: 2, Item: item, Ref: fmt.Sprintf("cost.order.%d", item), Result: "rejected"})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range effects {
				if e.Kind == engine.EffectTaskOpened {
					arrivals++
				}
			}
		}
		if arrivals != 1 || !slices.Equal(p.c.Handlers(), []string{"zhang"}) {
			t.Errorf("%v: %d arrivals, %v", order, arrivals, p.c.Handlers())
		}
	}
}

// TestDelayRefuses: a formula that stops on its limits refuses the command and names the node.
func TestDelayRefuses(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},
		{"id":"calm","type":"delay","delay":{"until":"LOOKUP(\"base.project\", no == name, \"due\")"}}]}`)), nil)
	p.data = formula.Vars{"name": "x"}
	_, err := p.do(engine.Command{Kind: "submit", By: "li"})
	if fault.CodeOf(err) != "delay.failed" {
		t.Fatalf("error %v", err)
	}
}

// TestBadAnswers: a calendar that answers nonsense is a defect, never a wrong time; one that does not answer sets none.
func TestBadAnswers(t *testing.T) {
	t.Parallel()
	f := mustCompile(t, mustParse(t, `{"key":"f","form":"contract","nodes":[{"id":"start","type":"start"},
		{"id":"a","type":"approve","who":[{"users":["wang"]}],"deadline":{"hours":1}}]}`))
	for answer, want := range map[string]string{"tomorrow": "need.answer", "": ""} {
		cmd := engine.Command{Kind: "submit", By: "li", At: day, Answers: map[string][]string{"users:wang": {"wang"}, "delegate:wang": nil,
			"due::2026-03-02T09:00:00Z:60m": {answer}}}
		c, effects, needs, err := f.Apply(engine.NewCase("f", 1, "li", ""), cmd)
		if fault.CodeOf(err) != want || len(needs) > 0 {
			t.Fatalf("%q: %v %v", answer, needs, err)
		}
		timer := func(e engine.Effect) bool { return e.Kind == engine.EffectTimer }
		if want == "" && (slices.ContainsFunc(effects, timer) || !c.Visits[1].Due.IsZero()) {
			t.Errorf("due %v", c.Visits[1].Due)
		}
	}
}
