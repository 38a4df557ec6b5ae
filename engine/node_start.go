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
	r.openTask(r.open(start, 0, 0), KindStart, r.c.Initiator, reason, event)
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
