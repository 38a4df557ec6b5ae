package schema

import (
	"strconv"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// idKind is the base of the types that name something by its id, or, with
// multiple, by a list of ids.
type idKind struct{}

func idInfo(t FieldType, what string) Info {
	return Info{Type: t, In: "id (multiple: list of ids)", Out: "the same", Stored: "string (multiple: []any)",
		Formula: what + " (multiple: List(" + what + "))", Operators: opsID, Sortable: true, Column: true}
}

func (idKind) settings() settings { return valueSettings.with(multipleSetting, itemSettings) }

func (idKind) Fragment(f *Field) ordjson.Value {
	if f.Multiple {
		return arrayFragment(f, stringFragment(maxID))
	}
	return stringFragment(maxID)
}

func (idKind) decode(c *Codec, v ordjson.Value) (any, []fault.Field) {
	if c.Field.Multiple {
		return decodeTexts(v, true, validID)
	}
	if v.Kind != ordjson.String {
		return nil, wrongType("string", v)
	}
	if v.Text != "" && !validID(v.Text) {
		return nil, badFormat("id", "not an id")
	}
	return v.Text, nil
}

func (idKind) check(c *Codec, v any, _ *time.Location) []fault.Field {
	list, _ := v.([]any)
	return checkCount(c, len(list))
}

// maxID is the greatest length of an id.
const maxID = 64

// validID reports whether s can be an id: letters, digits and - _ . : @ only.
func validID(s string) bool {
	if s == "" || len(s) > maxID {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == ':', c == '@':
		default:
			return false
		}
	}
	return true
}

// oneOrMany is the type of an id field.
func oneOrMany(f *Field, t formula.Type) formula.Type {
	if f.Multiple {
		return formula.Type{Kind: formula.List, Elem: &t}
	}
	return t
}

// CheckMin tests the least number of entries of a list, at submit: a draft may have fewer.
func (c *Codec) CheckMin(v any) []fault.Field {
	list, ok := v.([]any)
	if n := c.Field.MinItems; ok && n > len(list) {
		return bad("min_items", "fewer than "+strconv.Itoa(n)+" entries", "min", n)
	}
	return nil
}
