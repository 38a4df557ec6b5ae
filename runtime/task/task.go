// Package task is the task centre: an index of everybody's work across all
// forms. The records decide; rows here only say where to look.
package task

import (
	"context"
	"errors"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// The boxes of the task centre.
const (
	Todo = "todo" // open tasks of mine
	Done = "done" // tasks that I decided
	Mine = "mine" // cases that I started
	CC   = "cc"   // cases that I was told of
)

// Service keeps and reads the index.
type Service struct {
	t       *tenant.Tenant
	records *record.Service
}

// New makes the service. Index is usable before Bind: it is a handler of the record service.
func New(t *tenant.Tenant) *Service { return &Service{t: t} }

// Bind gives the service the records it reads.
func (s *Service) Bind(records *record.Service) { s.records = records }

func (s *Service) rows() storage.Collection { return s.t.Store.Collection("tasks") }

// Index is the handler of record.EffectTasks: rows follow the tasks that a
// write touched. A row remembers the revision it was made from, so that an old
// effect that runs late changes nothing.
func (s *Service) Index(ctx context.Context, rec *record.Record, e record.Effect) error {
	src, _ := rec.Doc[storage.Rev].(int64)
	want := map[int]bool{}
	touched, _ := e.Data["tasks"].([]any)
	for _, x := range touched {
		if n, ok := x.(int64); ok {
			want[int(n)] = true
		}
	}
	var fresh []storage.Doc
	if rec.Case.StartedAt.Equal(e.At) {
		fresh = append(fresh, s.row(rec, 0, Mine, rec.Case.Initiator, rec.Case.StartedAt, src))
	}
	for i := range rec.Case.Tasks {
		t := &rec.Case.Tasks[i]
		if !want[t.N] {
			continue
		}
		box, at := boxOf(t)
		row := s.row(rec, t.N, box, t.Assignee, at, src)
		if t.OpenedAt.Equal(e.At) && t.State == engine.TaskOpen {
			fresh = append(fresh, row)
			continue
		}
		if err := s.follow(ctx, row); err != nil {
			return err
		}
	}
	return s.insert(ctx, fresh)
}

// boxOf says where a task belongs, "" when nowhere: cancelled or passed on.
func boxOf(t *engine.Task) (box string, at time.Time) {
	switch {
	case t.Kind == "cc":
		return CC, t.OpenedAt
	case t.State == engine.TaskOpen:
		return Todo, t.OpenedAt
	case t.State == engine.TaskDone, t.State == engine.TaskTransferred:
		return Done, t.DoneAt
	}
	return "", t.OpenedAt
}

func (s *Service) row(rec *record.Record, n int, box, assignee string, at time.Time, src int64) storage.Doc {
	return storage.Doc{storage.ID: record.TaskID(rec.Ref(), rec.ID(), n), "form": rec.Ref(), "app": rec.Form.App.Def.Key,
		"record": rec.ID(), "n": int64(n), "box": box, "assignee": assignee, "at": at, "src": src}
}

// insert adds new rows in one go; those that are there already follow one by one.
func (s *Service) insert(ctx context.Context, rows []storage.Doc) error {
	if len(rows) == 0 {
		return nil
	}
	err := s.rows().Insert(ctx, rows...)
	if !errors.Is(err, storage.ErrDuplicate) {
		return err
	}
	for _, r := range rows {
		if err := s.follow(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// follow brings one row up to a revision, unless it is there already.
func (s *Service) follow(ctx context.Context, row storage.Doc) error {
	id := row[storage.ID].(string)
	older := filter.Cmp{Path: "src", Op: filter.Lt, Value: row["src"]}
	set := map[string]any{"box": row["box"], "assignee": row["assignee"], "at": row["at"], "src": row["src"]}
	_, err := s.rows().Patch(ctx, id, storage.Guard{Where: older}, storage.Patch{Set: set})
	switch {
	case err == nil, errors.Is(err, storage.ErrConflict):
		return nil
	case !errors.Is(err, storage.ErrNotFound):
		return err
	}
	err = s.rows().Insert(ctx, row)
	if errors.Is(err, storage.ErrDuplicate) {
		_, err = s.rows().Patch(ctx, id, storage.Guard{Where: older}, storage.Patch{Set: set})
		if errors.Is(err, storage.ErrConflict) {
			return nil
		}
	}
	return err
}

// Item is one line of a box, read from its record.
type Item struct {
	ID        string        `json:"id"`
	Form      string        `json:"form"`
	FormTitle string        `json:"form_title"`
	App       string        `json:"app"`
	Record    string        `json:"record"`
	Title     string        `json:"title"`
	Summary   []SummaryLine `json:"summary"`
	Node      string        `json:"node,omitempty"`
	NodeTitle string        `json:"node_title,omitempty"`
	Kind      string        `json:"kind"`
	State     string        `json:"state"`
	Result    string        `json:"result,omitempty"`
	Rev       int64         `json:"rev"`
	Initiator string        `json:"initiator"`
	CaseState string        `json:"case_state"`
	Handlers  []string      `json:"handlers"`
	OpenedAt  time.Time     `json:"opened_at"`
	DoneAt    *time.Time    `json:"done_at,omitempty"`
	UrgedAt   *time.Time    `json:"urged_at,omitempty"`
}

// SummaryLine is one of the few facts shown with a task. Type and the wire
// value let the client format it.
type SummaryLine struct {
	Field string `json:"field"`
	Title string `json:"title"`
	Type  string `json:"type"`
	Value any    `json:"value"`
}

// ListInput selects a box.
type ListInput struct {
	Box    string
	App    string
	Form   string
	Cursor string
	Limit  int
}

// ListOut is one page of a box.
type ListOut struct {
	Items   []Item          `json:"items"`
	Next    string          `json:"next_cursor,omitempty"`
	Display *record.Display `json:"display"`
}

// List reads one page of a box of the actor's.
func (s *Service) List(ctx context.Context, a *tenant.Actor, in ListInput) (*ListOut, error) {
	switch in.Box {
	case Todo, Done, Mine, CC:
	default:
		return nil, fault.Newf(fault.Malformed, "task.box", "there is no box %q: todo, done, mine or cc", in.Box)
	}
	if in.Limit <= 0 || in.Limit > record.MaxPage {
		in.Limit = storage.DefaultLimit
	}
	where := filter.And{filter.Cmp{Path: "assignee", Op: filter.Eq, Value: a.User}, filter.Cmp{Path: "box", Op: filter.Eq, Value: in.Box}}
	if in.App != "" {
		where = append(where, filter.Cmp{Path: "app", Op: filter.Eq, Value: in.App})
	}
	if in.Form != "" {
		where = append(where, filter.Cmp{Path: "form", Op: filter.Eq, Value: in.Form})
	}
	page, err := s.rows().Find(ctx, storage.Query{Where: where, Sort: []filter.Sort{{Path: "at", Desc: true}}, Limit: in.Limit, Cursor: in.Cursor})
	if errors.Is(err, storage.ErrInvalid) {
		return nil, fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	if err != nil {
		return nil, err
	}
	return s.read(ctx, a, page)
}

// read joins rows with their records, form by form.
func (s *Service) read(ctx context.Context, a *tenant.Actor, page storage.Page) (*ListOut, error) {
	byForm := map[string][]string{}
	for _, r := range page.Docs {
		ref, _ := r["form"].(string)
		id, _ := r["record"].(string)
		byForm[ref] = append(byForm[ref], id)
	}
	found := map[string]map[string]*record.Record{}
	for ref, ids := range byForm {
		recs, err := s.records.ByIDs(ctx, a, ref, ids)
		if fault.KindOf(err) == fault.NotFound {
			continue // the form is gone; so are its tasks
		}
		if err != nil {
			return nil, err
		}
		found[ref] = recs
	}
	v := s.records.NewViewer(a)
	out := &ListOut{Items: []Item{}, Next: page.Next}
	for _, r := range page.Docs {
		ref, _ := r["form"].(string)
		id, _ := r["record"].(string)
		if rec := found[ref][id]; rec != nil {
			n, _ := r["n"].(int64)
			out.Items = append(out.Items, s.item(a, v, rec, int(n)))
		}
	}
	var err error
	out.Display, err = v.Names(ctx)
	return out, err
}

func (s *Service) item(a *tenant.Actor, v *record.Viewer, rec *record.Record, n int) Item {
	g := record.RightsOn(a, rec)
	o := v.Record(a, rec, g, false)
	it := Item{ID: record.TaskID(rec.Ref(), rec.ID(), n), Form: rec.Ref(), FormTitle: rec.Form.Def.Title.In(a.Lang),
		App: rec.Form.App.Def.Key, Record: rec.ID(), Title: o.Title, Summary: summary(rec, o, a.Lang), Kind: "case",
		Initiator: rec.Case.Initiator, CaseState: string(rec.Case.State), OpenedAt: rec.Case.StartedAt, Handlers: o.Case.Handlers}
	v.User(rec.Case.Initiator)
	if n == 0 || n > len(rec.Case.Tasks) {
		return it
	}
	t := rec.Case.Tasks[n-1]
	it.Node, it.NodeTitle, it.Kind = t.Node, record.NodeTitle(rec, t.Node, a.Lang), t.Kind
	it.State, it.Result, it.Rev, it.OpenedAt = string(t.State), t.Result, t.Rev, t.OpenedAt
	if !t.DoneAt.IsZero() {
		it.DoneAt = &t.DoneAt
	}
	if !t.UrgedAt.IsZero() {
		it.UrgedAt = &t.UrgedAt
	}
	return it
}

// summaryLines is how many facts a task shows.
const summaryLines = 3

// summary picks the facts shown with a task: amounts and relations first say
// what it is about, then dates and choices; what is in the title is not repeated.
func summary(rec *record.Record, o *record.Out, lang string) []SummaryLine {
	out := []SummaryLine{}
	inTitle := map[string]bool{}
	for _, d := range rec.Form.TitleDeps() {
		inTitle[d] = true
	}
	for _, kinds := range [][]schema.FieldType{{schema.TypeMoney}, {schema.TypeRelation}, {schema.TypeNumber, schema.TypeDate, schema.TypeSelect, schema.TypeRadio, schema.TypeText, schema.TypeMember}} {
		for _, f := range rec.Form.Def.Fields {
			if len(out) == summaryLines {
				return out
			}
			if val, ok := o.Data[f.Key]; ok && !inTitle[f.Key] && oneOf(f.Type, kinds) {
				out = append(out, SummaryLine{f.Key, f.Title.In(lang), string(f.Type), val})
			}
		}
	}
	return out
}

func oneOf(t schema.FieldType, l []schema.FieldType) bool {
	for _, x := range l {
		if x == t {
			return true
		}
	}
	return false
}

// countCap bounds a count; the client shows "999+".
const countCap = 999

// Count counts the actor's open tasks, at most countCap+1.
func (s *Service) Count(ctx context.Context, a *tenant.Actor) (map[string]int, error) {
	n, err := s.rows().Count(ctx, filter.And{filter.Cmp{Path: "assignee", Op: filter.Eq, Value: a.User},
		filter.Cmp{Path: "box", Op: filter.Eq, Value: Todo}}, countCap)
	return map[string]int{Todo: n}, err
}
