package engine

// endNode ends the case as approved, from within a condition too. An implicit
// end follows the last node.
type endNode struct{ leaf }

func (endNode) arrive(r *run, _ *place, visit int) {
	r.shut(visit, ResultDone)
	r.end(Approved)
}
