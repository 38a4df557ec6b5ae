package engine

// inclusiveNode takes every branch whose formula holds, at least otherwise,
// and goes on when all that were taken have ended.
type inclusiveNode struct{ block }

func (n inclusiveNode) arrive(r *run, p *place, visit int) {
	var taken []int
	for i, b := range p.node.Branches {
		if !b.Otherwise && r.holds(p, i) {
			taken = append(taken, i)
		}
		if r.err != nil {
			return
		}
	}
	if len(taken) == 0 {
		taken = []int{len(p.node.Branches) - 1} // otherwise is the last one
		r.visit(visit).Reason = "otherwise"
	}
	n.fork(r, p, visit, taken)
}
