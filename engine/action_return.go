package engine

import (
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// sendBack returns the case to its initiator or to a node it has passed.
func sendBack(r *run) error {
	t, err := r.myTask()
	if err != nil {
		return err
	}
	if err := r.roomForMore(); err != nil {
		return err
	}
	target, err := r.returnTarget(t)
	if err != nil {
		return err
	}
	if err := r.mayComeBack(target); err != nil {
		return err
	}
	r.entry.To = []string{target}
	r.decideTask(t, ResultReturn)
	if target == r.f.top[0].node.ID {
		r.returnToStart(t)
	} else {
		r.returnToNode(t, target)
	}
	return nil
}

// returnTarget picks the node: the one named, or the only one possible, or the start.
func (r *run) returnTarget(t Task) (string, error) {
	targets := r.f.returnTargets(r.c, t.Visit)
	switch {
	case len(r.cmd.To) > 1:
		return "", toInvalid("return.one_target", "a return goes to one node")
	case len(r.cmd.To) == 1:
		if !slices.Contains(targets, r.cmd.To[0]) {
			return "", toInvalid("return.target", "a return may not go to this node")
		}
		return r.cmd.To[0], nil
	case len(targets) == 1 || targets[0] == r.f.top[0].node.ID:
		return targets[0], nil
	}
	return "", toInvalid("return.target_required", "several nodes come before this one: name the one to return to")
}

func toInvalid(code, text string) error {
	return fault.New(fault.Invalid, code, text).At(fault.Field{Path: "/to", Code: code, Message: text})
}

// returnToStart parks everything open, so that the initiator may go straight
// back to it, and hands the case to him.
func (r *run) returnToStart(t Task) {
	r.cancelTasks(0, ReasonReturned)
	r.pauseDeadlines()
	for i := range r.c.Visits {
		if r.c.Visits[i].Open {
			r.shut(i+1, ResultReturn)
		}
	}
	r.c.State, r.c.ReturnTo = Returned, t.Visit
	r.effect(Effect{Kind: EffectReturned, Node: t.Node, State: Returned})
	r.reopenStart(ReasonReturned, EventReturned)
}

// returnToNode undoes what came after a passed node, or parks it for the straight way back, and arrives there again.
// From within a parallel branch this cancels the other branches when the node lies before the block.
func (r *run) returnToNode(t Task, target string) {
	passed, _ := counting(r.c, target) // returnTarget has found it among the passed nodes
	back := passed.N
	if r.cmd.Back {
		r.parkBehind(back)
	}
	for _, v := range r.c.Visits {
		if v.N != back && (r.cmd.Back || !r.f.follows(r.c, v.N, back)) {
			continue
		}
		if v.Open {
			r.cancelTasks(v.N, ReasonReturned)
			r.shut(v.N, closedBy(v.N == t.Visit))
		}
		r.visit(v.N).Void = true
	}
	for _, n := range lineage(r.c, back)[1:] { // a block that had ended goes on
		v := r.visit(n)
		v.Open, v.Result, v.Ended = true, "", zeroTime
	}
	r.enter(r.f.places[target], passed.Parent, passed.Branch)
}

func closedBy(own bool) string {
	if own {
		return ResultReturn
	}
	return ResultCancelled
}

// resubmit continues a returned case: from the start of the way, or straight
// back to whoever returned it.
func resubmit(r *run) error {
	if err := r.allowIn(Returned); err != nil {
		return err
	}
	if err := r.byInitiator(); err != nil {
		return err
	}
	if err := r.roomForMore(); err != nil {
		return err
	}
	back, err := r.goesBack()
	if err != nil {
		return err
	}
	start := r.closeStart()
	if r.err != nil {
		return nil
	}
	r.c.State, r.c.ReturnTo = Running, 0
	r.effect(Effect{Kind: EffectResumed, State: Running})
	if back {
		r.unpark(r.f.parkedBehind(r.c, 0))
	} else {
		r.startOver(start)
	}
	return nil
}

// goesBack tells which way a resubmit takes. After the initiator took the case
// back himself there is nobody to go back to.
func (r *run) goesBack() (bool, error) {
	if r.c.ReturnTo != 0 {
		switch r.f.Def.Settings.Resubmit {
		case schema.ResubmitBack:
			return true, nil
		case schema.ResubmitChoose:
			return r.cmd.Back, nil
		}
	}
	if r.cmd.Back {
		return false, fault.New(fault.Refused, "resubmit.back_not_allowed", "this flow starts from the beginning after a return")
	}
	return false, nil
}

// startOver undoes everything and goes through the flow again.
func (r *run) startOver(start int) {
	for i := range r.c.Visits {
		if i+1 != start {
			r.c.Visits[i].Void = true
		}
	}
	r.step(r.f.top, 1, 0, 0)
}

// unpark opens visits again that a return had parked. Who had decided before the
// return is not asked again: his vote at that visit stands.
func (r *run) unpark(parked []int) {
	for _, n := range parked {
		v := r.visit(n)
		v.Open, v.Result, v.Ended, v.Behind = true, "", zeroTime, 0
	}
	for _, n := range parked {
		r.askAgain(n)
		r.resumeDeadline(n)
	}
	r.replaceLeavers(parked)
	for _, n := range parked {
		r.resumeWork(n)
	}
}

// askAgain gives everybody whose task the return had ended a new one, with the same standing.
func (r *run) askAgain(visit int) {
	first := true
	for _, t := range lastTasks(r.c, visit) {
		if t.Result != ResultReturn && (t.State != TaskCancelled || t.Reason != ReasonReturned) {
			continue
		}
		vote := t.Added == "" && t.For == 0
		if first || !vote || r.mode(visit) != schema.ModeSequence {
			r.follow(t, t.again(ReasonBack), EventTaskArrived)
		} else {
			r.queue(t, t.again(ReasonBack))
		}
		first = first && !vote
	}
}

// lastTasks gives the latest task of each person at a visit, in their order.
func lastTasks(c Case, visit int) []Task {
	var out []Task
	for _, t := range c.Tasks {
		if t.Visit != visit {
			continue
		}
		i := slices.IndexFunc(out, func(o Task) bool { return o.Assignee == t.Assignee })
		if i < 0 {
			out = append(out, t)
		} else {
			out[i] = t
		}
	}
	return out
}
