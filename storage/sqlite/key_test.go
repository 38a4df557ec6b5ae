package sqlite

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage/filter"
)

var keyValues = []any{
	nil, "", "a", "A", "ab", "a\x00", "a\x00b", "中", "\U0001F600", "\uFFFD", false, true, time.UnixMilli(0).UTC(), time.UnixMilli(-1).UTC(),
	time.UnixMilli(1 << 50).UTC(), int64(0), int64(1), int64(-1), int64(math.MaxInt64), int64(math.MinInt64), int64(math.MinInt64 + 1),
	decimal.MustParse("0.00"), decimal.MustParse("1.5"), decimal.MustParse("1.50"), decimal.MustParse("-1.5"), decimal.MustParse("1.25"),
	decimal.MustParse("-1.25"), decimal.MustParse("-1.255"), decimal.MustParse("12"), decimal.MustParse("120"), decimal.MustParse("-120"),
	decimal.MustParse("0.00000000000000000001"), decimal.MustParse("-0.00000000000000000001"), decimal.MustParse("9.99"), decimal.MustParse("10"),
	decimal.MustParse("92233720368547758.07"), decimal.MustParse("92233720368547758.08"), decimal.MustParse("-92233720368547758.08"),
	decimal.MustParse("1e20"), decimal.MustParse("9999999999999999999999999999999999"), decimal.MustParse("100.001"),
}

// compareKeys orders keys as SQLite does: integers before blobs, blobs by their bytes.
func compareKeys(a, b any) int {
	x, xInt := a.(int64)
	y, yInt := b.(int64)
	switch {
	case xInt && yInt && x < y, xInt && !yInt:
		return -1
	case xInt && yInt && x > y, !xInt && yInt:
		return 1
	case xInt:
		return 0
	}
	return bytes.Compare(a.([]byte), b.([]byte))
}

// Keys order as values do, unless the column has been marked.
func TestKeysOrderLikeValues(t *testing.T) {
	t.Parallel()
	for _, scale := range []int{-1, 0, 2, 20} {
		for _, a := range keyValues {
			for _, b := range keyValues {
				ka, ma := key(a, scale)
				kb, mb := key(b, scale)
				want := filter.Compare(a, b)
				got := compareKeys(ka, kb)
				if (got == 0) != (want == 0) {
					t.Errorf("scale %d: keys of %v and %v: equal %v, values %v", scale, a, b, got == 0, want == 0)
				}
				if (ma|mb)&markOdd == 0 && got != want {
					t.Errorf("scale %d: keys of %v and %v compare %d, values %d", scale, a, b, got, want)
				}
			}
		}
	}
}

func TestKeysReadBack(t *testing.T) {
	t.Parallel()
	for _, scale := range []int{-1, 2} {
		for _, v := range keyValues {
			k, _ := key(v, scale)
			got, ok := unkey(k, scale)
			if !ok || !filter.Equal(got, v) {
				t.Errorf("scale %d: %v comes back as %v, %v", scale, v, got, ok)
			}
		}
	}
}

func TestFloorScaled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    string
		n     int64
		exact bool
		over  int
	}{
		{"1.5", 150, true, 0}, {"1.509", 150, false, 0}, {"-1.509", -151, false, 0}, {"-0.001", -1, false, 0}, {"0.001", 0, false, 0},
		{"1e20", 0, false, 1}, {"-1e20", 0, false, -1}, {"92233720368547758.07", math.MaxInt64, true, 0}, {"92233720368547758.075", math.MaxInt64, false, 0},
		{"-92233720368547758.08", 0, false, -1},
	} {
		n, exact, over := floorScaled(decimal.MustParse(c.in), 2)
		if n != c.n || exact != c.exact || over != c.over {
			t.Errorf("%s: got %d, %v, %d", c.in, n, exact, over)
		}
	}
}
