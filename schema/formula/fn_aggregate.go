package formula

import (
	"github.com/formwork-run/formwork/internal/decimal"
)

var aggregateFunctions = []entry{
	{sig: "SUM(x values+) number", zh: "求和，空值跳过", en: "Sum, blanks skipped", example: `SUM(lines.amount)`, result: `"350"`, loose: true, run: sum},
	{sig: "PRODUCT(x values+) number", zh: "乘积，空值跳过", en: "Product, blanks skipped", example: `PRODUCT(2, 3, 4)`, result: `"24"`, loose: true, run: product},
	{sig: "AVERAGE(x values+) number", also: "AVG", zh: "平均值，空值跳过", en: "Mean, blanks skipped", example: `AVERAGE(lines.amount)`, result: `"175"`, loose: true, run: average},
	{sig: "MAX(x any+) element", zh: "最大值（数字或日期）", en: "The greatest value", example: `MAX(lines.qty)`, result: `"3"`, loose: true, run: func(r *run, a []any) any { return r.extreme(a, 1) }},
	{sig: "MIN(x any+) element", zh: "最小值（数字或日期）", en: "The least value", example: `MIN(lines.qty)`, result: `"2"`, loose: true, run: func(r *run, a []any) any { return r.extreme(a, -1) }},
	{sig: "MEDIAN(x values+) number", zh: "中位数", en: "Median", example: `MEDIAN(1, 5, 3)`, result: `"3"`, loose: true, run: median},
	{sig: "COUNT(x any+) number", also: "COUNTA", zh: "非空值的个数", en: "How many values are not blank", example: `COUNT(lines.qty)`, result: `"2"`, loose: true, run: func(r *run, a []any) any { return decimal.FromInt(int64(len(r.values(a)))) }},
	{sig: "COUNTBLANK(x any+) number", zh: "空值的个数", en: "How many are blank", example: `COUNTBLANK(nil, 1)`, result: `"1"`, loose: true, run: countBlank},
	{sig: "COUNTARRAY(l list) number", zh: "列表的元素个数", en: "Elements of a list", example: `COUNTARRAY(lines)`, result: `"2"`, loose: true, run: func(r *run, a []any) any { return decimal.FromInt(int64(len(r.elements(a[0])))) }},
	{sig: "COUNTDISTINCT(x any+) number", zh: "不同值的个数", en: "How many different values", example: `COUNTDISTINCT(lines.kind)`, result: `"2"`, loose: true, run: func(r *run, a []any) any { return decimal.FromInt(int64(len(r.distinct(r.values(a))))) }},
	{sig: "SUMPRODUCT(l numbers+) number", zh: "对应相乘再求和", en: "Sum of the products by position", example: `SUMPRODUCT(lines.qty, lines.price)`, result: `"350"`, loose: true, run: sumProduct},
	{sig: "LARGE(l numbers, k int) number", zh: "第 k 大的数", en: "The k-th largest number", example: `LARGE(lines.qty, 1)`, result: `"3"`, run: func(r *run, a []any) any { return r.ranked(a, true) }},
	{sig: "SMALL(l numbers, k int) number", zh: "第 k 小的数", en: "The k-th smallest number", example: `SMALL(lines.qty, 1)`, result: `"2"`, run: func(r *run, a []any) any { return r.ranked(a, false) }},
	{sig: "RANK(n number, l numbers, asc bool?) number", zh: "名次", en: "The rank of a number in a list", example: `RANK(2, lines.qty)`, result: `"2"`, run: rank},
}

func sum(r *run, a []any) any {
	total := decimal.Zero
	for _, d := range r.numbers(a) {
		total = total.Add(d)
	}
	return r.number(total)
}

func product(r *run, a []any) any {
	numbers := r.numbers(a)
	if len(numbers) == 0 {
		return nil
	}
	total := decimal.One
	for _, d := range numbers {
		total = total.Mul(d)
	}
	return r.number(total)
}

func average(r *run, a []any) any { return r.mean(r.numbers(a)) }

func (r *run) mean(numbers []decimal.Decimal) any {
	if len(numbers) == 0 {
		return nil
	}
	total := decimal.Zero
	for _, d := range numbers {
		total = total.Add(d)
	}
	q, _ := total.Quo(decimal.FromInt(int64(len(numbers))))
	return r.number(q)
}

func (r *run) extreme(a []any, sign int) any {
	var best any
	for _, v := range r.values(a) {
		if best == nil {
			best = v
			continue
		}
		c, ok := order(v, best)
		if !ok {
			return r.fail("type", "values of different kinds have no order")
		}
		if c*sign > 0 {
			best = v
		}
	}
	return best
}

func median(r *run, a []any) any {
	l := sortedNumbers(r.numbers(a))
	if len(l) == 0 {
		return nil
	}
	mid := len(l) / 2
	if len(l)%2 == 1 {
		return l[mid]
	}
	return r.mean(l[mid-1 : mid+1])
}

func sortedNumbers(l []decimal.Decimal) []decimal.Decimal {
	values := anyList(l)
	sortValues(values, false)
	for i, v := range values {
		l[i] = v.(decimal.Decimal)
	}
	return l
}

func countBlank(r *run, a []any) any {
	n := 0
	for _, v := range a {
		l, isList := v.([]any)
		if isBlank(v) {
			n++
		} else if isList {
			for _, e := range l {
				if isBlank(r.outside(e)) {
					n++
				}
			}
		}
	}
	return decimal.FromInt(int64(n))
}

// distinct keeps the first of equal values. Texts, the common case, are found by their value.
func (r *run) distinct(values []any) []any {
	out := make([]any, 0, len(values))
	seen := map[string]bool{}
	for _, v := range values {
		k := key(v)
		if k == "" || seen[k] {
			continue
		}
		seen[k] = true
		out = append(out, v)
	}
	return out
}

func sumProduct(r *run, a []any) any {
	longest := 0
	for _, l := range a {
		longest = max(longest, len(r.elements(l)))
	}
	total := decimal.Zero
	for i := range longest {
		term, whole := decimal.One, true
		for _, l := range a {
			d, ok := r.operand(r.outside(pick(r.elements(l), int64(i))))
			whole = whole && ok
			term = term.Mul(d)
		}
		if whole {
			total = total.Add(term)
		}
	}
	r.spend(longest)
	return r.number(total)
}

func (r *run) ranked(a []any, largest bool) any {
	l := sortedNumbers(r.numbers(a[:1]))
	k := a[1].(int)
	if k < 1 || k > len(l) {
		return nil
	}
	if largest {
		return l[len(l)-k]
	}
	return l[k-1]
}

func rank(r *run, a []any) any {
	n, asc, place := num(a, 0), flag(a, 2), 1
	for _, d := range r.numbers(a[1:2]) {
		if c := d.Cmp(n); c > 0 && !asc || c < 0 && asc {
			place++
		}
	}
	return decimal.FromInt(int64(place))
}
