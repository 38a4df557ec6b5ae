package filter_test

import (
	"testing"
	"time"

	"github.com/formwork-run/formwork/storage/filter"
)

func cmp1(path string, op filter.Op, v any) filter.Expr {
	return filter.Cmp{Path: path, Op: op, Value: v}
}

// doc of the table below.
var sample = m{
	"_id": "r1", "name": "Ann", "empty": "", "none": nil, "n": dec("1.50"), "i": int64(3), "ok": true, "at": time.UnixMilli(1000).UTC(),
	"tags": []any{"a", "b", nil}, "nothing": []any{}, "nested": []any{[]any{"x"}, "y"},
	"lines": []any{m{"item": "a", "qty": int64(1)}, m{"item": "b", "qty": int64(5)}, m{"item": "c"}, "stray"},
}

func TestMatch(t *testing.T) {
	t.Parallel()
	elem := func(path string, x filter.Expr) filter.Expr { return filter.ElemMatch{Path: path, X: x} }
	for _, c := range []struct {
		where filter.Expr
		want  bool
	}{
		{nil, true}, {filter.True, true}, {filter.False, false}, {filter.Not{X: filter.False}, true},
		{cmp1("name", filter.Eq, "Ann"), true}, {cmp1("name", filter.Eq, "ann"), false},
		{cmp1("n", filter.Eq, dec("1.5")), true}, {cmp1("i", filter.Eq, dec("3.0")), true}, {cmp1("i", filter.Eq, 3), true},
		{cmp1("missing", filter.Eq, nil), true}, {cmp1("none", filter.Eq, nil), true}, {cmp1("empty", filter.Eq, nil), false},
		{cmp1("none", filter.Exists, true), true}, {cmp1("missing", filter.Exists, true), false}, {cmp1("missing", filter.Exists, false), true},
		{cmp1("missing", filter.Ne, "x"), true}, {cmp1("none", filter.Ne, "x"), true}, {cmp1("missing", filter.Ne, nil), false},
		{cmp1("n", filter.Gt, "0"), false}, {cmp1("none", filter.Le, int64(9)), false}, {cmp1("ok", filter.Ge, false), true},
		{cmp1("at", filter.Lt, time.UnixMilli(1001)), true}, {cmp1("at", filter.Gt, int64(0)), false},
		{cmp1("tags", filter.Eq, "b"), true}, {cmp1("tags", filter.Ne, "b"), false}, {cmp1("tags", filter.Eq, nil), true},
		{cmp1("tags", filter.Eq, []any{"a", "b", nil}), true}, {cmp1("tags.0", filter.Eq, "a"), true}, {cmp1("tags.9", filter.Exists, true), false},
		{cmp1("nothing", filter.Exists, true), true}, {cmp1("nothing", filter.Eq, nil), false}, {cmp1("nothing.x", filter.Eq, nil), false},
		{cmp1("nested", filter.Eq, "x"), false}, {cmp1("nested", filter.Eq, []any{"x"}), true},
		{cmp1("lines.qty", filter.Gt, int64(4)), true}, {cmp1("lines.qty", filter.Eq, nil), true}, {cmp1("lines.1.item", filter.Eq, "b"), true},
		{filter.And{cmp1("lines.item", filter.Eq, "a"), cmp1("lines.qty", filter.Eq, int64(5))}, true},
		{elem("lines", filter.And{cmp1("item", filter.Eq, "a"), cmp1("qty", filter.Eq, int64(5))}), false},
		{elem("lines", filter.And{cmp1("item", filter.Eq, "b"), cmp1("qty", filter.Eq, int64(5))}), true},
		{elem("tags", cmp1("", filter.Prefix, "b")), true}, {elem("name", cmp1("", filter.Eq, "Ann")), false}, {elem("nothing", filter.True), false},
		{cmp1("tags", filter.All, []any{"a", "b"}), true}, {cmp1("tags", filter.All, []any{"a", "z"}), false}, {cmp1("tags", filter.All, []any{}), false},
		{cmp1("name", filter.In, []any{"Bob", "Ann"}), true}, {cmp1("i", filter.In, []any{dec("3.00")}), true},
		{cmp1("missing", filter.In, []any{"x", nil}), true}, {cmp1("name", filter.In, []any{}), false},
		{cmp1("name", filter.Contains, "nn"), true}, {cmp1("name", filter.Prefix, "a"), false}, {cmp1("name", filter.Suffix, "n"), true},
		{cmp1("i", filter.Contains, "3"), false}, {cmp1("empty", filter.Prefix, ""), true},
		{filter.Or{filter.False, cmp1("name", filter.Eq, "Ann")}, true}, {filter.Not{X: cmp1("missing", filter.Gt, int64(1))}, true},
		{cmp1("name", "regex", "A"), false},
	} {
		if got := filter.Match(c.where, sample); got != c.want {
			t.Errorf("Match(%v) = %v", c.where, got)
		}
	}
}

func BenchmarkCompiledIn(b *testing.B) {
	values := make([]any, 10_000)
	for i := range values {
		values[i] = "id" + string(rune(i))
	}
	match := filter.Compile(filter.And{cmp1("name", filter.In, append(values, "Ann")), cmp1("n", filter.Gt, dec("1"))})
	for b.Loop() {
		if !match(sample) {
			b.Fatal("no match")
		}
	}
}
