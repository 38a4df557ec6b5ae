package engine

// handleNode (办理) asks people to do something and fill fields. It knows no
// refusal, and nobody is passed automatically because he acted before: the
// work is still to be done.
type handleNode struct{ leaf }

func (handleNode) arrive(r *run, p *place, visit int) { r.ask(p, visit, KindHandle) }
