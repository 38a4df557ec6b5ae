package formula

import (
	"strings"

	"github.com/formwork-run/formwork/internal/decimal"
)

// criterion is the second argument of COUNTIF and SUMIF over a column.
type criterion struct {
	op    string
	value any
	num   decimal.Decimal
	isNum bool
}

func newCriterion(v any) criterion {
	c := criterion{op: "==", value: v}
	s, ok := v.(string)
	if !ok {
		c.num, c.isNum = v.(decimal.Decimal)
		return c
	}
	for _, op := range []string{">=", "<=", "<>", ">", "<", "="} {
		if strings.HasPrefix(s, op) {
			c.op, s = op, s[len(op):]
			break
		}
	}
	c.value = s
	c.num, c.isNum = value(s)
	return c
}

// meets reports whether an element meets the criterion; a blank never does.
func (c criterion) meets(e any) bool {
	if isBlank(e) || isBlank(c.value) {
		return false
	}
	cmp, ok := 0, false
	if d, isNum := e.(decimal.Decimal); isNum {
		if ok = c.isNum; ok {
			cmp = d.Cmp(c.num)
		}
	} else {
		cmp, ok = order(e, c.value)
		if b, isBool := e.(bool); isBool {
			ok = equal(b, c.value)
		}
	}
	switch c.op {
	case "==", "=":
		return ok && cmp == 0
	case "<>":
		return !ok || cmp != 0
	}
	return ok && holds(c.op, cmp)
}

func countIf(r *run, a []any) any {
	n, c := 0, newCriterion(a[1])
	for _, e := range r.elements(a[0]) {
		if c.meets(r.outside(e)) {
			n++
		}
	}
	return decimal.FromInt(int64(n))
}

// chosen returns the values at the positions that meet every criterion; pairs are range, criterion, range, criterion …
func (r *run) chosen(values any, pairs []any) []any {
	out := []any{}
	list := r.elements(values)
	for i := range list {
		good := true
		for p := 0; p+1 < len(pairs) && good; p += 2 {
			e := r.outside(pick(r.elements(pairs[p]), int64(i)))
			good = newCriterion(pairs[p+1]).meets(e)
		}
		if good {
			out = append(out, list[i])
		}
	}
	r.spend(len(list) * len(pairs))
	return out
}

func sumIf(r *run, a []any) any     { return sum(r, []any{r.chosen(valuesOf(a), a[:2])}) }
func averageIf(r *run, a []any) any { return average(r, []any{r.chosen(valuesOf(a), a[:2])}) }
func sumIfs(r *run, a []any) any    { return sum(r, []any{r.chosen(a[0], a[1:])}) }

// valuesOf is the third argument of SUMIF, by default the first.
func valuesOf(a []any) any {
	if len(a) > 2 {
		return a[2]
	}
	return a[0]
}
