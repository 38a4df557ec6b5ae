package mongo

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// order is the sort of a query with _id at its end.
func order(by []filter.Sort) bson.D {
	out := make(bson.D, 0, len(by)+1)
	for _, s := range withID(by) {
		direction := int32(1)
		if s.Desc {
			direction = -1
		}
		out = append(out, bson.E{Key: s.Path, Value: direction})
	}
	return out
}

func withID(by []filter.Sort) []filter.Sort {
	for i, s := range by {
		if s.Path == storage.ID {
			return by[:i+1] // nothing is left to order behind it
		}
	}
	return append(by[:len(by):len(by)], filter.Sort{Path: storage.ID})
}

// after is the condition of the documents that come behind a position: the first
// keys tie and the next one lies beyond.
func after(by []filter.Sort, p *position) (bson.D, error) {
	if p == nil {
		return bson.D{}, nil
	}
	var alternatives, ties []bson.D
	for i, s := range withID(by) {
		v := any(p.id)
		if s.Path != storage.ID {
			v = p.values[i]
		}
		b, err := operand(v, s.Path)
		if err != nil {
			return nil, err
		}
		for _, beyond := range beyond(s, v, b) {
			alternatives = append(alternatives, all(append(ties[:len(ties):len(ties)], beyond)...))
		}
		ties = append(ties, op(s.Path, "$eq", b))
	}
	return anyOf(alternatives...), nil
}

// types are the types of sort keys, as they sort; null and missing come before all.
var types = []string{"number", "string", "object", "bool", "date"}

// beyond are the alternatives of a key behind a value: a range operator sees one
// type only, so the types that sort behind it are named.
func beyond(s filter.Sort, v, b any) []bson.D {
	if s.Path == storage.ID {
		return []bson.D{op(s.Path, direction(s), b)}
	}
	if v == nil {
		if s.Desc {
			return nil
		}
		return []bson.D{op(s.Path, "$ne", nil)}
	}
	out := []bson.D{op(s.Path, direction(s), b)}
	at := typeOf(v)
	others := types[at+1:]
	if s.Desc {
		others = types[:at]
	}
	if len(others) > 0 {
		out = append(out, op(s.Path, "$type", others))
	}
	if s.Desc {
		out = append(out, op(s.Path, "$eq", nil))
	}
	return out
}

func direction(s filter.Sort) string {
	if s.Desc {
		return "$lt"
	}
	return "$gt"
}

func typeOf(v any) int {
	switch v.(type) {
	case int64, decimal.Decimal:
		return 0
	case string:
		return 1
	case bool:
		return 3
	case time.Time:
		return 4
	}
	return 2
}
