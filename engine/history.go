package engine

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// approvedBefore lists who has approved before a visit, as far as dedupe looks.
func (r *run) approvedBefore(visit int) []string {
	var before []int
	switch r.f.Def.Settings.Dedupe {
	case schema.DedupeAdjacent:
		before = r.f.preceding(r.c, visit, func(v Visit) bool { return len(approvers(r.c, v.N)) > 0 || !r.passedOver(v) })
	case schema.DedupeAny:
		for _, v := range r.c.Visits {
			if !v.Void && !r.f.follows(r.c, v.N, visit) { // what a straight way back leads over comes after
				before = append(before, v.N)
			}
		}
	}
	var out []string
	for _, n := range before {
		out = append(out, approvers(r.c, n)...)
	}
	return out
}

// passedOver reports that nobody did anything at a visit.
func (r *run) passedOver(v Visit) bool { return v.Result == ResultSkipped }

// approvers lists whose approval counts at a visit; a delegate's counts for whom he stood in for,
// too. What a deadline approved, nobody has.
func approvers(c Case, visit int) []string {
	var out []string
	for _, t := range c.Tasks {
		if t.Visit != visit || t.Result != ResultApprove || t.State == TaskExpired || t.For != 0 || t.Void {
			continue
		}
		out = append(out, t.Assignee)
		if t.Principal != "" {
			out = append(out, t.Principal)
		}
	}
	return out
}

// preceding finds the visits of people nodes right before a visit on its way:
// one, or one per branch of a block that ended before it. Nodes that stop
// nobody are looked through, and so are visits that do not count.
func (f *Flow) preceding(c Case, visit int, counts func(Visit) bool) []int {
	v := c.Visits[visit-1]
	for {
		p := f.at(v.Node)
		if out := f.lastOf(c, p.list[:p.index], v.Parent, counts); len(out) > 0 {
			return out
		}
		if v.Parent == 0 {
			return nil
		}
		v = c.Visits[v.Parent-1]
	}
}

// lastOf finds the last counting visits of people in a list of places.
func (f *Flow) lastOf(c Case, list []*place, parent int, counts func(Visit) bool) []int {
	for _, p := range slices.Backward(list) {
		v, ok := standing(c, p, parent)
		if !ok {
			continue
		}
		var out []int
		if p.human() && counts(v) {
			out = []int{v.N}
		}
		for _, b := range v.Branches {
			out = append(out, f.lastOf(c, p.branches[b], v.N, counts)...)
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// standing finds the visit of a place that counts, within a visit of the block around it.
func standing(c Case, p *place, parent int) (Visit, bool) {
	for _, v := range slices.Backward(c.Visits) {
		if v.Node == p.node.ID && v.Parent == parent && !v.Void {
			return v, true
		}
	}
	return Visit{}, false
}

// counting finds the one visit of a node that no return has undone.
func counting(c Case, node string) (Visit, bool) {
	i := slices.IndexFunc(c.Visits, func(v Visit) bool { return v.Node == node && !v.Void })
	if i < 0 {
		return Visit{}, false
	}
	return c.Visits[i], true
}

// follows reports whether a visit comes after another one on its way: later in
// the list of the innermost block that holds both. Two branches of a parallel
// node do not follow each other, nor does a block follow what is inside it.
func (f *Flow) follows(c Case, visit, other int) bool {
	line := lineage(c, other)
	for _, x := range lineage(c, visit) {
		for _, y := range line {
			a, b := c.Visits[x-1], c.Visits[y-1]
			if a.Parent == b.Parent {
				return a.Branch == b.Branch && f.at(a.Node).index > f.at(b.Node).index
			}
		}
	}
	return false
}

// lineage lists a visit and the visits of the blocks around it, innermost first.
func lineage(c Case, visit int) []int {
	var out []int
	for n := visit; n != 0; n = c.Visits[n-1].Parent {
		out = append(out, n)
	}
	return out
}

// returnTargets lists the node ids a return from a visit may go to, in the order of the flow.
func (f *Flow) returnTargets(c Case, visit int) []string {
	start := f.top[0].node.ID
	decided := func(v Visit) bool { return v.Result == ResultApprove || v.Result == ResultDone }
	switch f.at(c.Visits[visit-1].Node).node.ReturnTo {
	case schema.ReturnPrevious:
		var out []string
		for _, n := range f.preceding(c, visit, decided) {
			out = append(out, c.Visits[n-1].Node)
		}
		if len(out) > 0 {
			return out
		}
	case schema.ReturnAny:
		out := []string{start}
		for _, p := range f.order {
			v, ok := counting(c, p.node.ID)
			if ok && p.human() && !v.Open && decided(v) && f.follows(c, visit, v.N) {
				out = append(out, v.Node)
			}
		}
		return out
	}
	return []string{start}
}
