package transfer

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/audit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// States of a row whose import was undone.
const (
	rowDeleted  = "deleted"
	rowRestored = "restored"
	rowKept     = "kept" // it could not be undone
)

// maxKept is how many rows that stayed a report names.
const maxKept = 100

// undoPlan names the import.
type undoPlan struct {
	Import string `json:"import"`
}

// Undone is what came of undoing an import.
type Undone struct {
	Deleted  int    `json:"deleted"`
	Restored int    `json:"restored"`
	KeptRows int    `json:"kept_count"`
	Kept     []Kept `json:"kept"` // the first of them
}

// Kept is a row that stayed, and why.
type Kept struct {
	N       int    `json:"n"`
	Record  string `json:"record"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Undo starts the undoing of an import that has ended: records that it created
// go to the trash, those that it changed get their values back, unless somebody
// has changed them since. An import is undone once.
func (s *Service) Undo(ctx context.Context, a *tenant.Actor, id string) (*Job, error) {
	j, err := s.ownImport(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if j.State != Done && j.State != Failed {
		return nil, fault.New(fault.Refused, "import.running", "wait until the import has come to its end")
	}
	if _, err := s.mayImport(a, j.Form); err != nil {
		return nil, err
	}
	total, err := s.rowDocs().Count(ctx, ofState(id, rowCreated, rowUpdated), 0)
	if err != nil {
		return nil, err
	}
	again := ids.Derive("transferundo", id)
	if old, err := s.Get(ctx, a, again); err == nil {
		return old, nil
	}
	return s.start(ctx, a, KindUndo, j.Form, again, total, undoPlan{id})
}

// runUndo undoes some rows, the last first. A record that several rows changed
// goes back to what the last of them found; the others are told as kept.
func (s *Service) runUndo(ctx context.Context, a *tenant.Actor, j *Job) (more bool, err error) {
	var p undoPlan
	if err := json.Unmarshal(j.params, &p); err != nil {
		return false, err
	}
	of, err := s.load(ctx, p.Import)
	if err != nil {
		return false, err
	}
	page, err := s.rowDocs().Find(ctx, storage.Query{Where: ofState(p.Import, rowCreated, rowUpdated, rowPending),
		Sort: []filter.Sort{{Path: "n", Desc: true}}, Limit: storage.DefaultLimit})
	if err != nil {
		return false, err
	}
	for _, d := range page.Docs {
		r, err := s.rowOf(d)
		if err != nil {
			return false, err
		}
		if err := s.undoRow(ctx, a, of, r); err != nil {
			return false, err
		}
	}
	if err := s.set(ctx, j.ID, map[string]any{"done": int64(j.Done + len(page.Docs))}); err != nil {
		return false, err
	}
	if len(page.Docs) > 0 {
		return true, nil
	}
	if err := s.tellUndone(ctx, j, p.Import); err != nil {
		return false, err
	}
	return false, s.audit.NoteAbout(ctx, audit.About{By: a.User, Action: "import.undo", IP: a.IP, Request: a.RequestID, Form: j.Form,
		Detail: map[string]any{"job": j.ID, "import": p.Import}})
}

// undoRow undoes one row, or notes why it stays.
func (s *Service) undoRow(ctx context.Context, a *tenant.Actor, j *Job, r *Row) error {
	was := r.State
	err := s.takeBack(ctx, a, j, r)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var fe *fault.Error
	switch {
	case err == nil && was == rowCreated:
		r.State = rowDeleted
	case err == nil:
		r.State = rowRestored
	case errors.As(err, &fe) && fe.Kind != fault.Internal:
		r.State, r.Errors = rowKept, []RowError{{Code: fe.Code, Message: fe.Message}}
	default:
		return err
	}
	return s.saveRow(ctx, j, r)
}

func (s *Service) takeBack(ctx context.Context, a *tenant.Actor, j *Job, r *Row) error {
	changed := fault.New(fault.Refused, "import.changed", "the record was changed since")
	rec, _, err := s.records.Get(ctx, a, j.Form, r.Record)
	if fault.KindOf(err) == fault.NotFound && err != nil && r.State == rowCreated {
		return nil // it is deleted already
	}
	switch {
	case err != nil:
		return err
	case r.State == rowPending || rec.Rev() != r.rev:
		return changed
	case r.State == rowCreated:
		return s.records.Delete(ctx, a, j.Form, r.Record, r.rev)
	case r.before == nil:
		return changed
	}
	set := map[string]json.RawMessage{}
	for k, v := range r.before.Set {
		set[k] = v
	}
	_, err = s.records.Save(ctx, a, s.flow, j.Form, r.Record, record.SaveInput{Rev: r.rev,
		Patch: record.Patch{Set: set, Unset: r.before.Unset}, Key: "undo:" + rowID(j.ID, r.N)})
	return err
}

// tellUndone counts what came of it.
func (s *Service) tellUndone(ctx context.Context, j *Job, id string) error {
	u := Undone{Kept: []Kept{}}
	for state, into := range map[string]*int{rowDeleted: &u.Deleted, rowRestored: &u.Restored, rowKept: &u.KeptRows} {
		n, err := s.rowDocs().Count(ctx, ofState(id, state), 0)
		if err != nil {
			return err
		}
		*into = n
	}
	page, err := s.rowDocs().Find(ctx, storage.Query{Where: ofState(id, rowKept), Sort: []filter.Sort{{Path: "n"}}, Limit: maxKept})
	if err != nil {
		return err
	}
	for _, d := range page.Docs {
		r, err := s.rowOf(d)
		if err != nil {
			return err
		}
		k := Kept{N: r.N, Record: r.Record}
		if len(r.Errors) > 0 {
			k.Code, k.Message = r.Errors[0].Code, r.Errors[0].Message
		}
		u.Kept = append(u.Kept, k)
	}
	raw, err := json.Marshal(u)
	if err != nil {
		return err
	}
	return s.set(ctx, j.ID, map[string]any{"report": string(raw)})
}
