package sqlite_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
	"github.com/formwork-run/formwork/storage/sqlite"
)

// An index that ends in "newest first" is kept the other way round; it must
// serve its declared order all the same, ties by id included.
func TestNewestFirstIsReadBackwards(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close(ctx) }()
	tn, err := s.Tenant("t")
	if err != nil {
		t.Fatal(err)
	}
	col := tn.Collection("c")
	err = col.Indexes(ctx, storage.Index{Fields: []storage.IndexField{{Path: "state", Scale: -1}, {Path: "at", Desc: true, Scale: -1}}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 9 { // three of each time
		if err := col.Insert(ctx, storage.Doc{storage.ID: fmt.Sprint("d", i), "state": "a", "at": int64(i / 3)}); err != nil {
			t.Fatal(err)
		}
	}
	q := storage.Query{Where: filter.Cmp{Path: "state", Op: filter.Eq, Value: "a"}, Sort: []filter.Sort{{Path: "at", Desc: true}}, Limit: 2}
	plan, err := col.Explain(ctx, q)
	if err != nil || plan.Sort {
		t.Errorf("plan %+v, %v: the index must give the order", plan, err)
	}
	got := ""
	for {
		page, err := col.Find(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Docs {
			got += d[storage.ID].(string)
		}
		if q.Cursor = page.Next; page.Next == "" {
			break
		}
	}
	if want := "d6d7d8d3d4d5d0d1d2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
