package engine

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// MaxComment is the longest comment of a command, in characters.
const MaxComment = 4000

// actions maps a command's kind to what it does. Each action checks everything
// before it changes anything.
var actions = map[string]func(*run) error{
	CmdSubmit:    submit,
	CmdApprove:   approve,
	CmdHandle:    handle,
	CmdReject:    reject,
	CmdReturn:    sendBack,
	CmdTransfer:  transfer,
	CmdResubmit:  resubmit,
	CmdWithdraw:  withdraw,
	CmdUrge:      urge,
	CmdComment:   comment,
	CmdTerminate: terminate,
}

// allowIn refuses a command unless the case is in one of the states.
func (r *run) allowIn(states ...State) error { return stateAllows(r.c.State, states...) }

func stateAllows(s State, states ...State) error {
	if slices.Contains(states, s) {
		return nil
	}
	code, text := "case.ended", "the case has ended"
	switch s {
	case Draft:
		code, text = "case.not_started", "the case has not been submitted yet"
	case Running:
		code, text = "case.running", "the case is running"
	case Returned:
		code, text = "case.returned", "the case is with its initiator"
	case Suspended:
		code, text = "case.suspended", "the case is suspended"
	case Failed:
		code, text = "case.failed", "the case has stopped on an error"
	}
	return fault.New(fault.Refused, code, text).With("state", string(s))
}

// byInitiator refuses a command of anybody else.
func (r *run) byInitiator() error {
	if r.cmd.By != r.c.Initiator {
		return fault.New(fault.Forbidden, "case.not_yours", "only the initiator may do this")
	}
	return nil
}

// myTask finds the open task a command is about and refuses whatever must not
// decide it. It is the same for every action of an approver.
func (r *run) myTask() (Task, error) {
	t, ok := r.c.Task(r.cmd.Task)
	switch {
	case !ok:
		return t, fault.New(fault.NotFound, "task.not_found", "the case has no such task")
	case t.Assignee != r.cmd.By && !r.cmd.Admin:
		return t, fault.New(fault.Forbidden, "task.not_yours", "the task is somebody else's")
	case t.State == TaskWaiting:
		return t, fault.New(fault.Refused, "task.waiting", "it is not this person's turn yet")
	case t.State != TaskOpen:
		return t, fault.New(fault.Conflict, "task.not_open", "the task is no longer open").
			With("state", string(t.State)).With("result", t.Result).With("reason", t.Reason)
	case r.cmd.Rev != 0 && r.cmd.Rev != t.Rev:
		return t, fault.New(fault.Conflict, "task.stale", "the task has changed since it was shown").With("rev", t.Rev)
	}
	if err := r.allowIn(Running); err != nil {
		return t, err
	}
	r.entry.Node = t.Node
	return t, r.actionAllowed(t)
}

// actionAllowed checks the node's list of actions and its demand for a comment.
func (r *run) actionAllowed(t Task) error {
	node := r.f.places[t.Node].node
	reassign := r.cmd.Admin && r.cmd.Kind == CmdTransfer // an administrator's own right
	if !reassign && !slices.Contains(actionsOf(node), r.cmd.Kind) {
		return fault.Newf(fault.Refused, "action.not_allowed", "%q is not possible at node %q", r.cmd.Kind, node.ID).
			With("action", r.cmd.Kind).With("node", node.ID)
	}
	if commentRequired(node, r.cmd.Kind) && strings.TrimSpace(r.cmd.Comment) == "" {
		return fault.New(fault.Invalid, "comment.required", "a comment is required here").
			At(fault.Field{Path: "/comment", Code: "required", Message: "a comment is required here"})
	}
	return nil
}

// actionsOf lists what an assignee may do at a node.
func actionsOf(n *schema.Node) []string {
	if n.Type != schema.NodeApprove && n.Type != schema.NodeHandle {
		return nil
	}
	if n.Actions != nil {
		return n.Actions
	}
	return schema.ActionsFor(n.Type)
}

// commentRequired tells whether an action at a node needs a comment. Handing a
// task on is no decision and never needs one.
func commentRequired(n *schema.Node, kind string) bool {
	switch n.Comment {
	case schema.CommentRequired:
		return kind != CmdTransfer
	case schema.CommentOnReject:
		return kind == CmdReject || kind == CmdReturn
	}
	return false
}

func checkComment(s string) error {
	if utf8.RuneCountInString(s) <= MaxComment {
		return nil
	}
	return fault.Newf(fault.Invalid, "comment.too_long", "a comment has at most %d characters", MaxComment).
		At(fault.Field{Path: "/comment", Code: "max_length", Message: "too long", Params: map[string]any{"max": MaxComment}})
}

// roomForMore refuses what would let a case grow without end.
func (r *run) roomForMore() error {
	if len(r.c.Tasks) < MaxTasks {
		return nil
	}
	return fault.Newf(fault.Refused, "case.too_long", "the case has %d tasks; it can only be decided, withdrawn or terminated", len(r.c.Tasks))
}
