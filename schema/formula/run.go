package formula

import (
	"fmt"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

// Limits of a run.
const (
	maxText  = 100_000   // code points of one text
	maxList  = 10_000    // elements of one list
	maxSteps = 2_000_000 // nodes evaluated, elements and (by 16) code points produced
)

// run is one evaluation.
type run struct {
	ctx   *Context
	zone  *time.Location
	vars  Vars
	elems []element
	lets  []any
	steps int
	err   *RunError
	my    func(form, path string) ([]string, error) // MY, only while a filter is made
}

// element is the current element of a closure.
type element struct {
	value any
	index int
}

// eval is a node turned into code. After a failure (run.err) its results mean nothing.
type eval func(r *run) any

func newRun(c *Context, v Vars) *run {
	if c == nil {
		c = &Context{}
	}
	zone := c.Zone
	if zone == nil {
		zone = time.UTC
	}
	return &run{ctx: c, zone: zone, vars: v}
}

// fail records the first failure and returns blank.
func (r *run) fail(code, format string, args ...any) any {
	if r.err == nil {
		r.err = &RunError{Code: code, Message: fmt.Sprintf(format, args...)}
	}
	return nil
}

func (r *run) warn(code string) any {
	if r.ctx.Warn != nil && r.err == nil {
		r.ctx.Warn(code)
	}
	return nil
}

// spend takes steps; false means the run is over.
func (r *run) spend(n int) bool {
	r.steps += n
	if r.steps > maxSteps {
		r.fail(runLimit, "the formula takes more than %d steps", maxSteps)
	}
	return r.err == nil
}

// number checks the size of a computed number.
func (r *run) number(d decimal.Decimal) any {
	if d.Overflow() {
		return r.fail(runLimit, "a number is too large")
	}
	return d
}

// string checks the size of a computed text.
func (r *run) string(s string) any {
	n := len(s)
	if n > maxText {
		n = runes(s)
	}
	if n > maxText {
		return r.fail(runLimit, "a text is longer than %d characters", maxText)
	}
	if !r.spend(n / 16) {
		return nil
	}
	return s
}

// list checks the size of a computed list.
func (r *run) list(l []any) any {
	if len(l) > maxList {
		return r.fail(runLimit, "a list has more than %d elements", maxList)
	}
	if !r.spend(len(l)) {
		return nil
	}
	return l
}

// outside brings a value from the variables or the context into the language.
func (r *run) outside(v any) any {
	x, ok := fromOutside(v)
	if !ok {
		return r.fail("type", "a value of type %T cannot be used in a formula", v)
	}
	return x
}

// truth is a value in boolean context: blank is false.
func (r *run) truth(v any) bool {
	b, ok := v.(bool)
	if !ok && !isBlank(v) {
		r.fail("type", "a condition is neither true nor false")
	}
	return b
}

// elements gives the elements of a list; anything else that is not blank is a list of one.
func (r *run) elements(v any) []any {
	if isBlank(v) {
		return nil
	}
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}
