package ferrettest_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/storage"
)

// What stands behind named exceptions is tested here as far as FerretDB goes:
// inserts against a unique index without a partial filter (of updates and new
// indexes FerretDB reports no duplicate keys), and the way back of a snapshot.

func collection(t *testing.T, s storage.Store, tenant string) storage.Collection {
	t.Helper()
	opened, err := s.Tenant(tenant)
	if err != nil {
		t.Fatal(err)
	}
	return opened.Collection("things")
}

func insert(t *testing.T, c storage.Collection, docs ...storage.Doc) {
	t.Helper()
	if err := c.Insert(t.Context(), docs...); err != nil {
		t.Fatal(err)
	}
}

func TestUniqueIndexesNameWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	c := collection(t, open(t), "unique")
	code := storage.Index{Fields: []storage.IndexField{{Path: "code", Scale: -1}}, Unique: true}
	if err := c.Indexes(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	insert(t, c, storage.Doc{"_id": "a", "code": "1"}, storage.Doc{"_id": "b", "code": "2"})
	refused(t, c.Insert(t.Context(), storage.Doc{"_id": "e", "code": "3"}, storage.Doc{"_id": "f", "code": "2"}, storage.Doc{"_id": "g", "code": "4"}),
		&storage.DuplicateError{Index: code, ID: "f", Others: []string{"b"}})
	if _, err := c.Get(t.Context(), "g"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("inserting went on behind the refusal: %v", err)
	}
}

func refused(t *testing.T, err error, want *storage.DuplicateError) {
	t.Helper()
	var got *storage.DuplicateError
	if !errors.As(err, &got) {
		t.Fatalf("got %v, want %v", err, want)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("-want +got:\n%s", diff)
	}
}

func TestRestoreBringsASnapshotBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	doc := storage.Doc{"_id": "a", "l": []any{"x", int64(1)}, "m": map[string]any{"k": nil}}
	insert(t, collection(t, s, "from"), doc)
	from, err := s.Tenant("from")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := from.Blobs().Put(t.Context(), "f/1", strings.NewReader("content")); err != nil {
		t.Fatal(err)
	}
	var saved bytes.Buffer
	if err := from.Snapshot(t.Context(), &saved); err != nil {
		t.Fatal(err)
	}
	if err := s.Restore(t.Context(), "to", bytes.NewReader(saved.Bytes())); err != nil {
		t.Fatal(err)
	}
	got, err := collection(t, s, "to").Get(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	doc["_rev"] = int64(1)
	if diff := cmp.Diff(doc, got); diff != "" {
		t.Errorf("-saved +restored:\n%s", diff)
	}
	to, err := s.Tenant("to")
	if err != nil {
		t.Fatal(err)
	}
	if size, err := to.Blobs().Stat(t.Context(), "f/1"); err != nil || size != 7 {
		t.Errorf("the blob has %d bytes, %v", size, err)
	}
	if err := s.Restore(t.Context(), "to", bytes.NewReader(saved.Bytes())); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("over a tenant that exists: %v", err)
	}
	if err := s.Restore(t.Context(), "cut", bytes.NewReader(saved.Bytes()[:saved.Len()/3])); err == nil {
		t.Error("half a snapshot was restored")
	}
	cut, err := s.Tenant("cut")
	if err != nil {
		t.Fatal(err)
	}
	if names, err := cut.Collections(t.Context()); err != nil || len(names) != 0 {
		t.Errorf("half a snapshot left %v, %v", names, err)
	}
}
