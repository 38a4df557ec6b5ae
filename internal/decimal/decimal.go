// Package decimal is the one exact number of the product: at most 34
// significant digits, at most 20 decimal places, magnitude below 10^54. It is
// the only importer of apd.
//
// Every operation rounds its exact result once, half away from zero. A result
// whose magnitude would reach 10^54 is the overflow value, which every further
// operation keeps; see Decimal.Overflow.
package decimal

import (
	"math"
	"math/big"

	"github.com/cockroachdb/apd/v3"
)

// Limits of every Decimal.
const (
	MaxDigits    = 34 // significant digits
	MaxPlaces    = 20 // decimal places
	MaxMagnitude = 54 // digits before the decimal point
)

// overflowScale marks the overflow value.
const overflowScale = 255

// Decimal is an exact decimal number. The zero value is 0. It is a value:
// copies are independent. Compare with Equal or Cmp; == also looks at the
// number of places written.
type Decimal struct {
	small int64       // the coefficient, when big is nil
	big   *apd.BigInt // the coefficient, when it does not fit small; never modified
	scale uint8       // value = coefficient / 10^scale
}

// Zero is 0 and One is 1.
var (
	Zero = Decimal{}
	One  = Decimal{small: 1}
)

var overflow = Decimal{scale: overflowScale}

// FromInt makes a decimal of an integer.
func FromInt(n int64) Decimal { return make64(n, 0) }

// FromScaled makes n / 10^scale, for example FromScaled(150, 2) = 1.50. Places
// beyond 20 are rounded; a negative scale multiplies.
func FromScaled(n int64, scale int) Decimal {
	if scale >= 0 && scale <= MaxPlaces {
		return make64(n, scale)
	}
	if scale < -MaxMagnitude {
		return overflowUnlessZero(n)
	}
	if scale < 0 {
		return fit(new(apd.BigInt).Mul(apd.NewBigInt(n), pow10(-scale)), 0)
	}
	if scale > MaxPlaces+20 {
		return Decimal{}
	}
	return fit(apd.NewBigInt(n), scale)
}

func overflowUnlessZero(n int64) Decimal {
	if n == 0 {
		return Decimal{}
	}
	return overflow
}

// make64 keeps the invariant that math.MinInt64 is held as a big coefficient, so that small can be negated.
func make64(n int64, scale int) Decimal {
	if n == math.MinInt64 {
		return Decimal{big: apd.NewBigInt(n), scale: uint8(scale)}
	}
	return Decimal{small: n, scale: uint8(scale)}
}

// Overflow reports whether d stands for a result too large to hold. It
// compares greater than every number, prints as "overflow" and cannot be marshalled.
func (d Decimal) Overflow() bool { return d.scale == overflowScale }

// Scale is the number of decimal places written, 0 to 20.
func (d Decimal) Scale() int {
	if d.Overflow() {
		return 0
	}
	return int(d.scale)
}

// Sign is -1, 0 or 1.
func (d Decimal) Sign() int {
	switch {
	case d.Overflow():
		return 1
	case d.big != nil:
		return d.big.Sign()
	case d.small < 0:
		return -1
	case d.small > 0:
		return 1
	}
	return 0
}

// IsZero reports whether d is 0.
func (d Decimal) IsZero() bool { return d.Sign() == 0 }

// coef returns the coefficient; it must not be modified.
func (d Decimal) coef() *apd.BigInt {
	if d.big != nil {
		return d.big
	}
	return apd.NewBigInt(d.small)
}

// Cmp compares by value: -1, 0 or 1. 1.50 equals 1.5.
func (d Decimal) Cmp(x Decimal) int {
	if d.Overflow() || x.Overflow() {
		return boolInt(d.Overflow()) - boolInt(x.Overflow())
	}
	if d.big == nil && x.big == nil {
		a, b, ok := align(d, x)
		if ok {
			return cmp64(a, b)
		}
	}
	if s, t := d.Sign(), x.Sign(); s != t {
		return cmp64(int64(s), int64(t))
	}
	return d.scaledBig(maxScale(d, x)).Cmp(x.scaledBig(maxScale(d, x)))
}

// Equal reports whether both are the same number; go-cmp uses it.
func (d Decimal) Equal(x Decimal) bool { return d.Cmp(x) == 0 }

// scaledBig returns the coefficient at a scale not below d's.
func (d Decimal) scaledBig(scale int) *apd.BigInt {
	if int(d.scale) == scale {
		return d.coef()
	}
	return new(apd.BigInt).Mul(d.coef(), pow10(scale-int(d.scale)))
}

func maxScale(a, b Decimal) int { return max(int(a.scale), int(b.scale)) }

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func cmp64(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// FromBig makes a decimal of an integer of any size, rounded to the limits.
func FromBig(n *big.Int) Decimal { return fit(new(apd.BigInt).SetMathBigInt(n), 0) }
