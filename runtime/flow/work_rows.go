package flow

import (
	"context"
	"errors"
	"strconv"
	"time"

	mint "github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/storage"
)

// keptWork is how long is kept which rows and records work was about; a visit
// that takes longer sees its rows as they are by then.
const keptWork = 400 * 24 * time.Hour

func (s *Service) workRows() storage.Collection { return s.t.Store.Collection(rowsCollection) }

// rowOrder are the ids of the rows a visit works through, as they stood when
// its work began: what is asked first is kept.
func (s *Service) rowOrder(ctx context.Context, ref, id string, visit int, rows any) ([]any, error) {
	key := mint.Derive("rows", ref, id, strconv.Itoa(visit))
	doc, err := s.workRows().Get(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		doc = storage.Doc{storage.ID: key, "rows": rowIDs(rows), "form": ref, "record": id, "until": s.t.Clock.Now().Add(keptWork)}
		if err = s.workRows().Insert(ctx, doc); errors.Is(err, storage.ErrDuplicate) {
			doc, err = s.workRows().Get(ctx, key)
		}
	}
	if err != nil {
		return nil, err
	}
	order, _ := doc["rows"].([]any)
	return order, nil
}

func rowIDs(rows any) []any {
	l, _ := rows.([]any)
	out := make([]any, len(l))
	for i, r := range l {
		m, _ := r.(map[string]any)
		out[i] = m["id"]
	}
	return out
}
