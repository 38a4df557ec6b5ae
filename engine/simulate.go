package engine

import (
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// Predict runs the flow from the start on sample data, approving everywhere,
// and returns the tree with the people each node would ask. ask answers Needs.
//
// cmd gives By (the initiator), At, Record and Ctx. Nodes that would be visited
// are pending, with tasks in state waiting; automatic decisions and branches
// show as they would happen. When a command is refused on the way, for example
// because nobody is found, the tree shows how far it came, beside the error.
func (f *Flow) Predict(cmd Command, ask func(Need) ([]string, error)) ([]PathNode, error) {
	c := NewCase(f.Def.Key, 0, cmd.By, "")
	next := Command{Kind: CmdSubmit, By: cmd.By, At: cmd.At, Record: cmd.Record, Ctx: cmd.Ctx}
	for steps := 0; ; steps++ {
		after, err := f.applyAsking(c, next, ask)
		if err != nil {
			return expected(f.Tree(c)), err
		}
		c = after
		open := c.OpenTasks("")
		if len(open) == 0 || steps > MaxTasks {
			return expected(f.Tree(c)), nil
		}
		kind := CmdApprove
		if open[0].Kind == KindHandle {
			kind = CmdHandle
		}
		next.Kind, next.Task, next.By, next.Comment, next.Answers = kind, open[0].N, open[0].Assignee, "-", nil
	}
}

// maxRounds bounds the rounds of questions of one command: each round answers
// at least one node, and a flow has no more nodes than that.
const maxRounds = 1000

// applyAsking applies a command, answering its questions until none is left.
func (f *Flow) applyAsking(c Case, cmd Command, ask func(Need) ([]string, error)) (Case, error) {
	answers := map[string][]string{}
	cmd.Answers = answers
	for range maxRounds {
		after, _, needs, err := f.Apply(c, cmd)
		if err != nil {
			return c, err
		}
		if len(needs) == 0 {
			return after, nil
		}
		for _, n := range needs {
			if answers[n.Key], err = ask(n); err != nil {
				return c, err
			}
		}
	}
	return c, fault.New(fault.Internal, "needs.endless", "the flow keeps asking")
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
				t.State, t.Result, t.Comment, t.Reason = TaskWaiting, "", "", openReason(t.Reason)
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
func openReason(reason string) string {
	if reason == ReasonManager || reason == ReasonEmpty {
		return reason
	}
	return ""
}
