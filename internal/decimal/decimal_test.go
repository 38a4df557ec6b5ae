package decimal_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/internal/decimal"
)

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

func TestParseKeepsWhatIsWritten(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "-0.00": "0.00", "1.50": "1.50", "+7": "7", "007": "7", ".5": "0.5", "5.": "5",
		"1e3": "1000", "1.5E-3": "0.0015", "12e-1": "1.2", "-9223372036854775808": "-9223372036854775808",
		"9223372036854775808":                  "9223372036854775808",
		"1234567890123456789012345678901234":   "1234567890123456789012345678901234",
		"0.12345678901234567890":               "0.12345678901234567890",
		"12345678901234.12345678901234567890":  "12345678901234.12345678901234567890",
		"1e20":                                 "100000000000000000000",
		"-0.000000000000000000010":             "",
		"100000000000000000000000000000000000": "100000000000000000000000000000000000",
	} {
		got, err := decimal.Parse(in)
		if want == "" {
			if !errors.Is(err, decimal.ErrRange) {
				t.Errorf("Parse(%q) = %v, %v; want a range error", in, got, err)
			}
			continue
		}
		if err != nil || got.String() != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]error{
		"": decimal.ErrSyntax, "-": decimal.ErrSyntax, ".": decimal.ErrSyntax, "1.2.3": decimal.ErrSyntax,
		"NaN": decimal.ErrSyntax, "Inf": decimal.ErrSyntax, "-Infinity": decimal.ErrSyntax, "1e": decimal.ErrSyntax,
		"1e+": decimal.ErrSyntax, " 1": decimal.ErrSyntax, "1_000": decimal.ErrSyntax, "0x10": decimal.ErrSyntax, "１": decimal.ErrSyntax,
		"1e21": decimal.ErrRange, "1e-21": decimal.ErrRange, "1e999999999999": decimal.ErrRange,
		"12345678901234567890123456789012345": decimal.ErrRange,
		"0.123456789012345678901":             decimal.ErrRange,
		strings.Repeat("9", 1<<20):            decimal.ErrRange,
		"1" + strings.Repeat("0", 54):         decimal.ErrRange,
	} {
		if _, err := decimal.Parse(in); !errors.Is(err, want) {
			t.Errorf("Parse(%.40q) = %v, want %v", in, err, want)
		}
	}
}

func TestArithmetic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, op, b, want string }{
		{"0.1", "+", "0.2", "0.3"},
		{"1.50", "+", "1", "2.50"},
		{"9223372036854775807", "+", "1", "9223372036854775808"},
		{"9223372036854775808", "-", "1", "9223372036854775807"},
		{"9999999999999999999999999999999999", "+", "0.5", "10000000000000000000000000000000000"},
		{"9999999999999999999999999999999999", "+", "0.4", "9999999999999999999999999999999999"},
		{"1e20", "+", "0.0000000000001", "100000000000000000000.0000000000001"},
		{"1e20", "+", "0.00000000000005", "100000000000000000000.0000000000001"},
		{"1.5", "*", "2.0", "3.00"},
		{"-3037000500", "*", "3037000500", "-9223372037000250000"},
		{"0.00000000005", "*", "0.0000000001", "0.00000000000000000001"},
		{"-0.00000000005", "*", "0.0000000001", "-0.00000000000000000001"},
		{"1234567890123456789012345678.55", "*", "3", "3703703670370370367037037035.65"},
		{"1", "/", "3", "0.33333333333333333333"},
		{"2", "/", "-3", "-0.66666666666666666667"},
		{"200000000000000000000", "/", "3", "66666666666666666666.66666666666667"},
		{"10.00", "/", "2", "5"}, {"1", "/", "8", "0.125"}, {"1", "/", "0.00000000000000000001", "100000000000000000000"},
		{"7", "%", "3", "1"}, {"-7", "%", "3", "2"}, {"7", "%", "-3", "-2"}, {"5.5", "%", "2", "1.5"}, {"-6", "%", "3", "0"},
		{"2", "^", "10", "1024"}, {"1.05", "^", "2", "1.1025"}, {"2", "^", "-2", "0.25"}, {"0", "^", "0", "1"},
		{"-2", "^", "3", "-8"}, {"2", "^", "0.5", "1.4142135623730950488"}, {"9", "^", "0.5", "3"}, {"1", "^", "99999999999", "1"},
		{"-1", "^", "99999999999", "-1"}, {"10", "^", "53", "1" + strings.Repeat("0", 53)},
	} {
		if got := apply(t, dec(c.a), c.op, dec(c.b)); got.String() != c.want {
			t.Errorf("%s %s %s = %s, want %s", c.a, c.op, c.b, got, c.want)
		}
	}
}

func apply(t *testing.T, a decimal.Decimal, op string, b decimal.Decimal) decimal.Decimal {
	t.Helper()
	ok, r := true, decimal.Decimal{}
	switch op {
	case "+":
		r = a.Add(b)
	case "-":
		r = a.Sub(b)
	case "*":
		r = a.Mul(b)
	case "/":
		r, ok = a.Quo(b)
	case "%":
		r, ok = a.Mod(b)
	case "^":
		r, ok = a.Pow(b)
	}
	if !ok {
		t.Errorf("%s %s %s is not ok", a, op, b)
	}
	return r
}

func TestWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func() (decimal.Decimal, bool){
		"division by zero":        func() (decimal.Decimal, bool) { return dec("1").Quo(dec("0.00")) },
		"remainder of zero":       func() (decimal.Decimal, bool) { return dec("1").Mod(decimal.Zero) },
		"root of a negative":      func() (decimal.Decimal, bool) { return dec("-1").Sqrt() },
		"0 to a negative":         func() (decimal.Decimal, bool) { return decimal.Zero.Pow(dec("-1")) },
		"negative to a fraction":  func() (decimal.Decimal, bool) { return dec("-2").Pow(dec("0.5")) },
		"logarithm of 0":          func() (decimal.Decimal, bool) { return decimal.Zero.Ln() },
		"logarithm to the base 1": func() (decimal.Decimal, bool) { return dec("5").Log(decimal.One) },
	} {
		if got, ok := f(); ok || !got.IsZero() {
			t.Errorf("%s = %s, %v", name, got, ok)
		}
	}
}

func TestOverflowSticks(t *testing.T) {
	t.Parallel()
	big := dec("1" + strings.Repeat("0", 53))
	over := big.Mul(dec("10"))
	for name, d := range map[string]decimal.Decimal{
		"product": over, "sum": big.Mul(dec("9")).Add(big), "then a sum": over.Add(dec("1")), "negated": over.Neg(),
		"rounded": over.Round(2), "then a product": over.Mul(decimal.Zero), "scaled": decimal.FromScaled(1, -54),
	} {
		if !d.Overflow() {
			t.Errorf("%s = %s, want the overflow value", name, d)
		}
	}
	if p, _ := dec("10").Pow(dec("54")); !p.Overflow() {
		t.Errorf("10^54 = %s", p)
	}
	if p, _ := dec("1.1").Pow(dec("1000000000")); !p.Overflow() {
		t.Errorf("1.1^10^9 = %s", p)
	}
	if _, err := json.Marshal(over); err == nil {
		t.Error("the overflow value can be marshalled")
	}
	if over.Cmp(big) != 1 || big.Cmp(over) != -1 || !over.Equal(over) {
		t.Error("the overflow value does not compare greatest")
	}
}

func TestRounding(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in                  string
		places              int
		half, up, down, ten string
	}{
		{"2.5", 0, "3", "3", "2", ""}, {"-2.5", 0, "-3", "-3", "-2", ""}, {"2.4", 0, "2", "3", "2", ""},
		{"1.005", 2, "1.01", "1.01", "1.00", ""}, {"-1.005", 2, "-1.01", "-1.01", "-1.00", ""},
		{"1.5", 2, "1.5", "1.5", "1.5", ""}, {"1250", -2, "1300", "1300", "1200", ""}, {"-1250", -2, "-1300", "-1300", "-1200", ""},
		{"49", -2, "0", "100", "0", ""}, {"0.001", 2, "0.00", "0.01", "0.00", ""}, {"5", -60, "0", "overflow", "0", ""},
		{"1234567890123456789012345.678", 2, "1234567890123456789012345.68", "1234567890123456789012345.68", "1234567890123456789012345.67", ""},
	} {
		d := dec(c.in)
		if got := d.Round(c.places).String(); got != c.half {
			t.Errorf("Round(%s, %d) = %s, want %s", c.in, c.places, got, c.half)
		}
		if got := d.RoundUp(c.places).String(); got != c.up {
			t.Errorf("RoundUp(%s, %d) = %s, want %s", c.in, c.places, got, c.up)
		}
		if got := d.RoundDown(c.places).String(); got != c.down {
			t.Errorf("RoundDown(%s, %d) = %s, want %s", c.in, c.places, got, c.down)
		}
	}
	if f, c := dec("-1.5").Floor().String(), dec("-1.5").Ceil().String(); f != "-2" || c != "-1" {
		t.Errorf("Floor, Ceil of -1.5 = %s, %s", f, c)
	}
	if got := dec("1.5").Rescale(3).String(); got != "1.500" {
		t.Errorf("Rescale = %s", got)
	}
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	must := func(d decimal.Decimal, ok bool) string {
		if !ok {
			return "not ok"
		}
		return d.String()
	}
	for name, c := range map[string][2]string{
		"sqrt 2":        {must(dec("2").Sqrt()), "1.41421356237309504880"},
		"sqrt 4":        {must(dec("4.00").Sqrt()), "2"},
		"sqrt 0":        {must(dec("0").Sqrt()), "0"},
		"sqrt 0.25":     {must(dec("0.25").Sqrt()), "0.5"},
		"sqrt 0.001":    {must(dec("0.001").Sqrt()), "0.03162277660168379332"},
		"sqrt of large": {must(dec("1" + strings.Repeat("0", 52)).Sqrt()), "1" + strings.Repeat("0", 26)},
		"ln 2":          {must(dec("2").Ln()), "0.69314718055994530942"},
		"log10 1000":    {must(dec("1000").Log10()), "3"},
		"log2 8":        {must(dec("8").Log(dec("2"))), "3"},
		"exp 1":         {dec("1").Exp().String(), "2.7182818284590452354"},
		"exp 0":         {dec("0").Exp().String(), "1"},
		"exp -100":      {dec("-100").Exp().String(), "0"},
		"exp 1000":      {dec("1000").Exp().String(), "overflow"},
	} {
		if strings.TrimSuffix(c[0], "0") != strings.TrimSuffix(c[1], "0") {
			t.Errorf("%s = %s, want %s", name, c[0], c[1])
		}
	}
}

func TestIntegers(t *testing.T) {
	t.Parallel()
	if n, ok := dec("1.50").Scaled(2); n != 150 || !ok {
		t.Errorf("Scaled = %d, %v", n, ok)
	}
	if _, ok := dec("1.505").Scaled(2); ok {
		t.Error("Scaled lost a place")
	}
	if n, ok := dec("7.00").Int64(); n != 7 || !ok || !dec("7.00").IsInt() {
		t.Errorf("Int64 = %d, %v", n, ok)
	}
	if _, ok := dec("9223372036854775808").Int64(); ok {
		t.Error("Int64 does not fit")
	}
	if n, ok := decimal.FromInt(math.MinInt64).Int64(); n != math.MinInt64 || !ok {
		t.Errorf("Int64 = %d, %v", n, ok)
	}
	if got := decimal.FromInt(math.MinInt64).Neg().String(); got != "9223372036854775808" {
		t.Errorf("Neg = %s", got)
	}
	for want, d := range map[string]decimal.Decimal{
		"1.50": decimal.FromScaled(150, 2), "1200": decimal.FromScaled(12, -2), "0.00000000000000000013": decimal.FromScaled(125, 21+0), "0": decimal.FromScaled(5, 99),
	} {
		if d.String() != want {
			t.Errorf("FromScaled = %s, want %s", d, want)
		}
	}
}

func TestKeyAndEqual(t *testing.T) {
	t.Parallel()
	a, b := dec("1.50"), dec("1.5")
	if !a.Equal(b) || a.Key() != b.Key() || a.Key() != "1.5" || a.Scale() != 2 || dec("-0.00").Key() != "0" {
		t.Errorf("keys %s, %s", a.Key(), b.Key())
	}
	if dec("100").Key() != "100" || dec("12345678901234567890123.4500").Key() != "12345678901234567890123.45" {
		t.Error("Key took away digits that count")
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var v struct{ A, B, C decimal.Decimal }
	v.C = dec("9")
	if err := json.Unmarshal([]byte(`{"A": 12.50, "B": "0.10", "C": null}`), &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil || string(out) != `{"A":"12.50","B":"0.10","C":"9"}` {
		t.Errorf("%s, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"A": "x"}`), &v); err == nil {
		t.Error("text was read as a number")
	}
	if err := json.Unmarshal([]byte(`{"A": `+strings.Repeat("1", 500)+`}`), &v); err == nil {
		t.Error("a huge number was read")
	}
}

func BenchmarkMul(b *testing.B) {
	x, y := dec("123.45"), dec("67.891")
	b.ReportAllocs()
	for b.Loop() {
		x.Mul(y)
	}
}

func BenchmarkQuo(b *testing.B) {
	x, y := dec("123.45"), dec("67.891")
	b.ReportAllocs()
	for b.Loop() {
		x.Quo(y)
	}
}
