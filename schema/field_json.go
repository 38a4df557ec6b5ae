package schema

import (
	"encoding/json"
	"strconv"
	"strings"

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
			out[storedKey(v.Keys[i])] = storeJSON(x, path+"/"+ordjson.Escape(v.Keys[i]), errs)
		}
		return out
	}
	return nil
}

func (jsonField) encode(_ *Codec, v any) any { return plainJSON(v) }

// Documents cannot have every name of JSON as a key: a dot, a NUL, a "$" at the
// beginning and no name at all are stored escaped, with "~" as in JSON pointers.
var (
	keyEscapes   = strings.NewReplacer("~", "~0", ".", "~1", "\x00", "~2")
	keyUnescapes = strings.NewReplacer("~0", "~", "~1", ".", "~2", "\x00", "~3", "$", "~4", "")
)

func storedKey(name string) string {
	if name == "" {
		return "~4"
	}
	if !strings.ContainsAny(name, "~.$\x00") {
		return name
	}
	name = keyEscapes.Replace(name)
	if rest, ok := strings.CutPrefix(name, "$"); ok {
		return "~3" + rest
	}
	return name
}

func plainKey(key string) string {
	if !strings.Contains(key, "~") {
		return key
	}
	return keyUnescapes.Replace(key)
}

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
			out[plainKey(k)] = plainJSON(e)
		}
		return out
	}
	return v
}
