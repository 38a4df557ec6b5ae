package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
	"github.com/formwork-run/formwork/storage/sqlite"
)

const writers = 64

var pad = strings.Repeat("abcdefghijklmnop", 38)

// kilo is a document of about 1 KB.
func kilo(id string, i int) storage.Doc {
	return storage.Doc{"_id": id, "form": "cost.claim", "version": int64(3), "state": []any{"active", "draft"}[i%2], "title": "Claim " + id,
		"created_at": time.UnixMilli(1700000000000 + int64(i)*1000).UTC(), "created_by": fmt.Sprintf("user%03d", i%500),
		"data": map[string]any{"amount": dec(fmt.Sprintf("%d.%02d", i%1000, i%100)), "reason": pad, "days": dec("3"), "tags": []any{"a", "b"}},
		"acl":  map[string]any{"part": []any{fmt.Sprintf("user%03d", i%500), fmt.Sprintf("user%03d", i%7)}}}
}

func benchStore(b *testing.B) *sqlite.Store {
	b.Helper()
	s, err := sqlite.Open(context.Background(), sqlite.Options{Dir: b.TempDir()})
	ok(b, err)
	b.Cleanup(func() { ok(b, s.Close(context.Background())) })
	return s
}

// BenchmarkInsert acknowledges durable inserts of 1 KB documents to 64 writers,
// and prints the ratio to a bare loop of the driver in transactions of 64.
func BenchmarkInsert(b *testing.B) {
	raw := rawInserts(b, 12_800)
	b.Run("plain", func(b *testing.B) { benchInsert(b, raw) })
	b.Run("5 indexes", func(b *testing.B) {
		benchInsert(b, raw, plain("state"), plain("created_by"), plain("created_at"),
			storage.Index{Fields: []storage.IndexField{{Path: "data.amount", Scale: 2}}},
			storage.Index{Fields: []storage.IndexField{{Path: "acl.part", Scale: -1, List: true}, {Path: "created_at", Scale: -1, Desc: true}}})
	})
}

func plain(path string) storage.Index {
	return storage.Index{Fields: []storage.IndexField{field(path)}}
}

func benchInsert(b *testing.B, raw float64, indexes ...storage.Index) {
	ctx, c := context.Background(), collection(b, benchStore(b), "rec")
	ok(b, c.Indexes(ctx, indexes...))
	var next atomic.Int64
	b.ResetTimer()
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := int(next.Add(1)); i <= b.N; i = int(next.Add(1)) {
				if err := c.Insert(ctx, kilo(fmt.Sprintf("%012d", i), i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	rate := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "inserts/s")
	b.ReportMetric(raw, "raw/s")
	b.ReportMetric(rate/raw, "of-raw")
}

// rawInserts is the bare driver: a prepared insert of 1 KB, 64 to a synced transaction.
func rawInserts(b *testing.B, n int) float64 {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "raw.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	ok(b, err)
	defer func() { _ = db.Close() }()
	_, err = db.Exec("CREATE TABLE t (id TEXT PRIMARY KEY, rev INTEGER, doc TEXT)")
	ok(b, err)
	doc := strings.Repeat("x", 1000)
	start := time.Now()
	for i := 0; i < n; i += writers {
		tx, err := db.Begin()
		ok(b, err)
		st, err := tx.Prepare("INSERT INTO t VALUES (?, 1, ?)")
		ok(b, err)
		for j := range writers {
			_, err := st.Exec(fmt.Sprintf("%012d", i+j), doc)
			ok(b, err)
		}
		ok(b, st.Close()) //nolint:sqlclosecheck // one statement per transaction; a defer would keep all of them
		ok(b, tx.Commit())
	}
	return float64(n) / time.Since(start).Seconds()
}

// filled is a store of n documents in memory.
func filled(b *testing.B, n int, indexes ...storage.Index) storage.Collection {
	b.Helper()
	ctx, c := context.Background(), collection(b, open(b), "rec")
	ok(b, c.Indexes(ctx, indexes...))
	for i := 0; i < n; i += 1000 {
		docs := make([]storage.Doc, 0, 1000)
		for j := i; j < min(n, i+1000); j++ {
			docs = append(docs, kilo(fmt.Sprintf("%012d", j), j))
		}
		ok(b, c.Insert(ctx, docs...))
	}
	return c
}

func BenchmarkGet(b *testing.B) {
	c := filled(b, 20_000)
	i := 0
	for b.Loop() {
		i++
		_, err := c.Get(context.Background(), fmt.Sprintf("%012d", i*7919%20_000))
		ok(b, err)
	}
}

func BenchmarkPatch(b *testing.B) {
	c := filled(b, 20_000, plain("state"), plain("created_at"))
	i := 0
	for b.Loop() {
		i++
		_, err := c.Patch(context.Background(), fmt.Sprintf("%012d", i*7919%20_000), storage.Guard{}, storage.Patch{Set: map[string]any{"title": "new"}})
		ok(b, err)
	}
}

func BenchmarkFind(b *testing.B) {
	c := filled(b, 50_000, plain("created_at"), storage.Index{Fields: []storage.IndexField{field("state"), {Path: "created_at", Scale: -1, Desc: true}}},
		storage.Index{Fields: []storage.IndexField{{Path: "acl.part", Scale: -1, List: true}, {Path: "created_at", Scale: -1, Desc: true}}},
		storage.Index{Fields: []storage.IndexField{field("created_by"), {Path: "data.amount", Scale: 2}}})
	latest := []filter.Sort{{Path: "created_at", Desc: true}}
	is := func(path string, v any) filter.Expr { return filter.Cmp{Path: path, Op: filter.Eq, Value: v} }
	for name, q := range map[string]storage.Query{
		"20 latest of a state":           {Where: is("state", "active"), Sort: latest, Limit: 20},
		"20 latest of a participant":     {Where: is("acl.part", "user003"), Sort: latest, Limit: 20},
		"20 latest with an unindexed or": {Where: filter.Or{is("created_by", "user001"), is("data.days", dec("3"))}, Sort: latest, Limit: 20},
		"full scan for nothing":          {Where: is("data.days", dec("4")), Limit: 20},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := c.Find(context.Background(), q)
				ok(b, err)
			}
		})
	}
	b.Run("sum by user over an index", func(b *testing.B) {
		benchAggregate(b, c, "created_by")
	})
	b.Run("sum by form without an index", func(b *testing.B) {
		benchAggregate(b, c, "form")
	})
}

func benchAggregate(b *testing.B, c storage.Collection, by string) {
	for b.Loop() {
		_, err := c.Aggregate(context.Background(), storage.Group{By: []storage.GroupKey{{As: "k", Path: by}},
			Measures: []storage.Measure{{As: "s", Fn: "sum", Path: "data.amount"}, {As: "n", Fn: "count"}}})
		ok(b, err)
	}
}
