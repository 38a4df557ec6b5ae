package engine

// ccNode gives people a copy and never waits. Its tasks are done from the
// start: they are what the "copied to me" box lists and what read access rests on.
type ccNode struct{ leaf }

func (ccNode) arrive(r *run, p *place, visit int) {
	seats, ok := r.resolve(p.node)
	if !ok {
		return
	}
	var users []string
	for _, s := range seats {
		n := r.addTask(visit, KindCC, s.user, TaskDone, "")
		r.effect(Effect{Kind: EffectTaskOpened, Task: n, Node: p.node.ID})
		users = append(users, s.user)
	}
	if len(users) == 0 {
		r.visit(visit).Reason = ReasonEmpty
		r.leave(visit, ResultSkipped)
		return
	}
	r.notify(EventCC, 0, p.node.ID, users...)
	r.logAuto(LogEntry{Action: LogCC, Node: p.node.ID, To: users})
	r.leave(visit, ResultDone)
}
