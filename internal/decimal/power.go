package decimal

import "github.com/cockroachdb/apd/v3"

// maxPowerDigits bounds the exact intermediate result of an integer power.
const maxPowerDigits = 20_000

// FunctionDigits is the number of significant digits of Ln, Log10, Exp and of
// powers with a fractional exponent.
const FunctionDigits = 20

var wide = apd.Context{Precision: 50, MaxExponent: 1000, MinExponent: -1000, Rounding: apd.RoundHalfUp,
	Traps: apd.DefaultTraps &^ (apd.Underflow | apd.Subnormal)}

// Pow returns d to the power of x. With an integer exponent the exact power is
// rounded once; otherwise the result has 20 significant digits. ok is false
// when the power does not exist: 0 to a negative exponent, a negative number to
// a fractional one. 0 to the power of 0 is 1. A power whose exact digits exceed
// 20,000 is the overflow value.
func (d Decimal) Pow(x Decimal) (p Decimal, ok bool) {
	if d.Overflow() || x.Overflow() {
		return overflow, true
	}
	if n, isInt := x.Int64(); isInt {
		return d.powInt(n)
	}
	if d.Sign() < 0 || (d.IsZero() && x.Sign() < 0) {
		return Decimal{}, false
	}
	if d.IsZero() {
		return Decimal{}, true
	}
	if x.IsInt() {
		return overflow, true
	}
	return powFraction(d, x), true
}

func (d Decimal) powInt(n int64) (Decimal, bool) {
	d = d.Normalized()
	switch {
	case n == 0, d.Equal(One):
		return One, true
	case d.IsZero():
		return Decimal{}, n > 0
	case d.Equal(FromInt(-1)):
		if n%2 == 0 {
			return One, true
		}
		return d, true
	}
	size := max(digits(d.coef()), int(d.scale))
	if n > maxPowerDigits || n < -maxPowerDigits || int(max(n, -n))*size > maxPowerDigits {
		return overflow, true
	}
	num := new(apd.BigInt).Exp(d.coef(), apd.NewBigInt(max(n, -n)), nil)
	den := pow10(int(d.scale) * int(max(n, -n)))
	if n < 0 {
		num, den = den, num
	}
	return ratio(num, den), true
}

func powFraction(d, x Decimal) Decimal {
	var l, r apd.Decimal
	if _, err := wide.Ln(&l, d.apd()); err != nil {
		return overflow
	}
	if _, err := wide.Mul(&l, &l, x.apd()); err != nil {
		return overflow
	}
	return expOf(&l, &r)
}

// expOf returns e^l; beyond e^130 it certainly overflows, below e^-60 it is 0.
func expOf(l, r *apd.Decimal) Decimal {
	if l.Cmp(apd.New(130, 0)) > 0 {
		return overflow
	}
	if l.Cmp(apd.New(-60, 0)) < 0 {
		return Decimal{}
	}
	if _, err := wide.Exp(r, l); err != nil {
		return overflow
	}
	return fromAPD(r)
}

// Sqrt is the square root, rounded once; ok is false for a negative number.
func (d Decimal) Sqrt() (r Decimal, ok bool) {
	if d.Sign() < 0 {
		return Decimal{}, false
	}
	if d.Overflow() {
		return d, true
	}
	whole := (digits(d.coef()) - int(d.scale) + 1) / 2
	places := min(MaxPlaces, MaxDigits-max(whole, 0))
	n := d.scaledBig(int(d.scale) + int(d.scale)%2)
	half := (int(d.scale) + 1) / 2 // n = d × 10^(2 half)
	if places >= half {
		n = new(apd.BigInt).Mul(n, pow10(2*(places-half)))
	} else {
		places = half
	}
	root := new(apd.BigInt).Sqrt(n)
	rest := new(apd.BigInt).Sub(n, new(apd.BigInt).Mul(root, root))
	if rest.Cmp(root) > 0 { // n > root² + root, hence √n > root + ½
		root.Add(root, apd.NewBigInt(1))
	}
	return fit(reduce(root, places)), true
}

// Exp is e to the power of d, to 20 significant digits.
func (d Decimal) Exp() Decimal {
	if d.Overflow() {
		return d
	}
	return expOf(d.apd(), new(apd.Decimal))
}

// Ln is the natural logarithm, to 20 significant digits; ok is false unless d is positive.
func (d Decimal) Ln() (r Decimal, ok bool) { return d.logarithm(wide.Ln) }

// Log10 is the logarithm to base 10, to 20 significant digits; ok is false unless d is positive.
func (d Decimal) Log10() (r Decimal, ok bool) { return d.logarithm(wide.Log10) }

func (d Decimal) logarithm(f func(d, x *apd.Decimal) (apd.Condition, error)) (Decimal, bool) {
	if d.Sign() <= 0 || d.Overflow() {
		return Decimal{}, false
	}
	var r apd.Decimal
	if _, err := f(&r, d.apd()); err != nil {
		return Decimal{}, false
	}
	return fromAPD(&r), true
}

// Log is the logarithm to any base, to 20 significant digits; ok is false
// unless d and the base are positive and the base is not 1.
func (d Decimal) Log(base Decimal) (r Decimal, ok bool) {
	if d.Sign() <= 0 || base.Sign() <= 0 || d.Overflow() || base.Overflow() || base.Equal(One) {
		return Decimal{}, false
	}
	var a, b apd.Decimal
	if _, err := wide.Ln(&a, d.apd()); err != nil {
		return Decimal{}, false
	}
	if _, err := wide.Ln(&b, base.apd()); err != nil {
		return Decimal{}, false
	}
	if _, err := wide.Quo(&a, &a, &b); err != nil {
		return Decimal{}, false
	}
	return fromAPD(&a), true
}

func (d Decimal) apd() *apd.Decimal {
	neg := d.Sign() < 0
	r := &apd.Decimal{Negative: neg, Exponent: -int32(d.scale)}
	r.Coeff.Abs(d.coef())
	return r
}

// fromAPD rounds to FunctionDigits significant digits and the limits of the package.
func fromAPD(x *apd.Decimal) Decimal {
	b := new(apd.BigInt).Set(&x.Coeff)
	if x.Negative {
		b.Neg(b)
	}
	exp := int(x.Exponent)
	if drop := max(digits(b)-FunctionDigits, -exp-MaxPlaces, 0); drop > 0 {
		if drop > digits(b)+1 {
			return Decimal{}
		}
		b, exp = divRound(b, pow10(drop)), exp+drop
	}
	if exp > MaxMagnitude {
		return overflow
	}
	if exp >= 0 {
		return fit(b.Mul(b, pow10(exp)), 0)
	}
	return fit(reduce(b, -exp))
}
