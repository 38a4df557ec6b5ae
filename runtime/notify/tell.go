package notify

import (
	"context"
	"errors"

	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/storage"
)

// Tell tells people of something about a record that no write of it says. The
// notices derive their ids from the cause: telling it twice tells it once.
// Nobody is told of what he did himself.
func (s *Service) Tell(ctx context.Context, rec *record.Record, cause, event, by string, to []string) error {
	for _, user := range to {
		if user == "" || user == by {
			continue
		}
		doc := storage.Doc{storage.ID: ids.Derive("notice", rec.Ref(), cause, user), "to": user, "at": s.t.Clock.Now(), "by": by,
			"event": event, "form": rec.Ref(), "record": rec.ID(), "node": "", "read": false}
		if err := s.notices().Insert(ctx, doc); err != nil && !errors.Is(err, storage.ErrDuplicate) {
			return err
		}
	}
	return nil
}
