package engine

import (
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
)

// addSigner (加签) asks further people: before the assignee decides, after he has agreed, or beside him.
func addSigner(r *run) error {
	t, err := r.myTask()
	if err != nil {
		return err
	}
	if !slices.Contains(whereOf(t), r.cmd.Where) {
		return fault.New(fault.Invalid, "signer.where", "say where: before, after or beside; whoever gives an opinion, before").
			With("allowed", whereOf(t)).At(fault.Field{Path: "/where", Code: "signer.where", Message: "before, after or beside"})
	}
	users, ok, err := r.others(t, MaxSigners)
	if !ok || err != nil {
		return err
	}
	switch r.cmd.Where {
	case WhereBefore:
		r.askOpinions(t, WhereBefore, EventAdded, users)
	case WhereBeside:
		r.addSigners(t, users)
	default:
		return r.agreeAndAdd(t, users)
	}
	return nil
}

// whereOf lists where an assignee may add signers. Beside or after an opinion nobody could decide anything.
func whereOf(t Task) []string {
	if t.For != 0 {
		return []string{WhereBefore}
	}
	return []string{WhereBefore, WhereAfter, WhereBeside}
}

func (r *run) addSigners(t Task, users []string) {
	for _, u := range users {
		r.hand(t, Task{Assignee: u, Added: r.cmd.Where, Reason: ReasonAdded}, EventAdded, users)
	}
}

// agreeAndAdd decides the task in favour; the node goes on only when those added agree, too.
func (r *run) agreeAndAdd(t Task, users []string) error {
	if err := r.filled(t); err != nil {
		return err
	}
	result := agreement(t)
	r.decideTask(t, result)
	r.addSigners(t, users)
	r.settle(t.Visit, visitResult(result))
	return nil
}

// agreement is the result by which a task is answered in favour.
func agreement(t Task) string {
	if t.Kind == KindHandle {
		return ResultHandle
	}
	return ResultApprove
}

// removeSigner (减签) calls back who was asked by the same person: a delegate, or a signer he added.
func removeSigner(r *run) error {
	t, err := r.taskAtHand()
	if err != nil {
		return err
	}
	if err := r.isFresh(t); err != nil {
		return err
	}
	if err := r.actionAllowed(t); err != nil {
		return err
	}
	if len(r.cmd.To) == 0 {
		return toInvalid("signer.to_required", "name whom to remove")
	}
	removable := removableBy(r.c, t, r.cmd.Admin)
	for i, u := range r.cmd.To {
		if !slices.ContainsFunc(removable, func(x Task) bool { return x.Assignee == u }) || slices.Contains(r.cmd.To[:i], u) {
			return toInvalid("signer.not_added", "one of them was not added by this person, or has answered")
		}
	}
	for _, x := range removable {
		if slices.Contains(r.cmd.To, x.Assignee) {
			r.removeTask(x, ReasonRemoved)
		}
	}
	r.settle(t.Visit, visitResult(agreement(t)))
	return nil
}

// removableBy lists the tasks of a visit that are still to be answered and that
// the same person brought about; an administrator may remove whoever was added.
func removableBy(c Case, t Task, admin bool) []Task {
	var out []Task
	for _, x := range c.Tasks {
		if x.Visit != t.Visit || x.Added == "" && x.For == 0 || !x.pending() && !c.awaits(x) {
			continue
		}
		if a := adder(c, x); admin || a.N != 0 && a.Assignee == t.Assignee {
			out = append(out, x)
		}
	}
	return out
}

// adder finds the task from which a signer was added or a delegate asked; number 0 = none (the deadline did it).
func adder(c Case, x Task) Task {
	for y := x; y.From != 0; {
		from := c.Tasks[y.From-1]
		if x.For != 0 && from.N == x.For || x.For == 0 && from.Added != x.Added {
			return from
		}
		y = from
	}
	return Task{}
}

// removeTask cancels a task and whoever gives an opinion for it; whoever waited for it is asked again.
func (r *run) removeTask(x Task, reason string) {
	for _, o := range slices.Clone(r.c.Tasks) {
		if o.pending() && (o.N == x.N || r.c.speaksFor(o, x.N)) {
			r.closeTask(o.N, TaskCancelled, "", reason)
		}
	}
	if x.For == 0 {
		return
	}
	if asker := *r.task(x.For); !r.c.awaits(asker) && asker.State == TaskDelegated {
		r.comeBack(x, asker, EventTaskArrived)
	}
}

// speaksFor reports an opinion that a task waits for, directly or through another one.
func (c Case) speaksFor(o Task, n int) bool {
	for o.For != 0 {
		if o.For == n {
			return true
		}
		o = c.Tasks[o.For-1]
	}
	return false
}
