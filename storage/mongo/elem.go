package mongo

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// maxAlternatives bounds what an Or about one element is multiplied out to.
const maxAlternatives = 500

// renderElem: conditions on an element's fields are a query of their own to
// $elemMatch. Those on the element itself may only be a conjunction of operators
// there, so they are multiplied out: one element satisfies A or B exactly when
// one satisfies A or one satisfies B.
func renderElem(e filter.ElemMatch) (bson.D, error) {
	if e.Path == "" {
		return never(), nil // a list within a list is not entered
	}
	if !aboutItself(e.X) {
		inner, err := renderExpr(e.X)
		return op(e.Path, "$elemMatch", inner), err
	}
	alternatives, err := multiply(e.X, false)
	if err != nil {
		return nil, err
	}
	list := make([]bson.D, len(alternatives))
	for i, conjunction := range alternatives {
		if len(conjunction) == 0 {
			conjunction = bson.D{{Key: "$exists", Value: true}} // any element
		}
		list[i] = op(e.Path, "$elemMatch", conjunction)
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return anyOf(list...), nil
}

// aboutItself tells whether a condition's paths are "", the element; filter.Valid refuses a mixture.
func aboutItself(e filter.Expr) bool {
	switch x := e.(type) {
	case filter.And:
		return len(x) > 0 && aboutItself(x[0])
	case filter.Or:
		return len(x) > 0 && aboutItself(x[0])
	case filter.Not:
		return aboutItself(x.X)
	case filter.Cmp:
		return x.Path == ""
	}
	return false
}

// multiply gives the disjunctive normal form of a condition or of its negation:
// alternatives, each a conjunction of operators on the element.
func multiply(e filter.Expr, negated bool) ([]bson.D, error) {
	switch x := e.(type) {
	case filter.Not:
		return multiply(x.X, !negated)
	case filter.And:
		return combine(x, negated, negated)
	case filter.Or:
		return combine(x, !negated, negated)
	case filter.Cmp:
		return literal(x, negated)
	}
	if negated { // an ElemMatch of the element itself never holds
		return []bson.D{{}}, nil
	}
	return nil, nil
}

// combine unites the alternatives of the parts, or multiplies them.
func combine(parts []filter.Expr, unite, negated bool) ([]bson.D, error) {
	var out []bson.D
	if !unite {
		out = []bson.D{{}}
	}
	for _, p := range parts {
		next, err := multiply(p, negated)
		if err != nil {
			return nil, err
		}
		if unite {
			out = append(out, next...)
		} else {
			out = product(out, next)
		}
		if len(out) > maxAlternatives {
			return nil, storage.Invalidf("a condition on list elements with more than %d alternatives", maxAlternatives)
		}
	}
	return out, nil
}

func product(a, b []bson.D) []bson.D {
	var out []bson.D
	for _, x := range a {
		for _, y := range b {
			out = append(out, append(x[:len(x):len(x)], y...))
		}
	}
	return out
}

// literal is one comparison of the element. Operators may stand several times in
// a conjunction: MongoDB reads each.
func literal(c filter.Cmp, negated bool) ([]bson.D, error) {
	one := func(operator string, v any, err error) ([]bson.D, error) {
		d := bson.D{{Key: operator, Value: v}}
		if negated {
			d = bson.D{{Key: "$not", Value: d}}
		}
		return []bson.D{d}, err
	}
	switch c.Op {
	case filter.Exists: // the element is there
		if c.Value == any(true) == !negated {
			return []bson.D{{}}, nil
		}
		return nil, nil
	case filter.Contains, filter.Prefix, filter.Suffix:
		return one("$in", bson.A{bson.Regex{Pattern: pattern(c)}}, nil)
	case filter.All:
		return multiply(every(c), negated)
	}
	v, err := operand(c.Value, c.Path)
	return one(operators[c.Op], v, err)
}

// every spells All out.
func every(c filter.Cmp) filter.Expr {
	values, _ := c.Value.([]any)
	if len(values) == 0 {
		return filter.False
	}
	var and filter.And
	for _, v := range values {
		and = append(and, filter.Cmp{Path: c.Path, Op: filter.Eq, Value: v})
	}
	return and
}
