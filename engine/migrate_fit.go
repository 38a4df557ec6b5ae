package engine

import "slices"

// Why a case does not fit another version of its flow; a problem is "code:node".
const (
	MisfitGone  = "node_missing"  // the node is not there
	MisfitType  = "node_type"     // it is another type of node
	MisfitBlock = "block_changed" // it stands in another branch, or in other blocks
	MisfitMode  = "mode_changed"  // its people decide otherwise
)

// Fits tells, without changing anything, whether a case that runs on an older
// flow could go on with this one, at which nodes it would stand, and what is in
// the way ("node_missing:legal"; "case.ended", "case.not_started" and
// "case.other_flow" stand alone). A returned case stands at the start.
func (f *Flow) Fits(old *Flow, c Case) (ok bool, at []string, problems []string) {
	switch {
	case c.State == Draft || c.State == "":
		return false, nil, []string{"case.not_started"}
	case c.State.Final():
		return false, nil, []string{"case.ended"}
	case c.Flow != f.Def.Key:
		return false, nil, []string{"case.other_flow"}
	}
	problems = f.misfits(old, c)
	for _, v := range c.Visits {
		if v.Open && len(v.Branches) == 0 && f.misfit(old, v) == "" {
			at = append(at, v.Node)
		}
	}
	return len(problems) == 0, at, problems
}

// misfits lists what keeps the open visits of a case from going on in this flow.
func (f *Flow) misfits(old *Flow, c Case) []string {
	var out []string
	for _, v := range c.Visits {
		if !v.Open {
			continue
		}
		code := f.misfit(old, v)
		if code == "" && old.at(v.Node).human() && old.at(v.Node).node.Mode != f.at(v.Node).node.Mode {
			code = MisfitMode
		}
		if problem := code + ":" + v.Node; code != "" && !slices.Contains(out, problem) {
			out = append(out, problem)
		}
	}
	return out
}

// misfit tells why a visit has no place in this flow, "" = it has one.
func (f *Flow) misfit(old *Flow, v Visit) string {
	was, now := old.at(v.Node), f.places[v.Node]
	switch {
	case now == nil:
		return MisfitGone
	case now.node.Type != was.node.Type:
		return MisfitType
	case !sameWay(was, now):
		return MisfitBlock
	}
	return ""
}

// sameWay reports that two places lie in the same branches of the same blocks.
func sameWay(a, b *place) bool {
	for a.up != nil && b.up != nil {
		if a.up.node.ID != b.up.node.ID || a.up.node.Type != b.up.node.Type ||
			a.up.node.Branches[a.branch].ID != b.up.node.Branches[b.branch].ID {
			return false
		}
		a, b = a.up, b.up
	}
	return a.up == nil && b.up == nil
}
