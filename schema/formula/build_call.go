package formula

import (
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

// buildCall wraps a function: it evaluates the arguments left to right and,
// unless the function looks at them itself, brings them to their kinds and
// answers blank when a wanted one is blank.
func buildCall(n *node) eval {
	kids, f := buildAll(n.kids), n.fn
	wide := max(len(kids), len(f.Args))
	return func(r *run) any {
		args := make([]any, wide)
		for i, k := range kids {
			args[i] = k(r)
		}
		if r.err != nil {
			return nil
		}
		if f.loose {
			return f.run(r, args[:max(len(kids), f.min)])
		}
		if !f.arguments(r, args, len(kids)) {
			return nil
		}
		return f.run(r, args)
	}
}

// arguments converts in place; false means the result is blank.
func (f *function) arguments(r *run, args []any, given int) bool {
	for i := range args {
		a := f.Args[min(i, len(f.Args)-1)]
		if isBlank(args[i]) {
			if i < given && !a.Optional || i < f.min {
				return false
			}
			args[i] = nil
			continue
		}
		v, ok := r.convert(args[i], a.Kind)
		if !ok {
			return false
		}
		args[i] = v
	}
	return r.err == nil
}

// convert brings a value that is not blank to the kind a function wants; ok is
// false when that is blank (a text that is no date) or fails the run.
func (r *run) convert(v any, kind string) (any, bool) {
	ok := true
	switch kind {
	case "number":
		_, ok = v.(decimal.Decimal)
	case "int":
		var d decimal.Decimal
		if d, ok = v.(decimal.Decimal); ok {
			return clampInt(d), true
		}
	case "text", "time":
		v = identity(v)
		_, ok = v.(string)
	case "bool":
		_, ok = v.(bool)
	case "date", "moment":
		return r.moment(v, kind == "moment")
	case "list", "numbers":
		return r.elements(v), true
	case "row":
		_, ok = v.(map[string]any)
	}
	if !ok {
		r.fail("type", "%s is wanted, not %s", wantNames[kind], kindOf(v))
	}
	return v, ok
}

// clampInt cuts off the fraction and clamps to ±10^9.
func clampInt(d decimal.Decimal) int {
	n, ok := whole64(d)
	if !ok || n > 1e9 || n < -1e9 {
		return 1e9 * d.Sign()
	}
	return int(n)
}

func whole64(d decimal.Decimal) (int64, bool) { return d.RoundDown(0).Int64() }

// values flattens arguments one level and leaves blanks out.
func (r *run) values(args []any) []any {
	out := make([]any, 0, len(args))
	for _, a := range args {
		l, isList := a.([]any)
		if !isList {
			if !isBlank(a) {
				out = append(out, a)
			}
			continue
		}
		for _, e := range l {
			if v := r.outside(e); !isBlank(v) {
				out = append(out, v)
			}
		}
	}
	r.spend(len(out))
	return out
}

// numbers is values that are all numbers.
func (r *run) numbers(args []any) []decimal.Decimal {
	values := r.values(args)
	out := make([]decimal.Decimal, 0, len(values))
	for _, v := range values {
		if d, ok := r.operand(v); ok {
			out = append(out, d)
		}
	}
	return out
}

// Arguments by position, with a default where the argument is missing.

func num(a []any, i int) decimal.Decimal { return a[i].(decimal.Decimal) }

func str(a []any, i int) string { return a[i].(string) }

func strOr(a []any, i int, otherwise string) string {
	if i < len(a) && a[i] != nil {
		return a[i].(string)
	}
	return otherwise
}

func intOr(a []any, i, otherwise int) int {
	if i < len(a) && a[i] != nil {
		return a[i].(int)
	}
	return otherwise
}

// flag is an optional argument that is false unless given.
func flag(a []any, i int) bool {
	return i < len(a) && a[i] != nil && a[i].(bool)
}

func listAt(a []any, i int) []any {
	if i < len(a) && a[i] != nil {
		return a[i].([]any)
	}
	return nil
}

func day(a []any, i int) moment { return a[i].(moment) }

var spaces = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

func trimSpaces(s string) string { return strings.Trim(s, spaces) }

// now is the instant of the run.
func (r *run) now() time.Time { return r.ctx.Now.Truncate(time.Millisecond) }
