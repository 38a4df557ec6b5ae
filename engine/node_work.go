package engine

import "github.com/formwork-run/formwork/schema"

// workNode has something done outside and waits for the outcome: it starts other
// flows, writes or finds records, or calls another system.
type workNode struct{ leaf }

func (workNode) arrive(r *run, p *place, visit int) {
	items := 1
	if each := eachOf(p.node); each != "" {
		items = r.rows(p.node.ID, each)
	}
	if items == 0 {
		r.visit(visit).Reason = ReasonNoRows
		r.leave(visit, ResultSkipped)
		return
	}
	work := &Work{Items: make([]WorkItem, items)}
	all := make([]int, items)
	for i := range all {
		work.Items[i].State, all[i] = WorkPending, i
	}
	r.visit(visit).Work = work
	r.effect(Effect{Kind: EffectWork, Node: p.node.ID, Visit: visit, Items: all, State: r.c.State})
}

// eachOf is the subtable whose rows a node works through, "" = it works once.
func eachOf(n *schema.Node) string {
	switch {
	case n.Subflow != nil:
		return n.Subflow.Each
	case n.Data != nil:
		return n.Data.Each
	}
	return ""
}
