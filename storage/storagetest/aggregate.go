package storagetest

import (
	"fmt"
	"math"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// rows checks an aggregation without and then with indexes on its paths.
func (e *env) rows(g storage.Group, want ...storage.Row) {
	e.Helper()
	got, err := e.c.Aggregate(e.ctx, g)
	e.ok(err)
	if diff := cmp.Diff(want, got); diff != "" {
		e.Errorf("-want +got:\n%s", diff)
	}
}

func measure(as, fn, path string) storage.Measure {
	return storage.Measure{As: as, Fn: fn, Path: path}
}

func by(as, path string) storage.GroupKey { return storage.GroupKey{As: as, Path: path} }

func sales(e *env) {
	e.insert(
		doc("1", "who", "ann", "amount", dec("10.10"), "n", int64(1)),
		doc("2", "who", "bob", "amount", dec("0.20"), "n", int64(2)),
		doc("3", "who", "ann", "amount", dec("0.30"), "n", int64(3)),
		doc("4", "who", "bob"),
		doc("5", "amount", dec("5"), "n", nil),
		doc("6", "who", nil, "amount", dec("-1.05"), "n", int64(6)),
	)
}

var salesIndexes = []storage.IndexField{asc("who"), scaled("amount", 2), scaled("n", 0)}

var aggregateCases = []kase{
	{"aggregate/groups-and-measures", func(e *env) {
		sales(e)
		g := storage.Group{By: []storage.GroupKey{by("who", "who")}, Measures: []storage.Measure{
			measure("docs", "count", ""), measure("with", "count", "amount"), measure("total", "sum", "amount"), measure("n", "sum", "n")}}
		e.indexedToo(salesIndexes, func() {
			e.rows(g,
				storage.Row{"who": nil, "docs": int64(2), "with": int64(2), "total": dec("3.95"), "n": int64(6)},
				storage.Row{"who": "ann", "docs": int64(2), "with": int64(2), "total": dec("10.40"), "n": int64(4)},
				storage.Row{"who": "bob", "docs": int64(2), "with": int64(1), "total": dec("0.20"), "n": int64(2)})
		})
	}},
	{"aggregate/min-and-max", func(e *env) {
		sales(e)
		g := storage.Group{By: []storage.GroupKey{by("who", "who")}, Measures: []storage.Measure{
			measure("lo", "min", "amount"), measure("hi", "max", "amount"), measure("first", "min", "n"), measure("name", "max", "who")}}
		e.indexedToo(salesIndexes, func() {
			e.rows(g,
				storage.Row{"who": nil, "lo": dec("-1.05"), "hi": dec("5"), "first": int64(6), "name": nil},
				storage.Row{"who": "ann", "lo": dec("0.3"), "hi": dec("10.1"), "first": int64(1), "name": "ann"},
				storage.Row{"who": "bob", "lo": dec("0.2"), "hi": dec("0.2"), "first": int64(2), "name": "bob"})
		})
	}},
	{"aggregate/counts-distinct-values", func(e *env) {
		e.insert(doc("1", "v", dec("1.0")), doc("2", "v", dec("1.00")), doc("3", "v", dec("2")), doc("4", "v", nil), doc("5"))
		g := storage.Group{Measures: []storage.Measure{measure("n", "countDistinct", "v")}}
		e.indexedToo([]storage.IndexField{scaled("v", 2), asc("v")}, func() { e.rows(g, storage.Row{"n": int64(2)}) })
	}},
	{"aggregate/decimals-sum-exactly", func(e *env) {
		n := e.size(200, 30)
		for i := range n {
			e.insert(doc(fmt.Sprintf("d%03d", i), "v", dec("0.1")))
		}
		e.insert(doc("big", "v", dec("12345678901234567890123.4")))
		want := dec("12345678901234567890123.4").Add(dec("0.1").Mul(dec(fmt.Sprint(n))))
		g := storage.Group{Measures: []storage.Measure{measure("sum", "sum", "v")}}
		e.indexedToo([]storage.IndexField{scaled("v", 2)}, func() { e.rows(g, storage.Row{"sum": want}) })
	}},
	{"aggregate/sums-beyond-int64", func(e *env) {
		e.insert(doc("a", "v", dec("90000000000000000.25")), doc("b", "v", dec("90000000000000000.25")))
		g := storage.Group{Measures: []storage.Measure{measure("sum", "sum", "v")}}
		e.indexedToo([]storage.IndexField{scaled("v", 2)}, func() { e.rows(g, storage.Row{"sum": dec("180000000000000000.50")}) })
	}},
	{"aggregate/integers-stay-integers", func(e *env) {
		e.insert(doc("a", "v", int64(math.MaxInt64-1)), doc("b", "v", int64(1)))
		g := storage.Group{Measures: []storage.Measure{measure("sum", "sum", "v"), measure("max", "max", "v")}}
		e.indexedToo([]storage.IndexField{scaled("v", 0)}, func() {
			e.rows(g, storage.Row{"sum": int64(math.MaxInt64), "max": int64(math.MaxInt64 - 1)})
		})
	}},
	{"aggregate/sums-ignore-what-is-no-number", func(e *env) {
		e.insert(doc("a", "v", dec("1.5")), doc("b", "v", "7"), doc("c", "v", true), doc("d", "v", []any{dec("9")}))
		e.rows(storage.Group{Measures: []storage.Measure{measure("sum", "sum", "v")}}, storage.Row{"sum": dec("1.5")})
		e.ok(e.c.Delete(e.ctx, "d", storage.Guard{}))
		e.indexes(index(scaled("v", 1)))
		e.rows(storage.Group{Measures: []storage.Measure{measure("sum", "sum", "v")}}, storage.Row{"sum": dec("1.5")})
	}},
	{"aggregate/without-keys-there-is-one-row", func(e *env) {
		g := storage.Group{Measures: []storage.Measure{measure("n", "count", ""), measure("s", "sum", "v"), measure("m", "max", "v")}}
		want := storage.Row{"n": int64(0), "s": int64(0), "m": nil}
		e.rows(g, want)
		e.insert(doc("a", "x", "1"))
		g.Where = is("x", filter.Eq, "2")
		e.indexedToo([]storage.IndexField{asc("x"), scaled("v", 2)}, func() { e.rows(g, want) })
	}},
	{"aggregate/with-a-filter", func(e *env) {
		sales(e)
		g := storage.Group{Where: is("amount", filter.Gt, dec("0.25")), By: []storage.GroupKey{by("who", "who")},
			Measures: []storage.Measure{measure("total", "sum", "amount")}}
		e.indexedToo(salesIndexes, func() {
			e.rows(g, storage.Row{"who": nil, "total": dec("5")}, storage.Row{"who": "ann", "total": dec("10.4")})
		})
	}},
}
