package sqlite

import (
	"math"
	"strings"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage/filter"
)

// field is a column of keys in SQL.
type field struct {
	name    string
	scale   int
	marks   mark
	present bool   // NULL, or no row, where the path is missing
	within  string // "%" stands for the condition: a semijoin with a side table
}

// firstBlob is below every key that is a blob and above every integer. (An empty
// blob would do, but the driver binds it as NULL.)
var firstBlob = []byte{0}

func (f field) cond(c filter.Cmp) cond {
	var out cond
	switch c.Op {
	case filter.Eq:
		out = f.eq(c.Value)
	case filter.In:
		out = f.in(c.Value)
	case filter.Lt, filter.Le, filter.Gt, filter.Ge:
		out = f.ranged(c.Op, c.Value)
	case filter.Contains, filter.Prefix, filter.Suffix:
		out = f.text(c.Op, c.Value)
	}
	if f.within != "" && out.sql != "" && out.sql != condNone.sql {
		out.sql = strings.Replace(f.within, "%", out.sql, 1)
	}
	return out
}

// keyFor gives the key that equals a value; ok is false where keys cannot tell.
func (f field) keyFor(v any) (k any, ok bool) {
	switch v.(type) {
	case nil:
		return nullKey(f.scale), !f.present
	case map[string]any, []any:
		return nil, false
	}
	k, _ = key(v, f.scale)
	return k, true
}

func (f field) eq(v any) cond {
	k, ok := f.keyFor(v)
	if !ok {
		return nothing
	}
	return cond{sql: f.name + " = ?", args: []any{k}, exact: true}
}

func (f field) in(v any) cond {
	list, _ := v.([]any)
	keys := make([]any, len(list))
	for i, e := range list {
		k, ok := f.keyFor(e)
		if !ok {
			return nothing
		}
		keys[i] = k
	}
	return inList(f.name, keys)
}

func (f field) ranged(op filter.Op, v any) cond {
	if d, ok := toDecimal(v); ok && f.scale >= 0 {
		if f.marks&markOdd != 0 {
			return nothing
		}
		return f.scaledRange(op, d)
	}
	k, _ := key(v, -1)
	b, _ := k.([]byte)
	if len(b) == 0 || b[0] == tagNull || b[0] == tagMap || b[0] == tagList {
		return condNone
	}
	return f.between(op, b, []byte{b[0]}, []byte{b[0] + 1})
}

// between compares with a key and keeps within the values of its type.
func (f field) between(op filter.Op, k, low, high any) cond {
	if op == filter.Lt || op == filter.Le {
		return cond{sql: f.name + " >= ? AND " + f.name + " " + sqlOp[op] + " ?", args: []any{low, k}, exact: true}
	}
	return cond{sql: f.name + " " + sqlOp[op] + " ? AND " + f.name + " < ?", args: []any{k, high}, exact: true}
}

func (f field) scaledRange(op filter.Op, d decimal.Decimal) cond {
	lowest := int64(nullInt + 1)
	n, exact, over := floorScaled(d, f.scale)
	up := op == filter.Gt || op == filter.Ge
	switch {
	case over != 0 && up == (over > 0):
		return condNone
	case over != 0:
		return f.between(filter.Ge, lowest, nil, firstBlob)
	case !exact && op == filter.Lt:
		op = filter.Le
	case !exact && op == filter.Ge:
		op = filter.Gt
	}
	return f.between(op, n, lowest, firstBlob)
}

// floorScaled gives the greatest int64 not above d×10^scale, and whether it
// equals it; over is the sign of a d beyond all of them.
func floorScaled(d decimal.Decimal, scale int) (n int64, exact bool, over int) {
	if n, ok := d.Scaled(scale); ok {
		if n == nullInt {
			return 0, false, -1
		}
		return n, true, 0
	}
	cut := d.RoundDown(scale)
	n, ok := cut.Scaled(scale)
	if !ok {
		return 0, false, d.Sign()
	}
	if cut.Cmp(d) > 0 { // cut towards zero: a negative one went up
		n--
	}
	if n <= math.MinInt64+1 {
		return 0, false, -1
	}
	return n, false, 0
}

func (f field) text(op filter.Op, v any) cond {
	s, ok := v.(string)
	if !ok {
		return condNone
	}
	if op == filter.Prefix {
		low := textKey(s)
		high := append([]byte(nil), low...)
		high[len(high)-1]++ // UTF-8 has no byte 0xff
		return cond{sql: f.name + " >= ? AND " + f.name + " < ?", args: []any{low, high}, exact: true}
	}
	texts := cond{sql: f.name + " >= ? AND " + f.name + " < ?", args: []any{[]byte{tagText}, []byte{tagText + 1}}, exact: true}
	switch {
	case s == "":
		return texts
	case op == filter.Contains:
		texts.sql += " AND instr(substr(" + f.name + ", 2), ?) > 0"
		texts.args = append(texts.args, []byte(s))
	default:
		texts.sql += " AND length(" + f.name + ") > ? AND substr(" + f.name + ", ?) = ?"
		texts.args = append(texts.args, int64(len(s)), -int64(len(s)), []byte(s))
	}
	return texts
}
