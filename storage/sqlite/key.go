package sqlite

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage/filter"
)

// A key is what a value becomes in a column of an index. SQLite orders integers
// before blobs and blobs by their bytes, and that order is filter.Compare's:
//
//	column without scale   everything is a blob: a type tag and the value
//	column with a scale    null is the smallest int64, a number that fits is the
//	                       int64 value×10^scale, the rest are blobs as above
//
// A number that does not fit its column's scale becomes a blob, which breaks
// the order among numbers: the column is then marked odd and no longer trusted
// for ranges and sorting. Lists mark it multi, and it is not used at all.
const (
	tagNull   = 0x05
	tagNumber = 0x10
	tagText   = 0x20
	tagMap    = 0x30
	tagList   = 0x40
	tagBool   = 0x50
	tagTime   = 0x60
)

// nullInt stands for null in a column with a scale; no number is stored as it.
const nullInt = math.MinInt64

// mark says what a column has met.
type mark uint8

const (
	markOdd     mark = 1 << iota // an order among some values is not that of their keys
	markMulti                    // a list: one key cannot stand for its elements
	markInt                      // an int64
	markDecimal                  // a decimal; with markInt too, a key no longer tells which
)

// key returns the column value of a document value: an int64 or a []byte.
func key(v any, scale int) (any, mark) {
	switch x := v.(type) {
	case nil:
		return nullKey(scale), 0
	case int:
		k, m := numberKey(decimal.FromInt(int64(x)), scale)
		return k, m | markInt
	case int64:
		k, m := numberKey(decimal.FromInt(x), scale)
		return k, m | markInt
	case decimal.Decimal:
		k, m := numberKey(x, scale)
		return k, m | markDecimal
	case string:
		return textKey(x), 0
	case bool:
		if x {
			return []byte{tagBool, 1}, 0
		}
		return []byte{tagBool, 0}, 0
	case time.Time:
		return timeKey(x.UnixMilli()), 0
	case map[string]any:
		return appendCanonical([]byte{tagMap}, x), markOdd
	case []any:
		return appendCanonical([]byte{tagList}, x), markMulti
	}
	return nullKey(scale), 0
}

func nullKey(scale int) any {
	if scale >= 0 {
		return int64(nullInt)
	}
	return []byte{tagNull}
}

func numberKey(d decimal.Decimal, scale int) (any, mark) {
	if scale < 0 {
		return orderedNumber(d), 0
	}
	if n, ok := d.Scaled(scale); ok && n != nullInt {
		return n, 0
	}
	return orderedNumber(d), markOdd
}

func textKey(s string) []byte {
	b := make([]byte, 0, len(s)+1)
	return append(append(b, tagText), s...)
}

func timeKey(ms int64) []byte {
	b := make([]byte, 9)
	b[0] = tagTime
	binary.BigEndian.PutUint64(b[1:], uint64(ms)^(1<<63))
	return b
}

// The second byte of a number's key.
const (
	signNegative = 0x01
	signZero     = 0x02
	signPositive = 0x03
)

// orderedNumber writes a number so that bytes order as values do: sign,
// exponent, two digits per byte. A negative one has every byte inverted and is
// closed by 0xff, so that more digits make it smaller.
func orderedNumber(d decimal.Decimal) []byte {
	sign := d.Sign()
	if sign == 0 {
		return []byte{tagNumber, signZero}
	}
	var room [96]byte
	digits, exp := significant(d.AppendTo(room[:0]))
	out := make([]byte, 0, 5+len(digits)/2)
	out = append(out, tagNumber, signPositive, byte(exp+128))
	for i := 0; i < len(digits); i += 2 {
		pair := (digits[i]-'0')*10 + 1
		if i+1 < len(digits) {
			pair += digits[i+1] - '0'
		}
		out = append(out, pair)
	}
	if sign < 0 {
		out[1] = signNegative
		for i := 2; i < len(out); i++ {
			out[i] = ^out[i]
		}
		out = append(out, 0xff)
	}
	return out
}

// significant takes plain notation apart: value = 0.digits × 10^exp, no zero at either end.
func significant(s []byte) (digits []byte, exp int) {
	digits = make([]byte, 0, len(s))
	point := -1
	for _, c := range s {
		switch {
		case c == '.':
			point = len(digits)
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		}
	}
	if point < 0 {
		point = len(digits)
	}
	lead := 0
	for lead < len(digits) && digits[lead] == '0' {
		lead++
	}
	end := len(digits)
	for end > lead && digits[end-1] == '0' {
		end--
	}
	return digits[lead:end], point - lead
}

// appendCanonical writes a map or list so that equal values have equal bytes.
func appendCanonical(b []byte, v any) []byte {
	switch x := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(x) {
			b = appendSized(append(b, '.'), []byte(k))
			b = appendCanonical(b, x[k])
		}
		return append(b, '}')
	case []any:
		for _, e := range x {
			b = appendCanonical(append(b, ','), e)
		}
		return append(b, ']')
	}
	k, _ := key(v, -1)
	return appendSized(b, k.([]byte))
}

func appendSized(b, part []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(part)))
	return append(b, part...)
}

// unkey reads a key back. The places that a decimal was written with are lost,
// and maps and lists cannot be read back (ok is false).
func unkey(k any, scale int) (v any, ok bool) {
	switch x := k.(type) {
	case int64:
		if x == nullInt {
			return nil, true
		}
		return decimal.FromScaled(x, scale), true
	case []byte:
		return unkeyBytes(x)
	}
	return nil, k == nil
}

func unkeyBytes(b []byte) (any, bool) {
	if len(b) == 0 {
		return nil, false
	}
	switch b[0] {
	case tagNull:
		return nil, true
	case tagNumber:
		return unorderNumber(b)
	case tagText:
		return string(b[1:]), true
	case tagBool:
		return b[1] == 1, true
	case tagTime:
		return time.UnixMilli(int64(binary.BigEndian.Uint64(b[1:]) ^ (1 << 63))).UTC(), true
	}
	return nil, false
}

func unorderNumber(b []byte) (any, bool) {
	if b[1] == signZero {
		return decimal.Decimal{}, true
	}
	body := append([]byte(nil), b[2:]...)
	var s strings.Builder
	if b[1] == signNegative {
		s.WriteByte('-')
		body = body[:len(body)-1]
		for i := range body {
			body[i] = ^body[i]
		}
	}
	exp := int(body[0]) - 128
	var digits []byte
	for _, p := range body[1:] {
		digits = append(digits, '0'+(p-1)/10, '0'+(p-1)%10)
	}
	writePlain(&s, digits, exp)
	d, err := decimal.Parse(s.String())
	return d, err == nil
}

func writePlain(s *strings.Builder, digits []byte, exp int) {
	if exp <= 0 {
		s.WriteString("0.")
		s.WriteString(strings.Repeat("0", -exp))
		s.Write(trimZeros(digits))
		return
	}
	if exp >= len(digits) {
		s.Write(digits)
		s.WriteString(strings.Repeat("0", exp-len(digits)))
		return
	}
	s.Write(digits[:exp])
	if frac := trimZeros(digits[exp:]); len(frac) > 0 {
		s.WriteByte('.')
		s.Write(frac)
	}
}

func trimZeros(digits []byte) []byte {
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return digits
}

// valueAt is the key of a document at a path.
func valueAt(doc map[string]any, path string, scale int) (k any, present bool, m mark) {
	v, found, list := filter.Lookup(doc, path)
	k, m = key(v, scale)
	if list {
		m |= markMulti
	}
	return k, found, m
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func appendInt(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }
