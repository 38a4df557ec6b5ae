package transfer

import (
	"context"
	"errors"
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Keep is how long jobs are kept, and with an import its rows and its undoing.
const Keep = 30 * 24 * time.Hour

// sweepAtOnce bounds what one sweep removes.
const sweepAtOnce = 1000

// Sweep forgets jobs that are older than Keep, their rows first.
func (s *Service) Sweep(ctx context.Context) error {
	page, err := s.jobs().Find(ctx, storage.Query{Where: filter.Cmp{Path: "at", Op: filter.Lt, Value: s.t.Clock.Now().Add(-Keep)},
		Sort: []filter.Sort{{Path: "at"}}, Limit: 10, Fields: []string{"at"}})
	if err != nil {
		return err
	}
	for _, d := range page.Docs {
		id := text(d, storage.ID)
		rows, err := s.rowDocs().Find(ctx, storage.Query{Where: filter.Cmp{Path: "job", Op: filter.Eq, Value: id}, Limit: sweepAtOnce, Fields: []string{"job"}})
		if err != nil {
			return err
		}
		for _, r := range rows.Docs {
			if err := drop(ctx, s.rowDocs(), text(r, storage.ID)); err != nil {
				return err
			}
		}
		if len(rows.Docs) == sweepAtOnce {
			return nil // the rest the next time
		}
		if err := drop(ctx, s.jobs(), id); err != nil {
			return err
		}
	}
	return nil
}

func drop(ctx context.Context, col storage.Collection, id string) error {
	err := col.Delete(ctx, id, storage.Guard{})
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}
