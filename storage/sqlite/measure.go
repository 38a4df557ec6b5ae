package sqlite

import (
	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// measure accumulates one aggregate of one group.
type measure struct {
	count    int64
	sum      any // int64 or decimal
	min, max any
	distinct map[string]bool
}

// add takes a document into account.
func (m *measure) add(what storage.Measure, doc storage.Doc) {
	if what.Path == "" {
		m.count++
		return
	}
	v, _, _ := filter.Lookup(doc, what.Path)
	if v == nil {
		return
	}
	switch what.Fn {
	case "count":
		m.count++
	case "sum":
		if _, ok := toDecimal(v); ok {
			m.sum = plus(m.sum, v)
		}
	case "min", "max":
		m.bounds(v)
	case "countDistinct":
		if m.distinct == nil {
			m.distinct = map[string]bool{}
		}
		m.distinct[string(appendCanonical(nil, v))] = true
	}
}

func (m *measure) bounds(v any) {
	if v == nil {
		return
	}
	if m.min == nil || filter.Compare(v, m.min) < 0 {
		m.min = v
	}
	if m.max == nil || filter.Compare(v, m.max) > 0 {
		m.max = v
	}
}

// merge takes in what SQLite has computed for a part of the group.
func (m *measure) merge(fn string, v any) {
	switch fn {
	case "count", "countDistinct":
		n, _ := v.(int64)
		m.count += n
	case "sum":
		if v != nil {
			m.sum = plus(m.sum, v)
		}
	default:
		m.bounds(v)
	}
}

func (m *measure) result(fn string) any {
	switch fn {
	case "sum":
		if m.sum == nil {
			return int64(0)
		}
		return m.sum
	case "min":
		return m.min
	case "max":
		return m.max
	case "countDistinct":
		return m.count + int64(len(m.distinct))
	}
	return m.count
}

// plus adds numbers exactly: int64 as long as it fits, else decimal.
func plus(a, b any) any {
	if n, ok := b.(int); ok {
		b = int64(n)
	}
	if a == nil {
		return b
	}
	x, xInt := a.(int64)
	y, yInt := b.(int64)
	if xInt && yInt {
		if sum := x + y; (sum > x) == (y > 0) {
			return sum
		}
	}
	dx, _ := toDecimal(a)
	dy, _ := toDecimal(b)
	return dx.Add(dy)
}

// typed gives a number read back from a column the type that the column's values have.
func typed(v any, marks mark) any {
	d, ok := v.(decimal.Decimal)
	if !ok || marks&markInt == 0 {
		return v
	}
	if n, ok := d.Int64(); ok {
		return n
	}
	return v
}
