package engine

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// overdue does what a deadline wants done when it has passed.
func (r *run) overdue(visit int, d *schema.Deadline) {
	switch d.Then {
	case schema.DeadlineEscalate:
		r.escalate(visit, d)
	case schema.DeadlineTransfer:
		r.expire(visit, d)
	case schema.DeadlineApprove:
		r.passOverdue(visit)
	case schema.DeadlineReturn:
		r.returnOverdue(visit)
	default:
		r.remind(visit, EventOverdue)
	}
	r.again(visit, d)
}

// remind tells everybody at work on a visit, each about his task.
func (r *run) remind(visit int, event string) {
	for _, t := range r.openAt(visit) {
		r.notify(event, t.N, t.Node, t.Assignee)
	}
}

// openAt lists the open tasks of a visit.
func (r *run) openAt(visit int) []Task {
	return slices.DeleteFunc(slices.Clone(r.c.Tasks), func(t Task) bool { return t.Visit != visit || t.State != TaskOpen })
}

// escalate asks the superiors beside those who are late; who is asked already is reminded.
func (r *run) escalate(visit int, d *schema.Deadline) {
	late := r.openAt(visit)
	r.remind(visit, EventOverdue)
	for _, t := range late {
		above, ok := r.above(visit, d, r.c.decider(t))
		if !ok {
			continue
		}
		for _, u := range above {
			if !seated(r.c, visit, u) {
				to := r.inStead(t, Task{Assignee: u, Reason: ReasonDeadline}, above)
				n := r.openTask(visit, t.Kind, to.Assignee, ReasonDeadline, EventEscalated)
				r.task(n).Principal, r.task(n).Added = to.Principal, WhereBeside
			}
		}
	}
}

// expire takes the tasks away from those who are late and asks their superiors
// instead, with the whole time again. A task nobody else can take over stays and is reminded of.
func (r *run) expire(visit int, d *schema.Deadline) {
	moved := false
	for _, t := range r.deciders(visit) {
		above, ok := r.above(visit, d, t)
		if !ok {
			return
		}
		free := slices.DeleteFunc(slices.Clone(above), func(u string) bool { return seated(r.c, visit, u) || wasLate(r.c, visit, u) })
		if len(free) == 0 && !(moved && len(d.To) > 0) {
			r.remindTask(t)
			continue
		}
		r.takeAway(t)
		for _, u := range free {
			r.hand(*r.task(t.N), Task{Assignee: u, Added: t.Added, Reason: ReasonDeadline}, EventTransferred, free)
		}
		moved = true
	}
	if moved && d.Field == "" && len(r.needs) == 0 {
		r.startDeadline(visit)
	}
}

// wasLate reports that a visit's deadline has taken a task away from a user:
// it does not come back to him, even where two are each other's managers.
func wasLate(c Case, visit int, user string) bool {
	return slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.Visit == visit && t.State == TaskExpired && t.of(user) })
}

// deciders lists whose votes at a visit are being waited for: the open tasks,
// and instead of an opinion the task that waits for it.
func (r *run) deciders(visit int) []Task {
	var out []Task
	for _, t := range r.openAt(visit) {
		t = r.c.decider(t)
		if !slices.ContainsFunc(out, func(o Task) bool { return o.N == t.N }) {
			out = append(out, t)
		}
	}
	return out
}

// above finds who is asked when a task is late: whom the deadline names, else the manager of its assignee.
func (r *run) above(visit int, d *schema.Deadline, t Task) (users []string, ok bool) {
	if len(d.To) > 0 {
		seats, ok := r.resolve(&schema.Node{ID: r.visit(visit).Node, Who: d.To})
		for _, s := range seats {
			users = append(users, s.user)
		}
		return users, ok
	}
	user := t.Assignee
	if t.Principal != "" {
		user = t.Principal
	}
	users, ok = r.manager(user)
	if r.f.Def.Settings.Self != schema.SelfAct && r.f.Def.Settings.Self != "" {
		users = slices.DeleteFunc(slices.Clone(users), func(u string) bool { return u == r.c.Initiator })
	}
	return users, ok
}

// takeAway ends a late task, and the opinions it waits for.
func (r *run) takeAway(t Task) {
	for _, o := range r.openAt(t.Visit) {
		if o.N != t.N && r.c.decider(o).N == t.N {
			r.closeTask(o.N, TaskCancelled, "", ReasonDeadline)
		}
	}
	if t.State == TaskOpen {
		r.closeTask(t.N, TaskExpired, "", ReasonDeadline)
	}
}

func (r *run) remindTask(decider Task) {
	for _, t := range r.openAt(decider.Visit) {
		if r.c.decider(t).N == decider.N {
			r.notify(EventOverdue, t.N, t.Node, t.Assignee)
		}
	}
}

// passOverdue approves a visit because its time is up, but never over a
// required field that is empty: then its people are reminded.
func (r *run) passOverdue(visit int) {
	node := r.placeOf(visit).node
	if r.missing(node.ID) {
		r.remind(visit, EventOverdue)
		return
	}
	agreed, left := ResultApprove, ResultApprove
	if node.Type == schema.NodeHandle {
		agreed, left = ResultHandle, ResultDone
	}
	for _, t := range slices.Clone(r.c.Tasks) {
		switch {
		case t.Visit != visit || !t.pending():
		case t.For != 0:
			r.closeTask(t.N, TaskCancelled, "", ReasonDeadline)
		default:
			r.closeTask(t.N, TaskExpired, agreed, ReasonDeadline)
		}
	}
	r.visit(visit).Reason = ReasonDeadline
	r.autoLine(visit, ReasonDeadline)
	r.leave(visit, left)
}

// returnOverdue gives the case back to its initiator because its time is up.
func (r *run) returnOverdue(visit int) {
	late := r.openAt(visit)
	if len(late) == 0 {
		return
	}
	for _, t := range late {
		r.closeTask(t.N, TaskExpired, ResultReturn, ReasonDeadline)
	}
	r.autoLine(visit, ReasonDeadline)
	r.returnToStart(late[0])
}

// autoLine notes that a node went on by itself.
func (r *run) autoLine(visit int, reason string) {
	r.logAuto(LogEntry{Action: LogAuto, Node: r.visit(visit).Node, Detail: map[string]any{"reason": reason}})
}
