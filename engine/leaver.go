package engine

import (
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// leaver moves what somebody who has left the company still had to do: to whom
// he stood in for, else to his manager or an administrator, as the flow says.
// Whoever gets the form of a returned case resubmits or ends it in his place.
func leaver(r *run) error {
	if len(r.cmd.To) != 1 || r.cmd.To[0] == "" {
		return fault.New(fault.Invalid, "leaver.one", "name the one who has left").
			At(fault.Field{Path: "/to", Code: "leaver.one", Message: "name one person"})
	}
	if r.c.State.Final() || r.c.State == Draft {
		return r.nothing()
	}
	user, moved := r.cmd.To[0], false
	for _, t := range slices.Clone(r.c.Tasks) {
		if t.Assignee != user || !r.task(t.N).pending() {
			continue
		}
		moved = true
		if to, ok := r.heir(t); ok {
			r.inherit(t, to)
		}
		if r.stopped() && r.c.State.Final() {
			break
		}
	}
	if !moved {
		return r.nothing()
	}
	return nil
}

// replaceLeavers moves tasks that were opened again after a while to others
// where their assignees have left meanwhile.
func (r *run) replaceLeavers(visits []int) {
	var users []string
	mine := func(t Task) bool { return slices.Contains(visits, t.Visit) && t.pending() }
	for _, t := range r.c.Tasks {
		if mine(t) && !slices.Contains(users, t.Assignee) {
			users = append(users, t.Assignee)
		}
	}
	there, ok := r.active(users)
	if !ok || len(there) == len(users) {
		return
	}
	for _, t := range slices.Clone(r.c.Tasks) {
		if !mine(*r.task(t.N)) || slices.Contains(there, t.Assignee) {
			continue
		}
		if to, ok := r.heir(t); ok {
			r.inherit(t, to)
		}
	}
}

// heir finds who takes over a task: somebody who is not asked at its visit yet, "" when nobody can.
func (r *run) heir(t Task) (string, bool) {
	var list []string
	known := true
	if t.Principal != "" {
		list = []string{t.Principal}
	} else if r.f.Def.Settings.Leaver != schema.LeaverAdmin {
		list, known = r.manager(t.Assignee)
	}
	free := func(u string) bool { return u != t.Assignee && !seated(r.c, t.Visit, u) || u == t.Principal }
	if i := slices.IndexFunc(list, free); i >= 0 || !known {
		if !known {
			return "", false
		}
		return list[i], true
	}
	admins, known := r.admins()
	if i := slices.IndexFunc(admins, free); i >= 0 {
		return admins[i], known
	}
	return "", known
}

// inherit gives a task to somebody else. Where everybody who could take it is
// asked already, the vote falls away; if it was the last one, it stays open for
// an administrator to reassign.
func (r *run) inherit(t Task, to string) {
	switch {
	case to == "" && t.For != 0: // whoever wanted his opinion decides without it
		r.removeTask(t, ReasonLeaver)
	case to == "" && (r.aloneAt(t) || r.c.State != Running):
	case to == "":
		r.closeTask(t.N, TaskCancelled, "", ReasonLeaver)
		r.settle(t.Visit, visitResult(agreeing(t.Kind)))
	case t.State == TaskWaiting:
		w := r.task(t.N)
		w.Assignee, w.Principal, w.Reason = to, "", ReasonLeaver
		w.Rev++
	default:
		r.closeTask(t.N, TaskTransferred, "", ReasonLeaver)
		r.hand(t, Task{Assignee: to, Added: t.Added, For: t.For, Reason: ReasonLeaver}, EventTransferred, nil)
	}
}

// aloneAt reports that a task is the only pending one of its visit.
func (r *run) aloneAt(t Task) bool {
	return !slices.ContainsFunc(r.c.Tasks, func(o Task) bool { return o.Visit == t.Visit && o.N != t.N && o.pending() })
}

// agreeing is the result of agreeing with a task of a kind.
func agreeing(kind string) string {
	if kind == KindHandle {
		return ResultHandle
	}
	return ResultApprove
}
