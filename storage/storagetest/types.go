package storagetest

import (
	"math"
	"strings"
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

var typeCases = []kase{
	{"types/every-type-comes-back", func(e *env) {
		deep := m{"nil": nil, "yes": true, "no": false, "text": "t", "int": int64(7), "dec": dec("7.00"), "time": at("2026-02-03T04:05:06.789Z"),
			"list": []any{nil, "x", int64(1), dec("1"), []any{}, m{}}, "map": m{"k": m{"k": []any{m{"k": "v"}}}}}
		d := doc("a", "deep", deep, "l", []any{deep, []any{deep}})
		for k, v := range deep {
			d["top_"+k] = v
		}
		e.insert(d)
		d["_rev"] = int64(1)
		e.same(e.get("a"), d)
	}},
	{"types/int64-and-decimal-stay-apart", func(e *env) {
		e.insert(doc("a", "i", int64(5), "d", dec("5"), "l", []any{int64(5), dec("5")}))
		got := e.get("a")
		if _, ok := got["i"].(int64); !ok {
			e.Errorf("int64 comes back as %T", got["i"])
		}
		e.same(typeName(got["d"]), typeName(dec("5")))
		e.same(typeName(got["l"].([]any)[1]), typeName(dec("5")))
	}},
	{"types/int-is-stored-as-int64", func(e *env) {
		e.insert(doc("a", "i", 5, "l", []any{6}))
		e.same(e.get("a"), doc("a", "_rev", int64(1), "i", int64(5), "l", []any{int64(6)}))
	}},
	{"types/int64-in-full", func(e *env) {
		e.insert(doc("a", "max", int64(math.MaxInt64), "min", int64(math.MinInt64)))
		e.same(e.get("a"), doc("a", "_rev", int64(1), "max", int64(math.MaxInt64), "min", int64(math.MinInt64)))
		e.indexedToo([]storage.IndexField{scaled("min", 0), asc("max"), scaled("max", 2)}, func() {
			e.finds(is("min", filter.Eq, int64(math.MinInt64)), "a")
			e.finds(is("min", filter.Lt, int64(math.MinInt64+1)), "a")
			e.finds(is("max", filter.Gt, int64(math.MaxInt64-1)), "a")
			e.finds(is("max", filter.Eq, int64(math.MaxInt64-1)))
		})
	}},
	{"types/decimals-keep-their-places", func(e *env) {
		texts := []any{}
		for _, s := range []string{"0", "0.00", "1.50", "-1.5", "0.00000000000000000001", "1234567890123456789012345678901234",
			"-99999999999999.99999999999999999999", "100000000000000000000", "5e20"} {
			texts = append(texts, dec(s))
		}
		e.insert(doc("a", "l", texts))
		got, _ := e.get("a")["l"].([]any)
		for i, v := range got {
			if a, b := str(v), str(texts[i]); a != b {
				e.Errorf("%s comes back as %s", b, a)
			}
		}
	}},
	{"types/decimals-compare-exactly", func(e *env) {
		e.insert(doc("1", "v", dec("0.1")), doc("2", "v", dec("0.10")), doc("3", "v", dec("0.1000000000000000001")),
			doc("4", "v", dec("12345678901234567890.12")), doc("5", "v", dec("12345678901234567890.13")), doc("6", "v", int64(1)))
		e.indexedToo([]storage.IndexField{asc("v"), scaled("v", 2)}, func() {
			e.finds(is("v", filter.Eq, dec("0.100")), "1", "2")
			e.finds(is("v", filter.Gt, dec("0.1")), "3", "4", "5", "6")
			e.finds(is("v", filter.Le, dec("12345678901234567890.12")), "1", "2", "3", "4", "6")
			e.finds(is("v", filter.Eq, dec("1.00")), "6")
			e.finds(is("v", filter.In, []any{dec("12345678901234567890.130")}), "5")
		})
	}},
	{"types/times-are-utc-milliseconds", func(e *env) {
		zone := time.FixedZone("east", 8*3600)
		e.insert(doc("a", "t", time.Date(2026, 1, 2, 8, 0, 0, 123_456_789, zone)), doc("b", "t", time.Date(1969, 12, 31, 23, 59, 59, 1_000_000, time.UTC)))
		got, _ := e.get("a")["t"].(time.Time)
		if want := at("2026-01-02T00:00:00.123Z"); !got.Equal(want) || got.Location() != time.UTC {
			e.Errorf("got %v, want %v", got, want)
		}
		e.indexedToo([]storage.IndexField{asc("t")}, func() {
			e.finds(is("t", filter.Eq, at("2026-01-02T00:00:00.123Z")), "a")
			e.finds(is("t", filter.Lt, time.Date(1970, 1, 1, 8, 0, 0, 0, zone)), "b")
		})
	}},
	{"types/texts-of-all-kinds", func(e *env) {
		for i, s := range []string{"", " ", "\"\\/\b\f\n\r\t", "\u0000\u0001\u001f\u007f", "\u2028\u2029", "中文，表单", "\U0001F600é", "$d", "{\"$d\":\"1\"}",
			strings.Repeat("长", 5000)} {
			id := string(rune('a' + i))
			e.insert(doc(id, "v", s))
			e.same(e.get(id)["v"], s)
			e.same(e.ids(is("v", filter.Eq, s)), []string{id})
		}
	}},
	{"types/other-types-are-refused", func(e *env) {
		for _, v := range []any{1.5, float32(1), int32(1), uint(1), []string{"x"}, map[string]string{}, struct{}{}, []byte("x"), "bad \xff utf-8"} {
			e.fails(e.c.Insert(e.ctx, doc("a", "deep", m{"v": v})), storage.ErrInvalid)
			e.fails(e.c.Insert(e.ctx, doc("a", "l", []any{v})), storage.ErrInvalid)
		}
		e.same(e.ids(nil), []string{})
	}},
}

func str(v any) string {
	if s, ok := v.(interface{ String() string }); ok {
		return s.String()
	}
	return typeName(v)
}
