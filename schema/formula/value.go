package formula

import (
	"encoding/json"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/decimal"
)

// isBlank reports nil, "", the empty list and the empty row.
func isBlank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// import brings a value from outside to one of the kinds of the language; ok is false for what none holds.
func fromOutside(v any) (any, bool) {
	switch x := v.(type) {
	case nil, string, bool, decimal.Decimal, []any, map[string]any:
		return v, true
	case time.Time:
		if x.IsZero() {
			return nil, true
		}
		return v, true
	case int:
		return decimal.FromInt(int64(x)), true
	case int64:
		return decimal.FromInt(x), true
	case int32:
		return decimal.FromInt(int64(x)), true
	case []string:
		return anyList(x), true
	case []map[string]any:
		return anyList(x), true
	case *decimal.Decimal:
		if x == nil {
			return nil, true
		}
		return *x, true
	case json.Number:
		d, err := decimal.Parse(x.String())
		return d, err == nil
	}
	return nil, false
}

func anyList[T any](list []T) []any {
	out := make([]any, len(list))
	for i := range list {
		out[i] = list[i]
	}
	return out
}

// identity is what stands for a value in comparisons: the id of a row.
func identity(v any) any {
	if row, ok := v.(map[string]any); ok {
		id, _ := fromOutside(row["id"])
		return id
	}
	return v
}

// equal compares two values; a blank equals nothing, lists equal nothing.
func equal(a, b any) bool {
	a, b = identity(a), identity(b)
	if isBlank(a) || isBlank(b) {
		return false
	}
	switch x := a.(type) {
	case decimal.Decimal:
		y, ok := b.(decimal.Decimal)
		return ok && x.Equal(y)
	case string:
		y, ok := b.(string)
		return ok && x == y
	case bool:
		y, ok := b.(bool)
		return ok && x == y
	case time.Time:
		y, ok := b.(time.Time)
		return ok && x.Equal(y)
	}
	return false
}

// order compares two values of one ordered kind; ok is false for others.
func order(a, b any) (c int, ok bool) {
	a, b = identity(a), identity(b)
	switch x := a.(type) {
	case decimal.Decimal:
		if y, ok := b.(decimal.Decimal); ok {
			return x.Cmp(y), true
		}
	case string:
		if y, ok := b.(string); ok && x != "" && y != "" {
			return strings.Compare(x, y), true
		}
	case time.Time:
		if y, ok := b.(time.Time); ok {
			return x.Compare(y), true
		}
	}
	return 0, false
}

// text turns any value into text, as joining does.
func (r *run) text(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case decimal.Decimal:
		return x.Key()
	case bool:
		if x {
			return "true"
		}
		return "false"
	case time.Time:
		return x.In(r.zone).Format("2006-01-02 15:04:05")
	case []any:
		return r.join(x, ",")
	case map[string]any:
		if id := identity(x); !isBlank(id) {
			return r.text(id)
		}
	}
	return ""
}

// join joins elements as text; blank ones are skipped.
func (r *run) join(list []any, sep string) string {
	var b strings.Builder
	n := 0
	for _, e := range list {
		v, ok := fromOutside(e)
		if !ok || isBlank(v) {
			continue
		}
		if n++; n > 1 {
			b.WriteString(sep)
		}
		b.WriteString(r.text(v))
		if b.Len() > 4*maxText {
			r.fail(runLimit, "a text is longer than %d characters", maxText)
			return ""
		}
	}
	return b.String()
}

// stored brings a result into stored form: blank is nil, a Record given as a row is its id.
func stored(v any, t Type) any {
	if isBlank(v) {
		return nil
	}
	switch x := v.(type) {
	case map[string]any:
		if t.Kind == Record {
			id := identity(x)
			if isBlank(id) {
				return nil
			}
			return id
		}
	case time.Time:
		return x.UTC().Truncate(time.Millisecond)
	case []any:
		return storedList(x, t)
	}
	return v
}

func storedList(list []any, t Type) any {
	out := make([]any, len(list))
	for i, e := range list {
		v, ok := fromOutside(e)
		if ok {
			out[i] = stored(v, t.elem())
		}
	}
	return out
}

func runes(s string) int { return utf8.RuneCountInString(s) }

func sortValues(list []any, desc bool) bool {
	same := true
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if desc {
			a, b = b, a
		}
		c, ok := order(a, b)
		same = same && ok
		return c < 0
	})
	return same
}
