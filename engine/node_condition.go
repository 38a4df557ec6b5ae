package engine

// conditionNode takes the first branch, in order, whose formula holds; the
// last one, otherwise, always does.
type conditionNode struct{}

func (conditionNode) arrive(r *run, p *place, visit int) {
	for i, b := range p.node.Branches {
		if !b.Otherwise && !r.holds(p, i) {
			if r.err != nil {
				return
			}
			continue
		}
		v := r.visit(visit)
		v.Branches, v.Reason = []int{i}, b.When
		if b.Otherwise {
			v.Reason = "otherwise"
		}
		r.step(p.branches[i], 0, visit, i)
		return
	}
}

func (conditionNode) joined(r *run, _ *place, visit int) { r.leave(visit, ResultDone) }
