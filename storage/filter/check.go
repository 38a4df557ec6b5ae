package filter

import (
	"fmt"
	"strconv"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
)

// maxInnerDepth bounds what code of the product may nest; it only guards the stack.
const maxInnerDepth = 200

// Check refuses a condition that came from outside if it is malformed or
// exceeds MaxDepth, MaxNodes, MaxValues or MaxText. The error is a *fault.Error
// of kind Invalid whose field path is a JSON pointer into the condition's JSON
// form, e.g. "/and/1/value". nil is allowed: it matches all.
func Check(e Expr) error {
	return check(e, checker{limits: true, depth: MaxDepth})
}

// Valid refuses a malformed condition (a path that can name nothing, an unknown
// operator, a value of a wrong type) without the limits for outsiders. Stores
// call it on every condition they are given.
func Valid(e Expr) error {
	return check(e, checker{depth: maxInnerDepth})
}

// ValidSort refuses an order that is no order: a bad path, or one path twice.
func ValidSort(by []Sort) error {
	seen := map[string]bool{}
	for i, s := range by {
		at := "/sort/" + strconv.Itoa(i)
		if !ValidPath(s.Path) {
			return problem(at, "filter.path", fmt.Sprintf("%q is not a path", clip(s.Path)))
		}
		if seen[s.Path] {
			return problem(at, "filter.sort", fmt.Sprintf("%q is sorted by twice", clip(s.Path)))
		}
		seen[s.Path] = true
	}
	return nil
}

type checker struct {
	limits bool
	depth  int
	nodes  int
	elem   int // 0: no ElemMatch around; else the kind of path its conditions use
}

// What the conditions within one ElemMatch are about.
const (
	elemUnknown = iota + 1
	elemSelf
	elemFields
)

func check(e Expr, c checker) error {
	if e == nil {
		return nil
	}
	return c.expr(e, "", 1)
}

func (c *checker) expr(e Expr, at string, depth int) error {
	c.nodes++
	if depth > c.depth {
		return problem(at, "filter.too_deep", fmt.Sprintf("nested deeper than %d", c.depth))
	}
	if c.limits && c.nodes > MaxNodes {
		return problem(at, "filter.too_large", fmt.Sprintf("more than %d conditions", MaxNodes))
	}
	switch x := e.(type) {
	case And:
		return c.list(x, at+"/and/", depth)
	case Or:
		return c.list(x, at+"/or/", depth)
	case Not:
		return c.expr(x.X, at+"/not", depth+1)
	case Cmp:
		return c.cmp(x, at)
	case ElemMatch:
		return c.elemMatch(x, at, depth)
	}
	return problem(at, "filter.malformed", "an empty condition")
}

func (c *checker) list(list []Expr, at string, depth int) error {
	for i, e := range list {
		if err := c.expr(e, at+strconv.Itoa(i), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) elemMatch(e ElemMatch, at string, depth int) error {
	if err := c.path(e.Path, at); err != nil {
		return err
	}
	outer := c.elem
	c.elem = elemUnknown
	err := c.expr(e.X, at+"/value", depth+1)
	c.elem = outer
	return err
}

func (c *checker) cmp(x Cmp, at string) error {
	if err := c.path(x.Path, at); err != nil {
		return err
	}
	return c.value(x, at)
}

func (c *checker) path(path, at string) error {
	kind := elemFields
	if path == "" {
		kind = elemSelf
	}
	switch {
	case path == "" && c.elem == 0, path != "" && !ValidPath(path):
		return problem(at+"/path", "filter.path", fmt.Sprintf("%q is not a path", clip(path)))
	case c.elem != 0 && c.elem != elemUnknown && c.elem != kind:
		return problem(at+"/path", "filter.path", "conditions on the element itself and on its fields cannot be mixed")
	}
	if c.elem != 0 {
		c.elem = kind
	}
	return nil
}

func (c *checker) value(x Cmp, at string) error {
	at += "/value"
	switch x.Op {
	case Eq, Ne:
		return c.scalar(x.Value, at, 0)
	case Lt, Le, Gt, Ge:
		if r := rank(x.Value); r != rankNumber && r != rankString && r != rankBool && r != rankTime {
			return problem(at, "filter.value", string(x.Op)+" needs a number, text, bool or time")
		}
		return c.scalar(x.Value, at, 0)
	case In, All:
		return c.values(x, at)
	case Contains, Prefix, Suffix:
		if _, ok := x.Value.(string); !ok {
			return problem(at, "filter.value", string(x.Op)+" needs a text")
		}
		return c.scalar(x.Value, at, 0)
	case Exists:
		if _, ok := x.Value.(bool); !ok {
			return problem(at, "filter.value", "exists needs true or false")
		}
		return nil
	}
	return problem(at[:len(at)-len("/value")]+"/op", "filter.op", fmt.Sprintf("%q is not an operator", clip(string(x.Op))))
}

func (c *checker) values(x Cmp, at string) error {
	list, ok := x.Value.([]any)
	if !ok {
		return problem(at, "filter.value", string(x.Op)+" needs a list")
	}
	if c.limits && len(list) > MaxValues {
		return problem(at, "filter.too_large", fmt.Sprintf("more than %d values", MaxValues))
	}
	for i, v := range list {
		if err := c.scalar(v, at+"/"+strconv.Itoa(i), 0); err != nil {
			return err
		}
	}
	return nil
}

// scalar allows the storage types; lists and maps too, but not from outside.
func (c *checker) scalar(v any, at string, depth int) error {
	switch x := v.(type) {
	case nil, bool, int, int64, decimal.Decimal, time.Time:
		return nil
	case string:
		if c.limits && len(x) > MaxText {
			return problem(at, "filter.too_large", fmt.Sprintf("a text of more than %d bytes", MaxText))
		}
		return nil
	case []any:
		return c.nested(x, nil, at, depth)
	case map[string]any:
		return c.nested(nil, x, at, depth)
	}
	return problem(at, "filter.value", fmt.Sprintf("a value of type %T", v))
}

func (c *checker) nested(list []any, m map[string]any, at string, depth int) error {
	if c.limits || depth > maxInnerDepth {
		return problem(at, "filter.value", "a list or map is no value to compare with")
	}
	for i, v := range list {
		if err := c.scalar(v, at+"/"+strconv.Itoa(i), depth+1); err != nil {
			return err
		}
	}
	for k, v := range m {
		if err := c.scalar(v, at+"/"+k, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func problem(at, code, message string) error {
	return fault.New(fault.Invalid, code, "filter"+at+": "+message).
		At(fault.Field{Path: at, Code: code, Message: message})
}

// clip keeps what strangers sent short in messages.
func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
