package record

import (
	"context"
	"errors"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// diff lists what a write changes: one entry per field, and for a subtable one
// per row, with the columns that changed. Values are in stored form.
func (c *Change) diff() []any {
	var out []any
	for _, f := range c.Form.Def.Fields {
		was, now := c.before[f.Key], c.data[f.Key]
		switch {
		case f.Type == schema.TypeSubtable:
			out = append(out, rowDiff(f.Key, asList(was), asList(now))...)
			continue
		case same(was, now), f.Type == schema.TypeRollup:
			continue // a sum over other records is changed by theirs, and by nobody here
		}
		e := map[string]any{"field": f.Key}
		setIf(e, "before", was)
		setIf(e, "after", now)
		out = append(out, e)
	}
	return out
}

func setIf(m map[string]any, key string, v any) {
	if v != nil {
		m[key] = v
	}
}

func rowDiff(key string, was, now []any) []any {
	var out []any
	old := rowIndex(was)
	kept := map[string]bool{}
	for _, r := range now {
		row := r.(map[string]any)
		id := text(row, "id")
		kept[id] = true
		i, ok := old[id]
		if !ok {
			out = append(out, map[string]any{"field": key, "row": id, "op": "add", "after": row})
			continue
		}
		if b, a := cells(was[i].(map[string]any), row); len(b)+len(a) > 0 {
			out = append(out, map[string]any{"field": key, "row": id, "op": "change", "before": b, "after": a})
		}
	}
	for _, r := range was {
		row := r.(map[string]any)
		if id := text(row, "id"); !kept[id] {
			out = append(out, map[string]any{"field": key, "row": id, "op": "remove", "before": row})
		}
	}
	if moved(was, now) {
		out = append(out, map[string]any{"field": key, "op": "order"})
	}
	return out
}

// moved reports whether rows that stayed have changed places among themselves.
func moved(was, now []any) bool {
	at, last := rowIndex(was), -1
	for _, r := range now {
		m, _ := r.(map[string]any)
		i, ok := at[text(m, "id")]
		if ok && i < last {
			return true
		}
		if ok {
			last = i
		}
	}
	return false
}

// cells are the columns in which two states of a row differ.
func cells(was, now map[string]any) (before, after map[string]any) {
	before, after = map[string]any{}, map[string]any{}
	for k, v := range was {
		if !same(v, now[k]) {
			before[k] = v
		}
	}
	for k, v := range now {
		if !same(v, was[k]) {
			after[k] = v
		}
	}
	return before, after
}

func (s *Service) history() storage.Collection { return s.t.History() }

// writeHistory keeps the differences of one change under the effect's id.
func (s *Service) writeHistory(ctx context.Context, rec *Record, e Effect) error {
	doc := storage.Doc{storage.ID: e.ID, "form": rec.Ref(), "record": rec.ID(), "rev": e.Data["rev"],
		"at": e.At, "by": e.By, "action": e.Data["action"], "changes": e.Data["changes"]}
	setIf(doc, "via", e.Data["via"])
	err := s.history().Insert(ctx, doc)
	if errors.Is(err, storage.ErrDuplicate) {
		return nil
	}
	return err
}

// HistoryEntry is one change of a record as its reader may see it.
type HistoryEntry struct {
	Rev     int64           `json:"rev"`
	At      time.Time       `json:"at"`
	By      string          `json:"by"`
	Action  string          `json:"action"`
	Via     *HistoryVia     `json:"via,omitempty"` // the flow that did it
	Changes []HistoryChange `json:"changes"`
}

// HistoryVia is the step of a flow that changed a record.
type HistoryVia struct {
	Form  string `json:"form"`  // whose flow
	Title string `json:"title"` // of the flow, else of its form
	Node  string `json:"node"`  // title of the step
}

// via renders the step of a flow; nil for what a person did.
func (v *Viewer) via(m map[string]any) *HistoryVia {
	if m == nil {
		return nil
	}
	out := &HistoryVia{Form: text(m, "form"), Title: text(m, "form"), Node: text(m, "node")}
	f, err := v.s.t.Form(out.Form)
	if err != nil || f.Flow == nil {
		return out // the flow is gone
	}
	out.Title = f.Flow.Def.Title.In(v.Lang)
	if out.Title == "" {
		out.Title = f.Def.Title.In(v.Lang)
	}
	if n := f.Flow.Def.Node(out.Node); n != nil && n.Title.In(v.Lang) != "" {
		out.Node = n.Title.In(v.Lang)
	}
	return out
}

// HistoryChange is one field before and after, in wire form; Row and Op (add,
// change, remove) for a row of a subtable, Op order where its rows moved.
type HistoryChange struct {
	Field  string `json:"field"`
	Title  string `json:"title"`
	Row    string `json:"row,omitempty"`
	Op     string `json:"op,omitempty"`
	Before any    `json:"before,omitempty"`
	After  any    `json:"after,omitempty"`
}

// historyLimit bounds one answer; older changes come by the next page.
const historyLimit = 100

// History lists the changes of a record, newest first, without the fields its
// reader may not see.
func (s *Service) History(ctx context.Context, v *Viewer, rec *Record, g Rights, cursor string) ([]HistoryEntry, string, error) {
	page, err := s.history().Find(ctx, storage.Query{Where: filter.And{
		filter.Cmp{Path: "record", Op: filter.Eq, Value: rec.ID()}, filter.Cmp{Path: "form", Op: filter.Eq, Value: rec.Ref()}},
		Sort: []filter.Sort{{Path: "at", Desc: true}}, Limit: historyLimit, Cursor: cursor})
	if err != nil {
		return nil, "", pageError(err)
	}
	out := make([]HistoryEntry, 0, len(page.Docs))
	for _, d := range page.Docs {
		e := HistoryEntry{Rev: number(d, "rev"), At: moment(d, "at"), By: text(d, "by"), Action: text(d, "action"), Via: v.via(object(d, "via")),
			Changes: v.changes(rec, g, list(d, "changes"))}
		if len(e.Changes) > 0 {
			v.seen("users", e.By)
			out = append(out, e)
		}
	}
	return out, page.Next, nil
}

// changes renders stored differences for a reader.
func (v *Viewer) changes(rec *Record, g Rights, l []any) []HistoryChange {
	out := []HistoryChange{}
	for _, x := range l {
		m, _ := x.(map[string]any)
		key := text(m, "field")
		f := rec.Form.Def.Field(key)
		if f == nil || !g.Readable(key) {
			continue
		}
		hc := HistoryChange{Field: key, Title: f.Title.In(v.Lang), Row: text(m, "row"), Op: text(m, "op")}
		if f.Type == schema.TypeSubtable {
			hc.Before, hc.After = v.row(rec, g, f, object(m, "before")), v.row(rec, g, f, object(m, "after"))
			if hc.Op == "change" && empty(hc.Before) && empty(hc.After) {
				continue
			}
		} else {
			hc.Before, hc.After = v.value(rec, g, f, key, m["before"]), v.value(rec, g, f, key, m["after"])
		}
		out = append(out, hc)
	}
	return out
}

func empty(v any) bool { m, ok := v.(map[string]any); return v == nil || ok && len(m) == 0 }

// changesSince tells what others changed after a revision, for a useful refusal.
func (s *Service) changesSince(ctx context.Context, a *tenant.Actor, rec *Record, g Rights, rev int64) ([]HistoryEntry, error) {
	all, _, err := s.History(ctx, s.NewViewer(a), rec, g, "")
	if err != nil {
		return nil, err
	}
	out := []HistoryEntry{}
	for _, e := range all {
		if e.Rev > rev {
			out = append(out, e)
		}
	}
	return out, nil
}

func (s *Service) caseLog() storage.Collection { return s.t.Store.Collection("caselog") }

// archiveLog keeps the lines that leave a long case's log.
func (s *Service) archiveLog(ctx context.Context, rec *Record, e Effect) error {
	err := s.caseLog().Insert(ctx, storage.Doc{storage.ID: e.ID, "record": rec.ID(), "form": rec.Ref(), "at": e.At, "entries": e.Data["entries"]})
	if errors.Is(err, storage.ErrDuplicate) {
		return nil
	}
	return err
}

// ArchivedLog reads the lines that left the log of a long case, oldest first.
func (s *Service) ArchivedLog(ctx context.Context, rec *Record) ([]engine.LogEntry, error) {
	if len(rec.Case.Log) == 0 || rec.Case.Log[0].Seq <= 1 {
		return nil, nil
	}
	var out []engine.LogEntry
	q := storage.Query{Where: filter.And{filter.Cmp{Path: "record", Op: filter.Eq, Value: rec.ID()}, filter.Cmp{Path: "form", Op: filter.Eq, Value: rec.Ref()}},
		Sort: []filter.Sort{{Path: "at"}}, Limit: storage.MaxFindLimit}
	page, err := s.caseLog().Find(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, d := range page.Docs {
		for _, x := range list(d, "entries") {
			m, _ := x.(map[string]any)
			l, err := engine.LogFromDoc(m)
			if err != nil {
				return nil, err
			}
			out = append(out, l)
		}
	}
	return out, nil
}
