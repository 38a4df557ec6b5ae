package engine

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// applyDelegates puts whoever stands in for a person at this time in his place
// (代理). There is no chain: a delegate's own delegate is not asked. In a
// sequence it is found out when the turn comes.
func (r *run) applyDelegates(visit int, seats []seat) ([]seat, bool) {
	known, first := true, true
	out := make([]seat, 0, len(seats))
	for _, s := range seats {
		if s.skip != "" || s.user == r.c.Initiator || s.user == "" || !first && r.mode(visit) == schema.ModeSequence {
			out = append(out, s)
			continue
		}
		first = false
		other, ok := r.standIn(s.user)
		known = known && ok
		if other == "" {
			out = append(out, s)
			continue
		}
		if asked := func(o seat) bool { return o.user == other }; slices.ContainsFunc(seats, asked) || slices.ContainsFunc(out, asked) {
			s.skip = ReasonDelegated // he is asked here himself: one voice for both
			out = append(out, s)
			continue
		}
		out = append(out, seat{user: other, principal: s.user, why: ReasonDelegated})
	}
	return out, known
}

// standInNow puts a waiting task whose turn has come to whoever stands in for its assignee.
func (r *run) standInNow(n int) {
	t := r.task(n)
	if t.Principal != "" || t.Assignee == r.c.Initiator {
		return
	}
	other, _ := r.standIn(t.Assignee)
	if other == "" || seated(r.c, t.Visit, other) {
		return
	}
	t.Principal, t.Assignee, t.Reason = t.Assignee, other, ReasonDelegated
}

// hand opens a task for somebody who is named: by a transfer, as a signer, by a
// deadline, or as who takes over from a leaver. busy are named together with him.
func (r *run) hand(from, to Task, event string, busy []string) {
	r.follow(from, r.inStead(from, to, busy), event)
}

// inStead gives a task meant for one person to whoever stands in for him now. It
// stays with him where that one gives the task away himself, is asked at the
// visit already or together with him, was late there, or is the initiator of a
// flow in which nobody approves his own.
func (r *run) inStead(from, to Task, busy []string) Task {
	if from.Kind == KindStart || to.Principal != "" || to.Assignee == r.c.Initiator {
		return to
	}
	other, _ := r.standIn(to.Assignee)
	own := other == r.c.Initiator && r.f.Def.Settings.Self != schema.SelfAct && r.f.Def.Settings.Self != ""
	if other == "" || own || from.of(other) || slices.Contains(busy, other) || seated(r.c, from.Visit, other) || wasLate(r.c, from.Visit, other) {
		return to
	}
	to.Assignee, to.Principal = other, to.Assignee
	if to.Reason == "" {
		to.Reason = ReasonDelegated
	}
	return to
}
