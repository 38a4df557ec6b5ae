package filter

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

// The ranks of types in an order. They are MongoDB's, so that all stores sort
// documents of mixed types alike.
const (
	rankNull = iota
	rankNumber
	rankString
	rankMap
	rankList
	rankBool
	rankTime
	rankOther
)

func rank(v any) int {
	switch v.(type) {
	case nil:
		return rankNull
	case int64, int, decimal.Decimal:
		return rankNumber
	case string:
		return rankString
	case map[string]any:
		return rankMap
	case []any:
		return rankList
	case bool:
		return rankBool
	case time.Time:
		return rankTime
	}
	return rankOther
}

// Compare orders two storage values: -1, 0 or 1. Types come in the order null
// (a missing value is passed as nil), number, string, map, list, bool, time;
// within a type numbers compare by value, strings by code point, false before
// true, times as instants, lists element by element, maps by their sorted keys.
func Compare(a, b any) int {
	ra, rb := rank(a), rank(b)
	if ra != rb {
		return cmp.Compare(ra, rb)
	}
	switch ra {
	case rankNumber:
		return compareNumbers(a, b)
	case rankString:
		return strings.Compare(a.(string), b.(string))
	case rankMap:
		return compareMaps(a.(map[string]any), b.(map[string]any))
	case rankList:
		return slices.CompareFunc(a.([]any), b.([]any), Compare)
	case rankBool:
		return compareBools(a.(bool), b.(bool))
	case rankTime:
		return a.(time.Time).Compare(b.(time.Time))
	}
	return 0
}

// Equal reports whether two storage values are the same: 1 and 1.00 are.
func Equal(a, b any) bool { return Compare(a, b) == 0 }

func compareNumbers(a, b any) int {
	x, xInt := integer(a)
	y, yInt := integer(b)
	if xInt && yInt {
		return cmp.Compare(x, y)
	}
	return number(a).Cmp(number(b))
}

func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case int:
		return int64(n), true
	}
	return 0, false
}

func number(v any) decimal.Decimal {
	if n, ok := integer(v); ok {
		return decimal.FromInt(n)
	}
	return v.(decimal.Decimal)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// compareMaps goes by sorted keys and, per key, by type, name, value: what
// MongoDB does with documents whose keys are stored in order.
func compareMaps(a, b map[string]any) int {
	ka, kb := sortedKeys(a), sortedKeys(b)
	for i := range min(len(ka), len(kb)) {
		va, vb := a[ka[i]], b[kb[i]]
		c := cmp.Or(cmp.Compare(rank(va), rank(vb)), strings.Compare(ka[i], kb[i]), Compare(va, vb))
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(len(ka), len(kb))
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Less orders two documents by the sort keys and then by "_id" ascending.
func Less(by []Sort, a, b map[string]any) bool { return CompareDocs(by, a, b) < 0 }

// CompareDocs is Less as -1, 0, 1; 0 means the same _id.
func CompareDocs(by []Sort, a, b map[string]any) int {
	for _, s := range by {
		va, _, _ := Lookup(a, s.Path)
		vb, _, _ := Lookup(b, s.Path)
		c := Compare(va, vb)
		if s.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return Compare(a["_id"], b["_id"])
}
