package engine

// addTask makes a task at a visit. An open one is announced.
func (r *run) addTask(visit int, kind, user string, state TaskState, reason string) int {
	t := Task{N: len(r.c.Tasks) + 1, Visit: visit, Node: r.visit(visit).Node, Kind: kind,
		Assignee: user, State: state, Rev: 1, Reason: reason}
	switch state {
	case TaskOpen:
		t.OpenedAt = r.cmd.At
	case TaskSkipped, TaskDone:
		t.OpenedAt, t.DoneAt = r.cmd.At, r.cmd.At
	}
	r.c.Tasks = append(r.c.Tasks, t)
	return t.N
}

// openTask makes an open task and tells its assignee.
func (r *run) openTask(visit int, kind, user, reason, event string) int {
	n := r.addTask(visit, kind, user, TaskOpen, reason)
	r.announce(n, event)
	return n
}

func (r *run) announce(n int, event string) {
	t := *r.task(n)
	r.effect(Effect{Kind: EffectTaskOpened, Task: n, Node: t.Node})
	r.notify(event, n, t.Node, t.Assignee)
}

// skipTask records that a person was passed automatically, and why.
func (r *run) skipTask(visit int, kind, user, result, reason string) {
	n := r.addTask(visit, kind, user, TaskSkipped, reason)
	r.task(n).Result = result
	e := LogEntry{Action: LogAuto, Node: r.task(n).Node, Task: n, Detail: map[string]any{"reason": reason}}
	if user != "" {
		e.To = []string{user}
	}
	r.logAuto(e)
}

// wake turns a waiting task into an open one.
func (r *run) wake(n int) {
	r.standInNow(n)
	t := r.task(n)
	t.State, t.OpenedAt = TaskOpen, r.cmd.At
	t.Rev++
	r.announce(n, EventTaskArrived)
}

// closeTask ends an open or waiting task.
func (r *run) closeTask(n int, state TaskState, result, reason string) {
	t := r.task(n)
	wasOpen := t.State == TaskOpen
	t.State, t.Result, t.DoneAt = state, result, r.cmd.At
	t.Rev++
	if reason != "" {
		t.Reason = reason
	}
	if wasOpen {
		r.effect(Effect{Kind: EffectTaskClosed, Task: n, Node: t.Node})
	}
}

// cancelTasks ends whatever is still open or waiting at a visit (0 = everywhere).
func (r *run) cancelTasks(visit int, reason string) {
	for i := range r.c.Tasks {
		t := r.c.Tasks[i]
		if (visit == 0 || t.Visit == visit) && t.pending() {
			r.closeTask(t.N, TaskCancelled, "", reason)
		}
	}
}

// pending reports that the task is still to be done, now or later.
func (t Task) pending() bool { return t.State == TaskOpen || t.State == TaskWaiting }
