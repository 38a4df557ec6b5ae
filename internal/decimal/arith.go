package decimal

import (
	"math"
	"math/bits"

	"github.com/cockroachdb/apd/v3"
)

// Add returns d + x.
func (d Decimal) Add(x Decimal) Decimal {
	if d.Overflow() || x.Overflow() {
		return overflow
	}
	if d.big == nil && x.big == nil {
		if a, b, ok := align(d, x); ok {
			if s := a + b; (s > a) == (b > 0) {
				return make64(s, maxScale(d, x))
			}
		}
	}
	scale := maxScale(d, x)
	return fit(new(apd.BigInt).Add(d.scaledBig(scale), x.scaledBig(scale)), scale)
}

// Sub returns d - x.
func (d Decimal) Sub(x Decimal) Decimal { return d.Add(x.Neg()) }

// Neg returns -d.
func (d Decimal) Neg() Decimal {
	if d.big == nil {
		d.small = -d.small
		return d
	}
	return hold(new(apd.BigInt).Neg(d.big), int(d.scale))
}

// Abs returns d without its sign.
func (d Decimal) Abs() Decimal {
	if d.Sign() < 0 {
		return d.Neg()
	}
	return d
}

// Mul returns d × x.
func (d Decimal) Mul(x Decimal) Decimal {
	if d.Overflow() || x.Overflow() {
		return overflow
	}
	scale := int(d.scale) + int(x.scale)
	if d.big == nil && x.big == nil && scale <= MaxPlaces {
		if p, ok := mul64(d.small, x.small); ok {
			return make64(p, scale)
		}
	}
	return fit(new(apd.BigInt).Mul(d.coef(), x.coef()), scale)
}

func mul64(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(abs64(a), abs64(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func abs64(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}

// Quo returns d ÷ x without zeros at the end of its places; ok is false, and
// the result 0, when x is 0.
func (d Decimal) Quo(x Decimal) (q Decimal, ok bool) {
	if x.IsZero() {
		return Decimal{}, false
	}
	if d.Overflow() || x.Overflow() {
		return overflow, true
	}
	if d.big == nil && x.big == nil && d.scale >= x.scale && d.small%x.small == 0 {
		return make64(d.small/x.small, int(d.scale-x.scale)).Normalized(), true
	}
	scale := maxScale(d, x)
	return ratio(d.scaledBig(scale), x.scaledBig(scale)), true
}

// ratio returns num/den, rounded once. den is not 0.
func ratio(num, den *apd.BigInt) Decimal {
	if den.Sign() < 0 {
		num, den = new(apd.BigInt).Neg(num), new(apd.BigInt).Neg(den)
	}
	whole := digits(new(apd.BigInt).Quo(num, den))
	if whole > MaxMagnitude {
		return overflow
	}
	if whole > MaxDigits {
		unit := pow10(whole - MaxDigits)
		q := divRound(num, new(apd.BigInt).Mul(den, unit))
		return fit(q.Mul(q, unit), 0)
	}
	places := min(MaxPlaces, MaxDigits-whole)
	q := divRound(new(apd.BigInt).Mul(num, pow10(places)), den)
	return fit(reduce(q, places))
}

// reduce takes away the zeros at the end of the places.
func reduce(b *apd.BigInt, scale int) (*apd.BigInt, int) {
	if b.Sign() == 0 {
		return b, 0
	}
	q, r := new(apd.BigInt), new(apd.BigInt)
	for scale > 0 {
		q.QuoRem(b, ten, r)
		if r.Sign() != 0 {
			break
		}
		b, scale = new(apd.BigInt).Set(q), scale-1
	}
	return b, scale
}

// Mod returns the remainder of d ÷ x with the sign of x, as a spreadsheet does:
// Mod(-3, 2) is 1. ok is false, and the result 0, when x is 0.
func (d Decimal) Mod(x Decimal) (r Decimal, ok bool) {
	if x.IsZero() {
		return Decimal{}, false
	}
	if d.Overflow() || x.Overflow() {
		return overflow, true
	}
	scale := maxScale(d, x)
	den := x.scaledBig(scale)
	rem := new(apd.BigInt).Rem(d.scaledBig(scale), den)
	if rem.Sign() != 0 && rem.Sign() != den.Sign() {
		rem.Add(rem, den)
	}
	return fit(rem, scale), true
}
