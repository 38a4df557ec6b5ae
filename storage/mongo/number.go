package mongo

import (
	"fmt"
	"math"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

// Layout of a Decimal128: sign, 14 bits of exponent, 113 bits of coefficient.
const (
	signBit       = 1 << 63
	exponentShift = 49
	exponentBias  = 6176
)

var infinity = must(bson.ParseDecimal128("Infinity"))

func must(d bson.Decimal128, err error) bson.Decimal128 {
	if err != nil {
		panic(err) // of a constant
	}
	return d
}

// number gives the Decimal128 with the same value and places; the overflow value,
// which no document holds, is infinity: it compares greater than every number.
func number(d decimal.Decimal) bson.Decimal128 {
	if d.Overflow() {
		return infinity
	}
	scale := d.Scale()
	if n, ok := d.Scaled(scale); ok && n != math.MinInt64 {
		h := uint64(exponentBias-scale) << exponentShift
		if n < 0 {
			h, n = h|signBit, -n
		}
		return bson.NewDecimal128(h, uint64(n))
	}
	// 34 significant digits and this exponent range always fit.
	return must(bson.ParseDecimal128(d.String()))
}

// fromNumber is the way back. What the limits of decimals do not allow was not stored by us.
func fromNumber(b bson.Decimal128) (decimal.Decimal, error) {
	h, l := b.GetBytes()
	exponent := int(h>>exponentShift&0x3fff) - exponentBias
	if h&(1<<exponentShift-1) == 0 && l <= math.MaxInt64 && h>>61&3 != 3 && exponent <= 0 && -exponent <= decimal.MaxPlaces {
		n := int64(l)
		if h&signBit != 0 {
			n = -n
		}
		return decimal.FromScaled(n, -exponent), nil
	}
	n, exponent, err := b.BigInt()
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("%w: %s is no decimal number", storage.ErrInvalid, b)
	}
	return parseNumber(n.String(), exponent)
}

// parseNumber reads digits × 10^exponent, exact or not at all.
func parseNumber(digits string, exponent int) (decimal.Decimal, error) {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for exponent < -decimal.MaxPlaces && strings.HasSuffix(digits, "0") && len(digits) > 1 {
		digits, exponent = digits[:len(digits)-1], exponent+1
	}
	switch {
	case digits == "0":
		return decimal.FromScaled(0, min(max(-exponent, 0), decimal.MaxPlaces)), nil
	case exponent > decimal.MaxMagnitude || exponent < -decimal.MaxPlaces:
		return decimal.Decimal{}, storage.Invalidf("number %s%se%d is out of range", sign, digits, exponent)
	case exponent >= 0:
		digits += strings.Repeat("0", exponent)
	default:
		if pad := 1 - exponent - len(digits); pad > 0 {
			digits = strings.Repeat("0", pad) + digits
		}
		digits = digits[:len(digits)+exponent] + "." + digits[len(digits)+exponent:]
	}
	d, err := decimal.Parse(sign + digits)
	if err != nil {
		return d, storage.Invalidf("number %s%s: %v", sign, digits, err)
	}
	return d, nil
}
