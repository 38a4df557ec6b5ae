package record

import (
	"context"
	"errors"
	"fmt"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// clear removes effects from a record's outbox. While nobody wrote in between
// the whole outbox goes, with its due time; else only the effects themselves.
func (s *Service) clear(ctx context.Context, w *cleaning) error {
	col, id := s.t.Records(w.rec.Ref()), w.rec.ID()
	if len(w.done) == w.pending {
		_, err := col.Patch(ctx, id, storage.Guard{Rev: w.rev}, storage.Patch{Unset: []string{"outbox", "due"}, Blind: true})
		if err == nil || errors.Is(err, storage.ErrNotFound) {
			return nil
		}
		if !errors.Is(err, storage.ErrConflict) {
			return err
		}
	}
	if len(w.done) == 0 {
		return nil
	}
	unset := make([]string, len(w.done))
	for i, k := range w.done {
		unset[i] = "outbox." + k
	}
	_, err := col.Patch(ctx, id, storage.Guard{}, storage.Patch{Unset: unset, Blind: true})
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}

// sweepBatch bounds one look for pending effects.
const sweepBatch = 100

// Sweep runs the effects whose request died before it could, of one form. It
// returns how many records it looked at.
func (s *Service) Sweep(ctx context.Context, ref string) (int, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return 0, err
	}
	page, err := s.t.Records(ref).Find(ctx, storage.Query{
		Where: filter.Cmp{Path: "due", Op: filter.Le, Value: s.t.Clock.Now()},
		Sort:  []filter.Sort{{Path: "due"}}, Limit: sweepBatch})
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, doc := range page.Docs {
		if err := s.sweepOne(ctx, form.Ref(), doc); err != nil {
			failed = append(failed, err)
		}
	}
	return len(page.Docs), errors.Join(failed...)
}

func (s *Service) sweepOne(ctx context.Context, ref string, doc storage.Doc) error {
	form, err := s.t.Form(ref)
	if err != nil {
		return err
	}
	rec, err := s.wrap(ctx, form, doc)
	if err != nil {
		return err
	}
	todo := effects(doc)
	done, err := s.run(ctx, rec, todo)
	if err != nil {
		// Later again; the record is put back in the queue behind the others.
		_, perr := s.t.Records(ref).Patch(ctx, rec.ID(), storage.Guard{Rev: number(doc, storage.Rev)},
			storage.Patch{Set: map[string]any{"due": s.t.Clock.Now().Add(effectGrace)}})
		if errors.Is(perr, storage.ErrConflict) || errors.Is(perr, storage.ErrNotFound) {
			perr = nil
		}
		err = errors.Join(fmt.Errorf("sweep %s %s: %w", ref, rec.ID(), err), perr)
		if len(done) > 0 {
			err = errors.Join(err, s.clear(ctx, &cleaning{rec: rec, done: done}))
		}
		return err
	}
	if rec.State() == StateDeleted {
		return nil // the move to the trash took the document away
	}
	return s.clear(ctx, &cleaning{rec: rec, rev: number(doc, storage.Rev), pending: len(todo), done: done})
}
