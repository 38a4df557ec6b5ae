package decimal

import (
	"math"

	"github.com/cockroachdb/apd/v3"
)

var (
	powers   [160]*apd.BigInt
	powers64 [19]int64
	two      = apd.NewBigInt(2)
	ten      = apd.NewBigInt(10)
)

func init() {
	powers[0] = apd.NewBigInt(1)
	for i := 1; i < len(powers); i++ {
		powers[i] = new(apd.BigInt).Mul(powers[i-1], ten)
	}
	powers64[0] = 1
	for i := 1; i < len(powers64); i++ {
		powers64[i] = powers64[i-1] * 10
	}
}

// pow10 returns 10^n; the result must not be modified.
func pow10(n int) *apd.BigInt {
	if n < len(powers) {
		return powers[n]
	}
	return new(apd.BigInt).Exp(ten, apd.NewBigInt(int64(n)), nil)
}

// digits counts the decimal digits of |b|, 0 for 0.
func digits(b *apd.BigInt) int {
	if b.Sign() == 0 {
		return 0
	}
	n := int(float64(b.BitLen()-1) * math.Log10(2))
	for pow10(n).CmpAbs(b) <= 0 {
		n++
	}
	return n
}

// fit rounds coefficient/10^scale once, half away from zero, to the limits.
func fit(b *apd.BigInt, scale int) Decimal {
	n := digits(b)
	if n-scale > MaxMagnitude {
		return overflow
	}
	if drop := max(scale-MaxPlaces, n-MaxDigits, 0); drop > 0 {
		b = divRound(b, pow10(drop))
		scale -= drop
		if digits(b) > MaxDigits && scale > 0 { // 99…9 became 100…0
			b, scale = new(apd.BigInt).Quo(b, ten), scale-1
		}
	}
	if scale < 0 {
		b, scale = new(apd.BigInt).Mul(b, pow10(-scale)), 0
	}
	if digits(b)-scale > MaxMagnitude {
		return overflow
	}
	return hold(b, scale)
}

// hold keeps the coefficient in its smallest form; the limits must hold already.
func hold(b *apd.BigInt, scale int) Decimal {
	if b.IsInt64() {
		return make64(b.Int64(), scale)
	}
	return Decimal{big: b, scale: uint8(scale)}
}

// divRound returns a/b rounded half away from zero; b is positive.
func divRound(a, b *apd.BigInt) *apd.BigInt {
	q, r := new(apd.BigInt).QuoRem(a, b, new(apd.BigInt))
	if r.Mul(r, two).CmpAbs(b) >= 0 {
		q.Add(q, apd.NewBigInt(int64(a.Sign())))
	}
	return q
}

// align brings two small coefficients to one scale; ok is false when one does not fit.
func align(a, b Decimal) (x, y int64, ok bool) {
	switch {
	case a.scale == b.scale:
		return a.small, b.small, true
	case a.scale < b.scale:
		x, ok = mul10(a.small, int(b.scale-a.scale))
		return x, b.small, ok
	}
	y, ok = mul10(b.small, int(a.scale-b.scale))
	return a.small, y, ok
}

// mul10 multiplies by 10^n; ok is false on overflow.
func mul10(x int64, n int) (int64, bool) {
	if x == 0 {
		return 0, true
	}
	if n >= len(powers64) {
		return 0, false
	}
	p := powers64[n]
	if limit := math.MaxInt64 / p; x > limit || x < -limit {
		return 0, false
	}
	return x * p, true
}
