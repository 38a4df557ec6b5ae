package filter

import "strings"

// Map rebuilds a condition with every comparison replaced by what f returns: to
// give values the type of their field, to turn names into document paths, to
// expand a comparison into several. f always sees whole paths: within ElemMatch
// the list's path is put before (Cmp{"qty"} in ElemMatch{"lines"} is passed as
// "lines.qty", the element itself as "lines") and taken off again from what f
// returns. The path of an ElemMatch is passed as Cmp{Path, Exists, true} and
// taken from the Cmp that f returns. The first error ends it.
func Map(e Expr, f func(Cmp) (Expr, error)) (Expr, error) {
	switch x := e.(type) {
	case And:
		list, err := mapList(x, f)
		return And(list), err
	case Or:
		list, err := mapList(x, f)
		return Or(list), err
	case Not:
		inner, err := Map(x.X, f)
		return Not{inner}, err
	case Cmp:
		return f(x)
	case ElemMatch:
		return mapElem(x, f)
	}
	return e, nil
}

func mapList(list []Expr, f func(Cmp) (Expr, error)) ([]Expr, error) {
	out := make([]Expr, len(list))
	for i, e := range list {
		m, err := Map(e, f)
		if err != nil {
			return nil, err
		}
		out[i] = m
	}
	return out, nil
}

func mapElem(x ElemMatch, f func(Cmp) (Expr, error)) (Expr, error) {
	at, err := f(Cmp{x.Path, Exists, true})
	if err != nil {
		return nil, err
	}
	list, ok := at.(Cmp)
	if !ok {
		return nil, problem("/path", "filter.path", "a list cannot be replaced by a condition")
	}
	inner, err := Map(x.X, func(c Cmp) (Expr, error) {
		c.Path = join(x.Path, c.Path)
		mapped, err := f(c)
		if err != nil {
			return nil, err
		}
		return relative(mapped, list.Path)
	})
	return ElemMatch{list.Path, inner}, err
}

// relative takes the path of a list off the paths of a condition.
func relative(e Expr, list string) (Expr, error) {
	cut := func(path string) (string, error) {
		if path == list {
			return "", nil
		}
		if rest, ok := strings.CutPrefix(path, list+"."); ok {
			return rest, nil
		}
		return "", problem("/path", "filter.path", path+" lies outside the list "+list)
	}
	switch x := e.(type) {
	case Cmp:
		path, err := cut(x.Path)
		x.Path = path
		return x, err
	case ElemMatch:
		path, err := cut(x.Path)
		x.Path = path
		return x, err
	case Not:
		inner, err := relative(x.X, list)
		return Not{inner}, err
	case And:
		out, err := relativeList(x, list)
		return And(out), err
	case Or:
		out, err := relativeList(x, list)
		return Or(out), err
	}
	return e, nil
}

func relativeList(in []Expr, list string) ([]Expr, error) {
	out := make([]Expr, len(in))
	for i, e := range in {
		r, err := relative(e, list)
		if err != nil {
			return nil, err
		}
		out[i] = r
	}
	return out, nil
}

func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + "." + b
}

// Simplify returns a smaller condition that holds for the same documents:
// nested And and Or are flattened, what always or never holds is folded, double
// negation goes, an In of one value is an Eq. nil becomes True.
func Simplify(e Expr) Expr {
	switch x := e.(type) {
	case nil:
		return True
	case And:
		return simplifyAnd(x)
	case Or:
		return simplifyOr(x)
	case Not:
		return simplifyNot(x)
	case Cmp:
		return simplifyCmp(x)
	case ElemMatch:
		inner := Simplify(x.X)
		if IsFalse(inner) {
			return False
		}
		if IsTrue(inner) || onSelf(inner) != onSelf(x.X) {
			inner = x.X // whether elements must be maps hangs on the condition's paths
		}
		return ElemMatch{x.Path, inner}
	}
	return e
}

// IsTrue reports whether a condition is the empty And (or nil).
func IsTrue(e Expr) bool {
	a, ok := e.(And)
	return e == nil || ok && len(a) == 0
}

// IsFalse reports whether a condition is the empty Or.
func IsFalse(e Expr) bool {
	o, ok := e.(Or)
	return ok && len(o) == 0
}

func simplifyAnd(list And) Expr {
	out := And{}
	for _, e := range list {
		s := Simplify(e)
		switch inner, ok := s.(And); {
		case IsFalse(s):
			return False
		case ok:
			out = append(out, inner...)
		default:
			out = append(out, s)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

func simplifyOr(list Or) Expr {
	out := Or{}
	for _, e := range list {
		s := Simplify(e)
		switch inner, ok := s.(Or); {
		case IsTrue(s):
			return True
		case ok:
			out = append(out, inner...)
		default:
			out = append(out, s)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

func simplifyNot(n Not) Expr {
	inner := Simplify(n.X)
	switch x := inner.(type) {
	case Not:
		return x.X
	case Cmp:
		switch x.Op {
		case Eq:
			return Cmp{x.Path, Ne, x.Value}
		case Ne:
			return Cmp{x.Path, Eq, x.Value}
		}
	}
	switch {
	case IsTrue(inner):
		return False
	case IsFalse(inner):
		return True
	}
	return Not{inner}
}

func simplifyCmp(c Cmp) Expr {
	list, ok := c.Value.([]any)
	if !ok || c.Op != In && c.Op != All {
		return c
	}
	switch len(list) {
	case 0:
		return False
	case 1:
		return Cmp{c.Path, Eq, list[0]}
	}
	return c
}
