package engine

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// Reasons of nodes that work outside.
const (
	ReasonNoRows  = "no_rows" // the subtable has no rows: there was nothing to do
	ReasonSubflow = "subflow" // a subflow that was waited for was not approved
	ReasonChosen  = "chosen"  // dry run: somebody still has to be chosen
)

// MaxWorkItems is how many rows one node works through.
const MaxWorkItems = 1000

// result takes the outcome of a piece of work. It may come while the case is
// parked or suspended: then it is kept, and the case goes on later.
func result(r *run) error {
	v, ok := r.named()
	if !ok || v.Work == nil || r.cmd.Item < 0 || r.cmd.Item >= len(v.Work.Items) || r.c.over(*v) {
		return r.nothing()
	}
	item := &v.Work.Items[r.cmd.Item]
	if item.State != WorkPending {
		return r.nothing()
	}
	r.entry.Node = v.Node
	before := *item
	r.outcome(item, r.placeOf(v.N).node)
	if *item == before {
		return r.nothing()
	}
	if item.State == WorkFailed {
		r.tellAdmins(v.Node)
	}
	r.settleWork(v.N)
	return nil
}

// outcome writes the result of a command into its piece of work.
func (r *run) outcome(item *WorkItem, n *schema.Node) {
	if r.cmd.Ref != "" {
		item.Ref = r.cmd.Ref
	}
	item.Result = r.cmd.Result
	switch {
	case r.cmd.Error != "":
		item.State, item.Error = WorkFailed, r.cmd.Error
		item.Tries++
		if failPolicy(n) == schema.FailSkip {
			item.State = WorkSkipped
		}
	case n.Subflow == nil || !n.Subflow.Wait:
		item.State = WorkDone
	case r.cmd.Result == "": // started; its end is waited for
	case r.cmd.Result != string(Approved) && n.Subflow.Rejected == schema.SubRejectedWait:
		item.State = WorkFailed
		item.Tries++
	default:
		item.State = WorkDone
	}
}

func failPolicy(n *schema.Node) string {
	switch {
	case n.Data != nil:
		return n.Data.Fail
	case n.Call != nil:
		return n.Call.Fail
	}
	return ""
}

// tellAdmins tells the administrators that work has failed and waits for them.
func (r *run) tellAdmins(node string) {
	if admins, ok := r.admins(); ok {
		r.notify(EventWorkFailed, 0, node, admins...)
	}
}

// settleWork goes on when all work of a visit has come to an end.
func (r *run) settleWork(visit int) {
	v := r.visit(visit)
	if r.stopped() || !v.Open || v.Work == nil || !v.Work.Until.IsZero() {
		return
	}
	if r.turnedDown(v) {
		v.Reason = ReasonSubflow
		r.cancelTasks(0, ReasonRejected)
		r.shut(visit, ResultReject)
		r.end(Rejected)
		return
	}
	ended := func(i WorkItem) bool { return i.State == WorkDone || i.State == WorkSkipped }
	if !slices.ContainsFunc(v.Work.Items, func(i WorkItem) bool { return !ended(i) }) {
		r.leave(visit, ResultDone)
	}
}

// turnedDown reports that a subflow ended otherwise than approved, where that rejects this case.
func (r *run) turnedDown(v *Visit) bool {
	s := r.placeOf(v.N).node.Subflow
	if s == nil || !s.Wait || s.Rejected != schema.SubRejectedReject && s.Rejected != "" {
		return false
	}
	return slices.ContainsFunc(v.Work.Items, func(i WorkItem) bool {
		return i.State == WorkDone && i.Result != string(Approved)
	})
}

// failedWork reports that a visit is open and has work that waits for an administrator.
func (v Visit) failedWork() bool { return v.Open && v.has(WorkFailed) }

// pendingWork reports that something is being done for a visit.
func (v Visit) pendingWork() bool { return v.has(WorkPending) }

func (v Visit) has(state string) bool {
	return v.Work != nil && slices.ContainsFunc(v.Work.Items, func(i WorkItem) bool { return i.State == state })
}

// retryWork has the failed pieces of a visit done again, each as a new try of its own.
func (r *run) retryWork(visit int) {
	v := r.visit(visit)
	var again []int
	for i := range v.Work.Items {
		if item := &v.Work.Items[i]; item.State == WorkFailed {
			*item = WorkItem{State: WorkPending, Tries: item.Tries}
			again = append(again, i)
		}
	}
	r.effect(Effect{Kind: EffectWork, Node: v.Node, Visit: visit, Items: again, State: r.c.State})
}

// skipWork goes on without the failed pieces of a visit, or without the rest of a delay.
func (r *run) skipWork(visit int) {
	v := r.visit(visit)
	if !v.Work.Until.IsZero() {
		r.leave(visit, ResultSkipped)
		return
	}
	for i := range v.Work.Items {
		if v.Work.Items[i].State == WorkFailed {
			v.Work.Items[i].State = WorkSkipped
		}
	}
	r.settleWork(visit)
}

// resumeWork goes on with a visit that was parked or suspended: with what has
// come in meanwhile, or with the rest of the delay.
func (r *run) resumeWork(visit int) {
	v := r.visit(visit)
	switch {
	case !v.Open || v.Work == nil:
	case v.Work.Until.IsZero():
		r.settleWork(visit)
	case !v.Work.Until.After(r.cmd.At):
		r.leave(visit, ResultDone)
	default:
		r.arm(visit, timerDelay, v.Work.Until)
	}
}
