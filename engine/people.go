package engine

import (
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// seat is a person a people node would ask.
type seat struct {
	user      string
	principal string // whom he stands in for by a delegation of a period, "" = nobody
	named     bool   // named as the initiator on purpose: the self policy leaves him alone
	why       string // reason of the task: manager, empty, delegated
	skip      string // reason to pass him automatically, "" = ask
}

// resolve finds the people of a node, each once, in the order of its sources.
// All open questions of the node are asked together.
func (r *run) resolve(node *schema.Node) (seats []seat, ok bool) {
	ok = true
	for _, w := range node.Who {
		users, known := r.source(node, w)
		ok = ok && known
		for _, u := range users {
			seats = addSeat(seats, seat{user: u, named: w.Initiator})
		}
	}
	return seats, ok
}

// source finds the people one source of a node names.
func (r *run) source(node *schema.Node, w schema.Who) ([]string, bool) {
	switch {
	case w.Initiator:
		return []string{r.c.Initiator}, true
	case w.Chosen != nil:
		return r.chosen(node, w.Chosen)
	case w.Node != "":
		return r.active(decidedAt(r.c, w.Node))
	case w.Formula != "":
		return r.byFormula(w, node.ID)
	}
	return r.who(w)
}

// decidedAt lists who agreed at the visit of a node that counts.
func decidedAt(c Case, node string) []string {
	v, ok := counting(c, node)
	if !ok {
		return nil
	}
	var out []string
	for _, t := range c.Tasks {
		if t.Visit == v.N && t.State == TaskDone && t.agreed() && t.For == 0 && !t.Void && !slices.Contains(out, t.Assignee) {
			out = append(out, t.Assignee)
		}
	}
	return out
}

// addSeat adds a person who is not yet among them.
func addSeat(seats []seat, s seat) []seat {
	i := slices.IndexFunc(seats, func(o seat) bool { return o.user == s.user && s.user != "" })
	if i < 0 {
		return append(seats, s)
	}
	seats[i].named = seats[i].named || s.named
	return seats
}

// ask runs the arrival at an approve or handle node: find the people, apply
// the policies, and open their tasks or pass on.
func (r *run) ask(p *place, visit int, kind string) {
	seats, ok := r.invited(p.node)
	if ok && kind == KindApprove {
		seats, ok = r.applySelf(p, seats)
	}
	if ok {
		seats, ok = r.applyDelegates(visit, seats)
	}
	if ok && kind == KindApprove { // a delegate may be the initiator
		seats, ok = r.applySelf(p, seats)
	}
	if !ok || r.err != nil {
		return
	}
	if len(seats) == 0 {
		r.askInstead(p, visit, kind)
		return
	}
	if kind == KindApprove {
		r.applyDedupe(p, visit, seats)
	}
	r.seat(visit, kind, seats)
	r.startDeadline(visit)
}

// invited is resolve, unless a dry run names other people for the node.
func (r *run) invited(n *schema.Node) ([]seat, bool) {
	if r.dry == nil || r.dry.People[n.ID] == nil {
		return r.resolve(n)
	}
	var seats []seat
	for _, u := range r.dry.People[n.ID] {
		seats = addSeat(seats, seat{user: u})
	}
	return seats, true
}

// applySelf treats the initiator among his own approvers.
func (r *run) applySelf(p *place, seats []seat) ([]seat, bool) {
	i := slices.IndexFunc(seats, func(s seat) bool { return s.user == r.c.Initiator && !s.named && s.skip == "" })
	if i < 0 {
		return seats, true
	}
	switch r.f.Def.Settings.Self {
	case schema.SelfSkip:
		if !r.missing(p.node.ID) {
			seats[i].skip = ReasonSelf
		}
	case schema.SelfManager:
		return r.seatManager(seats, i)
	}
	return seats, true
}

// seatManager puts the initiator's manager in his place; without one the
// initiator is left out, and the policy for nobody found decides if he was alone.
func (r *run) seatManager(seats []seat, i int) ([]seat, bool) {
	bosses, ok := r.manager(r.c.Initiator)
	if !ok {
		return seats, false
	}
	out := slices.Delete(slices.Clone(seats), i, i+1)
	if len(bosses) == 0 || bosses[0] == r.c.Initiator {
		return out, true
	}
	if slices.ContainsFunc(out, func(s seat) bool { return s.user == bosses[0] }) {
		return out, true
	}
	return slices.Insert(out, i, seat{user: bosses[0], why: ReasonManager}), true
}

// applyDedupe marks whoever has approved before, as far as the flow wants it.
func (r *run) applyDedupe(p *place, visit int, seats []seat) {
	if p.node.Always {
		return
	}
	approved := r.approvedBefore(visit)
	for i := range seats {
		before := slices.Contains(approved, seats[i].user) || slices.Contains(approved, seats[i].principal) && seats[i].principal != ""
		if seats[i].skip == "" && before && !r.missing(p.node.ID) {
			seats[i].skip = ReasonDedupe
		}
	}
}

// seat opens the tasks of a visit, or passes it when nobody is left to ask.
func (r *run) seat(visit int, kind string, seats []seat) {
	asked, voted := 0, 0
	for _, s := range seats {
		switch s.skip {
		case "":
			asked++
		case ReasonDedupe:
			voted++
		}
	}
	// Somebody who has approved before gives his vote again; with mode any it decides, in a vote it may be enough.
	pass := asked == 0 || r.enough(visit, voted, asked+voted)
	first := true
	for _, s := range seats {
		switch {
		case s.skip == ReasonDedupe:
			r.skipTask(visit, kind, s.user, ResultApprove, s.skip)
		case s.skip != "":
			r.skipTask(visit, kind, s.user, "", s.skip)
		case pass:
		case first || r.mode(visit) != schema.ModeSequence:
			first = false
			n := r.openTask(visit, kind, s.user, s.why, EventTaskArrived)
			r.task(n).Principal = s.principal
		default:
			r.addTask(visit, kind, s.user, TaskWaiting, s.why)
		}
	}
	if pass {
		r.leave(visit, ResultSkipped)
	}
}

// askInstead applies the policy for a node where nobody was found.
func (r *run) askInstead(p *place, visit int, kind string) {
	policy := r.f.Def.Settings.Empty
	if p.node.Empty != nil {
		policy = *p.node.Empty
	}
	r.visit(visit).Reason = ReasonEmpty
	switch policy.Then {
	case schema.EmptyStop:
		r.fail(nobody(p.node))
	case schema.EmptySkip:
		if r.missing(p.node.ID) { // a required field would stay empty: somebody has to fill it
			r.askAdmins(p, visit, kind)
			return
		}
		r.skipTask(visit, kind, "", "", ReasonEmpty)
		r.leave(visit, ResultSkipped)
	case schema.EmptyUser:
		users, ok := r.who(schema.Who{Users: []string{policy.User}})
		if !ok {
			return
		}
		if len(users) == 0 { // he has left
			r.askAdmins(p, visit, kind)
			return
		}
		r.seatInstead(visit, kind, users)
	default:
		r.askAdmins(p, visit, kind)
	}
}

func (r *run) askAdmins(p *place, visit int, kind string) {
	admins, ok := r.admins()
	switch {
	case !ok:
	case len(admins) == 0:
		r.fail(nobody(p.node))
	default:
		r.seatInstead(visit, kind, admins)
	}
}

// seatInstead asks whoever stands in; any one of them decides.
func (r *run) seatInstead(visit int, kind string, users []string) {
	seats := make([]seat, len(users))
	for i, u := range users {
		seats[i] = seat{user: u, why: ReasonEmpty}
	}
	r.seat(visit, kind, seats)
	r.startDeadline(visit)
}

func nobody(n *schema.Node) error {
	return fault.Newf(fault.Refused, "approver.none", "nobody was found for node %q", n.ID).
		With("node", n.ID).With("title", n.Title)
}
