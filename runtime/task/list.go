package task

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// ListInput selects a box.
type ListInput struct {
	Box  string
	App  string
	Form string
	// Overdue keeps only what should have been decided by now.
	Overdue bool
	// Urgent sorts by urgency, see rank; else the newest come first.
	Urgent bool
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
	case Todo, Done, Mine, CC, Delegated:
	default:
		return nil, fault.Newf(fault.Malformed, "task.box", "there is no box %q: todo, done, mine, cc or delegated", in.Box)
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
	if in.Overdue {
		where = append(where, overdue(s.t.Clock.Now()))
	}
	if q := strings.ToLower(strings.TrimSpace(in.Q)); q != "" {
		return s.search(ctx, a, where, q, in)
	}
	page, err := s.page(ctx, where, in, in.Cursor)
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

func overdue(now time.Time) filter.Expr {
	return filter.Cmp{Path: "due", Op: filter.Lt, Value: now}
}

func (s *Service) page(ctx context.Context, where filter.And, in ListInput, cursor string) (storage.Page, error) {
	order := filter.Sort{Path: "at", Desc: true}
	if in.Urgent {
		order = filter.Sort{Path: "rank"}
	}
	page, err := s.rows().Find(ctx, storage.Query{Where: where, Sort: []filter.Sort{order}, Limit: in.Limit, Cursor: cursor})
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
		page, err := s.page(ctx, where, in, out.Next)
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
			it, err := s.item(ctx, a, v, rec, int(n))
			if err != nil {
				return nil, err
			}
			out = append(out, it)
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
	if is, _ := boxOf(&rec.Case, t); t.Assignee == a.User && is == box {
		return true
	}
	is, _ := boxOfPrincipal(&rec.Case, t)
	return t.Principal == a.User && is == box
}

// countCap bounds a count; the client shows "999+".
const countCap = 999

// Count counts the actor's open tasks, those of them that are overdue, and what
// others have for him; each at most countCap+1.
func (s *Service) Count(ctx context.Context, a *tenant.Actor) (map[string]int, error) {
	out := map[string]int{}
	for name, in := range map[string]struct {
		box  string
		more filter.And
	}{Todo: {Todo, nil}, "overdue": {Todo, filter.And{overdue(s.t.Clock.Now())}}, Delegated: {Delegated, nil}} {
		where := filter.And{filter.Cmp{Path: "assignee", Op: filter.Eq, Value: a.User}, filter.Cmp{Path: "box", Op: filter.Eq, Value: in.box}}
		n, err := s.rows().Count(ctx, append(where, in.more...), countCap)
		if err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, nil
}
