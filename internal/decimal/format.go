package decimal

import (
	"bytes"
	"errors"
	"strconv"
)

// AppendTo appends the plain notation to dst, with the places written: no
// exponent, no plus sign, never "-0".
func (d Decimal) AppendTo(dst []byte) []byte {
	if d.Overflow() {
		return append(dst, "overflow"...)
	}
	var room [64]byte
	var digits []byte
	if d.big == nil {
		digits = strconv.AppendInt(room[:0], d.small, 10)
	} else {
		digits = d.big.Append(room[:0], 10)
	}
	if digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	scale := int(d.scale)
	if scale == 0 {
		return append(dst, digits...)
	}
	if len(digits) <= scale {
		dst = append(dst, '0', '.')
		for range scale - len(digits) {
			dst = append(dst, '0')
		}
		return append(dst, digits...)
	}
	dst = append(dst, digits[:len(digits)-scale]...)
	dst = append(dst, '.')
	return append(dst, digits[len(digits)-scale:]...)
}

// String is the plain notation, such as "-12.50".
func (d Decimal) String() string {
	var room [80]byte
	return string(d.AppendTo(room[:0]))
}

// Key is the shortest plain notation: equal numbers have equal keys ("1.50" and "1.5" give "1.5").
func (d Decimal) Key() string { return d.Normalized().String() }

// Normalized is the same number without zeros at the end of its places.
func (d Decimal) Normalized() Decimal {
	if d.Overflow() || d.scale == 0 {
		return d
	}
	if d.big == nil {
		for d.scale > 0 && d.small%10 == 0 {
			d.small /= 10
			d.scale--
		}
		return d
	}
	b, scale := reduce(d.big, int(d.scale))
	return hold(b, scale)
}

var errOverflow = errors.New("decimal: overflow")

// MarshalText gives the plain notation; the overflow value is an error.
func (d Decimal) MarshalText() ([]byte, error) {
	if d.Overflow() {
		return nil, errOverflow
	}
	return d.AppendTo(nil), nil
}

// MarshalJSON gives a JSON string, so that no reader makes a float of it.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if d.Overflow() {
		return nil, errOverflow
	}
	return append(d.AppendTo([]byte{'"'}), '"'), nil
}

// UnmarshalText reads what Parse reads.
func (d *Decimal) UnmarshalText(b []byte) error {
	if len(b) > maxText {
		return ErrRange
	}
	v, err := Parse(string(b))
	if err == nil {
		*d = v
	}
	return err
}

// UnmarshalJSON reads a JSON number or a string of one, exactly as written; null leaves d as it is.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		b = b[1 : len(b)-1]
	}
	return d.UnmarshalText(b)
}

// Int64 returns the number as an integer; ok is false when it is none or does not fit.
func (d Decimal) Int64() (n int64, ok bool) { return d.Scaled(0) }

// Scaled returns the number times 10^scale; ok is false unless that is an
// integer that fits. Scaled(2) of 1.5 is 150.
func (d Decimal) Scaled(scale int) (n int64, ok bool) {
	if d.Overflow() || scale < 0 || scale > MaxPlaces {
		return 0, false
	}
	d = d.Normalized()
	if int(d.scale) > scale {
		return 0, false
	}
	b := d.scaledBig(scale)
	return b.Int64(), b.IsInt64()
}

// IsInt reports whether d has no fraction.
func (d Decimal) IsInt() bool { return !d.Overflow() && d.Normalized().scale == 0 }

// Float64 is the nearest binary float, for geometry and charts; never for amounts.
func (d Decimal) Float64() float64 {
	f, err := strconv.ParseFloat(d.String(), 64)
	if err != nil {
		return 0
	}
	return f
}
