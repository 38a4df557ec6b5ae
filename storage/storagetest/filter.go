package storagetest

import (
	"fmt"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

var filterCases = []kase{
	{"filter/missing-null-and-empty-differ", func(e *env) {
		e.insert(doc("empty", "v", ""), doc("missing"), doc("null", "v", nil))
		e.indexedToo([]storage.IndexField{asc("v")}, func() {
			e.finds(is("v", filter.Eq, ""), "empty")
			e.finds(is("v", filter.Eq, nil), "missing", "null")
			e.finds(is("v", filter.Exists, true), "empty", "null")
			e.finds(is("v", filter.Exists, false), "missing")
			e.finds(filter.And{is("v", filter.Eq, nil), is("v", filter.Exists, true)}, "null")
		})
	}},
	{"filter/ne-holds-for-missing-and-null", func(e *env) {
		e.insert(doc("missing"), doc("null", "v", nil), doc("one", "v", "1"), doc("two", "v", "2"))
		e.indexedToo([]storage.IndexField{asc("v")}, func() {
			e.finds(is("v", filter.Ne, "1"), "missing", "null", "two")
			e.finds(is("v", filter.Ne, nil), "one", "two")
		})
	}},
	{"filter/not-is-two-valued", func(e *env) {
		e.insert(doc("missing"), doc("null", "v", nil), doc("one", "v", int64(1)), doc("text", "v", "x"), doc("two", "v", int64(2)))
		e.indexedToo([]storage.IndexField{asc("v")}, func() {
			e.finds(filter.Not{X: is("v", filter.Gt, int64(1))}, "missing", "null", "one", "text")
			e.finds(filter.Not{X: filter.Or{is("v", filter.Eq, int64(1)), is("v", filter.Eq, nil)}}, "text", "two")
			e.finds(filter.Not{X: filter.And{is("v", filter.Ge, int64(1)), is("v", filter.Lt, int64(2))}}, "missing", "null", "text", "two")
		})
	}},
	{"filter/ranges-match-the-same-type-only", func(e *env) {
		e.insert(doc("bool", "v", true), doc("dec", "v", dec("1.5")), doc("int", "v", int64(2)), doc("missing"), doc("null", "v", nil),
			doc("text", "v", "2"), doc("time", "v", at("2026-01-01T00:00:00Z")))
		e.indexedToo([]storage.IndexField{asc("v"), scaled("v", 2)}, func() {
			e.finds(is("v", filter.Gt, int64(0)), "dec", "int")
			e.finds(is("v", filter.Le, dec("1.5")), "dec")
			e.finds(is("v", filter.Ge, ""), "text")
			e.finds(is("v", filter.Lt, "3"), "text")
			e.finds(is("v", filter.Gt, at("2025-01-01T00:00:00Z")), "time")
			e.finds(is("v", filter.Ge, false), "bool")
		})
	}},
	{"filter/text-by-code-point-case-sensitive", func(e *env) {
		e.insert(doc("1", "v", "Zebra"), doc("2", "v", "apple"), doc("3", "v", "中"), doc("4", "v", "\U0001F600"), doc("5", "v", "\uFFFD"))
		e.indexedToo([]storage.IndexField{asc("v")}, func() {
			e.finds(is("v", filter.Eq, "zebra"))
			e.finds(is("v", filter.Lt, "apple"), "1")
			e.finds(is("v", filter.Gt, "apple"), "3", "4", "5")
			e.finds(is("v", filter.Gt, "\uFFFD"), "4")
		})
	}},
	{"filter/lists-match-by-element", func(e *env) {
		e.insert(doc("ab", "v", []any{"a", "b"}), doc("b", "v", "b"), doc("empty", "v", []any{}), doc("missing"), doc("nulls", "v", []any{nil}))
		e.indexedToo([]storage.IndexField{list("v")}, func() {
			e.finds(is("v", filter.Eq, "b"), "ab", "b")
			e.finds(is("v", filter.Ne, "b"), "empty", "missing", "nulls")
			e.finds(is("v", filter.In, []any{"a", "x"}), "ab")
			e.finds(is("v", filter.Gt, "a"), "ab", "b")
			e.finds(is("v", filter.Eq, nil), "missing", "nulls")
			e.finds(filter.And{is("v", filter.Eq, "a"), is("v", filter.Eq, "b")}, "ab")
		})
	}},
	{"filter/paths-cross-lists", func(e *env) {
		lines := func(qty ...any) []any {
			var out []any
			for _, q := range qty {
				out = append(out, m{"qty": q})
			}
			return out
		}
		e.insert(doc("empty", "lines", []any{}), doc("one", "lines", lines(int64(1), int64(5))), doc("two", "lines", lines(int64(2))),
			doc("without", "lines", []any{m{"x": "y"}}))
		e.indexedToo([]storage.IndexField{list("lines.qty")}, func() {
			e.finds(is("lines.qty", filter.Gt, int64(1)), "one", "two")
			e.finds(is("lines.qty", filter.Ne, int64(1)), "empty", "two", "without")
			e.finds(is("lines.qty", filter.Exists, true), "one", "two")
			e.finds(is("lines.qty", filter.Eq, nil), "without")
			e.finds(filter.And{is("lines.qty", filter.Lt, int64(2)), is("lines.qty", filter.Gt, int64(2))}, "one")
		})
	}},
	{"filter/all-needs-every-value", func(e *env) {
		e.insert(doc("a", "v", []any{"a"}), doc("ab", "v", []any{"a", "b"}), doc("missing"))
		e.indexedToo([]storage.IndexField{list("v")}, func() {
			e.finds(is("v", filter.All, []any{"a", "b"}), "ab")
			e.finds(is("v", filter.All, []any{"a"}), "a", "ab")
			e.finds(is("v", filter.All, []any{}))
		})
	}},
	{"filter/in-takes-many-values", func(e *env) {
		e.insert(doc("a", "v", "v7"), doc("b", "v", int64(7)), doc("c"), doc("d", "v", "other"))
		values := []any{nil, dec("7.0")}
		for i := range e.size(5000, 200) {
			values = append(values, "v"+string(rune('0'+i%10)))
		}
		e.indexedToo([]storage.IndexField{asc("v")}, func() {
			e.finds(is("v", filter.In, values), "a", "b", "c")
			e.finds(is("v", filter.In, []any{}))
		})
	}},
	{"filter/takes-many-conditions", func(e *env) {
		e.insert(doc("a", "v", "7", "l", []any{"0", "1"}, "at", int64(1)), doc("b", "v", "x", "l", []any{}, "at", int64(2)), doc("c"))
		var or filter.Or
		all := []any{}
		for i := range e.size(3000, 300) {
			or = append(or, is("v", filter.Gt, "9"+fmt.Sprint(i)), is("v", filter.Eq, "7"))
			all = append(all, fmt.Sprint(i%2))
		}
		check := func() {
			e.finds(or, "a", "b")
			e.finds(is("l", filter.All, all), "a")
			e.same(e.ids(filter.And{is("l", filter.Eq, "1"), or}, up("at")), []string{"a"})
		}
		check()
		e.indexes(index(asc("v")), index(list("l"), asc("at")))
		check()
	}},
	{"filter/contains-prefix-suffix", func(e *env) {
		e.insert(doc("1", "v", "50% off_now"), doc("2", "v", "Off.*now"), doc("3", "v", []any{"x", "cut off"}), doc("4", "v", int64(50)), doc("5"))
		e.indexedToo([]storage.IndexField{asc("v")}, func() {
			e.finds(is("v", filter.Contains, "off"), "1", "3")
			e.finds(is("v", filter.Contains, "% o"), "1")
			e.finds(is("v", filter.Contains, ".*"), "2")
			e.finds(is("v", filter.Contains, "_"), "1")
			e.finds(is("v", filter.Prefix, "50%"), "1")
			e.finds(is("v", filter.Prefix, "off"))
			e.finds(is("v", filter.Suffix, "now"), "1", "2")
			e.finds(is("v", filter.Suffix, "off"), "3")
			e.finds(is("v", filter.Contains, ""), "1", "2", "3")
		})
	}},
	{"filter/and-or-nest", func(e *env) {
		e.insert(doc("1", "a", "x", "b", int64(1)), doc("2", "a", "x", "b", int64(2)), doc("3", "a", "y", "b", int64(2)), doc("4", "b", int64(3)))
		e.indexedToo([]storage.IndexField{asc("a"), asc("b")}, func() {
			e.finds(filter.Or{filter.And{is("a", filter.Eq, "x"), is("b", filter.Eq, int64(2))}, is("b", filter.Gt, int64(2))}, "2", "4")
			e.finds(filter.And{filter.Or{is("a", filter.Eq, "y"), is("b", filter.Eq, int64(1))}, filter.Not{X: is("a", filter.Eq, "x")}}, "3")
			e.finds(filter.True, "1", "2", "3", "4")
			e.finds(filter.False)
			e.finds(nil, "1", "2", "3", "4")
		})
	}},
	{"filter/ids-are-a-field", func(e *env) {
		e.insert(doc("ab"), doc("b"), doc("ba"))
		e.finds(is("_id", filter.Eq, "b"), "b")
		e.finds(is("_id", filter.In, []any{"ab", "zz", "b"}), "ab", "b")
		e.finds(is("_id", filter.Gt, "ab"), "b", "ba")
		e.finds(is("_id", filter.Prefix, "b"), "b", "ba")
		e.finds(is("_id", filter.Ne, "b"), "ab", "ba")
		e.finds(is("_rev", filter.Eq, int64(1)), "ab", "b", "ba")
	}},
	{"filter/below-a-plain-value-there-is-nothing", func(e *env) {
		e.insert(doc("map", "a", m{"b": "x"}), doc("null", "a", nil), doc("text", "a", "x"))
		e.indexedToo([]storage.IndexField{asc("a.b")}, func() {
			e.finds(is("a.b", filter.Eq, nil), "null", "text")
			e.finds(is("a.b", filter.Exists, true), "map")
			e.finds(is("a.b", filter.Ne, "x"), "null", "text")
		})
	}},
	{"filter/malformed-conditions-are-refused", func(e *env) {
		e.insert(doc("a"))
		for _, where := range []filter.Expr{
			is("", filter.Eq, "x"), is("a..b", filter.Eq, "x"), is("$where", filter.Eq, "x"), is("a", "regex", "x"),
			is("a", filter.In, "x"), is("a", filter.Gt, nil), is("a", filter.Contains, int64(1)), is("a", filter.Exists, "yes"),
			is("a", filter.Eq, struct{}{}), filter.Not{},
		} {
			_, err := e.c.Find(e.ctx, storage.Query{Where: where})
			e.fails(err, storage.ErrInvalid)
			_, err = e.c.Count(e.ctx, where, 0)
			e.fails(err, storage.ErrInvalid)
		}
	}},
}

var elemCases = []kase{
	{"filter/elem-match-is-about-one-element", func(e *env) {
		line := func(item string, qty int64) m { return m{"item": item, "qty": qty} }
		e.insert(doc("both", "lines", []any{line("a", 1), line("b", 5)}), doc("mixed", "lines", []any{line("a", 5), line("b", 1)}),
			doc("none", "lines", []any{}), doc("text", "lines", "a"))
		b5 := filter.ElemMatch{Path: "lines", X: filter.And{is("item", filter.Eq, "b"), is("qty", filter.Ge, int64(5))}}
		e.indexedToo([]storage.IndexField{list("lines.item")}, func() {
			e.finds(b5, "both")
			e.finds(filter.Not{X: b5}, "mixed", "none", "text")
			e.finds(filter.ElemMatch{Path: "lines", X: is("item", filter.Ne, "a")}, "both", "mixed")
		})
	}},
	{"filter/elem-match-of-the-element-itself", func(e *env) {
		e.insert(doc("far", "v", []any{int64(1), int64(9)}), doc("near", "v", []any{int64(5)}), doc("plain", "v", int64(5)))
		within := filter.ElemMatch{Path: "v", X: filter.And{is("", filter.Gt, int64(2)), is("", filter.Lt, int64(8))}}
		e.indexedToo([]storage.IndexField{list("v")}, func() {
			e.finds(within, "near")
			e.finds(filter.And{is("v", filter.Gt, int64(2)), is("v", filter.Lt, int64(8))}, "far", "near", "plain")
		})
	}},
}
