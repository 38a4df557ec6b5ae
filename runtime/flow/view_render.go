package flow

import (
	"context"
	"slices"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/runtime/record"
)

// renderer lays out a case for one reader. Without files and left it shows
// neither attachments nor the time that is left.
type renderer struct {
	v     *record.Viewer
	rec   *record.Record
	g     record.Rights // of the reader
	now   time.Time
	files map[string]map[string]any // facts by id
	left  map[int]int               // visit → working minutes until it is due
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// filesOf looks up everything that is attached to a case.
func (s *Service) filesOf(ctx context.Context, c engine.Case) (map[string]map[string]any, error) {
	var ids []string
	for _, e := range c.Log {
		ids = append(ids, attached(e)...)
	}
	for _, t := range c.Tasks {
		ids = append(ids, record.Said{Files: t.Files, Signature: t.Signature}.All()...)
	}
	if len(ids) == 0 || s.files == nil {
		return nil, nil
	}
	slices.Sort(ids)
	return s.files.Facts(ctx, slices.Compact(ids))
}

// attached are the files of a line of the log, the signature last.
func attached(e engine.LogEntry) []string {
	sign, _ := e.Detail["signature"].(string)
	return record.Said{Files: idList(e.Detail["files"]), Signature: sign}.All()
}

// leftOf counts the working time that is left at every visit that is due.
func (s *Service) leftOf(ctx context.Context, rec *record.Record) (map[int]int, error) {
	out := map[int]int{}
	for _, v := range rec.Case.Visits {
		if !v.Open || v.Due.IsZero() {
			continue
		}
		left, err := s.Left(ctx, rec, v.Node, v.Due)
		if err != nil {
			return nil, err
		}
		out[v.N] = left
	}
	return out, nil
}

// shownDetail are the details of a line that its readers are given.
var shownDetail = []string{"where", "event", "admin", "back", "state", "from_version", "to_version", "result", "error"}

func (r renderer) timeline(c engine.Case) []Line {
	out := make([]Line, 0, len(c.Log))
	for _, e := range c.Log {
		l := Line{Seq: e.Seq, At: e.At, By: e.By, Action: e.Action, Node: e.Node, Comment: e.Comment, To: e.To, Task: e.Task,
			Mention: idList(e.Detail["mention"]), Files: r.attachments(idList(e.Detail["files"]))}
		if e.Node != "" {
			l.Title = record.NodeTitle(r.rec, e.Node, r.v.Lang)
		}
		sign, _ := e.Detail["signature"].(string)
		l.Signature = r.attachment(sign)
		l.Reason, _ = e.Detail["reason"].(string)
		l.Why = reasonText(r.v.Lang, l.Reason)
		l.Detail = detailOf(e)
		for _, u := range append(append([]string{e.By}, e.To...), l.Mention...) {
			r.v.User(u)
		}
		out = append(out, l)
	}
	return out
}

func detailOf(e engine.LogEntry) map[string]any {
	var out map[string]any
	for _, k := range shownDetail {
		if v, ok := e.Detail[k]; ok {
			if out == nil {
				out = map[string]any{}
			}
			out[k] = v
		}
	}
	return out
}

func (r renderer) attachment(id string) *File {
	f := r.files[id]
	if id == "" || f == nil {
		return nil
	}
	return &File{ID: id, Name: f["name"], Size: f["size"], Type: f["type"]}
}

func (r renderer) attachments(ids []string) []File {
	var out []File
	for _, id := range ids {
		if f := r.attachment(id); f != nil {
			out = append(out, *f)
		}
	}
	return out
}

func (r renderer) nodes(l []engine.PathNode) []Node {
	out := make([]Node, 0, len(l))
	for _, p := range l {
		n := Node{Node: p.Node, Type: string(p.Type), Title: p.Title.In(r.v.Lang), State: p.State, Reason: r.reason(p),
			Why: reasonText(r.v.Lang, p.Reason), Chosen: p.Chosen}
		for _, u := range p.Chosen {
			r.v.User(u)
		}
		r.deadline(&n, p)
		r.work(&n, p)
		for _, t := range p.Tasks {
			n.Tasks = append(n.Tasks, r.task(t))
		}
		for i, b := range p.Branches {
			n.Branches = append(n.Branches, Branch{Title: b.Title.In(r.v.Lang), Taken: b.Taken,
				Reason: r.told(branchReason(r.rec.Form.Flow.Def, p.Node, i, b.Taken)), Nodes: r.nodes(b.Nodes)})
		}
		out = append(out, n)
	}
	return out
}

// deadline tells when a node is due and how much working time that leaves. Of
// what has ended only the time remains; a returned or suspended case stands.
func (r renderer) deadline(n *Node, p engine.PathNode) {
	n.Due = known(p.Due)
	if p.Left > 0 && p.Due.IsZero() {
		left := p.Left
		n.LeftMinutes, n.Paused = &left, true
		return
	}
	if left, ok := r.left[p.Visit]; ok && n.Due != nil {
		n.LeftMinutes, n.Overdue = &left, r.now.After(p.Due)
	}
}

// work lists what a node waits for outside.
func (r renderer) work(n *Node, p engine.PathNode) {
	if p.Work == nil {
		return
	}
	n.Until = known(p.Work.Until)
	for i, it := range p.Work.Items {
		n.Work = append(n.Work, WorkLine{Item: i, State: it.State, Ref: it.Ref, Result: it.Result, Error: it.Error, Tries: it.Tries})
	}
}

func (r renderer) task(t engine.Task) Task {
	r.v.User(t.Assignee)
	r.v.User(t.Principal)
	x := Task{Kind: t.Kind, Assignee: t.Assignee, Principal: t.Principal, State: string(t.State), Result: t.Result, Reason: t.Reason,
		Why: reasonText(r.v.Lang, t.Reason), Comment: t.Comment, Added: t.Added, Opinion: t.For != 0, TakenBack: t.Void,
		Files: r.attachments(t.Files), Signature: r.attachment(t.Signature), OpenedAt: known(t.OpenedAt), DoneAt: known(t.DoneAt)}
	if t.N > 0 {
		x.ID = record.TaskID(r.rec.Ref(), r.rec.ID(), t.N)
	}
	if t.From > 0 {
		x.From = record.TaskID(r.rec.Ref(), r.rec.ID(), t.From)
	}
	return x
}
