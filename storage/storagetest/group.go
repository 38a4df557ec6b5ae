package storagetest

import (
	"fmt"

	"github.com/formwork-run/formwork/storage"
)

func grain(path, grain, zone string) storage.GroupKey {
	return storage.GroupKey{As: "g", Path: path, Grain: grain, Zone: zone}
}

var countAll = []storage.Measure{{As: "n", Fn: "count"}}

// buckets checks the keys and counts of a single grouping key.
func (e *env) buckets(k storage.GroupKey, want ...any) {
	e.Helper()
	var rows []storage.Row
	for i := 0; i < len(want); i += 2 {
		rows = append(rows, storage.Row{"g": want[i], "n": int64(want[i+1].(int))})
	}
	e.rows(storage.Group{By: []storage.GroupKey{k}, Measures: countAll}, rows...)
}

var groupCases = []kase{
	{"aggregate/grains-of-times-in-a-zone", func(e *env) {
		e.insert(doc("1", "t", at("2025-12-31T15:59:59Z")), doc("2", "t", at("2025-12-31T16:00:00Z")), doc("3", "t", at("2026-05-04T01:00:00Z")), doc("4"))
		e.indexedToo([]storage.IndexField{asc("t")}, func() {
			e.buckets(grain("t", "year", "Asia/Shanghai"), nil, 1, "2025", 1, "2026", 2)
			e.buckets(grain("t", "year", ""), nil, 1, "2025", 2, "2026", 1)
			e.buckets(grain("t", "quarter", "Asia/Shanghai"), nil, 1, "2025-Q4", 1, "2026-Q1", 1, "2026-Q2", 1)
			e.buckets(grain("t", "month", ""), nil, 1, "2025-12", 2, "2026-05", 1)
			e.buckets(grain("t", "week", ""), nil, 1, "2026-W01", 2, "2026-W19", 1)
			e.buckets(grain("t", "day", "Asia/Shanghai"), nil, 1, "2025-12-31", 1, "2026-01-01", 1, "2026-05-04", 1)
			e.buckets(grain("t", "hour", ""), nil, 1, "2025-12-31T15", 1, "2025-12-31T16", 1, "2026-05-04T01", 1)
		})
	}},
	{"aggregate/grains-of-date-texts", func(e *env) {
		e.insert(doc("1", "d", "2026-01-31"), doc("2", "d", "2026-02"), doc("3", "d", "2026"), doc("4", "d", "no date"), doc("5", "d", "2024-12-30"))
		e.indexedToo([]storage.IndexField{asc("d")}, func() {
			e.buckets(grain("d", "year", "Asia/Shanghai"), nil, 1, "2024", 1, "2026", 3)
			e.buckets(grain("d", "month", "America/New_York"), nil, 2, "2024-12", 1, "2026-01", 1, "2026-02", 1)
			e.buckets(grain("d", "week", ""), nil, 3, "2025-W01", 1, "2026-W05", 1)
			e.buckets(grain("d", "day", ""), nil, 3, "2024-12-30", 1, "2026-01-31", 1)
		})
	}},
	{"aggregate/several-keys-in-order", func(e *env) {
		e.insert(doc("1", "a", "x", "b", int64(2)), doc("2", "a", "x", "b", int64(10)), doc("3", "a", "w", "b", int64(2)), doc("4", "a", "x", "b", int64(2)))
		g := storage.Group{By: []storage.GroupKey{by("a", "a"), by("b", "b")}, Measures: countAll}
		e.indexedToo([]storage.IndexField{asc("a"), scaled("b", 0)}, func() {
			e.rows(g, storage.Row{"a": "w", "b": int64(2), "n": int64(1)}, storage.Row{"a": "x", "b": int64(2), "n": int64(2)},
				storage.Row{"a": "x", "b": int64(10), "n": int64(1)})
		})
	}},
	{"aggregate/equal-numbers-are-one-group", func(e *env) {
		e.insert(doc("1", "v", dec("1.50")), doc("2", "v", dec("1.5")), doc("3", "v", true), doc("4", "v", "1.5"), doc("5", "v", at("2026-01-01T00:00:00Z")))
		e.indexedToo([]storage.IndexField{asc("v"), scaled("v", 2)}, func() {
			e.buckets(by("g", "v"), dec("1.5"), 2, "1.5", 1, true, 1, at("2026-01-01T00:00:00Z"), 1)
		})
	}},
	{"aggregate/a-key-that-meets-a-list-is-refused", func(e *env) {
		e.insert(doc("a", "v", []any{"x"}))
		_, err := e.c.Aggregate(e.ctx, storage.Group{By: []storage.GroupKey{by("g", "v")}, Measures: countAll})
		e.fails(err, storage.ErrInvalid)
	}},
	{"aggregate/too-many-groups-are-refused", func(e *env) {
		for i := range 6 {
			e.insert(doc(fmt.Sprint(i), "v", fmt.Sprint(i)))
		}
		g := storage.Group{By: []storage.GroupKey{by("g", "v")}, Measures: countAll, Limit: 5}
		e.indexedToo([]storage.IndexField{asc("v")}, func() {
			_, err := e.c.Aggregate(e.ctx, g)
			e.fails(err, storage.ErrTooLarge)
		})
		g.Limit = 6
		rows, err := e.c.Aggregate(e.ctx, g)
		e.ok(err)
		e.same(len(rows), 6)
	}},
	{"aggregate/bad-requests-are-refused", func(e *env) {
		e.insert(doc("a"))
		for _, g := range []storage.Group{
			{By: []storage.GroupKey{{As: "", Path: "v"}}}, {By: []storage.GroupKey{{As: "g", Path: "a..b"}}}, {By: []storage.GroupKey{grain("v", "decade", "")}},
			{By: []storage.GroupKey{grain("v", "day", "Mars/Olympus")}}, {Measures: []storage.Measure{measure("x", "avg", "v")}},
			{Measures: []storage.Measure{measure("x", "sum", "")}}, {By: []storage.GroupKey{by("x", "v")}, Measures: []storage.Measure{measure("x", "count", "")}},
			{Limit: storage.MaxGroups + 1},
		} {
			_, err := e.c.Aggregate(e.ctx, g)
			e.fails(err, storage.ErrInvalid)
		}
	}},
}
