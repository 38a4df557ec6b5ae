package mongo

import (
	"regexp"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// render writes a valid condition in MongoDB's query language. MongoDB's rules
// are those of package filter: equality with null holds for missing, $ne and
// $nor are two-valued, range operators compare only values of one type, lists
// match by element, texts compare by their bytes.
func render(e filter.Expr) (bson.D, error) { return renderExpr(filter.Simplify(e)) }

// never is a condition that nothing satisfies.
func never() bson.D { return op(storage.ID, "$in", bson.A{}) }

// op is a condition of one operator.
func op(path, operator string, v any) bson.D {
	return bson.D{{Key: path, Value: bson.D{{Key: operator, Value: v}}}}
}

func byID(id string) bson.D { return bson.D{{Key: storage.ID, Value: id}} }

// all is the conjunction of some conditions; empty ones add nothing.
func all(list ...bson.D) bson.D { return join("$and", list, bson.D{}) }

// anyOf is the disjunction of some conditions.
func anyOf(list ...bson.D) bson.D {
	if len(list) == 0 {
		return never()
	}
	return bson.D{{Key: "$or", Value: array(list)}}
}

func join(operator string, list []bson.D, none bson.D) bson.D {
	var kept []bson.D
	for _, d := range list {
		if len(d) > 0 {
			kept = append(kept, d)
		}
	}
	switch len(kept) {
	case 0:
		return none
	case 1:
		return kept[0]
	}
	return bson.D{{Key: operator, Value: array(kept)}}
}

func array(list []bson.D) bson.A {
	out := make(bson.A, len(list))
	for i, d := range list {
		out[i] = d
	}
	return out
}

func renderExpr(e filter.Expr) (bson.D, error) {
	switch x := e.(type) {
	case filter.And:
		list, err := renderAll(x)
		return all(list...), err
	case filter.Or:
		list, err := renderAll(x)
		return anyOf(list...), err
	case filter.Not:
		d, err := renderExpr(x.X)
		return bson.D{{Key: "$nor", Value: bson.A{d}}}, err
	case filter.Cmp:
		return renderCmp(x)
	case filter.ElemMatch:
		return renderElem(x)
	}
	return nil, storage.Invalidf("a condition of type %T", e)
}

func renderAll(list []filter.Expr) ([]bson.D, error) {
	out := make([]bson.D, len(list))
	for i, e := range list {
		d, err := renderExpr(e)
		if err != nil {
			return nil, err
		}
		out[i] = d
	}
	return out, nil
}

var operators = map[filter.Op]string{filter.Eq: "$eq", filter.Ne: "$ne", filter.Lt: "$lt", filter.Le: "$lte",
	filter.Gt: "$gt", filter.Ge: "$gte", filter.In: "$in", filter.Exists: "$exists"}

func renderCmp(c filter.Cmp) (bson.D, error) {
	switch c.Op {
	case filter.Contains, filter.Prefix, filter.Suffix:
		return op(c.Path, "$regex", pattern(c)), nil
	case filter.All:
		return renderEvery(c)
	}
	v, err := operand(c.Value, c.Path)
	return op(c.Path, operators[c.Op], v), err
}

// renderEvery: each value is there; of no values nothing is satisfied.
func renderEvery(c filter.Cmp) (bson.D, error) {
	values, _ := c.Value.([]any)
	if len(values) == 0 {
		return never(), nil
	}
	list := make([]bson.D, len(values))
	for i, v := range values {
		b, err := operand(v, c.Path)
		if err != nil {
			return nil, err
		}
		list[i] = op(c.Path, "$eq", b)
	}
	return all(list...), nil
}

// operand is a value to compare with: other than in a document, a number may be beyond all.
func operand(v any, path string) (any, error) {
	if d, ok := v.(decimal.Decimal); ok {
		return number(d), nil
	}
	return value(v, path, 0)
}

// pattern is the regular expression of a text operator. It means the same to
// every engine: no options, no "$", which some let match before a final newline.
func pattern(c filter.Cmp) string {
	text, _ := c.Value.(string)
	quoted := strings.ReplaceAll(regexp.QuoteMeta(text), "\x00", `\x00`)
	switch c.Op {
	case filter.Prefix:
		return "^" + quoted
	case filter.Suffix:
		return quoted + `\z`
	}
	return quoted
}
