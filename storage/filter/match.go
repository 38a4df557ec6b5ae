package filter

import (
	"strings"
)

// Matcher is a compiled condition, safe for concurrent use.
type Matcher func(doc map[string]any) bool

// Match reports whether a document satisfies a condition; a nil condition is
// satisfied by all. It is the reference for every store. For many documents
// use Compile.
func Match(e Expr, doc map[string]any) bool { return Compile(e)(doc) }

// Compile prepares a condition for many documents. A condition that Valid
// refuses matches nothing where it is wrong.
func Compile(e Expr) Matcher {
	if e == nil {
		return func(map[string]any) bool { return true }
	}
	test := compile(e)
	return func(doc map[string]any) bool { return test(doc) }
}

type test func(v any) bool

func compile(e Expr) test {
	switch x := e.(type) {
	case And:
		all := compileAll(x)
		return func(v any) bool {
			for _, t := range all {
				if !t(v) {
					return false
				}
			}
			return true
		}
	case Or:
		any1 := compileAll(x)
		return func(v any) bool {
			for _, t := range any1 {
				if t(v) {
					return true
				}
			}
			return false
		}
	case Not:
		inner := compile(x.X)
		return func(v any) bool { return !inner(v) }
	case Cmp:
		return compileCmp(x)
	case ElemMatch:
		return compileElem(x)
	}
	return never
}

func never(any) bool { return false }

func compileAll(list []Expr) []test {
	out := make([]test, len(list))
	for i, e := range list {
		out[i] = compile(e)
	}
	return out
}

func compileCmp(c Cmp) test {
	switch c.Op {
	case Ne:
		eq := anyOf(c.Path, equals(c.Value))
		return func(v any) bool { return !eq(v) }
	case Exists:
		want, _ := c.Value.(bool)
		has := anyOf(c.Path, func(_ any, missing bool) bool { return !missing })
		return func(v any) bool { return has(v) == want }
	case All:
		return compileEvery(c)
	}
	return anyOf(c.Path, predicate(c))
}

// predicate tells whether one value reached satisfies the operator.
func predicate(c Cmp) func(any, bool) bool {
	switch c.Op {
	case Eq:
		return equals(c.Value)
	case In:
		values, _ := c.Value.([]any)
		return oneOf(values)
	case Lt, Le, Gt, Ge:
		return inRange(c.Op, c.Value)
	case Contains:
		return text(strings.Contains, c.Value)
	case Prefix:
		return text(strings.HasPrefix, c.Value)
	case Suffix:
		return text(strings.HasSuffix, c.Value)
	}
	return func(any, bool) bool { return false }
}

func anyOf(path string, ok func(any, bool) bool) test {
	if path == "" {
		return func(v any) bool { return ok(v, false) }
	}
	segs := strings.Split(path, ".")
	return func(v any) bool {
		return !walk(v, segs, func(x any, missing bool) bool { return !ok(x, missing) })
	}
}

func equals(want any) func(any, bool) bool {
	return func(v any, _ bool) bool { return Equal(v, want) }
}

// inRange compares only values of the same type; null, lists and maps have no range.
func inRange(op Op, bound any) func(any, bool) bool {
	r := rank(bound)
	if r == rankNull || r == rankMap || r == rankList || r == rankOther {
		return func(any, bool) bool { return false }
	}
	return func(v any, _ bool) bool {
		if rank(v) != r {
			return false
		}
		c := Compare(v, bound)
		switch op {
		case Lt:
			return c < 0
		case Le:
			return c <= 0
		case Gt:
			return c > 0
		}
		return c >= 0
	}
}

func text(f func(s, part string) bool, value any) func(any, bool) bool {
	part, ok := value.(string)
	return func(v any, _ bool) bool {
		s, isText := v.(string)
		return ok && isText && f(s, part)
	}
}

// oneOf looks texts and numbers up in a set, since an access scope may name
// thousands of ids and a scan asks for every document.
func oneOf(values []any) func(any, bool) bool {
	texts := map[string]bool{}
	numbers := map[string]bool{}
	var others []any
	for _, v := range values {
		switch rank(v) {
		case rankString:
			texts[v.(string)] = true
		case rankNumber:
			numbers[number(v).Key()] = true
		default:
			others = append(others, v)
		}
	}
	return func(v any, _ bool) bool {
		switch rank(v) {
		case rankString:
			return texts[v.(string)]
		case rankNumber:
			return len(numbers) > 0 && numbers[number(v).Key()]
		}
		for _, o := range others {
			if Equal(v, o) {
				return true
			}
		}
		return false
	}
}

// compileEvery: every value is reached; an empty list of values is never satisfied.
func compileEvery(c Cmp) test {
	values, _ := c.Value.([]any)
	if len(values) == 0 {
		return never
	}
	tests := make([]test, len(values))
	for i, v := range values {
		tests[i] = anyOf(c.Path, equals(v))
	}
	return func(v any) bool {
		for _, t := range tests {
			if !t(v) {
				return false
			}
		}
		return true
	}
}

func compileElem(e ElemMatch) test {
	inner := compile(e.X)
	self := onSelf(e.X)
	segs := strings.Split(e.Path, ".")
	if e.Path == "" {
		return never
	}
	return func(v any) bool {
		return !walkLists(v, segs, func(elem any) bool {
			// Conditions on fields are about elements that have fields.
			if _, isMap := elem.(map[string]any); !self && !isMap {
				return true
			}
			return !inner(elem)
		})
	}
}

// walkLists calls yield for the elements of every list at a path.
func walkLists(v any, segs []string, yield func(any) bool) bool {
	if len(segs) == 0 {
		list, _ := v.([]any)
		for _, e := range list {
			if !yield(e) {
				return false
			}
		}
		return true
	}
	switch x := v.(type) {
	case map[string]any:
		child, ok := x[segs[0]]
		return !ok || walkLists(child, segs[1:], yield)
	case []any:
		if i, ok := index(segs[0]); ok {
			return i >= len(x) || walkLists(x[i], segs[1:], yield)
		}
		for _, e := range x {
			if m, ok := e.(map[string]any); ok && !walkLists(m, segs, yield) {
				return false
			}
		}
	}
	return true
}

// onSelf reports whether a condition within ElemMatch is about the element
// itself (path ""); Valid refuses a mixture.
func onSelf(e Expr) bool {
	switch x := e.(type) {
	case And:
		return len(x) > 0 && onSelf(x[0])
	case Or:
		return len(x) > 0 && onSelf(x[0])
	case Not:
		return onSelf(x.X)
	case Cmp:
		return x.Path == ""
	case ElemMatch:
		return false
	}
	return false
}
