package engine

import "slices"

// AllowedAdmin lists what an administrator may do by his right: stop, move or
// end the case, do failed work again, and hand on or decide any open task.
func (f *Flow) AllowedAdmin(c Case) []Action {
	switch c.State {
	case Running:
		out := append([]Action{{Kind: CmdTerminate}, {Kind: CmdSuspend}, f.jumpAction()}, f.workActions(c)...)
		for _, t := range c.OpenTasks("") {
			out = append(out, f.adminTask(c, t)...)
		}
		return out
	case Returned:
		return []Action{{Kind: CmdTerminate}, {Kind: CmdSuspend}, f.jumpAction()}
	case Suspended:
		return []Action{{Kind: CmdTerminate}, {Kind: CmdResume}}
	case Failed:
		return []Action{{Kind: CmdTerminate}, f.jumpAction()}
	}
	return nil
}

func (f *Flow) jumpAction() Action {
	return Action{Kind: CmdJump, To: &Pick{Kind: PickNode, From: f.jumpTargets(), Min: 1, Max: 1}}
}

// workActions lists the visits whose work failed, and the delays that may be cut short.
func (f *Flow) workActions(c Case) []Action {
	var out []Action
	for _, v := range c.Visits {
		if v.failedWork() {
			out = append(out, Action{Kind: CmdRetry, Node: v.Node, Visit: v.N})
		}
		if v.skippable() {
			out = append(out, Action{Kind: CmdSkip, Node: v.Node, Visit: v.N})
		}
	}
	return out
}

// adminTask lists what an administrator may do with an open task in its assignee's place.
func (f *Flow) adminTask(c Case, t Task) []Action {
	var out []Action
	kinds := slices.Clone(actionsOf(f.at(t.Node).node))
	if !slices.Contains(kinds, CmdTransfer) {
		kinds = append(kinds, CmdTransfer)
	}
	for _, kind := range append(kinds, CmdReassign) {
		a := f.onTask(c, t, kind)
		if kind == CmdRemoveSigner {
			from := assignees(removableBy(c, t, true))
			a.To = &Pick{Kind: PickUser, From: from, Min: 1, Max: len(from)}
		}
		if possible(a, t) {
			out = append(out, a)
		}
	}
	return out
}
