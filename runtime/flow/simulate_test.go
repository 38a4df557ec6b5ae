package flow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/internal/kit"
)

func (o *office) simulate(in flow.SimulateInput) *flow.Simulation {
	o.t.Helper()
	if in.Form == "" {
		in.Form = "order"
	}
	if in.By == "" {
		in.By = "ann"
	}
	out, err := o.Flow.Simulate(ctx, o.As("root"), "lab", in)
	if err != nil {
		o.t.Fatalf("simulate: %v", err)
	}
	return out
}

// path are the steps as "node result", with who was asked.
func path(s *flow.Simulation) []string {
	var out []string
	for _, x := range s.Steps {
		line := x.Node + " " + x.Result
		for _, t := range x.Tasks {
			line += " " + t.Assignee + ":" + t.Result
		}
		out = append(out, line)
	}
	return out
}

// TestSimulate runs the real engine on sample data and decisions, and writes nothing.
func TestSimulate(t *testing.T) {
	t.Parallel()
	o := open(t)
	large := kit.JSON(m{"name": "x", "project": o.project, "manager": "kim", "lines": []m{{"item": "i", "qty": 1, "price": 5000}}})
	out := o.simulate(flow.SimulateInput{Data: large})
	same(t, "all agree", []string{"start done", "pm approve bob:approve", "review done", "legal approve carl:approve cora:", "finance approve dora:approve dan:approve",
		"big done", "head approve hugo:approve", "seal done arc:handle", "cc done ann: kim:"}, path(out))
	if out.State != "approved" || out.Stopped != nil || len(out.Warnings) != 0 || len(out.Log) == 0 || !out.Draft {
		t.Errorf("%+v", out)
	}
	if b := out.Steps[5].Branches; len(b) != 1 || b[0].Reason != "amount >= 1000" || !strings.Contains(out.Steps[5].Text, "amount >= 1000") {
		t.Errorf("the branch: %+v", out.Steps[5])
	}
	if out.Display.Users["bob"] != "Bob" || !strings.Contains(out.Steps[1].Text, "Bob 同意") {
		t.Errorf("names: %v, %q", out.Display.Users, out.Steps[1].Text)
	}
	out = o.simulate(flow.SimulateInput{Data: large, People: map[string][]string{"pm": {"eve"}}, Decisions: map[string][]string{"legal": {"reject"}}})
	if out.State != "rejected" || out.Steps[1].Tasks[0].Assignee != "eve" {
		t.Errorf("other people and decisions: %s, %v", out.State, path(out))
	}
	out = o.simulate(flow.SimulateInput{Data: large, Decisions: map[string][]string{"pm": {"return"}}})
	if out.State != "returned" {
		t.Errorf("returned: %s, %v", out.State, path(out))
	}
	if n := len(o.Docs("rec_lab__order")) + len(o.Docs("tasks")) + len(o.Docs("flowfacts")) + len(o.Docs("jobs")); n != 0 {
		t.Errorf("simulating left %d documents", n)
	}
}

// TestSimulateDraft: a draft is simulated before it is published.
func TestSimulateDraft(t *testing.T) {
	t.Parallel()
	o := open(t)
	doc, _ := kit.LabFiles().Edit(t, "flows/order.yaml", "amount >= 1000", "amount >= 10").Doc(t)
	o.SaveDraft(doc)
	data := kit.JSON(m{"name": "x", "project": o.project, "lines": []m{{"item": "i", "qty": 1, "price": 50}}})
	head := func(version string) bool {
		return strings.Contains(strings.Join(path(o.simulate(flow.SimulateInput{Data: data, Version: version})), ","), "head")
	}
	if !head("draft") || head("published") || !head("") {
		t.Errorf("draft %v, published %v", head("draft"), head("published"))
	}
	broken, _ := kit.LabFiles().Doc(t)
	for i := range broken.Flows {
		broken.Flows[i].Doc = []byte(strings.Replace(string(broken.Flows[i].Doc), "amount \\u003e= 1000", "nothing == 1", 1))
	}
	o.SaveDraft(broken)
	_, err := o.Flow.Simulate(ctx, o.As("root"), "lab", flow.SimulateInput{Form: "order", By: "ann"})
	refused(t, err, "publish.problems", "")
}

// TestSimulateWork: nodes that work outside end as they are told; delays are over at once.
func TestSimulateWork(t *testing.T) {
	t.Parallel()
	s := openShop(t, `  - {id: wait, type: delay, delay: {days: 3}}
  - {id: sub, type: subflow, subflow: {form: buy, data: {what: name}, wait: true}}
  - {id: make, type: data, data: {op: create, form: stock, set: {name: name}}}`)
	run := func(decisions map[string][]string) *flow.Simulation {
		t.Helper()
		out, err := s.Flow.Simulate(ctx, s.As("root"), "shop", flow.SimulateInput{Form: "order", By: "ann", Data: kit.JSON(m{"name": "x"}), Decisions: decisions,
			At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if out := run(nil); out.State != "approved" {
		t.Errorf("all done: %s %v", out.State, path(out))
	}
	if out := run(map[string][]string{"sub": {"rejected"}}); out.State != "rejected" {
		t.Errorf("a subflow that was rejected: %s %v", out.State, path(out))
	}
	if out := run(map[string][]string{"make": {"fail"}}); out.State != "running" || !out.Steps[len(out.Steps)-1].Open {
		t.Errorf("work that fails: %s %v", out.State, path(out))
	}
	if n := len(s.all("stock")) + len(s.all("buy")); n != 0 {
		t.Errorf("%d records were made", n)
	}
}

func TestSimulateRefuses(t *testing.T) {
	t.Parallel()
	o := open(t)
	for name, x := range map[string]struct {
		in         flow.SimulateInput
		app        string
		code, path string
	}{
		"an app that is not there":  {flow.SimulateInput{Form: "order", By: "ann"}, "nothing", "app.unknown", ""},
		"a form that is not there":  {flow.SimulateInput{Form: "nothing", By: "ann"}, "lab", "form.unknown", ""},
		"a form without a flow":     {flow.SimulateInput{Form: "item", By: "ann"}, "lab", "flow.none", ""},
		"a version that is none":    {flow.SimulateInput{Form: "order", By: "ann", Version: "7"}, "lab", "simulate.version", "/version"},
		"nobody":                    {flow.SimulateInput{Form: "order"}, "lab", "simulate.invalid", "/by"},
		"somebody unknown":          {flow.SimulateInput{Form: "order", By: "nemo"}, "lab", "simulate.invalid", "/by"},
		"an unknown person":         {flow.SimulateInput{Form: "order", By: "ann", People: map[string][]string{"pm": {"nemo"}}}, "lab", "simulate.invalid", "/people/pm"},
		"a node that is not there":  {flow.SimulateInput{Form: "order", By: "ann", People: map[string][]string{"x": {"bob"}}}, "lab", "simulate.invalid", "/people/x"},
		"a decision that is none":   {flow.SimulateInput{Form: "order", By: "ann", Decisions: map[string][]string{"pm": {"perhaps"}}}, "lab", "simulate.invalid", "/decisions/pm"},
		"a decision at no node":     {flow.SimulateInput{Form: "order", By: "ann", Decisions: map[string][]string{"x": {"approve"}}}, "lab", "simulate.invalid", "/decisions/x"},
		"people chosen for no node": {flow.SimulateInput{Form: "order", By: "ann", Choose: map[string][]string{"x": {"bob"}}}, "lab", "simulate.invalid", "/choose/x"},
	} {
		_, err := o.Flow.Simulate(ctx, o.As("root"), x.app, x.in)
		if fault.CodeOf(err) != x.code {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if x.path != "" {
			refused(t, err, x.code, x.path)
		}
	}
}
