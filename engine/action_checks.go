package engine

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

// myTask finds the open task a command is about and refuses whatever must not
// decide it. It is the same for every action of an approver.
func (r *run) myTask() (Task, error) {
	t, err := r.taskAtHand()
	switch {
	case err != nil:
		return t, err
	case t.State == TaskWaiting:
		return t, fault.New(fault.Refused, "task.waiting", "it is not this person's turn yet")
	case t.State != TaskOpen:
		return t, fault.New(fault.Conflict, "task.not_open", "the task is no longer open").
			With("state", string(t.State)).With("result", t.Result).With("reason", t.Reason)
	}
	if err := r.isFresh(t); err != nil {
		return t, err
	}
	return t, r.actionAllowed(t)
}

// taskAtHand finds the task a command names, whatever its state, and refuses anybody else's.
func (r *run) taskAtHand() (Task, error) {
	t, ok := r.c.Task(r.cmd.Task)
	switch {
	case !ok:
		return t, fault.New(fault.NotFound, "task.not_found", "the case has no such task")
	case !t.of(r.cmd.By) && !r.cmd.Admin:
		return t, fault.New(fault.Forbidden, "task.not_yours", "the task is somebody else's")
	}
	return t, nil
}

// isFresh refuses what is based on an older task, or on a case that does not run.
func (r *run) isFresh(t Task) error {
	if r.cmd.Rev != 0 && r.cmd.Rev != t.Rev {
		return fault.New(fault.Conflict, "task.stale", "the task has changed since it was shown").With("rev", t.Rev)
	}
	r.entry.Node = t.Node
	return r.allowIn(Running)
}

// actionAllowed checks the node's list of actions and what it demands with them.
func (r *run) actionAllowed(t Task) error {
	node, kind := r.f.at(t.Node).node, r.cmd.Kind
	reassign := r.cmd.Admin && (kind == CmdTransfer || kind == CmdReassign) // an administrator's own right
	switch {
	case !reassign && !slices.Contains(actionsOf(node), kind):
		return fault.Newf(fault.Refused, "action.not_allowed", "%q is not possible at node %q", kind, node.ID).
			With("action", kind).With("node", node.ID)
	case t.For != 0 && kind == CmdReturn:
		return fault.New(fault.Refused, "task.opinion", "asked for an opinion: agree or disagree, but do not return the case")
	}
	return r.demands(t)
}

// demands checks that a comment, a file and a signature are there where the node wants them.
func (r *run) demands(t Task) error {
	if r.cmd.Kind == CmdAddSigner && r.cmd.Where != WhereAfter {
		return nil
	}
	comment, file, signature := required(r.f.at(t.Node).node, t, r.cmd.Kind)
	switch {
	case comment && strings.TrimSpace(r.cmd.Comment) == "":
		return lacks("comment.required", "/comment", "a comment is required here")
	case file && len(r.cmd.Files) == 0:
		return lacks("attachment.required", "/files", "an attachment is required here")
	case signature && r.cmd.Signature == "":
		return lacks("signature.required", "/signature", "a signature is required here")
	}
	return nil
}

func lacks(code, path, text string) error {
	return fault.New(fault.Invalid, code, text).At(fault.Field{Path: path, Code: "required", Message: text})
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

// required tells what must come with an action on a task. Adding a signer is
// meant as adding one after: by that the assignee agrees.
func required(n *schema.Node, t Task, kind string) (comment, file, signature bool) {
	if kind == CmdAddSigner {
		if t.For != 0 { // only before
			return false, false, false
		}
		kind = CmdApprove
	}
	vote := decides(kind) && t.For == 0
	return commentRequired(n, kind), vote && n.Attachment == schema.Required, vote && n.Signature == schema.Required
}

// commentRequired tells whether an action at a node needs a comment. What is
// no decision (handing a task on, asking others, saving) never needs one.
func commentRequired(n *schema.Node, kind string) bool {
	switch n.Comment {
	case schema.CommentRequired:
		return decides(kind) || kind == CmdReturn
	case schema.CommentOnReject:
		return kind == CmdReject || kind == CmdReturn
	}
	return false
}

// decides reports the actions that answer a task.
func decides(kind string) bool {
	return kind == CmdApprove || kind == CmdHandle || kind == CmdReject
}
