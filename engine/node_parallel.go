package engine

// parallelNode takes all branches and goes on when the last of them ends.
type parallelNode struct{}

func (n parallelNode) arrive(r *run, p *place, visit int) {
	all := make([]int, len(p.branches))
	for i := range all {
		all[i] = i
	}
	r.visit(visit).Branches = all
	for i, list := range p.branches {
		if len(list) > 0 {
			r.step(list, 0, visit, i)
		}
	}
	n.joined(r, p, visit)
}

// joined looks at every branch anew, so it does not matter how often or in
// which order it is told: the visit is left once, when all have ended.
func (parallelNode) joined(r *run, p *place, visit int) {
	if r.stopped() || !r.visit(visit).Open {
		return
	}
	for _, list := range p.branches {
		if len(list) == 0 {
			continue
		}
		v, ok := standing(r.c, list[len(list)-1], visit)
		if !ok || v.Open {
			return
		}
	}
	r.leave(visit, ResultDone)
}
