package record

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// EffectTrash moves a deleted record to the trash, under the same id.
const EffectTrash = "trash"

func (s *Service) trash() storage.Collection { return s.t.Trash() }

// Delete takes a record away: it goes to the trash. A record with a running
// case is not deleted; its case is withdrawn or ended first. A draft of the
// actor goes at once.
func (s *Service) Delete(ctx context.Context, a *tenant.Actor, ref, id string, rev int64) error {
	_, err := s.apply(ctx, a, ref, id, "delete", func(c *Change) error {
		if !c.Rights.Ops[schema.OpDelete] {
			return fault.New(fault.Forbidden, "record.delete_forbidden", "you may not delete this record")
		}
		if rev > 0 {
			if err := c.CheckRev(ctx, rev); err != nil {
				return err
			}
		}
		if c.HasCase() && c.State() == StateActive && !c.Case.State.Final() {
			return fault.New(fault.Refused, "record.case_running", "the record is being approved; withdraw or end its flow first")
		}
		c.Emit(EffectTrash, map[string]any{"was": c.State()})
		c.Doc = maps.Clone(c.Doc)
		c.Doc["state"] = StateDeleted
		c.audit()
		return nil
	})
	return err
}

// moveToTrash is the handler of EffectTrash: the document is copied first, so
// that it is at every moment in one of the two places. A draft is nobody's loss
// but its author's, who threw it away: it is not kept.
func (s *Service) moveToTrash(ctx context.Context, rec *Record, e Effect) error {
	if e.Data["was"] != StateDraft {
		if err := s.keepTrash(ctx, rec, e); err != nil {
			return err
		}
	}
	err := s.t.Records(rec.Ref()).Delete(ctx, rec.ID(), storage.Guard{Where: filter.Cmp{Path: "state", Op: filter.Eq, Value: StateDeleted}})
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}

// keepTrash copies a record. What lies there under its id is the same record as
// an earlier deletion left it, whose restoring did not come to its end.
func (s *Service) keepTrash(ctx context.Context, rec *Record, e Effect) error {
	doc := maps.Clone(rec.Doc)
	delete(doc, "outbox")
	delete(doc, "due")
	doc["state"] = e.Data["was"]
	row := storage.Doc{storage.ID: rec.ID(), "form": rec.Ref(), "deleted_at": e.At, "deleted_by": e.By, "doc": doc}
	err := s.trash().Insert(ctx, row)
	if !errors.Is(err, storage.ErrDuplicate) {
		return err
	}
	delete(row, storage.ID)
	_, err = s.trash().Patch(ctx, rec.ID(), storage.Guard{}, storage.Patch{Set: row})
	return err
}

// Trashed is a record in the trash.
type Trashed struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	DeletedBy string    `json:"deleted_by"`
	DeletedAt time.Time `json:"deleted_at"`
}

// Trash lists deleted records that the actor may restore.
func (s *Service) Trash(ctx context.Context, a *tenant.Actor, ref, cursor string) ([]Trashed, string, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, "", err
	}
	page, err := s.trash().Find(ctx, storage.Query{Where: filter.Cmp{Path: "form", Op: filter.Eq, Value: ref},
		Sort: []filter.Sort{{Path: "deleted_at", Desc: true}}, Limit: MaxPage, Cursor: cursor})
	if err != nil {
		return nil, "", pageError(err)
	}
	v := s.NewViewer(a)
	out := []Trashed{}
	for _, d := range page.Docs {
		doc := object(d, "doc")
		if !mayRestore(a, ref, doc) {
			continue
		}
		rec, err := s.wrap(ctx, form, doc)
		if err != nil {
			return nil, "", err
		}
		out = append(out, Trashed{text(d, storage.ID), v.title(rec, titleRights(a, rec)), text(d, "deleted_by"), moment(d, "deleted_at")})
	}
	return out, page.Next, nil
}

// mayRestore: a draft is its author's also in the trash.
func mayRestore(a *tenant.Actor, ref string, doc storage.Doc) bool {
	if text(doc, "state") == StateDraft && text(doc, "created_by") != a.User {
		return false
	}
	return a.Plan.Form(ref).Allows(schema.OpRestore, doc)
}

// Restore brings a record back from the trash. If another record has taken one
// of its unique values, it stays where it is.
func (s *Service) Restore(ctx context.Context, a *tenant.Actor, ref, id string) (*Record, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, err
	}
	d, err := s.trash().Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || err == nil && text(d, "form") != ref {
		return nil, NotFound()
	}
	if err != nil {
		return nil, err
	}
	doc := maps.Clone(object(d, "doc"))
	if !mayRestore(a, ref, doc) {
		return nil, NotFound()
	}
	// Numbers of writes go on where they ended: what was derived from them
	// before the deletion keeps its ids to itself.
	doc["life"] = lifeOf(doc) + number(doc, storage.Rev)
	delete(doc, storage.Rev)
	rec, err := s.wrap(ctx, form, doc)
	if err != nil {
		return nil, err
	}
	c := s.begin(a, rec, RightsOn(a, rec), "restore")
	c.isNew = true
	c.before = c.data
	c.audit()
	if err := c.write(ctx); err != nil {
		return nil, err
	}
	return c.Record, s.trash().Delete(ctx, id, storage.Guard{})
}
