package engine_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/schema"
)

// checkInvariants checks the guarantees of the engine over one accepted command.
func checkInvariants(t tb, f *engine.Flow, before, after engine.Case, effects []engine.Effect) {
	t.Helper()
	checkAlive(t, after)
	checkOneEnd(t, before, after, effects)
	checkTasks(t, before, after)
	checkVisits(t, f, after)
	checkEffects(t, after, effects)
}

// checkAlive: no case without an open task or a final state; nothing open in a final one.
func checkAlive(t tb, c engine.Case) {
	t.Helper()
	open := len(c.OpenTasks(""))
	switch c.State {
	case engine.Running, engine.Returned, engine.Suspended:
		work := func(v engine.Visit) bool { return v.Open && v.Work != nil }
		if open == 0 && !slices.ContainsFunc(c.Visits, work) {
			t.Fatalf("a %s case waits for nobody", c.State)
		}
	case engine.Approved, engine.Rejected, engine.Withdrawn, engine.Terminated:
		if open > 0 || slices.ContainsFunc(c.Visits, func(v engine.Visit) bool { return v.Open }) {
			t.Fatalf("an %s case has something open", c.State)
		}
		if c.EndedAt.IsZero() {
			t.Fatal("ended without a time")
		}
	case engine.Draft: // a command of the system that found nothing to do
		if len(c.Tasks)+len(c.Visits)+len(c.Log) > 0 {
			t.Fatal("a draft has a history")
		}
	default:
		t.Fatalf("case reached state %q", c.State)
	}
	if len(c.Log) > engine.MaxLog {
		t.Fatalf("%d lines of log", len(c.Log))
	}
}

// checkOneEnd: one final state, once, and one effect that says so.
func checkOneEnd(t tb, before, after engine.Case, effects []engine.Effect) {
	t.Helper()
	ends := 0
	for _, e := range effects {
		if e.Kind == engine.EffectCaseEnded {
			ends++
		}
	}
	want := 0
	if after.State.Final() && !before.State.Final() {
		want = 1
	}
	if ends != want {
		t.Fatalf("%d effects end the case, want %d", ends, want)
	}
	if before.State.Final() && before.State != after.State {
		t.Fatalf("an ended case changed from %s to %s", before.State, after.State)
	}
}

// checkTasks: a task is decided at most once and never comes back; nobody is asked twice at one visit.
func checkTasks(t tb, before, after engine.Case) {
	t.Helper()
	if len(after.Tasks) < len(before.Tasks) || len(after.Visits) < len(before.Visits) {
		t.Fatal("something vanished")
	}
	for i, old := range before.Tasks {
		now := after.Tasks[i]
		closed := old.State != engine.TaskOpen && old.State != engine.TaskWaiting
		if closed && !old.Void && now.Void { // a decision may be taken back, once
			old.Void, old.Rev = true, old.Rev+1
		}
		if closed && !reflect.DeepEqual(old, now) {
			t.Fatalf("task %d changed after it was closed: %+v → %+v", old.N, old, now)
		}
		if now.State != old.State && now.Rev <= old.Rev {
			t.Fatalf("task %d changed without a new revision", old.N)
		}
	}
	type seat struct {
		visit int
		user  string
	}
	pending := map[seat]bool{}
	for _, task := range after.Tasks {
		if task.State != engine.TaskOpen && task.State != engine.TaskWaiting {
			continue
		}
		if !after.Visits[task.Visit-1].Open {
			t.Fatalf("task %d is pending at a closed visit", task.N)
		}
		s := seat{task.Visit, task.Assignee}
		if pending[s] || task.Assignee == "" {
			t.Fatalf("%q is asked twice at visit %d", task.Assignee, task.Visit)
		}
		pending[s] = true
	}
}

// checkVisits: votes are counted per visit, one counting visit per node, joins come once, sequences one at a time.
func checkVisits(t tb, f *engine.Flow, c engine.Case) {
	t.Helper()
	nodes := map[string]*schema.Node{}
	f.Def.Walk(func(n *schema.Node, _ string) { nodes[n.ID] = n })
	standing := map[string]bool{}
	for _, v := range c.Visits {
		if v.Void {
			if v.Open {
				t.Fatalf("visit %d is void and open", v.N)
			}
			continue
		}
		if standing[v.Node] {
			t.Fatalf("node %s has two visits that count", v.Node)
		}
		standing[v.Node] = true
		if v.Open && v.Parent != 0 && !c.Visits[v.Parent-1].Open {
			t.Fatalf("visit %d is open in a closed block", v.N)
		}
		checkVotes(t, nodes[v.Node], c, v)
	}
}

// checkVotes checks that the outcome of a visit follows from its own tasks.
func checkVotes(t tb, n *schema.Node, c engine.Case, v engine.Visit) {
	t.Helper()
	var open, waiting, agreed, special int
	for _, task := range c.Tasks {
		if task.Visit != v.N || task.Void {
			continue
		}
		if task.Added != "" || task.For != 0 || task.State == engine.TaskDelegated || escalated(c, task) {
			special++ // votes beside the mode, checked by checkMajority
		}
		switch {
		case task.State == engine.TaskOpen:
			open++
		case task.State == engine.TaskWaiting:
			waiting++
		case (task.State == engine.TaskDone || task.State == engine.TaskExpired) && (task.Result == engine.ResultApprove || task.Result == engine.ResultHandle):
			agreed++
		}
	}
	people := n.Type == schema.NodeApprove || n.Type == schema.NodeHandle
	mode := n.Mode
	if v.Reason == engine.ReasonEmpty {
		mode = schema.ModeAny
	}
	switch {
	case !people:
	case v.Open && open == 0:
		t.Fatalf("visit %d of %s waits for nobody", v.N, v.Node)
	case special > 0:
		checkMajority(t, n, c, v)
	case v.Open && mode == schema.ModeAny && agreed > 0:
		t.Fatalf("%s waits although one has decided", v.Node)
	case v.Open && mode == schema.ModeSequence && open != 1:
		t.Fatalf("%s asks %d people at a time: %s", v.Node, open, votesOf(c, v.N))
	case (v.Result == engine.ResultApprove || v.Result == engine.ResultDone) && agreed == 0:
		t.Fatalf("%s passed without anybody agreeing", v.Node)
	case mode == schema.ModeVote:
		checkMajority(t, n, c, v)
	case waiting > 0 && mode != schema.ModeSequence:
		t.Fatalf("%s has waiting tasks in mode %s", v.Node, mode)
	}
}

// checkMajority counts the votes of a visit in its own way: each person's
// latest standing, and whether they pass the node, with whoever was added.
func checkMajority(t tb, n *schema.Node, c engine.Case, v engine.Visit) {
	t.Helper()
	var total, agreed, refused, after int
	for _, task := range c.Tasks {
		if task.Visit != v.N || task.Void || task.For != 0 {
			continue
		}
		yes := task.Result == engine.ResultApprove || task.Result == engine.ResultHandle
		pending := task.State == engine.TaskOpen || task.State == engine.TaskWaiting || task.State == engine.TaskDelegated && asked(c, task.N)
		if addedAfter(c, task) {
			if pending || task.State == engine.TaskDone && task.Result == engine.ResultReject {
				after++
			}
			continue
		}
		switch {
		case pending:
			total++
		case task.State == engine.TaskDone && yes, task.State == engine.TaskSkipped && yes:
			total++
			agreed++
		case task.State == engine.TaskDone && task.Result == engine.ResultReject:
			total++
			refused++
		}
	}
	need := total
	if n.Mode == schema.ModeVote && v.Reason != engine.ReasonEmpty {
		need = (total*n.Vote.Percent + 99) / 100
	}
	if n.Mode == schema.ModeAny || v.Reason == engine.ReasonEmpty {
		need = 1 // who was added beside has a share in one vote: the case says when it is complete
		if v.Open {
			return
		}
	}
	passed := agreed >= max(1, need) && after == 0
	byPeople := v.Result == engine.ResultApprove || v.Result == engine.ResultDone
	switch {
	case v.Open && passed, v.Open && total-refused < need:
		t.Fatalf("%s waits although %d of %d have agreed and %d refused: %s", v.Node, agreed, total, refused, votesOf(c, v.N))
	case !v.Open && !v.Void && byPeople && v.Reason != engine.ReasonDeadline && !passed:
		t.Fatalf("%s passed with %d of %d, %d refused, %d added after", v.Node, agreed, total, refused, after)
	}
}

// escalated reports that somebody is, or his task comes from one who was, asked because a deadline passed.
func escalated(c engine.Case, task engine.Task) bool {
	for task.Reason != engine.ReasonDeadline && task.From != 0 {
		task = c.Tasks[task.From-1]
	}
	return task.Reason == engine.ReasonDeadline
}

// votesOf writes the tasks of a visit, for messages.
func votesOf(c engine.Case, visit int) string {
	var out []string
	for _, t := range c.Tasks {
		if t.Visit == visit {
			out = append(out, fmt.Sprintf("%d %s %s %s %s from %d for %d", t.N, t.Assignee, t.State, t.Result, t.Reason, t.From, t.For))
		}
	}
	return strings.Join(out, "; ")
}

// asked reports that an opinion for a task is still to come.
func asked(c engine.Case, n int) bool {
	return slices.ContainsFunc(c.Tasks, func(o engine.Task) bool {
		return o.For == n && (o.State == engine.TaskOpen || o.State == engine.TaskDelegated && asked(c, o.N))
	})
}

// addedAfter reports a signer added after, or beside such a one.
func addedAfter(c engine.Case, task engine.Task) bool {
	for task.Added == engine.WhereBeside && task.From != 0 {
		task = c.Tasks[task.From-1]
	}
	return task.Added == engine.WhereAfter
}

// checkEffects: numbered from one without gaps, and task effects are about tasks in that state.
func checkEffects(t tb, c engine.Case, effects []engine.Effect) {
	t.Helper()
	for i, e := range effects {
		if e.N != i+1 {
			t.Fatalf("effect %d has number %d", i+1, e.N)
		}
		switch e.Kind {
		case engine.EffectTaskOpened, engine.EffectTaskClosed:
			if e.Task < 1 || e.Task > len(c.Tasks) {
				t.Fatalf("effect about task %d", e.Task)
			}
		case engine.EffectNotify:
			if len(e.To) == 0 || slices.Contains(e.To, "") || e.Event == "" {
				t.Fatalf("notice to nobody: %+v", e)
			}
		}
	}
}
