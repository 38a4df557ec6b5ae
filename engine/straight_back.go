package engine

import (
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// A return to a passed node may ask that the case comes straight back: what lies
// behind that node then stays as it is, what is open there is parked behind the
// new visit of the node, and opened again when that one is left.

// mayComeBack refuses a straight way back where the flow wants all of it gone through
// again, and from the start: there the flow's setting, or the initiator, says so.
func (r *run) mayComeBack(target string) error {
	if !r.cmd.Back || target != r.f.top[0].node.ID && r.f.comesBack() {
		return nil
	}
	return fault.New(fault.Refused, "return.back_not_allowed", "the case cannot come straight back after this return").With("node", target)
}

// comesBack reports that a return may ask for the straight way back.
func (f *Flow) comesBack() bool {
	s := f.Def.Settings.Resubmit
	return s == schema.ResubmitBack || s == schema.ResubmitChoose
}

// parkBehind parks whatever is open after a visit until the visit that is opened next has been left.
func (r *run) parkBehind(visit int) {
	next := len(r.c.Visits) + 1
	for _, v := range r.c.Visits {
		if !v.Open || !r.f.follows(r.c, v.N, visit) {
			continue
		}
		r.cancelTasks(v.N, ReasonReturned)
		r.pauseDeadline(v.N)
		r.shut(v.N, ResultReturn)
		r.visit(v.N).Behind = next
	}
}

// straightBack opens again what was parked behind a visit that has just been
// left; false when there is nothing. A block that was gone into again only for
// that visit is closed.
func (r *run) straightBack(visit int) bool {
	behind := r.f.parkedBehind(r.c, visit)
	if len(behind) == 0 {
		return false
	}
	if r.stopped() {
		return true
	}
	for _, n := range lineage(r.c, visit)[1:] {
		if !slices.ContainsFunc(behind, func(x int) bool { return slices.Contains(lineage(r.c, x), n) }) {
			r.shut(n, ResultDone)
		}
	}
	r.unpark(behind)
	return true
}

// parkedBehind lists the visits that wait for another one to be left.
func (f *Flow) parkedBehind(c Case, visit int) []int {
	var out []int
	for _, v := range c.Visits {
		if parked(v) && v.Behind == visit {
			out = append(out, v.N)
		}
	}
	return out
}

// strayed reports that something parked no longer lies behind the visit it waits for.
func (r *run) strayed() bool {
	return slices.ContainsFunc(r.c.Visits, func(v Visit) bool {
		return parked(v) && v.Behind != 0 && (r.visit(v.Behind).Void || !r.f.follows(r.c, v.N, v.Behind))
	})
}
