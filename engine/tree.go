package engine

import (
	"slices"
	"time"

	"github.com/formwork-run/formwork/schema"
)

// States of a node in a flow tree.
const (
	PathDone      = "done"
	PathCurrent   = "current"
	PathSkipped   = "skipped"   // passed automatically; Reason says why
	PathCancelled = "cancelled" // cut off by a decision elsewhere
	PathPending   = "pending"   // may still come
	PathNotTaken  = "not_taken" // on a branch not taken, or never reached
)

// PathNode is one line of a flow tree as shown to people.
type PathNode struct {
	Node     string
	Type     schema.NodeType
	Title    schema.Text
	State    string // done, current, skipped, cancelled, pending, not_taken
	Visit    int    // 0 = not visited, or undone by a return
	Result   string // of the visit
	Reason   string
	Tasks    []Task // of the visit, in order
	Branches []PathBranch
	// Due is when the visit should be decided, zero = never; Left what is left of it in working
	// minutes while the case stands. Neither knows the time of day.
	Due  time.Time
	Left int
	// Work is what the node waits for outside; nil = nothing. It must not be changed.
	Work *Work
	// Chosen are the people chosen for the node.
	Chosen []string
}

// PathBranch is one way of a branch node.
type PathBranch struct {
	Title schema.Text
	Taken bool
	// Reason says why it was taken: its formula, or otherwise; "" when it was not, or in a parallel node.
	Reason string
	Nodes  []PathNode
}

// Tree lays the case over its flow, for the flow tree of the detail page. Each
// node shows the visit that counts; what a return has undone is in the log only.
func (f *Flow) Tree(c Case) []PathNode {
	unseen := PathPending
	if c.State.Final() {
		unseen = PathNotTaken
	}
	return f.branch(c, f.top, 0, true, unseen)
}

// branch lays out a list; reached is false when the block around it was not
// visited, or took another branch.
func (f *Flow) branch(c Case, list []*place, parent int, reached bool, unseen string) []PathNode {
	out := make([]PathNode, 0, len(list))
	for _, p := range list {
		n := PathNode{Node: p.node.ID, Type: p.node.Type, Title: p.node.Title, State: unseen, Chosen: c.Chosen[p.node.ID]}
		var v Visit
		if reached {
			if found, ok := standing(c, p, parent); ok {
				v = found
				f.fill(&n, c, v)
			}
		}
		for i, nodes := range p.branches {
			n.Branches = append(n.Branches, f.way(c, p, v, i, nodes, unseen))
		}
		out = append(out, n)
	}
	return out
}

// way lays out one branch of a node whose counting visit is v (N 0 = none).
func (f *Flow) way(c Case, p *place, v Visit, i int, nodes []*place, unseen string) PathBranch {
	taken := slices.Contains(v.Branches, i)
	if len(v.Branches) > 0 && !taken {
		unseen = PathNotTaken
	}
	b := p.node.Branches[i]
	out := PathBranch{Title: b.Title, Taken: taken, Nodes: f.branch(c, nodes, v.N, v.N != 0, unseen)}
	switch {
	case !taken:
	case b.Otherwise:
		out.Reason = "otherwise"
	default:
		out.Reason = b.When
	}
	return out
}

func (f *Flow) fill(n *PathNode, c Case, v Visit) {
	n.Visit, n.Result, n.Reason, n.State = v.N, v.Result, v.Reason, PathDone
	n.Due, n.Left, n.Work = v.Due, v.Left, v.Work
	switch {
	case v.Open:
		n.State = PathCurrent
	case v.Result == ResultSkipped:
		n.State = PathSkipped
	case v.Result == ResultCancelled:
		n.State = PathCancelled
	}
	for _, t := range c.Tasks {
		if t.Visit == v.N {
			n.Tasks = append(n.Tasks, t)
		}
	}
	if n.State == PathSkipped && n.Reason == "" && len(n.Tasks) > 0 {
		n.Reason = n.Tasks[0].Reason
	}
}
