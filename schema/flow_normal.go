package schema

import "strconv"

// Normalize fills in every default, so that two ways to write the same flow
// give the same definition: modes, return ranges, policies, ids of branches
// ("b1", "b2", …), empty branches, and "edit: all" at a start node that does not say.
func (f *Flow) Normalize() {
	if f.Nodes == nil {
		f.Nodes = []*Node{}
	}
	s := &f.Settings
	orElse(&s.Withdraw, WithdrawBeforeFirst)
	orElse(&s.Dedupe, DedupeNone)
	orElse(&s.Empty.Then, EmptyAdmin)
	orElse(&s.Self, SelfAct)
	orElse(&s.Resubmit, ResubmitStart)
	orElse(&s.WithdrawTo, WithdrawToEnd)
	orElse(&s.Leaver, LeaverManager)
	orElse(&s.TakeBack, TakeBackAllow)
	f.Walk(func(n *Node, _ string) { n.normalize() })
}

func (n *Node) normalize() {
	switch n.Type {
	case NodeStart:
		if n.Fields.Edit == nil {
			n.Fields.Edit = []string{FieldsAll}
		}
	case NodeApprove, NodeHandle:
		orElse(&n.Mode, defaultMode(n.Who))
		orElse(&n.ReturnTo, ReturnStart)
		if n.Deadline != nil {
			orElse(&n.Deadline.Then, DeadlineRemind)
		}
	}
	for i := range n.Who {
		n.Who[i].normalize()
	}
	n.normalizeWork()
	for i := range n.Branches {
		orElse(&n.Branches[i].ID, "b"+strconv.Itoa(i+1))
		if n.Branches[i].Nodes == nil {
			n.Branches[i].Nodes = []*Node{}
		}
	}
}

// defaultMode is any, but one after the other where people stand above each other (逐级).
func defaultMode(who []Who) string {
	for _, w := range who {
		if w.DeptHeads == nil && w.Managers == nil {
			return ModeAny
		}
	}
	if len(who) == 0 {
		return ModeAny
	}
	return ModeSequence
}

func (w *Who) normalize() {
	for _, l := range []*Levels{w.DeptHeads, w.Managers} {
		if l != nil && l.From == 0 {
			l.From = 1
		}
	}
	if w.Chosen != nil && w.Chosen.Min == 0 {
		w.Chosen.Min = 1
	}
}

func (n *Node) normalizeWork() {
	if n.Subflow != nil {
		if n.Subflow.Data == nil {
			n.Subflow.Data = map[string]string{}
		}
		if n.Subflow.Wait {
			orElse(&n.Subflow.Rejected, SubRejectedReject)
		}
	}
	if n.Data != nil {
		orElse(&n.Data.Fail, FailRetry)
	}
	if n.Call != nil {
		orElse(&n.Call.Method, "POST")
		orElse(&n.Call.Fail, FailRetry)
		if n.Call.Timeout == 0 {
			n.Call.Timeout = DefaultCallTimeout
		}
	}
}

func orElse(s *string, fallback string) {
	if *s == "" {
		*s = fallback
	}
}

// Walk calls fn for every node in the order people read the flow, with its
// JSON pointer ("/nodes/1/branches/0/nodes/2").
func (f *Flow) Walk(fn func(n *Node, pointer string)) { walkNodes(f.Nodes, "", fn) }

func walkNodes(nodes []*Node, at string, fn func(*Node, string)) {
	for i, n := range nodes {
		if n == nil {
			continue
		}
		here := at + "/nodes/" + strconv.Itoa(i)
		fn(n, here)
		for b := range n.Branches {
			walkNodes(n.Branches[b].Nodes, here+"/branches/"+strconv.Itoa(b), fn)
		}
	}
}

// Pointer is the path of a place in the flow as problems name it:
// "flows/leave#/nodes/0".
func (f *Flow) Pointer(pointer string) string { return "flows/" + f.Key + "#" + pointer }
