package formula

import (
	"strings"

	"github.com/formwork-run/formwork/internal/decimal"
)

// operand takes a number; ok is false for blank, and for anything else, which fails the run.
func (r *run) operand(v any) (d decimal.Decimal, ok bool) {
	d, ok = v.(decimal.Decimal)
	if !ok && !isBlank(v) {
		r.fail("type", "a number is wanted, not %s", kindOf(v))
	}
	return d, ok
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case bool:
		return "yes/no"
	case []any:
		return "a list"
	case map[string]any:
		return "a row"
	case decimal.Decimal:
		return "a number"
	}
	return "a date and time"
}

func buildArithmetic(n *node) eval {
	a, b, op := build(n.kids[0]), build(n.kids[1]), arithmetic(n.op)
	return func(r *run) any {
		x, ok := r.operand(a(r))
		y, ok2 := r.operand(b(r))
		if !ok || !ok2 {
			return nil
		}
		return op(r, x, y)
	}
}

func arithmetic(op string) func(r *run, x, y decimal.Decimal) any {
	switch op {
	case "+":
		return func(r *run, x, y decimal.Decimal) any { return r.number(x.Add(y)) }
	case "-":
		return func(r *run, x, y decimal.Decimal) any { return r.number(x.Sub(y)) }
	case "*":
		return func(r *run, x, y decimal.Decimal) any { return r.number(x.Mul(y)) }
	case "/":
		return func(r *run, x, y decimal.Decimal) any { return r.maybe(warnZero)(x.Quo(y)) }
	case "%":
		return func(r *run, x, y decimal.Decimal) any { return r.maybe(warnZero)(x.Mod(y)) }
	}
	return power
}

// maybe turns "does not exist" into blank and a warning.
func (r *run) maybe(code string) func(decimal.Decimal, bool) any {
	return func(d decimal.Decimal, ok bool) any {
		if !ok {
			return r.warn(code)
		}
		return r.number(d)
	}
}

func power(r *run, x, y decimal.Decimal) any {
	if !r.spend(200) {
		return nil
	}
	if x.IsZero() && y.Sign() < 0 {
		return r.warn(warnZero)
	}
	return r.maybe(warnNotANumber)(x.Pow(y))
}

func buildCompare(n *node) eval {
	a, b, op := build(n.kids[0]), build(n.kids[1]), n.op
	switch op {
	case "==":
		return func(r *run) any { return equal(a(r), b(r)) }
	case "!=":
		return func(r *run) any {
			x, y := identity(a(r)), identity(b(r))
			return !isBlank(x) && !isBlank(y) && !equal(x, y)
		}
	}
	return func(r *run) any {
		c, ok := order(a(r), b(r))
		return ok && holds(op, c)
	}
}

// holds reads the outcome of a comparison.
func holds(op string, c int) bool {
	switch op {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "==":
		return c == 0
	}
	return c != 0
}

func buildLogic(n *node) eval {
	kids := buildAll(n.kids)
	if n.op == "not" {
		return func(r *run) any { return !r.truth(kids[0](r)) }
	}
	stop := n.op == "or"
	return func(r *run) any {
		for _, k := range kids {
			if r.truth(k(r)) == stop {
				return stop
			}
		}
		return !stop
	}
}

func buildTest(n *node) eval {
	a, b := build(n.kids[0]), build(n.kids[1])
	switch n.op {
	case "in":
		return func(r *run) any { x := a(r); return r.in(x, b(r)) }
	case "contains":
		return func(r *run) any {
			x, y := a(r), b(r)
			if _, ok := x.([]any); ok {
				return r.in(y, x)
			}
			return textTest(x, y, strings.Contains)
		}
	case "starts":
		return func(r *run) any { x := a(r); return textTest(x, b(r), strings.HasPrefix) }
	}
	return func(r *run) any { x := a(r); return textTest(x, b(r), strings.HasSuffix) }
}

func textTest(a, b any, test func(a, b string) bool) bool {
	x, ok := identity(a).(string)
	y, ok2 := identity(b).(string)
	return ok && ok2 && x != "" && y != "" && test(x, y)
}

// in reports whether x equals an element of a list.
func (r *run) in(x, list any) bool {
	if isBlank(x) {
		return false
	}
	l := r.elements(list)
	r.spend(len(l) / 4)
	for _, e := range l {
		if equal(x, r.outside(e)) {
			return true
		}
	}
	return false
}
