package task

import (
	"context"
	"errors"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Index is the handler of record.EffectTasks: rows follow the tasks that a
// write touched. A row remembers the revision it was made from, so that an old
// effect that runs late changes nothing.
func (s *Service) Index(ctx context.Context, rec *record.Record, e record.Effect) error {
	want := map[int]bool{}
	touched, _ := e.Data["tasks"].([]any)
	for _, x := range touched {
		if n, ok := x.(int64); ok {
			want[int(n)] = true
		}
	}
	var fresh []storage.Doc
	if rec.Case.StartedAt.Equal(e.At) {
		fresh = append(fresh, caseRow(rec))
	}
	for i := range rec.Case.Tasks {
		t := &rec.Case.Tasks[i]
		if !want[t.N] {
			continue
		}
		isNew := t.OpenedAt.Equal(e.At) && t.State == engine.TaskOpen
		for _, row := range taskRows(rec, t) {
			if isNew {
				fresh = append(fresh, row)
			} else if err := s.follow(ctx, row); err != nil {
				return err
			}
		}
	}
	return s.insert(ctx, fresh)
}

// boxOf says where a task belongs, "" when nowhere: cancelled or passed on.
func boxOf(c *engine.Case, t *engine.Task) (box string, at time.Time) {
	switch {
	case t.Kind == engine.KindCC:
		return CC, t.OpenedAt
	case t.Void:
		return "", t.OpenedAt // taken back: he is asked anew
	case t.State == engine.TaskOpen:
		return Todo, t.OpenedAt
	case t.Kind == engine.KindStart:
		return "", t.OpenedAt // resubmitting decides nothing; the case is among his own
	case t.State == engine.TaskDelegated && askedFor(c, t) != "":
		return Delegated, t.OpenedAt
	case t.State == engine.TaskDone, t.State == engine.TaskTransferred:
		return Done, t.DoneAt
	}
	return "", t.OpenedAt
}

// boxOfPrincipal says where a task that another one has in his place belongs
// for the person himself.
func boxOfPrincipal(c *engine.Case, t *engine.Task) (box string, at time.Time) {
	box, at = boxOf(c, t)
	if box == Todo {
		box = Delegated
	}
	return box, at
}

// asPrincipal marks the row of whoever somebody stands in for.
const asPrincipal = ".p"

// taskRows are the rows of a task: its assignee's, and that of whom he stands in for.
func taskRows(rec *record.Record, t *engine.Task) []storage.Doc {
	box, at := boxOf(&rec.Case, t)
	rows := []storage.Doc{row(rec, t, box, t.Assignee, at)}
	if t.Principal != "" {
		box, at = boxOfPrincipal(&rec.Case, t)
		p := row(rec, t, box, t.Principal, at)
		p[storage.ID] = p[storage.ID].(string) + asPrincipal
		rows = append(rows, p)
	}
	return rows
}

// caseRow is the initiator's own row of a case.
func caseRow(rec *record.Record) storage.Doc {
	return row(rec, &engine.Task{}, Mine, rec.Case.Initiator, rec.Case.StartedAt)
}

func row(rec *record.Record, t *engine.Task, box, assignee string, at time.Time) storage.Doc {
	due := dueOf(rec, t)
	d := storage.Doc{storage.ID: record.TaskID(rec.Ref(), rec.ID(), t.N), "form": rec.Ref(), "app": rec.Form.App.Def.Key,
		"record": rec.ID(), "n": int64(t.N), "box": box, "assignee": assignee, "at": at, "src": rec.Writes(), "rank": rank(t, due)}
	if !due.IsZero() {
		d["due"] = due
	}
	return d
}

// dueOf is when a task should be decided, zero = never or no longer.
func dueOf(rec *record.Record, t *engine.Task) time.Time {
	if t.State != engine.TaskOpen || t.Visit < 1 || t.Visit > len(rec.Case.Visits) {
		return time.Time{}
	}
	return rec.Case.Visits[t.Visit-1].Due
}

// notUrgent sorts what has no deadline behind everything that has one.
const notUrgent = 200 * 365 * 24 * time.Hour

// rank is the place of a task in the order of urgency: what is overdue or was
// urged comes first, then what is due soon, then the oldest.
func rank(t *engine.Task, due time.Time) time.Time {
	r := t.OpenedAt.Add(notUrgent)
	for _, at := range []time.Time{due, t.UrgedAt} {
		if !at.IsZero() && at.Before(r) {
			r = at
		}
	}
	return r
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
	change := storage.Patch{Set: map[string]any{}}
	for _, k := range []string{"box", "assignee", "at", "src", "rank"} {
		change.Set[k] = row[k]
	}
	if due, ok := row["due"]; ok {
		change.Set["due"] = due
	} else {
		change.Unset = []string{"due"}
	}
	_, err := s.rows().Patch(ctx, id, storage.Guard{Where: older}, change)
	switch {
	case err == nil, errors.Is(err, storage.ErrConflict):
		return nil
	case !errors.Is(err, storage.ErrNotFound):
		return err
	}
	err = s.rows().Insert(ctx, row)
	if errors.Is(err, storage.ErrDuplicate) {
		_, err = s.rows().Patch(ctx, id, storage.Guard{Where: older}, change)
		if errors.Is(err, storage.ErrConflict) {
			return nil
		}
	}
	return err
}
