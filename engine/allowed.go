package engine

import "github.com/formwork-run/formwork/schema"

// Action is one thing a user may do now.
type Action struct {
	Kind string
	Task int // 0 = on the case
	Node string
	// ReturnTo lists the node ids a return may go to.
	ReturnTo []string
	// CommentRequired, AttachmentRequired and SignatureRequired for this action.
	CommentRequired, AttachmentRequired, SignatureRequired bool
	Label                                                  schema.Text // renamed button; nil = default
}

// Allowed lists the actions a user may take now: on the case (task 0) and on his open tasks.
// Urging is listed even while it would be too soon: that depends on the clock.
// A resubmit that may go straight back has ReturnTo set to the returner's node.
func (f *Flow) Allowed(c Case, user string) []Action {
	if user == "" {
		return nil
	}
	out := f.onCase(c, user)
	if c.State != Running {
		return out
	}
	for _, t := range c.OpenTasks(user) {
		node := f.places[t.Node].node
		for _, kind := range actionsOf(node) {
			out = append(out, f.onTask(c, t, kind))
		}
	}
	return out
}

// AllowedAdmin lists what an administrator may do by his right: end the case,
// and hand on or decide any open task.
func (f *Flow) AllowedAdmin(c Case) []Action {
	if c.State == Draft || c.State == "" || c.State.Final() {
		return nil
	}
	out := []Action{{Kind: CmdTerminate}}
	if c.State != Running {
		return out
	}
	for _, t := range c.OpenTasks("") {
		kinds := actionsOf(f.places[t.Node].node)
		transfers := false
		for _, kind := range kinds {
			transfers = transfers || kind == CmdTransfer
			out = append(out, f.onTask(c, t, kind))
		}
		if !transfers {
			out = append(out, f.onTask(c, t, CmdTransfer))
		}
	}
	return out
}

func (f *Flow) onTask(c Case, t Task, kind string) Action {
	node := f.places[t.Node].node
	a := Action{Kind: kind, Task: t.N, Node: t.Node, CommentRequired: commentRequired(node, kind), Label: node.Buttons[kind]}
	if decides(kind) && t.For == 0 {
		a.AttachmentRequired, a.SignatureRequired = node.Attachment == schema.Required, node.Signature == schema.Required
	}
	if kind == CmdReturn {
		a.ReturnTo = f.returnTargets(c, t.Visit)
	}
	return a
}

// onCase lists what concerns the case as a whole.
func (f *Flow) onCase(c Case, user string) []Action {
	var out []Action
	mine := c.Initiator == user
	switch {
	case c.State == Draft || c.State == "":
		if mine || c.Initiator == "" {
			out = append(out, Action{Kind: CmdSubmit})
		}
		return out
	case c.State == Returned && mine:
		out = append(out, f.resubmitAction(c))
	}
	if mine && (c.State == Running || c.State == Returned) && mayWithdraw(f.Def.Settings, c) == nil {
		out = append(out, Action{Kind: CmdWithdraw})
	}
	if mine && c.State == Running && len(urged(c)) > 0 {
		out = append(out, Action{Kind: CmdUrge})
	}
	if takesPart(c, user) {
		out = append(out, Action{Kind: CmdComment, CommentRequired: true})
	}
	return out
}

func (f *Flow) resubmitAction(c Case) Action {
	a := Action{Kind: CmdResubmit, Node: f.top[0].node.ID}
	if s := f.Def.Settings.Resubmit; s == schema.ResubmitChoose || s == schema.ResubmitBack {
		a.ReturnTo = []string{c.Visits[c.ReturnTo-1].Node}
	}
	if t := c.OpenTasks(c.Initiator); len(t) > 0 {
		a.Task = t[0].N
	}
	return a
}
