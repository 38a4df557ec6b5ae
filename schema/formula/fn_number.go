package formula

import (
	"math"
	"math/big"
	"strconv"

	"github.com/formwork-run/formwork/internal/decimal"
)

var numberFunctions = []entry{
	{sig: "ADD(a number, b number+) number", zh: "相加", en: "Adds", example: `ADD(1.5, 2)`, result: `"3.5"`, macro: addMacro},
	{sig: "ABS(n number) number", zh: "绝对值", en: "Without the sign", example: `ABS(-3)`, result: `"3"`, run: func(_ *run, a []any) any { return num(a, 0).Abs() }},
	{sig: "SIGN(n number) number", zh: "正负号：1、0、-1", en: "1, 0 or -1", example: `SIGN(-3)`, result: `"-1"`, run: func(_ *run, a []any) any { return decimal.FromInt(int64(num(a, 0).Sign())) }},
	{sig: "INT(n number) number", zh: "向下取整", en: "The greatest integer not above", example: `INT(-1.5)`, result: `"-2"`, run: func(r *run, a []any) any { return r.number(num(a, 0).Floor()) }},
	{sig: "ROUND(n number, places int?) number", zh: "四舍五入", en: "Rounds half away from zero", example: `ROUND(1.005, 2)`, result: `"1.01"`, run: func(r *run, a []any) any { return r.number(num(a, 0).Round(placesArg(a))) }},
	{sig: "ROUNDUP(n number, places int?) number", zh: "向远离零的方向舍入", en: "Rounds away from zero", example: `ROUNDUP(1.001, 2)`, result: `"1.01"`, run: func(r *run, a []any) any { return r.number(num(a, 0).RoundUp(placesArg(a))) }},
	{sig: "ROUNDDOWN(n number, places int?) number", also: "TRUNC", zh: "向零的方向舍去", en: "Rounds towards zero", example: `ROUNDDOWN(1.999, 2)`, result: `"1.99"`, run: func(r *run, a []any) any { return r.number(num(a, 0).RoundDown(placesArg(a))) }},
	{sig: "CEILING(n number, step number?) number", zh: "向上舍入到 step 的倍数", en: "The least multiple of step not below", example: `CEILING(7.1, 5)`, result: `"10"`, run: func(r *run, a []any) any { return r.multiple(a, decimal.Decimal.Ceil) }},
	{sig: "FLOOR(n number, step number?) number", zh: "向下舍入到 step 的倍数", en: "The greatest multiple of step not above", example: `FLOOR(7.9, 5)`, result: `"5"`, run: func(r *run, a []any) any { return r.multiple(a, decimal.Decimal.Floor) }},
	{sig: "MOD(a number, b number) number", zh: "余数，符号与除数相同", en: "Remainder with the sign of the divisor", example: `MOD(-7, 3)`, result: `"2"`, macro: operatorMacro("%")},
	{sig: "POWER(a number, b number) number", zh: "乘方", en: "a to the power of b", example: `POWER(1.05, 2)`, result: `"1.1025"`, macro: operatorMacro("^")},
	{sig: "SQRT(n number) number", zh: "平方根", en: "Square root", example: `SQRT(2.25)`, result: `"1.5"`, run: func(r *run, a []any) any { return r.maybe(warnNotANumber)(num(a, 0).Sqrt()) }},
	{sig: "EXP(n number) number", zh: "e 的 n 次方", en: "e to the power of n", example: `EXP(0)`, result: `"1"`, run: func(r *run, a []any) any { r.spend(200); return r.number(num(a, 0).Exp()) }},
	{sig: "LN(n number) number", zh: "自然对数", en: "Natural logarithm", example: `LN(1)`, result: `"0"`, run: func(r *run, a []any) any { r.spend(200); return r.maybe(warnNotANumber)(num(a, 0).Ln()) }},
	{sig: "LOG10(n number) number", zh: "以 10 为底的对数", en: "Logarithm to base 10", example: `LOG10(1000)`, result: `"3"`, run: func(r *run, a []any) any { r.spend(200); return r.maybe(warnNotANumber)(num(a, 0).Log10()) }},
	{sig: "LOG(n number, base number?) number", zh: "对数，底默认 10", en: "Logarithm, base 10 by default", example: `LOG(8, 2)`, result: `"3"`, run: logarithm},
	{sig: "FACT(n int) number", zh: "阶乘", en: "Factorial", example: `FACT(5)`, result: `"120"`, run: factorial},
	{sig: "COMBIN(n int, k int) number", zh: "组合数", en: "Combinations", example: `COMBIN(5, 2)`, result: `"10"`, run: func(r *run, a []any) any { return r.choose("COMBIN", a, true) }},
	{sig: "PERMUT(n int, k int) number", zh: "排列数", en: "Permutations", example: `PERMUT(5, 2)`, result: `"20"`, run: func(r *run, a []any) any { return r.choose("PERMUT", a, false) }},
	{sig: "PI() number", zh: "圆周率", en: "The number pi", example: `ROUND(PI(), 4)`, result: `"3.1416"`, run: func(*run, []any) any { return pi }},
	{sig: "SIN(n number) number", zh: "正弦（弧度）", en: "Sine of radians", example: `SIN(0)`, result: `"0"`, run: trig(math.Sin)},
	{sig: "COS(n number) number", zh: "余弦（弧度）", en: "Cosine of radians", example: `COS(0)`, result: `"1"`, run: trig(math.Cos)},
	{sig: "TAN(n number) number", zh: "正切（弧度）", en: "Tangent of radians", example: `TAN(0)`, result: `"0"`, run: trig(math.Tan)},
	{sig: "ASIN(n number) number", zh: "反正弦", en: "Arc sine", example: `ASIN(1)`, result: `"1.57079632679"`, run: trig(math.Asin)},
	{sig: "ACOS(n number) number", zh: "反余弦", en: "Arc cosine", example: `ACOS(1)`, result: `"0"`, run: trig(math.Acos)},
	{sig: "ATAN(n number) number", zh: "反正切", en: "Arc tangent", example: `ATAN(1)`, result: `"0.785398163397"`, run: trig(math.Atan)},
	{sig: "ATAN2(x number, y number) number", zh: "点 (x, y) 的方位角", en: "The angle of the point (x, y)", example: `ATAN2(1, 1)`, result: `"0.785398163397"`, run: func(r *run, a []any) any { return r.float(math.Atan2(num(a, 1).Float64(), num(a, 0).Float64())) }},
	{sig: "RADIANS(n number) number", zh: "角度换成弧度", en: "Degrees to radians", example: `RADIANS(180)`, result: `"3.14159265359"`, run: trig(func(f float64) float64 { return f * math.Pi / 180 })},
	{sig: "DEGREES(n number) number", zh: "弧度换成角度", en: "Radians to degrees", example: `DEGREES(PI())`, result: `"180"`, run: trig(func(f float64) float64 { return f * 180 / math.Pi })},
	{sig: "DISTANCE(a row, b row) number", zh: "两个定位之间的距离（米）", en: "Metres between two locations", example: `DISTANCE(site, site)`, result: `"0"`, run: distanceOf},
	{sig: "RAND() number", zh: "0 到 1 之间的随机数", en: "A random number from 0 to below 1", example: `RAND() < 1`, result: `true`, server: true, volatile: true, run: func(r *run, _ []any) any { return r.random() }},
	{sig: "RANDBETWEEN(a int, b int) number", zh: "a 到 b 之间的随机整数", en: "A random whole number from a to b", example: `RANDBETWEEN(3, 3)`, result: `"3"`, server: true, volatile: true, run: randBetween},
}

var pi = decimal.MustParse("3.1415926535897932385")

func placesArg(a []any) int { return min(max(intOr(a, 1, 0), -54), decimal.MaxPlaces) }

// multiple is CEILING and FLOOR: the quotient is taken exactly, by removing the remainder first.
func (r *run) multiple(a []any, whole func(decimal.Decimal) decimal.Decimal) any {
	n, step := num(a, 0), decimal.One
	if a[1] != nil {
		step = num(a, 1).Abs()
	}
	rest, ok := n.Mod(step)
	if !ok {
		return decimal.Zero
	}
	low := n.Sub(rest)
	if !rest.IsZero() && whole(decimal.MustParse("0.5")).Equal(decimal.One) {
		low = low.Add(step)
	}
	return r.number(low)
}

func logarithm(r *run, a []any) any {
	r.spend(400)
	if a[1] == nil {
		return r.maybe(warnNotANumber)(num(a, 0).Log10())
	}
	return r.maybe(warnNotANumber)(num(a, 0).Log(num(a, 1)))
}

func factorial(r *run, a []any) any {
	n := a[0].(int)
	if n < 0 || n > 40 {
		return r.fail(runArgument, "FACT: 0 to 40 are possible, not %d", n)
	}
	return r.bigInt(new(big.Int).MulRange(1, int64(n)))
}

func (r *run) choose(name string, a []any, combine bool) any {
	n, k := int64(a[0].(int)), int64(a[1].(int))
	if k < 0 || k > n || n > 1000 {
		return r.fail(runArgument, "%s: 0 ≤ k ≤ n ≤ 1000 is wanted, not n = %d, k = %d", name, n, k)
	}
	r.spend(int(k))
	if combine {
		return r.bigInt(new(big.Int).Binomial(n, k))
	}
	return r.bigInt(new(big.Int).MulRange(n-k+1, n))
}

func (r *run) bigInt(n *big.Int) any { return r.number(decimal.FromBig(n)) }

func trig(f func(float64) float64) func(r *run, a []any) any {
	return func(r *run, a []any) any { return r.float(f(num(a, 0).Float64())) }
}

// float rounds a result of geometry to 12 significant digits; amounts never come here.
func (r *run) float(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return r.warn(warnNotANumber)
	}
	if math.Abs(f) < 1e-19 {
		return decimal.Zero
	}
	d, err := decimal.Parse(strconv.FormatFloat(f, 'e', 11, 64))
	if err != nil {
		d, err = decimal.Parse(strconv.FormatFloat(f, 'f', decimal.MaxPlaces, 64))
	}
	if err != nil {
		return r.fail(runLimit, "a number is too large")
	}
	return d.Normalized()
}

const earth = 6371000

func distanceOf(r *run, a []any) any {
	lng1, lat1, ok := r.coordinates(a[0])
	lng2, lat2, ok2 := r.coordinates(a[1])
	if !ok || !ok2 {
		return nil
	}
	rad := math.Pi / 180
	s1, s2 := math.Sin((lat2-lat1)*rad/2), math.Sin((lng2-lng1)*rad/2)
	h := s1*s1 + math.Cos(lat1*rad)*math.Cos(lat2*rad)*s2*s2
	return decimal.FromInt(int64(math.Round(2 * earth * math.Asin(math.Sqrt(math.Min(1, h))))))
}

func (r *run) coordinates(v any) (lng, lat float64, ok bool) {
	row := v.(map[string]any)
	x, ok := r.operand(r.outside(row["lng"]))
	y, ok2 := r.operand(r.outside(row["lat"]))
	return x.Float64(), y.Float64(), ok && ok2
}

// random is a number from 0 to below 1 with 15 places.
func (r *run) random() any {
	if r.ctx.Random == nil {
		return r.fail(runServerOnly, "random numbers are answered by the server")
	}
	return decimal.FromScaled(min(int64(r.ctx.Random()*1e15), 1e15-1), 15)
}

func randBetween(r *run, a []any) any {
	low, high := int64(a[0].(int)), int64(a[1].(int))
	if low > high {
		return r.fail(runArgument, "RANDBETWEEN: %d is above %d", low, high)
	}
	d, ok := r.random().(decimal.Decimal)
	if !ok {
		return nil
	}
	return d.Mul(decimal.FromInt(high - low + 1)).Floor().Add(decimal.FromInt(low))
}
