package mongo_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/mongo"
	"github.com/formwork-run/formwork/storage/storagetest"
)

// open opens a store of its own on the real server that FORMWORK_TEST_MONGODB
// names (a replica set), and drops all its databases when the test ends.
func open(t *testing.T) *mongo.Store {
	t.Helper()
	uri := os.Getenv("FORMWORK_TEST_MONGODB")
	if uri == "" {
		t.Skip("needs a real MongoDB: set FORMWORK_TEST_MONGODB=mongodb://…; storage/mongo/ferrettest runs what FerretDB can without one")
	}
	prefix := "t" + ids.Derive(t.Name(), ids.Secret(8))[:10]
	s, err := mongo.Open(t.Context(), mongo.Options{URI: uri, Prefix: prefix})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		if err := errors.Join(s.DropAll(ctx), s.Close(ctx)); err != nil {
			t.Errorf("clean up: %v", err)
		}
	})
	return s
}

func TestConformance(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) storage.Store { return open(t) }, storagetest.Options{})
}

func TestDifferential(t *testing.T) {
	t.Parallel()
	s := open(t)
	for seed := range uint64(6) {
		storagetest.Differential(t, s, seed, 250)
	}
}

func TestRestoreBringsASnapshotBack(t *testing.T) {
	t.Parallel()
	s, ctx := open(t), t.Context()
	from, err := s.Tenant("from")
	if err != nil {
		t.Fatal(err)
	}
	doc := storage.Doc{"_id": "a", "n": decimal.MustParse("1.50"), "l": []any{"x", int64(1)}}
	if err := from.Collection("tasks").Insert(ctx, doc); err != nil {
		t.Fatal(err)
	}
	if _, err := from.Blobs().Put(ctx, "f/1", strings.NewReader("content")); err != nil {
		t.Fatal(err)
	}
	var saved bytes.Buffer
	if err := from.Snapshot(ctx, &saved); err != nil {
		t.Fatal(err)
	}
	if err := s.Restore(ctx, "to", bytes.NewReader(saved.Bytes())); err != nil {
		t.Fatal(err)
	}
	to, err := s.Tenant("to")
	if err != nil {
		t.Fatal(err)
	}
	got, err := to.Collection("tasks").Get(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	doc["_rev"] = int64(1)
	if diff := cmp.Diff(doc, got); diff != "" {
		t.Errorf("-saved +restored:\n%s", diff)
	}
	if size, err := to.Blobs().Stat(ctx, "f/1"); err != nil || size != 7 {
		t.Errorf("the blob has %d bytes, %v", size, err)
	}
	if err := s.Restore(ctx, "to", &saved); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("over a tenant that exists: %v", err)
	}
	damaged := bytes.NewReader(append([]byte("no tar"), make([]byte, 2000)...))
	if err := s.Restore(ctx, "third", damaged); err == nil {
		t.Error("a damaged snapshot was restored")
	}
}
