package eval

import (
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema"
)

// same compares two stored values; blank values of any kind are equal, decimals compare by value.
func same(a, b any) bool {
	switch x := a.(type) {
	case decimal.Decimal:
		y, ok := b.(decimal.Decimal)
		return ok && x.Equal(y)
	case time.Time:
		y, ok := b.(time.Time)
		return ok && x.Equal(y)
	case string:
		y, ok := b.(string)
		return ok && x == y || x == "" && schema.IsBlank(b)
	case bool, int64:
		return a == b
	case []any:
		return sameList(x, b)
	case map[string]any:
		return sameMap(x, b)
	}
	return a == nil && schema.IsBlank(b)
}

func sameList(x []any, b any) bool {
	y, ok := b.([]any)
	if !ok || len(x) != len(y) {
		return len(x) == 0 && schema.IsBlank(b)
	}
	for i := range x {
		if !same(x[i], y[i]) {
			return false
		}
	}
	return true
}

func sameMap(x map[string]any, b any) bool {
	y, ok := b.(map[string]any)
	if !ok {
		return len(x) == 0 && schema.IsBlank(b)
	}
	for k, v := range x {
		if !same(v, y[k]) {
			return false
		}
	}
	for k, v := range y {
		if _, in := x[k]; !in && !schema.IsBlank(v) {
			return false
		}
	}
	return true
}

// settle turns the result of a formula into the stored value of a field:
// rounded to its scale, cut to its precision, nil when blank.
func settle(f *schema.Field, v any, zone *time.Location) any {
	if schema.IsBlank(v) {
		return nil
	}
	switch x := v.(type) {
	case decimal.Decimal:
		if x.Overflow() {
			return nil
		}
		if f.Scale >= 0 {
			return x.Round(f.Scale)
		}
	case time.Time:
		if f.Type != schema.TypeDate && f.Type != schema.TypeFormula || f.Instant() {
			return x.UTC().Truncate(time.Millisecond)
		}
		if zone == nil {
			zone = time.UTC
		}
		return cutDay(f, x.In(zone).Format(time.DateOnly))
	case string:
		if f.Type == schema.TypeDate && !f.Instant() {
			return cutDay(f, x)
		}
	}
	return v
}

// cutDay shortens a day to the precision of a date field.
func cutDay(f *schema.Field, day string) string {
	n := len(day)
	switch f.Precision {
	case "year":
		n = 4
	case "month":
		n = 7
	}
	return day[:min(n, len(day))]
}
