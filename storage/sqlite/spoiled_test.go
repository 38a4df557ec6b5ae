package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/formwork-run/formwork/storage"
)

// A write of several documents that fails halfway is undone alone: what shares
// its commit stays.
func TestWriteThatFailsHalfwaySparesItsNeighbours(t *testing.T) {
	t.Parallel()
	c, ctx := collection(t, open(t), "things"), context.Background()
	ok(t, c.Indexes(ctx, storage.Index{Fields: []storage.IndexField{{Path: "tags", Scale: -1, List: true}}}))
	ok(t, c.Insert(ctx, storage.Doc{storage.ID: "taken", "tags": []any{"x"}}))
	const n = 200
	var wg sync.WaitGroup
	failed := make([]error, n)
	for i := range n {
		wg.Go(func() {
			docs := []storage.Doc{{storage.ID: fmt.Sprintf("first%03d", i), "tags": []any{"a", "b"}}}
			if i%10 == 0 {
				docs = append(docs, storage.Doc{storage.ID: "taken"})
			}
			failed[i] = c.Insert(ctx, docs...)
		})
	}
	wg.Wait()
	want := 1
	for i, err := range failed {
		if i%10 == 0 {
			if !errors.Is(err, storage.ErrDuplicate) {
				t.Errorf("insert %d: %v, want a duplicate", i, err)
			}
			if _, err := c.Get(ctx, fmt.Sprintf("first%03d", i)); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("insert %d left half of itself: %v", i, err)
			}
			continue
		}
		ok(t, err)
		want++
	}
	if got := len(ids(t, c, nil)); got != want {
		t.Errorf("%d documents, want %d", got, want)
	}
}
