package engine

import "github.com/formwork-run/formwork/internal/fault"

// startNode is where the initiator fills the form. It is passed by submitting;
// a returned case waits at it for the initiator.
type startNode struct{ leaf }

func (startNode) arrive(r *run, _ *place, visit int) { r.leave(visit, ResultDone) }

// reopenStart brings the case back to its initiator and tells him, if there is an event.
func (r *run) reopenStart(reason, event string) {
	start := r.f.top[0]
	for i := range r.c.Visits {
		if r.c.Visits[i].Node == start.node.ID {
			r.c.Visits[i].Void = true
		}
	}
	visit := r.open(start, 0, 0)
	r.openTask(visit, KindStart, r.c.Initiator, reason, event)
	if r.cmd.By != r.c.Initiator {
		r.replaceLeavers([]int{visit})
	}
}

// standsFor reports that a user may send on or end a case that is back at its
// start: the initiator, or who has taken over from him because he has left.
func (c Case) standsFor(user string) bool {
	if c.State == Returned {
		for _, t := range c.Tasks {
			if t.Kind == KindStart && t.State == TaskOpen {
				return t.Assignee == user
			}
		}
	}
	return c.Initiator == user
}

// closeStart ends the initiator's turn and returns the visit of the start.
func (r *run) closeStart() int {
	for i := range r.c.Tasks {
		t := r.c.Tasks[i]
		if t.Kind == KindStart && t.State == TaskOpen {
			r.closeTask(t.N, TaskDone, ResultResubmit, "")
			r.task(t.N).Comment = r.cmd.Comment
			r.entry.Node, r.entry.Task = t.Node, t.N
			r.shut(t.Visit, ResultDone)
			return t.Visit
		}
	}
	r.fail(fault.New(fault.Internal, "case.inconsistent", "a returned case has no task for its initiator"))
	return 0
}
