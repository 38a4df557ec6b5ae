package engine

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// Rights gives the field rights of a user by his place in the flow: at his open
// tasks, else as his last task showed it. ok is false when he has no part in it.
// The initiator has the start node's rights while the case is draft or returned.
//
// At several open tasks they add up, and node is that of the first. Without an
// open task nothing can be edited: the rights then only say what is hidden.
func (f *Flow) Rights(c Case, user string) (rights schema.NodeFields, node string, open, ok bool) {
	if user == "" {
		return schema.NodeFields{}, "", false, false
	}
	start := f.top[0].node
	if mine := c.OpenTasks(user); len(mine) > 0 {
		rights = f.at(mine[0].Node).node.Fields
		for _, t := range mine[1:] {
			rights = rights.Union(f.at(t.Node).node.Fields)
		}
		return rights, mine[0].Node, true, true
	}
	initiator := c.Initiator == user
	if initiator && (c.State == Draft || c.State == "") {
		return start.Fields, start.ID, true, true
	}
	last, found := lastTaskOf(c, user)
	switch {
	case found && initiator:
		rights = f.at(last.Node).node.Fields.Union(start.Fields)
	case found:
		rights = f.at(last.Node).node.Fields
	case initiator:
		rights, last.Node = start.Fields, start.ID
	default:
		return schema.NodeFields{}, "", false, false
	}
	return rights.ReadOnly(), last.Node, false, true
}

// lastTaskOf finds the last task that was ever shown to a user.
func lastTaskOf(c Case, user string) (Task, bool) {
	for _, t := range slices.Backward(c.Tasks) {
		if t.of(user) && !t.OpenedAt.IsZero() && t.State != TaskSkipped {
			return t, true
		}
	}
	return Task{}, false
}
