package formula

import (
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

var listFunctions = []entry{
	{sig: "ARRAYGET(l list, i number) element", zh: "列表中的一个元素，从 0 数起，负数从后数", en: "An element by 0-based index, negative from the end", example: `ARRAYGET(tags, 0)`, result: `"急"`, macro: arrayGetMacro},
	{sig: "INDEX(l list, n int) element", zh: "列表中的第 n 个元素，负数从后数", en: "The n-th element, negative from the end", example: `INDEX(tags, 2)`, result: `"大额"`, run: indexOf},
	{sig: "ARRAYCAT(x any+) list", zh: "把列表接在一起", en: "One list after the other", example: `ARRAYCAT(tags, "新")`, result: `["急","大额","新"]`, loose: true, run: concat},
	{sig: "UNIONSET(x any+) list", also: "UNION DISTINCT UNIQUE", zh: "并集，去掉重复", en: "Union without repetitions", example: `UNIONSET(tags, ["急", "新"])`, result: `["急","大额","新"]`, loose: true, run: func(r *run, a []any) any { return r.list(r.distinct(r.values(a))) }},
	{sig: "INTERSECTIONSET(l list, others list+) list", zh: "交集", en: "Values in all lists", example: `INTERSECTIONSET(tags, ["急", "新"])`, result: `["急"]`, loose: true, run: intersection},
	{sig: "DIFFERENCESET(a list, b list) list", zh: "差集：在 a 不在 b", en: "Values of a that are not in b", example: `DIFFERENCESET(tags, ["急"])`, result: `["大额"]`, loose: true, run: difference},
	{sig: "SUBSET(a list, b list) bool", zh: "a 的值都在 b 中", en: "All values of a are in b", example: `SUBSET(["急"], tags)`, result: `true`, loose: true, run: subset},
	{sig: "ARRAYREPEATED(l list) bool", zh: "列表中有重复的值", en: "A value occurs twice", example: `ARRAYREPEATED(["a", "b", "a"])`, result: `true`, loose: true, run: repeated},
	{sig: "SORT(l list, desc bool?) same", zh: "排序，空值去掉", en: "Sorted, without blanks", example: `SORT([3, 1, 2], true)`, result: `["3","2","1"]`, run: sorted},
	{sig: "FILTER(rows list, cond cond) same", zh: "符合条件的行，条件里直接写列名", en: "The rows that meet a condition over their columns", example: `FILTER(lines, qty > 2).item`, result: `["瓦工"]`, macro: filterMacro},
	{sig: "COUNTIF(rows list, cond cond+) number", zh: "符合条件的行数；或列中符合条件的个数", en: "How many rows meet a condition, or elements a criterion", example: `COUNTIF(lines, kind == "人工")`, result: `"1"`, macro: countIfMacro, loose: true, run: countIf},
	{sig: "SUMIF(rows list, cond cond, value cond?) number", zh: "按条件求和", en: "Sum over the rows that meet a condition", example: `SUMIF(lines, kind == "人工", amount)`, result: `"150"`, macro: overRows("SUM"), loose: true, run: sumIf},
	{sig: "AVERAGEIF(rows list, cond cond, value cond?) number", zh: "按条件求平均", en: "Mean over the rows that meet a condition", example: `AVERAGEIF(lines, qty > 0, amount)`, result: `"175"`, macro: overRows("AVERAGE"), loose: true, run: averageIf},
	{sig: "MAXIF(rows list, cond cond, value cond) any", zh: "按条件求最大值", en: "Greatest value over the rows that meet a condition", example: `MAXIF(lines, qty > 0, amount)`, result: `"200"`, macro: overRows("MAX")},
	{sig: "MINIF(rows list, cond cond, value cond) any", zh: "按条件求最小值", en: "Least value over the rows that meet a condition", example: `MINIF(lines, qty > 0, amount)`, result: `"150"`, macro: overRows("MIN")},
	{sig: "SUMIFS(rows list, value cond, cond cond+) number", zh: "按多个条件求和", en: "Sum over the rows that meet all conditions", example: `SUMIFS(lines, amount, kind == "人工", qty > 1)`, result: `"150"`, macro: sumIfsMacro, loose: true, run: sumIfs},
}

// key is a text that equal values share, "" for what equals nothing.
func key(v any) string {
	switch x := identity(v).(type) {
	case string:
		if x != "" {
			return "s" + x
		}
	case decimal.Decimal:
		return "n" + x.Key()
	case bool:
		if x {
			return "b1"
		}
		return "b0"
	case time.Time:
		return "t" + x.UTC().Format(time.RFC3339Nano)
	}
	return ""
}

func (r *run) set(l any) map[string]bool {
	s := map[string]bool{}
	for _, v := range r.values([]any{l}) {
		s[key(v)] = true
	}
	return s
}

func indexOf(r *run, a []any) any {
	n := int64(a[1].(int))
	if n == 0 {
		return nil
	}
	if n > 0 {
		n--
	}
	return r.outside(pick(listAt(a, 0), n))
}

func concat(r *run, a []any) any {
	out := []any{}
	for _, v := range a {
		if !isBlank(v) {
			out = append(out, r.elements(v)...)
		}
	}
	return r.list(out)
}

func intersection(r *run, a []any) any {
	out := r.distinct(r.values(a[:1]))
	for _, l := range a[1:] {
		s, kept := r.set(l), []any{}
		for _, v := range out {
			if s[key(v)] {
				kept = append(kept, v)
			}
		}
		out = kept
	}
	return r.list(out)
}

func difference(r *run, a []any) any {
	s, out := r.set(a[1]), []any{}
	for _, v := range r.distinct(r.values(a[:1])) {
		if !s[key(v)] {
			out = append(out, v)
		}
	}
	return r.list(out)
}

func subset(r *run, a []any) any {
	s, values := r.set(a[1]), r.values(a[:1])
	for _, v := range values {
		if !s[key(v)] {
			return false
		}
	}
	return len(values) > 0 && len(s) > 0
}

func repeated(r *run, a []any) any {
	values := r.values(a)
	return len(r.distinct(values)) < len(values)
}

func sorted(r *run, a []any) any {
	values := r.values(a[:1])
	if !sortValues(values, flag(a, 1)) {
		return r.fail("type", "values of different kinds have no order")
	}
	return r.list(values)
}
