package engine

import (
	"github.com/formwork-run/formwork/internal/fault"
)

func approve(r *run) error { return r.agree(ResultApprove, ResultApprove) }

func handle(r *run) error { return r.agree(ResultHandle, ResultDone) }

// agree closes the task in favour and goes on as the node's mode has it.
func (r *run) agree(result, visitResult string) error {
	t, err := r.myTask()
	if err != nil {
		return err
	}
	if r.missing(t.Node) {
		return fault.Newf(fault.Invalid, "fields.required", "a field required at node %q is empty", t.Node).With("node", t.Node)
	}
	r.decideTask(t, result)
	r.settle(t.Visit, visitResult)
	return nil
}

// reject ends the case: whatever else is open is cancelled.
func reject(r *run) error {
	t, err := r.myTask()
	if err != nil {
		return err
	}
	r.decideTask(t, ResultReject)
	r.cancelTasks(0, ReasonRejected)
	r.shut(t.Visit, ResultReject)
	r.end(Rejected)
	return nil
}

// decideTask writes the assignee's decision, or that of an administrator in his place.
func (r *run) decideTask(t Task, result string) {
	reason := ""
	if t.Assignee != r.cmd.By {
		reason = ReasonAdmin
	}
	r.closeTask(t.N, TaskDone, result, reason)
	r.task(t.N).Comment = r.cmd.Comment
}
