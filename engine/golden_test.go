package engine_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/engine"
)

// oldFlow is the flow of testdata/old_case.json, a running case as the first
// release stored it: transferred, urged, returned inside a countersign, and back.
const oldFlow = `{"key":"f","form":"contract","settings":{"resubmit":"choose","dedupe":"adjacent"},"nodes":[
 {"id":"start","type":"start"},
 {"id":"pm","type":"approve","who":[{"users":["wang"]}]},
 {"id":"both","type":"parallel","branches":[
  {"nodes":[{"id":"legal","type":"approve","mode":"all","who":[{"role":"legal"}]}]},
  {"nodes":[{"id":"finance","type":"handle","who":[{"users":["zhao"]}]}]}]},
 {"id":"big","type":"condition","branches":[{"when":"amount >= 100","nodes":[{"id":"gm","type":"approve","who":[{"users":["zhang"]}]}]},{"otherwise":true,"nodes":[]}]},
 {"id":"copy","type":"cc","who":[{"dept_head":1}]}]}`

// stored reads a document that was written with its times marked.
func stored(t *testing.T, file string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return unmark(t, v).(map[string]any)
}

func unmark(t *testing.T, v any) any {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			t.Fatal(err)
		}
		return n
	case []any:
		for i := range v {
			v[i] = unmark(t, v[i])
		}
	case map[string]any:
		if at, ok := v["$time"].(string); ok {
			x, err := time.Parse(time.RFC3339Nano, at)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		for k := range v {
			v[k] = unmark(t, v[k])
		}
	}
	return v
}

// TestOldCase: a case stored by the first release reads, is written the same, and goes on to its end.
func TestOldCase(t *testing.T) {
	t.Parallel()
	doc := stored(t, "testdata/old_case.json")
	c, err := engine.FromDoc(doc)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(stored(t, "testdata/old_case.json"), c.ToDoc()); d != "" {
		t.Errorf("written otherwise (-was +is): %s", d)
	}
	f := mustCompile(t, mustParse(t, oldFlow))
	p := newPlay(t, f, map[string][]string{"dept_head:1": {"sun"}})
	p.c, p.log, p.now = c, c.Log, c.Log[len(c.Log)-1].At
	replayed, err := engine.Replay(f, c.Log)
	if err != nil {
		t.Fatal(err)
	}
	// Then a task that was asked again did not say which one it came from.
	for i, task := range c.Tasks {
		if task.Reason == engine.ReasonBack {
			replayed.Tasks[i].From = task.From
		}
	}
	if d := cmp.Diff(c, replayed); d != "" {
		t.Errorf("replayed otherwise (-stored +again): %s", d)
	}
	cmd := engine.Command{At: p.now.Add(time.Hour), Answers: map[string][]string{"dept_head:1": {"sun"}}, Record: p.data}
	for len(c.OpenTasks("")) > 0 {
		task := c.OpenTasks("")[0]
		cmd.Kind, cmd.By, cmd.Task, cmd.Rev = task.Kind, task.Assignee, task.N, task.Rev
		var needs []engine.Need
		if c, _, needs, err = f.Apply(c, cmd); err != nil || len(needs) > 0 {
			t.Fatalf("%v %v", needs, err)
		}
	}
	if c.State != engine.Approved {
		t.Errorf("ended as %s", c.State)
	}
}
