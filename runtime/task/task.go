// Package task is the task centre: an index of everybody's work across all
// forms. The records decide; rows here only say where to look.
package task

import (
	"context"
	"errors"
	"slices"
	"strings"
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
	src := rec.Writes()
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
	case t.Kind == engine.KindStart:
		return "", t.OpenedAt // resubmitting decides nothing; the case is among his own
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
	Q      string // in the title or the form's, without regard to case; "" = all
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
	if q := strings.ToLower(strings.TrimSpace(in.Q)); q != "" {
		return s.search(ctx, a, where, q, in)
	}
	page, err := s.page(ctx, where, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	v := s.records.NewViewer(a)
	items, err := s.read(ctx, a, v, page)
	if err != nil {
		return nil, err
	}
	out := &ListOut{Items: append([]Item{}, items...), Next: page.Next}
	out.Display, err = v.Names(ctx)
	return out, err
}

func (s *Service) page(ctx context.Context, where filter.And, limit int, cursor string) (storage.Page, error) {
	page, err := s.rows().Find(ctx, storage.Query{Where: where, Sort: []filter.Sort{{Path: "at", Desc: true}}, Limit: limit, Cursor: cursor})
	if errors.Is(err, storage.ErrInvalid) {
		return page, fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	return page, err
}

// searchPages bounds how many pages of a box one search reads.
const searchPages = 10

// search reads a box page by page and keeps what matches: titles live in the
// records, not in the index. It ends with the box, a full page or searchPages;
// the cursor leads on from there.
func (s *Service) search(ctx context.Context, a *tenant.Actor, where filter.And, q string, in ListInput) (*ListOut, error) {
	v := s.records.NewViewer(a)
	out := &ListOut{Items: []Item{}, Next: in.Cursor}
	for range searchPages {
		page, err := s.page(ctx, where, in.Limit, out.Next)
		if err != nil {
			return nil, err
		}
		items, err := s.read(ctx, a, v, page)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			if strings.Contains(strings.ToLower(it.Title+" "+it.FormTitle), q) {
				out.Items = append(out.Items, it)
			}
		}
		if out.Next = page.Next; out.Next == "" || len(out.Items) >= in.Limit {
			break
		}
	}
	var err error
	out.Display, err = v.Names(ctx)
	return out, err
}

// read joins rows with their records, form by form.
func (s *Service) read(ctx context.Context, a *tenant.Actor, v *record.Viewer, page storage.Page) ([]Item, error) {
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
	var out []Item
	for _, r := range page.Docs {
		ref, _ := r["form"].(string)
		id, _ := r["record"].(string)
		n, _ := r["n"].(int64)
		if rec := found[ref][id]; rec != nil && stands(rec, a, int(n), r["box"]) {
			out = append(out, s.item(a, v, rec, int(n)))
		}
	}
	return out, nil
}

// stands reports whether a row still says what its record says: what was
// decided a moment ago is no open task, though the row has yet to follow.
func stands(rec *record.Record, a *tenant.Actor, n int, box any) bool {
	if n == 0 || n > len(rec.Case.Tasks) {
		return n == 0
	}
	t := &rec.Case.Tasks[n-1]
	is, _ := boxOf(t)
	return t.Assignee == a.User && is == box
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

// summary picks the facts shown with a task: the first amount, then the
// relations that say what it is about, then further facts in the order of the
// form; what is in the title is not repeated.
func summary(rec *record.Record, o *record.Out, lang string) []SummaryLine {
	out := []SummaryLine{}
	inTitle := map[string]bool{}
	for _, d := range rec.Form.TitleDeps() {
		inTitle[d] = true
	}
	shown := map[string]bool{}
	take := func(most int, types ...schema.FieldType) {
		for _, f := range rec.Form.Def.Fields {
			if most == 0 || len(out) == summaryLines {
				return
			}
			val, ok := o.Data[f.Key]
			if !ok || inTitle[f.Key] || shown[f.Key] || !slices.Contains(types, f.Type) {
				continue
			}
			out, shown[f.Key] = append(out, SummaryLine{f.Key, f.Title.In(lang), string(f.Type), val}), true
			most--
		}
	}
	take(1, schema.TypeMoney)
	take(summaryLines, schema.TypeRelation)
	take(summaryLines, schema.TypeMoney, schema.TypeNumber, schema.TypeDate, schema.TypeSelect, schema.TypeRadio, schema.TypeText, schema.TypeMember)
	return out
}

// countCap bounds a count; the client shows "999+".
const countCap = 999

// Count counts the actor's open tasks, at most countCap+1.
func (s *Service) Count(ctx context.Context, a *tenant.Actor) (map[string]int, error) {
	n, err := s.rows().Count(ctx, filter.And{filter.Cmp{Path: "assignee", Op: filter.Eq, Value: a.User},
		filter.Cmp{Path: "box", Op: filter.Eq, Value: Todo}}, countCap)
	return map[string]int{Todo: n}, err
}
