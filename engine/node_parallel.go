package engine

// parallelNode takes all branches and goes on when the last of them ends.
type parallelNode struct{ block }

func (n parallelNode) arrive(r *run, p *place, visit int) {
	all := make([]int, len(p.branches))
	for i := range all {
		all[i] = i
	}
	n.fork(r, p, visit, all)
}

// block is what nodes with several branches at once share.
type block struct{}

// fork goes into the branches that are taken.
func (b block) fork(r *run, p *place, visit int, taken []int) {
	r.visit(visit).Branches = taken
	for _, i := range taken {
		if len(p.branches[i]) > 0 {
			r.step(p.branches[i], 0, visit, i)
		}
	}
	b.joined(r, p, visit)
}

// joined looks at every taken branch anew, so it does not matter how often or
// in which order it is told: the visit is left once, when all have ended.
func (block) joined(r *run, p *place, visit int) {
	if r.stopped() || !r.visit(visit).Open {
		return
	}
	for _, i := range r.visit(visit).Branches {
		list := p.branches[i]
		if len(list) == 0 {
			continue
		}
		v, ok := standing(r.c, list[len(list)-1], visit)
		if !ok || v.Open || parked(v) {
			return
		}
	}
	r.leave(visit, ResultDone)
}
