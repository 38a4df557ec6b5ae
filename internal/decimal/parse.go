package decimal

import (
	"errors"
	"strconv"

	"github.com/cockroachdb/apd/v3"
)

// Errors of Parse.
var (
	ErrSyntax = errors.New("not a decimal number")
	ErrRange  = errors.New("number beyond 34 significant digits, 20 decimal places or the exponent range -20 to +20")
)

// maxText bounds the input before anything else looks at it: sign, 54 digits, point, 20 places, exponent.
const maxText = 96

// Parse reads a decimal such as "-12.50" or "1.5e3": an optional sign, digits
// with an optional point, an optional exponent of -20 to +20. The places
// written are kept ("1.50" stays "1.50"). It returns ErrSyntax or ErrRange; NaN,
// infinities and numbers beyond the limits of the package are refused.
func Parse(s string) (Decimal, error) {
	if len(s) > maxText {
		return Decimal{}, ErrRange
	}
	t, err := scan(s)
	if err != nil {
		return Decimal{}, err
	}
	return t.decimal()
}

// MustParse is Parse for constants; it panics on an error.
func MustParse(s string) Decimal {
	d, err := Parse(s)
	if err != nil {
		panic("decimal: " + strconv.Quote(s) + ": " + err.Error())
	}
	return d
}

// text is a number taken apart: ±digits × 10^-scale.
type text struct {
	neg    bool
	digits []byte
	scale  int
}

func scan(s string) (text, error) {
	t := text{digits: make([]byte, 0, maxText)}
	i := 0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		t.neg = s[0] == '-'
		i++
	}
	seen, point := false, false
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			seen = true
			t.add(c, point)
		case c == '.' && !point:
			point = true
		case (c == 'e' || c == 'E') && seen:
			return t, t.exponent(s[i+1:])
		default:
			return t, ErrSyntax
		}
	}
	if !seen {
		return t, ErrSyntax
	}
	return t, nil
}

func (t *text) add(c byte, point bool) {
	if point {
		t.scale++
	}
	if c != '0' || len(t.digits) > 0 {
		t.digits = append(t.digits, c)
	}
}

func (t *text) exponent(s string) error {
	neg := s != "" && s[0] == '-'
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	if s == "" {
		return ErrSyntax
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return ErrSyntax
		}
		n = min(n*10+int(s[i]-'0'), 1000)
	}
	if n > MaxPlaces {
		return ErrRange
	}
	if neg {
		n = -n
	}
	t.scale -= n
	return nil
}

func (t *text) decimal() (Decimal, error) {
	if len(t.digits) == 0 {
		if t.scale > MaxPlaces {
			return Decimal{}, ErrRange
		}
		return make64(0, max(t.scale, 0)), nil
	}
	if t.scale > MaxPlaces || len(t.digits)-t.scale > MaxMagnitude || t.significant() > MaxDigits {
		return Decimal{}, ErrRange
	}
	b, ok := new(apd.BigInt).SetString(string(t.digits), 10)
	if !ok {
		return Decimal{}, ErrSyntax
	}
	if t.neg {
		b.Neg(b)
	}
	if t.scale < 0 {
		b.Mul(b, pow10(-t.scale))
	}
	return hold(b, max(t.scale, 0)), nil
}

// significant counts the digits that must be held; the zeros that end an integer are not.
func (t *text) significant() int {
	n := len(t.digits)
	if t.scale > 0 {
		return n
	}
	for n > 0 && t.digits[n-1] == '0' {
		n--
	}
	return n
}
