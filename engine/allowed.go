package engine

import (
	"slices"

	"github.com/formwork-run/formwork/schema"
)

// Action is one thing a user may do now, and what it needs.
type Action struct {
	Kind string
	Task int // 0 = on the case
	Node string
	// Visit of retry and skip: where the work is.
	Visit int
	// ReturnTo lists the node ids a return may go to.
	ReturnTo []string
	// Back: a return to another node than the start may ask that the case comes straight back; a resubmit may
	// choose between straight back to ReturnTo and the start of the way.
	Back bool
	// To says who, or which node, is to be named; nil = nobody.
	To *Pick
	// Where lists where add_signer may put the new ones.
	Where []string
	// CommentRequired, AttachmentRequired and SignatureRequired for this action; of add_signer
	// they hold for where "after" only: by that the assignee agrees.
	CommentRequired, AttachmentRequired, SignatureRequired bool
	Label                                                  schema.Text // renamed button; nil = default
}

// What a Pick chooses.
const (
	PickUser = "user"
	PickNode = "node"
)

// Pick is a choice that an action asks for: Min to Max of From. Where From is
// nil any active user who is not asked at the visit yet may be chosen.
type Pick struct {
	Kind     string
	From     []string
	Min, Max int
}

// Allowed lists the actions a user may take now: on the case (task 0), on his open tasks, and on
// those he has decided or given away (take_back, remove_signer).
// Urging is listed even while it would be too soon: that depends on the clock.
// A resubmit that may, or will, go straight back has ReturnTo set to the returner's node.
func (f *Flow) Allowed(c Case, user string) []Action {
	if user == "" {
		return nil
	}
	out := f.onCase(c, user)
	if c.State != Running {
		return out
	}
	for _, t := range c.Tasks {
		if t.of(user) {
			out = append(out, f.ofTask(c, t)...)
		}
	}
	return out
}

// ofTask lists what may be done with a task of one's own.
func (f *Flow) ofTask(c Case, t Task) []Action {
	var out []Action
	kinds := actionsOf(f.at(t.Node).node)
	if t.State != TaskOpen {
		kinds = slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return k != CmdRemoveSigner })
	}
	for _, kind := range kinds {
		if a := f.onTask(c, t, kind); possible(a, t) {
			out = append(out, a)
		}
	}
	if t.State == TaskDone && f.mayTakeBack(c, t) == nil {
		out = append(out, f.onTask(c, t, CmdTakeBack))
	}
	return out
}

// possible leaves out what the node offers but the task does not let be done now.
func possible(a Action, t Task) bool {
	switch a.Kind {
	case CmdReturn:
		return t.For == 0
	case CmdRemoveSigner:
		return len(a.To.From) > 0
	}
	return true
}

func (f *Flow) onTask(c Case, t Task, kind string) Action {
	node := f.at(t.Node).node
	a := Action{Kind: kind, Task: t.N, Node: t.Node, Label: node.Buttons[kind]}
	a.CommentRequired, a.AttachmentRequired, a.SignatureRequired = required(node, t, kind)
	switch kind {
	case CmdReturn:
		a.ReturnTo = f.returnTargets(c, t.Visit)
		a.Back = f.comesBack() && a.ReturnTo[len(a.ReturnTo)-1] != f.top[0].node.ID
	case CmdTransfer, CmdDelegate, CmdReassign:
		a.To = &Pick{Kind: PickUser, Min: 1, Max: 1}
	case CmdAddSigner:
		a.Where, a.To = whereOf(t), &Pick{Kind: PickUser, Min: 1, Max: MaxSigners}
	case CmdRemoveSigner:
		from := assignees(removableBy(c, t, false))
		a.To = &Pick{Kind: PickUser, From: from, Min: 1, Max: len(from)}
	}
	return a
}

func assignees(tasks []Task) []string {
	var out []string
	for _, t := range tasks {
		out = append(out, t.Assignee)
	}
	return out
}

// onCase lists what concerns the case as a whole.
func (f *Flow) onCase(c Case, user string) []Action {
	if c.State == Draft || c.State == "" {
		if c.Initiator == user || c.Initiator == "" {
			return []Action{{Kind: CmdSubmit}}
		}
		return nil
	}
	var out []Action
	if c.standsFor(user) {
		out = f.ofInitiator(c, user)
	}
	if takesPart(c, user) {
		out = append(out, Action{Kind: CmdComment, CommentRequired: true})
	}
	return out
}

// ofInitiator lists what the initiator, or who has taken over from him, may do with a case that has been submitted.
func (f *Flow) ofInitiator(c Case, user string) []Action {
	var out []Action
	s := f.Def.Settings
	if c.State == Returned {
		out = append(out, f.resubmitAction(c, user))
	}
	back := c.State == Returned && s.WithdrawTo == schema.WithdrawToStart
	if (c.State == Running || c.State == Returned) && !back && mayWithdraw(s, c) == nil {
		out = append(out, Action{Kind: CmdWithdraw})
	}
	if back && mayCancel(s, c) == nil {
		out = append(out, Action{Kind: CmdCancel})
	}
	if c.State == Running && len(urged(c)) > 0 {
		out = append(out, Action{Kind: CmdUrge})
	}
	return out
}

func (f *Flow) resubmitAction(c Case, user string) Action {
	a := Action{Kind: CmdResubmit, Node: f.top[0].node.ID}
	if s := f.Def.Settings.Resubmit; c.ReturnTo != 0 && (s == schema.ResubmitChoose || s == schema.ResubmitBack) {
		a.ReturnTo, a.Back = []string{c.Visits[c.ReturnTo-1].Node}, s == schema.ResubmitChoose
	}
	if t := c.OpenTasks(user); len(t) > 0 {
		a.Task = t[0].N
	}
	return a
}
