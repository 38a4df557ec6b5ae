package engine

import (
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// Sample says how people and work behave in a dry run. The zero value agrees
// everywhere and finds all work done.
type Sample struct {
	// People are asked at a node, by its id, instead of whom the flow names.
	People map[string][]string
	// Choose are the people chosen for nodes, as in Command.Choose.
	Choose map[string][]string
	// Decisions say what everybody asked at a node does: approve, handle, reject or return;
	// at a node that works outside, the result: "" or approved, rejected, error. One for
	// each visit; the last one repeats.
	Decisions map[string][]string
}

// Outcome is what a dry run came to.
type Outcome struct {
	Case Case
	Tree []PathNode // as it would look then
	Path []Step     // one for each visit, in order of arrival
}

// Step is one visit of a dry run.
type Step struct {
	Visit  Visit
	Tasks  []Task
	Reason string // of a branch, or of an automatic decision
}

// Predict runs the flow from the start on sample data, approving everywhere,
// and returns the tree with the people each node would ask. ask answers Needs.
//
// cmd gives By (the initiator), At, Record, Ctx, Rows, DateOf and Choose. Nodes that would be visited
// are pending, with tasks in state waiting; automatic decisions and branches
// show as they would happen. Work is taken as done, delays as over, and a
// person still to be chosen is a task without assignee, reason chosen. When a command is refused on the way,
// for example because nobody is found, the tree shows how far it came, beside the error.
func (f *Flow) Predict(cmd Command, ask func(Need) ([]string, error)) ([]PathNode, error) {
	out, err := f.Simulate(cmd, Sample{Choose: cmd.Choose}, ask)
	return expected(out.Tree), err
}

// Simulate runs the real flow on sample data and people until it has ended, is
// with its initiator, or stands still. Deadlines do not run. A refusal on the way is the
// error; the outcome shows how far it came.
func (f *Flow) Simulate(cmd Command, s Sample, ask func(Need) ([]string, error)) (Outcome, error) {
	d := &dryRun{f: f, sample: &s, ask: ask, c: NewCase(f.Def.Key, 0, cmd.By, "")}
	cmd.Kind, cmd.Choose, cmd.Missing = CmdSubmit, s.Choose, nil
	var err error
	for steps := 0; err == nil && steps <= MaxTasks; steps++ {
		if d.c, err = d.apply(cmd); err != nil {
			break
		}
		next, ok := d.next(cmd)
		if !ok {
			break
		}
		cmd = next
	}
	return Outcome{Case: d.c, Tree: f.Tree(d.c), Path: path(f, d.c)}, err
}

// dryRun is a case that is carried on by itself.
type dryRun struct {
	f      *Flow
	sample *Sample
	ask    func(Need) ([]string, error)
	c      Case
}

// next is the command that carries the case on; ok is false when nothing does.
func (d *dryRun) next(last Command) (Command, bool) {
	cmd := Command{At: last.At, Record: last.Record, Ctx: last.Ctx, Rows: last.Rows, DateOf: last.DateOf}
	if d.c.State != Running {
		return cmd, false
	}
	if open := d.c.OpenTasks(""); len(open) > 0 {
		return d.decide(cmd, open[0]), true
	}
	for _, v := range d.c.Visits {
		switch {
		case !v.Open || v.Work == nil:
		case !v.Work.Until.IsZero():
			cmd.Kind, cmd.Visit, cmd.Event, cmd.At = CmdTimer, v.N, timerDelay, later(cmd.At, v.Work.Until)
			return cmd, true
		default:
			for i, item := range v.Work.Items {
				if item.State == WorkPending {
					return d.finish(cmd, v, i), true
				}
			}
		}
	}
	return cmd, false
}

// decide is what somebody does with his task, with whatever the node demands.
func (d *dryRun) decide(cmd Command, t Task) Command {
	cmd.Kind, cmd.Task, cmd.By = CmdApprove, t.N, t.Assignee
	if t.Kind == KindHandle {
		cmd.Kind = CmdHandle
	}
	if as := d.decision(t.Visit); as != "" && as != CmdApprove && as != CmdHandle {
		cmd.Kind = as
	}
	cmd.Comment, cmd.Files, cmd.Signature = "-", []string{"-"}, "-"
	cmd.Admin = t.Assignee == "" // somebody who is still to be chosen
	return cmd
}

// finish is the outcome of a piece of work.
func (d *dryRun) finish(cmd Command, v Visit, item int) Command {
	cmd.Kind, cmd.Visit, cmd.Item = CmdResult, v.N, item
	switch as := d.decision(v.N); as {
	case "error", "fail":
		cmd.Error = as
	case "":
		cmd.Result = string(Approved)
	default:
		cmd.Result = as
	}
	if n := d.f.places[v.Node].node; n.Subflow == nil || !n.Subflow.Wait {
		cmd.Result = ""
	}
	return cmd
}

// decision is what the sample says about a visit: the n-th of its node.
func (d *dryRun) decision(visit int) string {
	node := d.c.Visits[visit-1].Node
	list := d.sample.Decisions[node]
	if len(list) == 0 {
		return ""
	}
	n := -1
	for _, v := range d.c.Visits[:visit] {
		if v.Node == node {
			n++
		}
	}
	return list[min(n, len(list)-1)]
}

// maxRounds bounds the rounds of questions of one command: each round answers
// at least one node, and a flow has no more nodes than that.
const maxRounds = 1000

// apply applies a command, answering its questions until none is left.
func (d *dryRun) apply(cmd Command) (Case, error) {
	answers := map[string][]string{}
	cmd.Answers = answers
	for range maxRounds {
		after, _, needs, err := d.f.decide(d.c, cmd, run{dry: d.sample})
		if err != nil {
			return d.c, err
		}
		if len(needs) == 0 {
			return after, nil
		}
		for _, n := range needs {
			if answers[n.Key], err = d.ask(n); err != nil {
				return d.c, err
			}
		}
	}
	return d.c, fault.New(fault.Internal, "needs.endless", "the flow keeps asking")
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// path lists the visits of a case with what happened there.
func path(f *Flow, c Case) []Step {
	out := make([]Step, len(c.Visits))
	for i, v := range c.Visits {
		n := PathNode{}
		f.fill(&n, c, v)
		out[i] = Step{Visit: v, Tasks: n.Tasks, Reason: n.Reason}
	}
	return out
}

// expected turns a tree of what happened in the dry run into one of what would happen.
func expected(nodes []PathNode) []PathNode {
	for i := range nodes {
		n := &nodes[i]
		if n.State == PathDone || n.State == PathCurrent {
			n.State, n.Result = PathPending, ""
		}
		for j := range n.Tasks {
			t := &n.Tasks[j]
			if t.State != TaskSkipped {
				t.State, t.Result, t.Comment, t.Reason = TaskWaiting, "", "", openReason(*t)
				t.Files, t.Signature = nil, ""
			}
			t.OpenedAt, t.DoneAt = time.Time{}, time.Time{}
		}
		for j := range n.Branches {
			n.Branches[j].Nodes = expected(n.Branches[j].Nodes)
		}
	}
	return nodes
}

// openReason keeps why a person is asked and drops why his task was closed.
func openReason(t Task) string {
	switch {
	case t.Assignee == "":
		return ReasonChosen
	case t.Reason == ReasonManager || t.Reason == ReasonEmpty || t.Reason == ReasonDelegated:
		return t.Reason
	}
	return ""
}
