package engine

import (
	"github.com/formwork-run/formwork/internal/fault"
)

func approve(r *run) error { return r.agree(ResultApprove) }

func handle(r *run) error { return r.agree(ResultHandle) }

// agree closes the task in favour and goes on as the node's mode has it.
func (r *run) agree(result string) error {
	t, err := r.myTask()
	if err != nil {
		return err
	}
	if t.For != 0 {
		r.opine(t, result)
		return nil
	}
	if err := r.filled(t); err != nil {
		return err
	}
	r.decideTask(t, result)
	r.settle(t.Visit, visitResult(result))
	return nil
}

// filled refuses to agree while a field the node requires is empty.
func (r *run) filled(t Task) error {
	if !r.missing(t.Node) {
		return nil
	}
	return fault.Newf(fault.Invalid, "fields.required", "a field required at node %q is empty", t.Node).With("node", t.Node)
}

// visitResult is the result of a visit that is left because its people agreed.
func visitResult(result string) string {
	if result == ResultHandle {
		return ResultDone
	}
	return result
}

// reject ends the case, in a vote as soon as the majority cannot come any more. A delegate's no is only heard.
func reject(r *run) error {
	t, err := r.myTask()
	if err != nil {
		return err
	}
	if t.For != 0 {
		r.opine(t, ResultReject)
		return nil
	}
	veto, ok := r.vetoed(t)
	if !ok {
		return nil
	}
	r.decideTask(t, ResultReject)
	if veto {
		r.detail("veto", true)
	}
	if veto || r.c.confirms(t) {
		r.refuse(t.Visit)
		return nil
	}
	r.settle(t.Visit, ResultApprove)
	return nil
}

// decideTask writes the assignee's decision, or that of an administrator in his place.
func (r *run) decideTask(t Task, result string) {
	reason := ""
	if !t.of(r.cmd.By) {
		reason = ReasonAdmin
	}
	r.closeTask(t.N, TaskDone, result, reason)
	done := r.task(t.N)
	done.Comment, done.Files, done.Signature = r.cmd.Comment, some(r.cmd.Files), r.cmd.Signature
}
