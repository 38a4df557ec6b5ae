package engine

// approveNode asks people who decide the case's way.
type approveNode struct{ leaf }

func (approveNode) arrive(r *run, p *place, visit int) { r.ask(p, visit, KindApprove) }
