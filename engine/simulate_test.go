package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
)

const simulateFlow = `{"key":"f","form":"contract","nodes":[
	{"id":"start","type":"start"},
	{"id":"pm","type":"approve","signature":"required","attachment":"required","comment":"required",
		"who":[{"chosen":{"by":"initiator"}}],"deadline":{"hours":8}},
	{"id":"checks","type":"inclusive","branches":[
		{"when":"amount >= 100","nodes":[{"id":"fin","type":"approve","mode":"vote","vote":{"percent":60},"who":[{"role":"fin"}]}]},
		{"when":"amount >= 500","nodes":[{"id":"pay","type":"subflow","subflow":{"form":"payment","each":"lines","wait":true}}]},
		{"otherwise":true,"nodes":[]}]},
	{"id":"calm","type":"delay","delay":{"days":2}},
	{"id":"stock","type":"data","data":{"op":"create","form":"stock","set":{"a":"1"}}},
	{"id":"seal","type":"handle","who":[{"node":"pm"}]}],
	"settings":{"empty":{"then":"skip"}}}`

// steps writes a path as "node result reason: assignees".
func steps(path []engine.Step) []string {
	var out []string
	for _, s := range path {
		var who []string
		for _, t := range s.Tasks {
			who = append(who, t.Assignee)
		}
		out = append(out, strings.TrimSpace(strings.Join([]string{s.Visit.Node, s.Visit.Result, s.Reason, strings.Join(who, ",")}, " ")))
	}
	return out
}

func simulate(t *testing.T, s engine.Sample, amount string) engine.Outcome {
	t.Helper()
	p := newPlay(t, mustCompile(t, mustParse(t, simulateFlow)), map[string][]string{"role:fin": {"zhao", "chen", "sun"}, "delegate:sun": {"qian"}})
	cmd := engine.Command{By: "li", At: day, Record: formula.Vars{"amount": mustDecimal(amount)}, Rows: func(string) int { return 2 }}
	out, err := p.f.Simulate(cmd, s, func(n engine.Need) ([]string, error) { return p.answer(n), nil })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSimulate(t *testing.T) {
	t.Parallel()
	small := []string{"start done", "pm approve  wang", "checks done otherwise", "calm done", "stock done", "seal done  wang"}
	tests := []struct {
		name   string
		sample engine.Sample
		amount string
		state  engine.State
		want   []string
	}{
		{"everybody agrees", engine.Sample{Choose: map[string][]string{"pm": {"wang"}}}, "1", engine.Approved, small},
		{"both branches", engine.Sample{People: map[string][]string{"pm": {"zhang"}}}, "500", engine.Approved,
			[]string{"start done", "pm approve  zhang", "checks done", "fin approve  zhao,chen,qian", "pay done", "calm done", "stock done", "seal done  zhang"}},
		{"a subflow is rejected", engine.Sample{People: map[string][]string{"pm": {"zhang"}}, Decisions: map[string][]string{"pay": {"approved", "rejected"}}}, "500", engine.Approved,
			[]string{"start done", "pm approve  zhang", "checks done", "fin approve  zhao,chen,qian", "pay done", "calm done", "stock done", "seal done  zhang"}},
		{"a vote is lost", engine.Sample{People: map[string][]string{"pm": {"zhang"}}, Decisions: map[string][]string{"fin": {"reject"}}}, "100", engine.Rejected,
			[]string{"start done", "pm approve  zhang", "checks cancelled", "fin reject  zhao,chen,qian"}},
		{"returned", engine.Sample{People: map[string][]string{"pm": {"zhang"}}, Decisions: map[string][]string{"pm": {"return"}}}, "1", engine.Returned,
			[]string{"start done", "pm return  zhang", "start   li"}},
		{"work fails", engine.Sample{People: map[string][]string{"pm": {"zhang"}}, Decisions: map[string][]string{"stock": {"error"}}}, "1", engine.Running,
			[]string{"start done", "pm approve  zhang", "checks done otherwise", "calm done", "stock"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := simulate(t, tt.sample, tt.amount)
			if out.Case.State != tt.state {
				t.Errorf("state %s, want %s", out.Case.State, tt.state)
			}
			if d := cmp.Diff(tt.want, steps(out.Path)); d != "" {
				t.Errorf("(-want +got) %s", d)
			}
		})
	}
}

// TestSimulateSubflow: what a sample says about work holds for each of its pieces.
func TestSimulateSubflow(t *testing.T) {
	t.Parallel()
	out := simulate(t, engine.Sample{People: map[string][]string{"pm": {"zhang"}}, Decisions: map[string][]string{"pay": {"rejected"}}}, "500")
	if out.Case.State != engine.Rejected {
		t.Errorf("state %s", out.Case.State)
	}
	at := out.Case.EndedAt
	if !at.Equal(day) {
		t.Errorf("ended %s: nothing waited", at)
	}
	later := simulate(t, engine.Sample{}, "1")
	if want := time.Date(2026, 3, 4, 17, 0, 0, 0, time.UTC); !later.Case.EndedAt.Equal(want) {
		t.Errorf("ended %s, want after the delay, %s", later.Case.EndedAt, want)
	}
}

// TestPredictNewNodes: a person to be chosen shows as such, work as done, delays as over.
func TestPredictNewNodes(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, simulateFlow)), map[string][]string{"role:fin": {"zhao", "chen"}})
	cmd := engine.Command{By: "li", At: day, Record: formula.Vars{"amount": mustDecimal("100")}}
	tree, err := p.f.Predict(cmd, func(n engine.Need) ([]string, error) { return p.answer(n), nil })
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"start pending", "pm pending: (waiting)", "checks pending", "fin pending: zhao(waiting), chen(waiting)", "pay not_taken",
		"calm pending", "stock pending", "seal skipped empty: (skipped)"}
	if d := cmp.Diff(want, lines(tree)); d != "" {
		t.Errorf("(-want +got) %s", d)
	}
	if tree[1].Tasks[0].Reason != engine.ReasonChosen || tree[2].Branches[0].Reason != "amount >= 100" {
		t.Errorf("reasons %+v", tree[:3])
	}
	if err := p.try(engine.Command{Kind: "submit", By: "li"}); fault.CodeOf(err) != "choose.required" {
		t.Errorf("submitted: %v", err)
	}
}

// BenchmarkSubmit is a submit with all its rounds of questions.
func BenchmarkSubmit(b *testing.B) {
	p := newPlay(b, mustCompile(b, mustParse(b, rightsFlow)), nil)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.try(engine.Command{Kind: "submit", By: "li"}); err != nil {
			b.Fatal(err)
		}
	}
}
