package engine

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// jump moves the whole case to a node, out of whatever it stands in. What lies
// behind the node on its way is undone; what lies before it stays.
func jump(r *run) error {
	if err := r.byAdmin(); err != nil {
		return err
	}
	if err := r.allowIn(Running, Returned, Failed); err != nil {
		return err
	}
	if err := r.roomForMore(); err != nil {
		return err
	}
	p, err := r.jumpTarget()
	if err != nil {
		return err
	}
	r.jumpTo(p, ReasonJump)
	return nil
}

// jumpTarget finds the node a jump names.
func (r *run) jumpTarget() (*place, error) {
	switch {
	case len(r.cmd.To) != 1:
		return nil, toInvalid("jump.to_required", "name the one node to go to")
	case !slices.Contains(r.f.jumpTargets(), r.cmd.To[0]):
		return nil, toInvalid("jump.target", "no node a case can be moved to")
	}
	return r.f.places[r.cmd.To[0]], nil
}

// jumpTargets lists the nodes an administrator may move a case to: all but the
// ends, which would approve it without anybody.
func (f *Flow) jumpTargets() []string {
	var out []string
	for _, p := range f.order {
		if p.node.Type != schema.NodeEnd {
			out = append(out, p.node.ID)
		}
	}
	return out
}

func (r *run) jumpTo(p *place, reason string) {
	r.entry.Node = p.node.ID
	r.cutOff(reason)
	r.c.ReturnTo = 0
	if p == r.f.top[0] {
		r.c.State = Returned
		r.effect(Effect{Kind: EffectReturned, Node: p.node.ID, State: Returned})
		r.reopenStart(reason, EventReturned)
		return
	}
	r.c.State = Running
	parent := r.reach(p.up, p.branch, reason)
	r.voidFrom(p, p.index, parent)
	r.enter(p, parent, p.branch)
}

// reach makes the visits of the blocks around a branch open, and gives the innermost, 0 = none.
func (r *run) reach(block *place, branch int, reason string) int {
	if block == nil {
		return 0
	}
	parent := r.reach(block.up, block.branch, reason)
	v, ok := standing(r.c, block, parent)
	r.voidFrom(block, block.index+1, parent)
	if !ok {
		n := r.open(block, parent, block.branch)
		r.visit(n).Branches, r.visit(n).Reason = []int{branch}, reason
		return n
	}
	w := r.visit(v.N)
	w.Open, w.Result, w.Ended, w.Branches = true, "", zeroTime, r.finished(block, v, branch)
	return v.N
}

// finished lists the branches a block goes on with: the one that is entered, and those that have ended.
func (r *run) finished(block *place, v Visit, branch int) []int {
	var out []int
	for _, b := range v.Branches {
		last := len(block.branches[b]) - 1
		if b == branch {
			continue
		}
		if block.node.Type == schema.NodeCondition {
			if last >= 0 {
				r.voidFrom(block.branches[b][0], 0, v.N)
			}
			continue
		}
		if last < 0 {
			out = append(out, b)
		} else if w, ok := standing(r.c, block.branches[b][last], v.N); ok && w.Result != ResultCancelled {
			out = append(out, b)
		}
	}
	out = append(out, branch)
	slices.Sort(out)
	return out
}

// voidFrom undoes the visits of a list of places, from an index on, with all that is inside them.
func (r *run) voidFrom(p *place, index, parent int) {
	for _, q := range p.list[index:] {
		for _, v := range r.c.Visits {
			if !v.Void && v.Node == q.node.ID && v.Parent == parent {
				r.void(v.N)
			}
		}
	}
}

// void undoes a visit and whatever is inside it.
func (r *run) void(visit int) {
	for i := range r.c.Visits {
		if slices.Contains(lineage(r.c, i+1), visit) {
			r.c.Visits[i].Void = true
		}
	}
}
