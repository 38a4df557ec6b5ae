package engine

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// mode is how several people decide at a visit. Whoever stands in because
// nobody was found decides alone.
func (r *run) mode(visit int) string {
	v, p := r.visit(visit), r.placeOf(visit)
	if v.Reason == ReasonEmpty || p.node.Mode == "" {
		return schema.ModeAny
	}
	return p.node.Mode
}

// agreed is the result of a task whose assignee is in favour.
func (t Task) agreed() bool {
	return t.Result == ResultApprove || t.Result == ResultHandle
}

// confirms reports a signer added after, or beside such a one: he has no vote
// of the node's mode, but the visit is left only when he agrees.
func (c Case) confirms(t Task) bool {
	for t.Added == WhereBeside && t.From != 0 {
		t = c.Tasks[t.From-1]
	}
	return t.Added == WhereAfter
}

// votes reports whether a task is a vote that counts, or may still come: not an opinion, not a
// confirmation, not taken back, not handed on or cancelled.
func (c Case) votes(t Task) bool {
	if t.For != 0 || t.Void || c.confirms(t) {
		return false
	}
	return t.pending() || c.awaits(t) || t.State == TaskDone && (t.agreed() || t.Result == ResultReject) ||
		t.State == TaskSkipped && t.agreed()
}

// awaits reports a task whose assignee has asked somebody for an opinion that is not in yet.
func (c Case) awaits(t Task) bool {
	return t.State == TaskDelegated && slices.ContainsFunc(c.Tasks[t.N:], func(o Task) bool {
		return o.For == t.N && (o.pending() || c.awaits(o))
	})
}

// decider follows an opinion to the task that will decide.
func (c Case) decider(t Task) Task {
	for t.For != 0 {
		t = c.Tasks[t.For-1]
	}
	return t
}

// root is the number of the first task of a person's chain. Who was added beside shares the
// root of whoever added him: with mode any they decide together.
func (c Case) root(t Task) int {
	for t.From != 0 {
		t = c.Tasks[t.From-1]
	}
	return t.N
}

// tally is how the votes of a visit stand.
type tally struct {
	total, agreed, refused int
	together               bool // all who were added beside one another, in one group, have agreed
}

func (r *run) count(visit int) tally {
	var n tally
	open := map[int]bool{} // groups with a vote that is still to come
	full := map[int]bool{}
	for _, t := range r.c.Tasks {
		if t.Visit != visit || !r.c.votes(t) {
			continue
		}
		n.total++
		group := r.c.root(t)
		switch {
		case t.pending() || t.State == TaskDelegated:
			open[group] = true
		case t.agreed():
			n.agreed++
			full[group] = true
		default:
			n.refused++
		}
	}
	for group := range full {
		n.together = n.together || !open[group]
	}
	return n
}

// verdict tells whether the votes of a visit have decided it, and how. It is
// certain as early as no vote to come can change it.
func (r *run) verdict(visit int, n tally) (passed, refused bool) {
	switch r.mode(visit) {
	case schema.ModeAny:
		return n.together, n.refused > 0
	case schema.ModeVote:
		need := r.majority(visit, n.total)
		return n.agreed >= need, n.total-n.refused < need
	}
	return n.agreed == n.total, n.refused > 0
}

// majority is how many of all votes have to agree, at least one.
func (r *run) majority(visit, total int) int {
	percent := 100
	if v := r.placeOf(visit).node.Vote; v != nil && v.Percent > 0 {
		percent = v.Percent
	}
	return max(1, (total*percent+99)/100)
}

// enough tells whether votes that were given before pass a visit on arrival.
func (r *run) enough(visit, agreed, total int) bool {
	passed, _ := r.verdict(visit, tally{total: total, agreed: agreed, together: agreed > 0})
	return passed
}

// settle goes on when a visit has all the decisions it needs. It is called
// whenever a decision came in or a signer was removed.
func (r *run) settle(visit int, result string) {
	passed, refused := r.verdict(visit, r.count(visit))
	switch {
	case refused:
		if r.mode(visit) == schema.ModeVote {
			r.cancelTasks(visit, ReasonOutvoted)
		}
		r.refuse(visit)
	case !passed:
		r.wakeNext(visit)
	default:
		r.dropVotes(visit)
		if !r.confirmed(visit) {
			return
		}
		r.leave(visit, result)
	}
}

// wakeNext opens the next task of a sequence when nobody is at work there.
func (r *run) wakeNext(visit int) {
	at := func(s TaskState) func(Task) bool {
		return func(t Task) bool { return t.Visit == visit && t.State == s }
	}
	if slices.ContainsFunc(r.c.Tasks, at(TaskOpen)) {
		return
	}
	if i := slices.IndexFunc(r.c.Tasks, at(TaskWaiting)); i >= 0 {
		r.wake(i + 1)
	}
}

// dropVotes cancels the votes that are no longer needed, and the opinions they wait for.
func (r *run) dropVotes(visit int) {
	reason := ReasonDecided
	if r.mode(visit) == schema.ModeVote {
		reason = ReasonOutvoted
	}
	for _, t := range slices.Clone(r.c.Tasks) {
		if t.Visit == visit && t.pending() && !r.c.confirms(r.c.decider(t)) {
			r.closeTask(t.N, TaskCancelled, "", reason)
		}
	}
}

// confirmed reports that nobody added after is still to agree.
func (r *run) confirmed(visit int) bool {
	return !slices.ContainsFunc(r.c.Tasks, func(t Task) bool {
		return t.Visit == visit && t.For == 0 && (t.pending() || r.c.awaits(t))
	})
}

// refuse ends the case: whatever else is open is cancelled.
func (r *run) refuse(visit int) {
	r.cancelTasks(0, ReasonRejected)
	r.shut(visit, ResultReject)
	r.end(Rejected)
}

// vetoed tells whether the refusal of a task's assignee decides a vote alone.
// It is his too when his delegate refuses. ok is false while a question is open.
func (r *run) vetoed(t Task) (veto, ok bool) {
	v := r.placeOf(t.Visit).node.Vote
	if r.mode(t.Visit) != schema.ModeVote || v == nil || len(v.Veto) == 0 {
		return false, true
	}
	people, ok := r.resolve(&schema.Node{ID: t.Node, Who: v.Veto})
	return slices.ContainsFunc(people, func(s seat) bool { return t.of(s.user) }), ok
}
