package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
)

const predictFlow = `{"key":"f","form":"contract","nodes":[
	{"id":"start","type":"start"},
	{"id":"pm","type":"approve","comment":"required","who":[{"field":"manager"}]},
	{"id":"big","type":"condition","branches":[
		{"when":"amount >= 100","nodes":[{"id":"gm","type":"approve","who":[{"role":"gm"}],"mode":"sequence"}]},
		{"otherwise":true,"nodes":[]}]},
	{"id":"again","type":"approve","who":[{"field":"manager"}]},
	{"id":"seal","type":"handle","who":[{"role":"archivist"}]},
	{"id":"copy","type":"cc","who":[{"initiator":true}]}],
	"settings":{"dedupe":"any","empty":{"then":"stop"}}}`

// lines writes a tree as "node state reason: assignee(state)…".
func lines(nodes []engine.PathNode) []string {
	var out []string
	for _, n := range flatten(nodes) {
		s := strings.TrimSpace(n.Node + " " + n.State + " " + n.Reason)
		for i, t := range n.Tasks {
			s += map[bool]string{true: ": ", false: ", "}[i == 0] + fmt.Sprintf("%s(%s)", t.Assignee, t.State)
		}
		out = append(out, s)
	}
	return out
}

func TestPredict(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, predictFlow)), map[string][]string{
		"field:manager": {"wang"}, "role:gm": {"zhang", "zhao"}, "role:archivist": {"zhou"}})
	ask := func(n engine.Need) ([]string, error) { return p.answer(n), nil }
	predict := func(amount string) []string {
		tree, err := p.f.Predict(engine.Command{By: "li", At: day, Record: formula.Vars{"amount": mustDecimal(amount)}}, ask)
		if err != nil {
			t.Fatal(err)
		}
		return lines(tree)
	}
	want := []string{"start pending", "pm pending: wang(waiting)", "big pending amount >= 100", "gm pending: zhang(waiting), zhao(waiting)",
		"again skipped dedupe: wang(skipped)", "seal pending: zhou(waiting)", "copy pending: li(waiting)"}
	if d := cmp.Diff(want, predict("100")); d != "" {
		t.Errorf("large (-want +got): %s", d)
	}
	want[2], want[3] = "big pending otherwise", "gm not_taken"
	if d := cmp.Diff(want, predict("99")); d != "" {
		t.Errorf("small (-want +got): %s", d)
	}
}

func TestPredictTellsWhereItStops(t *testing.T) {
	t.Parallel()
	p := newPlay(t, mustCompile(t, mustParse(t, predictFlow)), map[string][]string{"field:manager": {"wang"}})
	tree, err := p.f.Predict(engine.Command{By: "li", At: day}, func(n engine.Need) ([]string, error) { return p.answer(n), nil })
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "approver.none" || f.Params["node"] != "seal" {
		t.Fatalf("error %v", err)
	}
	if got := lines(tree); got[1] != "pm pending: wang(waiting)" {
		t.Errorf("tree %v", got)
	}
	broken := errors.New("no organisation")
	if _, err := p.f.Predict(engine.Command{By: "li"}, func(engine.Need) ([]string, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
