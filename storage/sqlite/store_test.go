package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
	"github.com/formwork-run/formwork/storage/sqlite"
)

func open(t *testing.T) *sqlite.Store {
	t.Helper()
	s, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

func TestSmoke(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	tn, err := open(t).Tenant("acme")
	if err != nil {
		t.Fatal(err)
	}
	c := tn.Collection("rec_a__b")
	at := time.UnixMilli(1700000000123).UTC()
	doc := storage.Doc{"_id": "a", "n": int64(5), "d": dec("12.50"), "t": at, "s": "héllo \"x\"\n\u0001", "l": []any{"x", nil, true},
		"m": map[string]any{"k": dec("-0.001")}}
	if err := c.Insert(ctx, doc); err != nil {
		t.Fatal(err)
	}
	got, err := c.Get(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	doc["_rev"] = int64(1)
	if d := cmp.Diff(doc, got); d != "" {
		t.Fatal(d)
	}
	if err := c.Insert(ctx, doc); !errors.Is(err, storage.ErrDuplicate) {
		t.Fatal(err)
	}
	ix := []storage.Index{
		{Fields: []storage.IndexField{{Path: "amount", Scale: 2}}},
		{Fields: []storage.IndexField{{Path: "tags", Scale: -1, List: true}, {Path: "amount", Scale: 2, Desc: true}}},
		{Fields: []storage.IndexField{{Path: "code", Scale: -1}}, Unique: true, IfPresent: true},
	}
	if err := c.Indexes(ctx, ix...); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		d := storage.Doc{"_id": fmt.Sprintf("d%02d", i), "amount": dec(fmt.Sprintf("%d.%d", i%7, i%10)), "tags": []any{"all", fmt.Sprint(i % 3)}}
		if i%5 == 0 {
			d["code"] = fmt.Sprint(i)
		}
		if err := c.Insert(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
	err = c.Insert(ctx, storage.Doc{"_id": "z", "code": "5"})
	var dup *storage.DuplicateError
	if !errors.As(err, &dup) || dup.Others[0] != "d05" {
		t.Fatal(err)
	}
	q := storage.Query{Where: filter.Cmp{Path: "tags", Op: filter.Eq, Value: "1"}, Sort: []filter.Sort{{Path: "amount", Desc: true}}, Limit: 5}
	p, err := c.Explain(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(p)
	n := 0
	for {
		page, err := c.Find(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		n += len(page.Docs)
		if page.Next == "" {
			break
		}
		q.Cursor = page.Next
	}
	if n != 17 {
		t.Fatal(n)
	}
	if k, err := c.Count(ctx, filter.Cmp{Path: "amount", Op: filter.Ge, Value: dec("3.005")}, 0); err != nil || k == 0 {
		t.Fatal(k, err)
	}
	got, err = c.Patch(ctx, "d07", storage.Guard{Rev: 1}, storage.Patch{Push: map[string][]any{"tags": {"zz"}}, Inc: map[string]any{"amount": dec("0.01")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(got)
	page, err := c.Find(ctx, storage.Query{Where: filter.Cmp{Path: "tags", Op: filter.Eq, Value: "zz"}})
	if err != nil || len(page.Docs) != 1 {
		t.Fatal(page, err)
	}
}

func BenchmarkInsert(b *testing.B) {
	s, err := sqlite.Open(context.Background(), sqlite.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close(context.Background())
	tn, _ := s.Tenant("a")
	c := tn.Collection("rec")
	pad := make([]byte, 700)
	for i := range pad {
		pad[i] = 'a' + byte(i%26)
	}
	b.SetParallelism(32)
	var n = make(chan int, 1)
	n <- 0
	b.RunParallel(func(pb *testing.PB) {
		me := <-n
		n <- me + 1
		i := 0
		for pb.Next() {
			i++
			d := storage.Doc{"_id": fmt.Sprintf("%03d-%09d", me, i), "amount": dec("12.50"), "who": "someone", "text": string(pad), "n": int64(i),
				"t": time.Now(), "m": map[string]any{"a": "b", "c": "d"}, "l": []any{"x", "y"}, "state": "active", "title": "some title"}
			if err := c.Insert(context.Background(), d); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ins/s")
}
