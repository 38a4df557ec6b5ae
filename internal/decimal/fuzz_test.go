package decimal_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/internal/decimal"
)

// exact rounds a rational the slow and plain way: the reference of every operation.
func exact(r *big.Rat) (string, bool) {
	whole := new(big.Int).Quo(r.Num(), r.Denom())
	n := 0
	if whole.Sign() != 0 {
		n = len(strings.TrimPrefix(whole.String(), "-"))
	}
	places := min(decimal.MaxPlaces, decimal.MaxDigits-n)
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, -places))), nil))
	if places < 0 {
		scale.Inv(scale)
	}
	x := new(big.Rat).Mul(r, scale)
	half := big.NewRat(int64(x.Sign()), 2)
	x.Add(x, half)
	q := new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom()))
	s := q.Quo(q, scale).FloatString(decimal.MaxPlaces)
	return s, len(strings.TrimPrefix(strings.Split(s, ".")[0], "-")) <= decimal.MaxMagnitude
}

func same(t *testing.T, op string, got decimal.Decimal, want *big.Rat) {
	t.Helper()
	s, fits := exact(want)
	if !fits {
		if !got.Overflow() {
			t.Errorf("%s = %s, want the overflow value", op, got)
		}
		return
	}
	r, ok := new(big.Rat).SetString(got.String())
	if !ok || r.FloatString(decimal.MaxPlaces) != s {
		t.Errorf("%s = %s, want %s", op, got, s)
	}
}

// roundRat rounds half away from zero.
func roundRat(r *big.Rat, places int) *big.Rat {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	x := new(big.Rat).Mul(r, scale)
	x.Add(x, big.NewRat(int64(x.Sign()), 2))
	q := new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom()))
	return q.Quo(q, scale)
}

func FuzzAgainstBig(f *testing.F) {
	for _, s := range [][2]string{{"1", "3"}, {"0.1", "-0.2"}, {"9999999999999999999999999999999999", "0.5"},
		{"-9223372036854775808", "-1"}, {"1e20", "1e-20"}, {"0", "0.00"}, {"12345678901234567890.12345678901234", "98765432109876.5"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, err := decimal.Parse(a)
		y, err2 := decimal.Parse(b)
		if err != nil || err2 != nil {
			return
		}
		rx, ok := new(big.Rat).SetString(x.String())
		ry, ok2 := new(big.Rat).SetString(y.String())
		if !ok || !ok2 {
			t.Fatalf("%q, %q print as %s, %s", a, b, x, y)
		}
		if back, err := decimal.Parse(x.String()); err != nil || back.String() != x.String() {
			t.Errorf("%s does not read back: %s, %v", x, back, err)
		}
		if x.Cmp(y) != rx.Cmp(ry) || (x.Key() == y.Key()) != (rx.Cmp(ry) == 0) {
			t.Errorf("Cmp(%s, %s) = %d, want %d", x, y, x.Cmp(y), rx.Cmp(ry))
		}
		same(t, a+" + "+b, x.Add(y), new(big.Rat).Add(rx, ry))
		same(t, a+" - "+b, x.Sub(y), new(big.Rat).Sub(rx, ry))
		same(t, a+" * "+b, x.Mul(y), new(big.Rat).Mul(rx, ry))
		if !y.IsZero() {
			q, _ := x.Quo(y)
			same(t, a+" / "+b, q, new(big.Rat).Quo(rx, ry))
			m, _ := x.Mod(y)
			if m.Sign()*y.Sign() < 0 || m.Abs().Cmp(y.Abs()) >= 0 {
				t.Errorf("%s mod %s = %s", a, b, m)
			}
		}
		for places := range 4 {
			got, _ := new(big.Rat).SetString(x.Round(places).String())
			if want := roundRat(rx, places); got == nil || got.Cmp(want) != 0 {
				t.Errorf("Round(%s, %d) = %s, want %s", a, places, x.Round(places), want.FloatString(places))
			}
		}
		if r, ok := x.Sqrt(); ok && x.Sign() > 0 && r.Sign() >= 0 {
			f := new(big.Float).SetPrec(400).SetRat(rx)
			s, _ := f.Sqrt(f).Rat(nil)
			same(t, "sqrt "+a, r, s)
		}
	})
}
