package decimal

import "github.com/cockroachdb/apd/v3"

// mode is how a number loses places.
type mode uint8

const (
	halfAway mode = iota
	up            // away from zero
	down          // towards zero
	floor
	ceil
)

// Round rounds half away from zero (四舍五入) to a number of places. Negative
// places round to tens, hundreds …; places beyond those written leave d as it is.
func (d Decimal) Round(places int) Decimal { return d.cut(places, halfAway) }

// RoundUp rounds away from zero.
func (d Decimal) RoundUp(places int) Decimal { return d.cut(places, up) }

// RoundDown rounds towards zero.
func (d Decimal) RoundDown(places int) Decimal { return d.cut(places, down) }

// Floor is the greatest integer not above d.
func (d Decimal) Floor() Decimal { return d.cut(0, floor) }

// Ceil is the least integer not below d.
func (d Decimal) Ceil() Decimal { return d.cut(0, ceil) }

// Rescale rounds half away from zero to the places, or adds zeros up to them,
// so that the result has exactly that scale (0 to 20) if its digits allow.
func (d Decimal) Rescale(places int) Decimal {
	places = min(max(places, 0), MaxPlaces)
	r := d.Round(places)
	if r.Overflow() || int(r.scale) == places {
		return r
	}
	if b := r.scaledBig(places); digits(b) <= MaxDigits {
		return hold(b, places)
	}
	return r
}

func (d Decimal) cut(places int, m mode) Decimal {
	if d.Overflow() || places >= int(d.scale) {
		return d
	}
	if n, ok := d.cutSmall(places, m); ok {
		return n
	}
	places = max(places, -MaxMagnitude)
	unit := pow10(int(d.scale) - places)
	q, r := new(apd.BigInt).QuoRem(d.coef(), unit, new(apd.BigInt))
	if r.Sign() != 0 && away(r, unit, m) {
		q.Add(q, apd.NewBigInt(int64(r.Sign())))
	}
	if places < 0 {
		return fit(q.Mul(q, pow10(-places)), 0)
	}
	return fit(q, places)
}

// away tells whether a quotient with remainder r moves one step away from zero.
func away(r, unit *apd.BigInt, m mode) bool {
	switch m {
	case up:
		return true
	case down:
		return false
	case floor:
		return r.Sign() < 0
	case ceil:
		return r.Sign() > 0
	}
	return new(apd.BigInt).Mul(r, two).CmpAbs(unit) >= 0
}

// cutSmall rounds half away from zero in machine words, the common case of an amount.
func (d Decimal) cutSmall(places int, m mode) (Decimal, bool) {
	drop := int(d.scale) - places
	if d.big != nil || m != halfAway || places < 0 || drop >= len(powers64) {
		return d, false
	}
	unit := powers64[drop]
	q, r := d.small/unit, d.small%unit
	if r >= unit-r && r > 0 {
		q++
	} else if -r >= unit+r && r < 0 {
		q--
	}
	return Decimal{small: q, scale: uint8(places)}, true
}
