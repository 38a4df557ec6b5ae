package jsonschema

import (
	"cmp"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
	"github.com/xeipuuv/gojsonschema"
)

// texts gives, for each kind of failure of the library, our code, the keyword
// and what to say. Params of the library are taken over by name.
var texts = map[string]struct {
	code, keyword, message string
	params                 []string
}{
	"required":                        {"required", "required", "a value is needed here", nil},
	"missing_dependency":              {"required", "dependencies", "a value is needed here", nil},
	"invalid_type":                    {"type", "type", "not of the expected type", []string{"expected", "given"}},
	"enum":                            {"option", "enum", "not one of the allowed values", nil},
	"const":                           {"option", "const", "not the allowed value", nil},
	"string_gte":                      {"min_length", "minLength", "too short", []string{"min"}},
	"string_lte":                      {"max_length", "maxLength", "too long", []string{"max"}},
	"pattern":                         {"pattern", "pattern", "does not match the pattern", []string{"pattern"}},
	"format":                          {"format", "format", "not of the expected format", []string{"format"}},
	"number_gte":                      {"min", "minimum", "too small", []string{"min"}},
	"number_gt":                       {"min", "exclusiveMinimum", "too small", []string{"min"}},
	"number_lte":                      {"max", "maximum", "too great", []string{"max"}},
	"number_lt":                       {"max", "exclusiveMaximum", "too great", []string{"max"}},
	"multiple_of":                     {"schema", "multipleOf", "not a multiple of the given number", []string{"multiple"}},
	"array_min_items":                 {"min_items", "minItems", "too few entries", []string{"min"}},
	"array_max_items":                 {"max_items", "maxItems", "too many entries", []string{"max"}},
	"array_no_additional_items":       {"max_items", "additionalItems", "too many entries", nil},
	"unique":                          {"schema", "uniqueItems", "an entry stands twice", nil},
	"contains":                        {"schema", "contains", "no entry is as demanded", nil},
	"array_min_properties":            {"schema", "minProperties", "too few properties", []string{"min"}},
	"array_max_properties":            {"schema", "maxProperties", "too many properties", []string{"max"}},
	"additional_property_not_allowed": {"unknown_field", "additionalProperties", "this property is not allowed", nil},
	"invalid_property_pattern":        {"unknown_field", "patternProperties", "this property is not allowed", nil},
	"invalid_property_name":           {"schema", "propertyNames", "the name of this property is not allowed", nil},
	"number_any_of":                   {"schema", "anyOf", "none of the allowed alternatives", nil},
	"number_one_of":                   {"schema", "oneOf", "not exactly one of the allowed alternatives", nil},
	"number_all_of":                   {"schema", "allOf", "not all conditions hold", nil},
	"number_not":                      {"schema", "not", "a forbidden combination", nil},
	"false":                           {"schema", "false", "no value is allowed here", nil},
}

// consequences come with the failures they consist of and say nothing more.
var consequences = []string{"condition_then", "condition_else", "number_all_of"}

func (v *Validator) errors(list []gojsonschema.ResultError) []fault.Field {
	out := make([]fault.Field, 0, len(list))
	for _, e := range list {
		if slices.Contains(consequences, e.Type()) && len(list) > 1 {
			continue
		}
		out = append(out, v.one(e))
	}
	key := func(f fault.Field) string { return f.Path + "\x00" + f.Code + "\x00" + fmt.Sprint(f.Params["keyword"]) }
	slices.SortStableFunc(out, func(a, b fault.Field) int { return cmp.Compare(key(a), key(b)) })
	return slices.CompactFunc(out, func(a, b fault.Field) bool { return key(a) == key(b) })
}

func (v *Validator) one(e gojsonschema.ResultError) fault.Field {
	t, known := texts[e.Type()]
	if !known {
		t.code, t.keyword, t.message = "schema", e.Type(), "does not fit the schema"
	}
	details := e.Details()
	segs := strings.Split(e.Context().String("\x00"), "\x00")[1:]
	for _, k := range []string{"property", "dependency"} {
		if p, ok := details[k].(string); ok && e.Type() != "invalid_property_name" {
			segs = append(segs, p)
		}
	}
	params := map[string]any{"keyword": t.keyword}
	for _, p := range t.params {
		params[p] = param(details[p])
	}
	return fault.Field{Path: v.pointer(segs), Code: t.code, Message: t.message + detail(params, t.params), Params: params}
}

func detail(params map[string]any, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprint(" (", names[0], " ", params[names[0]], ")")
}

// param makes a stable JSON value of what the library says.
func param(v any) any {
	switch x := v.(type) {
	case *big.Float:
		return x.Text('f', -1)
	case int, string:
		return x
	}
	return fmt.Sprint(v)
}

// pointer makes a JSON pointer of original names one of keys.
func (v *Validator) pointer(segs []string) string {
	var b strings.Builder
	d := v.decoder
	for i, s := range segs {
		if d != nil {
			c := d.Codec(s)
			switch {
			case c != nil:
				s = c.Field.Key
				d = c.Rows()
			case i == 0:
				if x := extraOf(v.form); x != "" {
					b.WriteString("/" + x)
				}
				d = nil
			default:
				if _, err := strconv.Atoi(s); err != nil {
					d = nil // below a row's column nothing is renamed
				}
			}
		}
		b.WriteString("/" + ordjson.Escape(s))
	}
	return b.String()
}

func extraOf(f *schema.Form) string {
	for _, x := range f.Fields {
		if x.Name == schema.Extra {
			return x.Key
		}
	}
	return ""
}

// pointerFragment writes a name as a segment of a pointer in a URI fragment.
func pointerFragment(name string) string { return url.PathEscape(ordjson.Escape(name)) }
