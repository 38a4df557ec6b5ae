package flow

import (
	"context"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// View is a case as its readers see it.
type View struct {
	ID        string          `json:"id"`
	Form      string          `json:"form"`
	Record    string          `json:"record"`
	State     string          `json:"state"`
	Initiator string          `json:"initiator"`
	StartedAt *time.Time      `json:"started_at,omitempty"`
	EndedAt   *time.Time      `json:"ended_at,omitempty"`
	Timeline  []Line          `json:"timeline"`
	Tree      []Node          `json:"tree"`
	Actions   []Action        `json:"actions"`
	Display   *record.Display `json:"display"`
}

// Line is one thing that happened.
type Line struct {
	Seq     int       `json:"seq"`
	At      time.Time `json:"at"`
	By      string    `json:"by,omitempty"` // "" = automatic
	Action  string    `json:"action"`
	Node    string    `json:"node,omitempty"`
	Title   string    `json:"title,omitempty"`
	Comment string    `json:"comment,omitempty"`
	To      []string  `json:"to,omitempty"` // user ids, or the node returned to
	Reason  string    `json:"reason,omitempty"`
	Task    int       `json:"task,omitempty"`
}

// Node is one node of the flow tree.
type Node struct {
	Node     string   `json:"node"`
	Type     string   `json:"type"`
	Title    string   `json:"title"`
	State    string   `json:"state"` // done, current, skipped, pending, not_taken
	Reason   string   `json:"reason,omitempty"`
	Tasks    []Task   `json:"tasks,omitempty"`
	Branches []Branch `json:"branches,omitempty"`
}

// Branch is one way of a branch node.
type Branch struct {
	Title string `json:"title"`
	Taken bool   `json:"taken"`
	// Reason of a taken branch: its condition as it is written, or "otherwise".
	Reason string `json:"reason,omitempty"`
	// Undecided, in a prediction: its condition reads fields that are still blank.
	Undecided bool   `json:"undecided,omitempty"`
	Nodes     []Node `json:"nodes"`
}

// Task is one person's work at a node.
type Task struct {
	ID       string     `json:"id,omitempty"`
	Assignee string     `json:"assignee"`
	State    string     `json:"state"`
	Result   string     `json:"result,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Comment  string     `json:"comment,omitempty"`
	OpenedAt *time.Time `json:"opened_at,omitempty"`
	DoneAt   *time.Time `json:"done_at,omitempty"`
}

// Action is something the reader may do now.
type Action struct {
	Kind            string     `json:"kind"`
	Task            string     `json:"task,omitempty"` // task id, "" = on the case
	Rev             int64      `json:"rev,omitempty"`  // the task's revision
	ReturnTo        []NodeName `json:"return_to,omitempty"`
	CommentRequired bool       `json:"comment_required,omitempty"`
	Label           string     `json:"label,omitempty"`
}

// NodeName names a node.
type NodeName struct {
	Node  string `json:"node"`
	Title string `json:"title"`
}

// View shows a case to an actor who may see its record.
func (s *Service) View(ctx context.Context, a *tenant.Actor, caseID string) (*View, error) {
	ref, id, err := ParseCase(caseID)
	if err != nil {
		return nil, err
	}
	rec, _, err := s.records.Get(ctx, a, ref, id)
	if err != nil {
		return nil, err
	}
	return s.show(ctx, a, rec)
}

// ViewOf shows the case of a record that was just written, to an actor who may
// still see it; to others it is not found.
func (s *Service) ViewOf(ctx context.Context, a *tenant.Actor, rec *record.Record) (*View, error) {
	if !record.RightsOn(a, rec).Visible {
		return nil, record.NotFound()
	}
	return s.show(ctx, a, rec)
}

func (s *Service) show(ctx context.Context, a *tenant.Actor, rec *record.Record) (*View, error) {
	if rec.Form.Flow == nil || !rec.HasCase() {
		return nil, record.NotFound()
	}
	r := renderer{v: s.records.NewViewer(a), rec: rec}
	c := rec.Case
	older, err := s.records.ArchivedLog(ctx, rec)
	if err != nil {
		return nil, err
	}
	c.Log = append(older, c.Log...)
	out := &View{ID: rec.Ref() + "." + rec.ID(), Form: rec.Ref(), Record: rec.ID(), State: string(c.State), Initiator: c.Initiator,
		StartedAt: known(c.StartedAt), EndedAt: known(c.EndedAt),
		Timeline: r.timeline(c), Tree: r.nodes(rec.Form.Flow.Tree(c)), Actions: r.actions(rec.Form.Flow.Allowed(c, a.User))}
	r.v.User(c.Initiator)
	out.Display, err = r.v.Names(ctx)
	return out, err
}

type renderer struct {
	v   *record.Viewer
	rec *record.Record
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (r renderer) timeline(c engine.Case) []Line {
	out := make([]Line, 0, len(c.Log))
	for _, e := range c.Log {
		l := Line{Seq: e.Seq, At: e.At, By: e.By, Action: e.Action, Node: e.Node, Comment: e.Comment, To: e.To, Task: e.Task}
		if e.Node != "" {
			l.Title = record.NodeTitle(r.rec, e.Node, r.v.Lang)
		}
		l.Reason, _ = e.Detail["reason"].(string)
		r.v.User(e.By)
		for _, to := range e.To {
			r.v.User(to)
		}
		out = append(out, l)
	}
	return out
}

func (r renderer) nodes(l []engine.PathNode) []Node {
	out := make([]Node, 0, len(l))
	for _, p := range l {
		n := Node{Node: p.Node, Type: string(p.Type), Title: p.Title.In(r.v.Lang), State: p.State, Reason: p.Reason}
		for _, t := range p.Tasks {
			r.v.User(t.Assignee)
			x := Task{Assignee: t.Assignee, State: string(t.State), Result: t.Result, Reason: t.Reason, Comment: t.Comment,
				OpenedAt: known(t.OpenedAt), DoneAt: known(t.DoneAt)}
			if t.N > 0 {
				x.ID = record.TaskID(r.rec.Ref(), r.rec.ID(), t.N)
			}
			n.Tasks = append(n.Tasks, x)
		}
		for i, b := range p.Branches {
			n.Branches = append(n.Branches, Branch{Title: b.Title.In(r.v.Lang), Taken: b.Taken,
				Reason: branchReason(r.rec.Form.Flow.Def, p.Node, i, b.Taken), Nodes: r.nodes(b.Nodes)})
		}
		out = append(out, n)
	}
	return out
}

func (r renderer) actions(l []engine.Action) []Action {
	out := make([]Action, 0, len(l))
	for _, a := range l {
		x := Action{Kind: a.Kind, CommentRequired: a.CommentRequired}
		if len(a.Label) > 0 {
			x.Label = a.Label.In(r.v.Lang)
		}
		if a.Task > 0 {
			x.Task = record.TaskID(r.rec.Ref(), r.rec.ID(), a.Task)
			x.Rev = r.rec.Case.Tasks[a.Task-1].Rev
		}
		for _, n := range a.ReturnTo {
			x.ReturnTo = append(x.ReturnTo, NodeName{n, record.NodeTitle(r.rec, n, r.v.Lang)})
		}
		out = append(out, x)
	}
	return out
}
