package engine

import (
	"cmp"
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// takeBack (收回) undoes one's own decision as long as nobody has acted on it.
func takeBack(r *run) error {
	t, err := r.taskAtHand()
	if err != nil {
		return err
	}
	if err := r.isFresh(t); err != nil {
		return err
	}
	if err := r.f.mayTakeBack(r.c, t); err != nil {
		return err
	}
	if err := r.roomForMore(); err != nil {
		return err
	}
	told := r.c.Handlers()
	r.task(t.N).Void = true
	r.task(t.N).Rev++
	if t.For != 0 {
		r.undoComeBack(t)
	} else {
		r.undoAfter(t)
	}
	r.follow(*r.task(t.N), t.again(ReasonTakenBack), "")
	r.askDropped(t)
	if r.visit(t.Visit).Due.IsZero() {
		r.startDeadline(t.Visit)
	}
	now := r.c.Handlers()
	r.notify(EventTakenBack, t.N, t.Node, slices.DeleteFunc(told, func(u string) bool { return slices.Contains(now, u) })...)
	return nil
}

// mayTakeBack tells why a decision cannot be taken back, or nil.
func (f *Flow) mayTakeBack(c Case, t Task) error {
	v := c.Visits[t.Visit-1]
	switch {
	case f.Def.Settings.TakeBack == schema.TakeBackNever:
		return fault.New(fault.Refused, "take_back.never", "decisions of this flow cannot be taken back")
	case t.State != TaskDone || t.Void || v.Void || t.Kind == KindCC || t.Kind == KindStart ||
		!t.agreed() && t.Result != ResultReject || t.Reason == ReasonAdmin || t.Reason == ReasonDeadline:
		return fault.New(fault.Refused, "take_back.nothing", "there is no decision of one's own to take back")
	case !v.Open && v.Result != ResultApprove && v.Result != ResultDone || f.actedOn(c, t):
		return fault.New(fault.Refused, "take_back.too_late", "somebody has already acted on it")
	}
	return nil
}

// actedOn reports that somebody has acted on a decision, or work was sent because of it.
func (f *Flow) actedOn(c Case, t Task) bool {
	for _, x := range c.Tasks {
		if x.acted() && f.restsOn(c, x, t) {
			return true
		}
	}
	return slices.ContainsFunc(c.Visits, func(v Visit) bool {
		return !v.Void && v.Work != nil && len(v.Work.Items) > 0 && f.cameAfter(c, v.N, t.Visit)
	})
}

// acted reports that a person, or a deadline, did something with a task.
func (t Task) acted() bool {
	switch t.State {
	case TaskDone:
		return t.Kind != KindCC && !t.Void
	case TaskTransferred, TaskDelegated, TaskExpired:
		return true
	}
	return false
}

// restsOn reports a task that is there only because another one was decided.
func (f *Flow) restsOn(c Case, x, t Task) bool {
	if c.Visits[x.Visit-1].Void || x.N == t.N {
		return false
	}
	if x.Visit != t.Visit {
		return f.cameAfter(c, x.Visit, t.Visit)
	}
	switch {
	case t.For != 0: // an opinion: the task that came back for it
		return x.N > t.N && x.For == c.Tasks[t.For-1].For && c.root(x) == c.root(t)
	case x.Added == WhereAfter && adder(c, x).N == t.N:
		return true
	case c.confirms(t):
		return false
	}
	mode := f.at(t.Node).node.Mode
	return mode == schema.ModeSequence && c.votes(x) && c.root(x) > c.root(t)
}

// cameAfter reports a visit that a decision at another one has brought about. What was there before that
// one came, on the straight way back, rests on it from when it has been left.
func (f *Flow) cameAfter(c Case, visit, other int) bool {
	return f.follows(c, visit, other) && (visit > other || !c.Visits[other-1].Open)
}

// undoComeBack takes the task away from whoever has the opinion already.
func (r *run) undoComeBack(t Task) {
	for _, x := range slices.Clone(r.c.Tasks) {
		if x.Visit == t.Visit && x.pending() && r.f.restsOn(r.c, x, t) {
			r.closeTask(x.N, TaskCancelled, "", ReasonTakenBack)
		}
	}
}

// undoAfter undoes what followed a vote: later visits, signers added with it, the next in a sequence.
func (r *run) undoAfter(t Task) {
	for _, v := range slices.Clone(r.c.Visits) {
		if v.Void || !r.f.cameAfter(r.c, v.N, t.Visit) {
			continue
		}
		if v.Open {
			r.cancelTasks(v.N, ReasonTakenBack)
			r.shut(v.N, ResultCancelled)
		}
		r.visit(v.N).Void = true
	}
	if !r.visit(t.Visit).Open {
		r.reopen(t.Visit)
	}
	for _, x := range slices.Clone(r.c.Tasks) {
		if x.Visit == t.Visit && x.pending() && r.f.restsOn(r.c, x, t) {
			r.closeTask(x.N, TaskCancelled, "", ReasonTakenBack)
		}
	}
}

// reopen opens a visit again, with the blocks around it. Its deadline counts anew.
func (r *run) reopen(visit int) {
	r.visit(visit).Due = zeroTime
	for _, n := range lineage(r.c, visit) {
		v := r.visit(n)
		v.Open, v.Result, v.Ended = true, "", zeroTime
	}
}

// askDropped asks those again whose votes the decision had made needless, and
// lets the rest of a sequence wait behind it.
func (r *run) askDropped(t Task) {
	dropped := r.dropped(t.Visit)
	n := r.count(t.Visit)
	n.total += len(dropped)
	if passed, _ := r.verdict(t.Visit, n); passed || t.For != 0 {
		return
	}
	for _, x := range dropped {
		if r.mode(t.Visit) == schema.ModeSequence && x.For == 0 && x.Added == "" {
			r.queue(x, x.again(ReasonBack))
		} else {
			r.follow(x, x.again(ReasonBack), EventTaskArrived)
		}
	}
}

// dropped lists the last tasks of a visit whose votes, or opinions for a vote, were no longer
// needed, in the order of the seats.
func (r *run) dropped(visit int) []Task {
	out := slices.DeleteFunc(lastTasks(r.c, visit), func(x Task) bool {
		needless := x.Reason == ReasonDecided || x.Reason == ReasonOutvoted || x.Reason == ReasonTakenBack
		return x.State != TaskCancelled || !needless || r.c.confirms(r.c.decider(x))
	})
	slices.SortStableFunc(out, func(a, b Task) int { return cmp.Compare(r.c.root(a), r.c.root(b)) })
	return out
}
