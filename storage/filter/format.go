package filter

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
)

// Format writes a condition in the JSON form that Parse reads. Times become
// RFC 3339 texts in UTC, numbers JSON numbers of all their digits; nil is null.
func Format(e Expr) (json.RawMessage, error) {
	if e == nil {
		return json.RawMessage("null"), nil
	}
	v, err := wire(e)
	if err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// condition has its keys in the order people write them.
type condition struct {
	Path  string `json:"path"`
	Op    string `json:"op"`
	Value any    `json:"value"`
}

func wire(e Expr) (any, error) {
	switch x := e.(type) {
	case And:
		return wireList("and", x)
	case Or:
		return wireList("or", x)
	case Not:
		inner, err := wire(x.X)
		return map[string]any{"not": inner}, err
	case Cmp:
		v, err := wireValue(x.Value)
		return condition{x.Path, string(x.Op), v}, err
	case ElemMatch:
		inner, err := wire(x.X)
		return condition{x.Path, opElem, inner}, err
	}
	return nil, problem("", "filter.malformed", "an empty condition")
}

func wireList(key string, list []Expr) (any, error) {
	out := make([]any, len(list))
	for i, e := range list {
		v, err := wire(e)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return map[string]any{key: out}, nil
}

func wireValue(v any) (any, error) {
	switch x := v.(type) {
	case nil, bool, string, int64, int:
		return x, nil
	case decimal.Decimal:
		return json.Number(x.String()), nil
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano), nil
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			w, err := wireValue(e)
			if err != nil {
				return nil, err
			}
			out[i] = w
		}
		return out, nil
	}
	return nil, problem("/value", "filter.value", fmt.Sprintf("a value of type %T has no JSON form", v))
}
