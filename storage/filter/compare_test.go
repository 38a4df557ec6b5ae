package filter_test

import (
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage/filter"
)

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

type m = map[string]any

func TestCompareIsOneOrderOverAllTypes(t *testing.T) {
	t.Parallel()
	order := []any{
		nil, dec("-12345678901234567890"), dec("-1.5"), int64(-1), dec("0"), dec("0.00000000000000000001"), int64(1), dec("1.5"), int64(2), dec("10"),
		"", "A", "a", "a\x00", "ab", "中", "\uFFFD", "\U0001F600",
		m{}, m{"a": int64(1)}, m{"a": int64(1), "b": int64(1)}, m{"a": int64(2)}, m{"b": int64(1)}, m{"a": "x"},
		[]any{}, []any{int64(1)}, []any{int64(1), nil}, []any{int64(2)}, []any{"x"},
		false, true,
		time.UnixMilli(-1), time.UnixMilli(0), time.UnixMilli(1),
	}
	for i, a := range order {
		for j, b := range order {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := filter.Compare(a, b); got != want {
				t.Errorf("Compare(%v, %v) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestEqualIgnoresHowANumberIsWritten(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]any{{int64(1), dec("1.00")}, {dec("1.5"), dec("1.50")}, {1, int64(1)}, {m{"a": dec("0")}, m{"a": dec("0.0")}}} {
		if !filter.Equal(pair[0], pair[1]) {
			t.Errorf("%v and %v differ", pair[0], pair[1])
		}
	}
	if filter.Equal(int64(1), "1") || filter.Equal(nil, "") || filter.Equal(false, int64(0)) {
		t.Error("values of different types are equal")
	}
}

func TestLessEndsWithTheID(t *testing.T) {
	t.Parallel()
	a, b := m{"_id": "a", "v": int64(1)}, m{"_id": "b"}
	for _, c := range []struct {
		by   []filter.Sort
		want bool
	}{{nil, true}, {[]filter.Sort{{Path: "v"}}, false}, {[]filter.Sort{{Path: "v", Desc: true}}, true}, {[]filter.Sort{{Path: "w", Desc: true}}, true}} {
		if got := filter.Less(c.by, a, b); got != c.want {
			t.Errorf("Less(%v) = %v", c.by, got)
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	doc := m{"a": m{"b": int64(1), "n": nil}, "l": []any{m{"x": int64(2)}, m{}}, "s": "text"}
	for path, want := range map[string]struct {
		v           any
		found, list bool
	}{
		"a.b": {int64(1), true, false}, "a.n": {nil, true, false}, "a.c": {nil, false, false}, "s.x": {nil, false, false},
		"l.0.x": {int64(2), true, false}, "l.5": {nil, false, false}, "l.1.x": {nil, false, false},
	} {
		v, found, list := filter.Lookup(doc, path)
		if !filter.Equal(v, want.v) || found != want.found || list != want.list {
			t.Errorf("Lookup(%q) = %v, %v, %v", path, v, found, list)
		}
	}
	for _, path := range []string{"l", "l.x"} {
		if _, _, list := filter.Lookup(doc, path); !list {
			t.Errorf("%q meets no list", path)
		}
	}
}
