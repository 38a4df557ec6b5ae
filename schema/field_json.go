package schema

import (
	"encoding/json"
	"strconv"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// jsonField is any JSON value; its numbers are kept exactly.
type jsonField struct{}

func (jsonField) Info() Info {
	return Info{Type: TypeJSON, In: "any JSON", Out: "the same", Stored: "nested values, numbers decimal.Decimal", Formula: "Any",
		Operators: opsExists, Column: true}
}

func (jsonField) FormulaType(*Field, Forms) formula.Type { return formula.Type{} }

func (jsonField) settings() settings {
	return settings{"default": valueSettings["default"], "formula": valueSettings["formula"], "sensitive": valueSettings["sensitive"]}
}

func (jsonField) Fragment(*Field) ordjson.Value { return ordjson.Flag(true) }

func (jsonField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	var errs []fault.Field
	return storeJSON(v, "", &errs), errs
}

// storeJSON makes the stored value; a number beyond the limits of decimals is refused with its path.
func storeJSON(v ordjson.Value, path string, errs *[]fault.Field) any {
	switch v.Kind {
	case ordjson.Bool:
		return v.True()
	case ordjson.Number:
		d, es := readDecimal(v.Text)
		for _, e := range es {
			e.Path = path
			*errs = append(*errs, e)
		}
		return d
	case ordjson.String:
		return v.Text
	case ordjson.Array:
		out := make([]any, len(v.Items))
		for i, x := range v.Items {
			out[i] = storeJSON(x, path+"/"+strconv.Itoa(i), errs)
		}
		return out
	case ordjson.Object:
		out := make(map[string]any, len(v.Items))
		for i, x := range v.Items {
			out[v.Keys[i]] = storeJSON(x, path+"/"+ordjson.Escape(v.Keys[i]), errs)
		}
		return out
	}
	return nil
}

func (jsonField) encode(_ *Codec, v any) any { return plainJSON(v) }

// plainJSON makes decimals JSON numbers, at any depth.
func plainJSON(v any) any {
	switch x := v.(type) {
	case decimal.Decimal:
		return json.Number(x.String())
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = plainJSON(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for k, e := range x {
			out[k] = plainJSON(e)
		}
		return out
	}
	return v
}
