package transfer_test

import (
	"context"
	"testing"

	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/runtime/transfer"
	"github.com/formwork-run/formwork/storage"
)

func noGuard() storage.Guard { return storage.Guard{} }

// again queues an import anew, as a node that died while it worked leaves it.
func again(t *testing.T, w *kit.World, id string) {
	t.Helper()
	ctx := context.Background()
	_, err := w.Store.Collection("transfers").Patch(ctx, id, storage.Guard{}, storage.Patch{Set: map[string]any{"state": transfer.Running, "done": int64(0)}})
	if err != nil {
		t.Fatal(err)
	}
	q := jobs.NewQueue(w.Store, "transferqueue", w.Clock, w.Log, nil)
	if err := q.Add(ctx, jobs.Job{ID: id + ".again", Kind: transfer.KindImport, At: w.Clock.Now(), Payload: map[string]any{"job": id}}); err != nil {
		t.Fatal(err)
	}
}
