package storagetest

import (
	"github.com/formwork-run/formwork/storage"
)

var sortCases = []kase{
	{"sort/null-and-missing-first", func(e *env) {
		e.insert(doc("a", "v", int64(2)), doc("b", "v", nil), doc("c"), doc("d", "v", int64(-1)))
		e.indexedToo([]storage.IndexField{asc("v"), scaled("v", 2)}, func() {
			e.same(e.ids(nil, up("v")), []string{"b", "c", "d", "a"})
			e.same(e.ids(nil, down("v")), []string{"a", "d", "b", "c"})
		})
	}},
	{"sort/text-by-code-point", func(e *env) {
		e.insert(doc("1", "v", "b"), doc("2", "v", "B"), doc("3", "v", "é"), doc("4", "v", ""), doc("5", "v", "a\u0000b"), doc("6", "v", "a"))
		e.indexedToo([]storage.IndexField{asc("v")}, func() {
			e.same(e.ids(nil, up("v")), []string{"4", "2", "6", "5", "1", "3"})
		})
	}},
	{"sort/numbers-by-value", func(e *env) {
		e.insert(doc("1", "v", dec("10.5")), doc("2", "v", dec("9")), doc("3", "v", int64(10)), doc("4", "v", dec("-0.01")), doc("5", "v", dec("-1")),
			doc("6", "v", dec("-1.5")), doc("7", "v", dec("0")), doc("8", "v", dec("100")), doc("9", "v", dec("-100.25")))
		want := []string{"9", "6", "5", "4", "7", "2", "3", "1", "8"}
		e.indexedToo([]storage.IndexField{asc("v"), scaled("v", 2)}, func() { e.same(e.ids(nil, up("v")), want) })
	}},
	{"sort/numbers-beyond-the-declared-scale", func(e *env) {
		e.insert(doc("1", "v", dec("1.005")), doc("2", "v", dec("1.01")), doc("3", "v", dec("1.00")),
			doc("4", "v", dec("9999999999999999999999")), doc("5", "v", dec("-9999999999999999999999")))
		e.indexedToo([]storage.IndexField{scaled("v", 2)}, func() {
			e.same(e.ids(nil, up("v")), []string{"5", "3", "1", "2", "4"})
			e.finds(is("v", "gt", dec("1.001")), "1", "2", "4")
		})
	}},
	{"sort/ties-go-by-id", func(e *env) {
		e.insert(doc("c", "v", "x"), doc("a", "v", "x"), doc("b", "v", "x"))
		e.indexedToo([]storage.IndexField{asc("v"), desc("v")}, func() {
			e.same(e.ids(nil, up("v")), []string{"a", "b", "c"})
			e.same(e.ids(nil, down("v")), []string{"a", "b", "c"})
		})
	}},
	{"sort/several-keys-and-directions", func(e *env) {
		e.insert(doc("1", "a", "x", "b", int64(1)), doc("2", "a", "y", "b", int64(2)), doc("3", "a", "x", "b", int64(2)), doc("4", "a", "y"))
		check := func() {
			e.same(e.ids(nil, up("a"), down("b")), []string{"3", "1", "2", "4"})
			e.same(e.ids(nil, down("a"), up("b")), []string{"4", "2", "1", "3"})
			e.same(e.ids(nil, down("_id")), []string{"4", "3", "2", "1"})
		}
		check()
		e.indexes(index(asc("a"), desc("b")))
		check()
	}},
	{"sort/a-list-is-refused", func(e *env) {
		e.insert(doc("a", "v", []any{"x"}), doc("b", "v", "y"))
		_, err := e.c.Find(e.ctx, storage.Query{Sort: sorts(up("v"))})
		e.fails(err, storage.ErrInvalid)
	}},
	{"sort/a-bad-sort-is-refused", func(e *env) {
		e.insert(doc("a"))
		for _, by := range [][]sortKey{{up("")}, {up("a"), down("a")}, {up("$x")}, {up("a"), up("b"), up("c"), up("d"), up("e")}} {
			_, err := e.c.Find(e.ctx, storage.Query{Sort: by})
			e.fails(err, storage.ErrInvalid)
		}
	}},
}
