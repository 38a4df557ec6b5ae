package flow

import (
	"context"
	"time"

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
	Parent    *Link           `json:"parent,omitempty"`   // the case whose flow started this one
	Children  []Link          `json:"children,omitempty"` // what this case has started or made
	Display   *record.Display `json:"display"`
}

// Line is one thing that happened.
type Line struct {
	Seq       int            `json:"seq"`
	At        time.Time      `json:"at"`
	By        string         `json:"by,omitempty"` // "" = automatic
	Action    string         `json:"action"`
	Node      string         `json:"node,omitempty"`
	Title     string         `json:"title,omitempty"`
	Comment   string         `json:"comment,omitempty"`
	To        []string       `json:"to,omitempty"` // user ids, or the node returned to
	Reason    string         `json:"reason,omitempty"`
	Why       string         `json:"why,omitempty"` // the reason in words
	Task      int            `json:"task,omitempty"`
	Mention   []string       `json:"mention,omitempty"`
	Files     []File         `json:"files,omitempty"`
	Signature *File          `json:"signature,omitempty"`
	Detail    map[string]any `json:"detail,omitempty"` // where, event, admin, state, to_version, from_version, error, result
}

// File is an attachment of something said.
type File struct {
	ID   string `json:"id"`
	Name any    `json:"name"`
	Size any    `json:"size"`
	Type any    `json:"type"`
}

// Node is one node of the flow tree.
type Node struct {
	Node   string `json:"node"`
	Type   string `json:"type"`
	Title  string `json:"title"`
	State  string `json:"state"` // done, current, skipped, pending, not_taken
	Reason string `json:"reason,omitempty"`
	Why    string `json:"why,omitempty"` // the reason in words
	// Due is when it should be decided, LeftMinutes how much working time is
	// left until then, 0 when it is Overdue. While the clock stands it is Paused.
	Due         *time.Time `json:"due,omitempty"`
	LeftMinutes *int       `json:"left_minutes,omitempty"`
	Overdue     bool       `json:"overdue,omitempty"`
	Paused      bool       `json:"paused,omitempty"`
	Chosen      []string   `json:"chosen,omitempty"`
	Work        []WorkLine `json:"work,omitempty"`
	Until       *time.Time `json:"until,omitempty"` // of a delay
	Tasks       []Task     `json:"tasks,omitempty"`
	Branches    []Branch   `json:"branches,omitempty"`
}

// WorkLine is one piece of work outside that a node waits for.
type WorkLine struct {
	Item   int    `json:"item"`
	State  string `json:"state"` // pending, done, failed, skipped
	Ref    string `json:"ref,omitempty"`
	Title  string `json:"title,omitempty"` // of the record it made, if the reader may see it
	Result string `json:"result,omitempty"`
	Error  string `json:"error,omitempty"`
	Tries  int    `json:"tries,omitempty"`
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
	ID        string     `json:"id,omitempty"`
	Kind      string     `json:"kind,omitempty"`
	Assignee  string     `json:"assignee"`
	Principal string     `json:"principal,omitempty"` // whom he stands in for
	State     string     `json:"state"`
	Result    string     `json:"result,omitempty"`
	Reason    string     `json:"reason,omitempty"`
	Why       string     `json:"why,omitempty"` // the reason in words
	Comment   string     `json:"comment,omitempty"`
	Added     string     `json:"added,omitempty"`   // before, after, beside
	From      string     `json:"from,omitempty"`    // id of the task it came from
	Opinion   bool       `json:"opinion,omitempty"` // his answer decides nothing by itself
	TakenBack bool       `json:"taken_back,omitempty"`
	Files     []File     `json:"files,omitempty"`
	Signature *File      `json:"signature,omitempty"`
	OpenedAt  *time.Time `json:"opened_at,omitempty"`
	DoneAt    *time.Time `json:"done_at,omitempty"`
}

// Action is something the reader may do now, with what it needs.
type Action struct {
	Kind     string     `json:"kind"`
	Task     string     `json:"task,omitempty"` // task id, "" = on the case
	Rev      int64      `json:"rev,omitempty"`  // the task's revision
	Node     string     `json:"node,omitempty"`
	Visit    int        `json:"visit,omitempty"` // of retry and skip
	Label    string     `json:"label,omitempty"`
	Admin    bool       `json:"admin,omitempty"` // by a right to manage cases, not because the task is his
	ReturnTo []NodeName `json:"return_to,omitempty"`
	Back     bool       `json:"back,omitempty"` // return: may come straight back from a node other than the start; resubmit: may choose the way
	To       *Pick      `json:"to,omitempty"`
	Where    []string   `json:"where,omitempty"` // add_signer: before, after, beside
	Choose   []Choice   `json:"choose,omitempty"`
	// NotBefore is when the case may be urged again, absent when now.
	NotBefore          *time.Time `json:"not_before,omitempty"`
	CommentRequired    bool       `json:"comment_required,omitempty"`
	AttachmentRequired bool       `json:"attachment_required,omitempty"`
	SignatureRequired  bool       `json:"signature_required,omitempty"`
}

// Pick says whom, or which node, an action wants to be named.
type Pick struct {
	Kind  string     `json:"kind"` // user, node
	Min   int        `json:"min"`
	Max   int        `json:"max"`
	From  []string   `json:"from,omitempty"`  // users; empty = anybody
	Nodes []NodeName `json:"nodes,omitempty"` // of kind node
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
	c := rec.Case
	older, err := s.records.ArchivedLog(ctx, rec)
	if err != nil {
		return nil, err
	}
	c.Log = append(older, c.Log...)
	r := renderer{v: s.records.NewViewer(a), rec: rec, g: record.RightsOn(a, rec), now: s.t.Clock.Now()}
	if r.files, err = s.filesOf(ctx, c); err != nil {
		return nil, err
	}
	if r.left, err = s.leftOf(ctx, rec); err != nil {
		return nil, err
	}
	out := &View{ID: rec.Ref() + "." + rec.ID(), Form: rec.Ref(), Record: rec.ID(), State: string(c.State), Initiator: c.Initiator,
		StartedAt: known(c.StartedAt), EndedAt: known(c.EndedAt), Timeline: r.timeline(c), Tree: r.nodes(rec.Form.Flow.Tree(c))}
	if out.Actions, err = s.actions(ctx, a, r); err != nil {
		return nil, err
	}
	if err = s.links(ctx, a, r, out); err != nil {
		return nil, err
	}
	r.v.User(c.Initiator)
	out.Display, err = r.v.Names(ctx)
	return out, err
}
