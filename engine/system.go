package engine

import "github.com/formwork-run/formwork/schema"

// system reports a command that nobody gives: time, work outside, or the organisation does.
func system(kind string) bool {
	return kind == CmdTimer || kind == CmdResult || kind == CmdLeaver
}

// nothing ends a command of the system that no longer has a point: the case stays as it is.
func (r *run) nothing() error {
	r.idle = true
	return nil
}

// named returns the visit a command of the system is about, unless it has been undone.
func (r *run) named() (*Visit, bool) {
	n := r.cmd.Visit
	if n < 1 || n > len(r.c.Visits) || r.visit(n).Void {
		return nil, false
	}
	return r.visit(n), true
}

// parked reports a visit that a return to the start has closed for a while: it
// is opened again when the initiator goes straight back.
func parked(v Visit) bool { return !v.Void && !v.Open && v.Result == ResultReturn }

// over reports that a visit of a case is done with: it is neither open nor may be opened again straight back.
func (c Case) over(v Visit) bool { return !v.Open && (c.State.Final() || !parked(v)) }

// counts reports a visit that took time: of people, of work, or of an initiator who was asked again.
func (r *run) counts(v Visit) bool {
	p := r.f.at(v.Node)
	if r.old != nil && r.f.places[v.Node] == nil { // a migration has just dropped it
		p = r.old.at(v.Node)
	}
	return p.human() || v.Work != nil || p.node.Type == schema.NodeStart && v.Ended.After(v.Began)
}

// ended announces what this command brought to an end: visits, and work that is no longer wanted.
func (r *run) ended(before Case) {
	for i, v := range r.c.Visits {
		if !r.c.over(v) || i < len(before.Visits) && before.over(before.Visits[i]) {
			continue
		}
		if v.pendingWork() {
			r.effect(Effect{Kind: EffectWorkCancelled, Visit: v.N, Node: v.Node, State: r.c.State})
		}
		if r.counts(v) {
			r.effect(Effect{Kind: EffectVisitEnded, Visit: v.N, Node: v.Node, State: r.c.State})
		}
	}
}
