package schema

import (
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// daterangeField is a start and an end of the same precision; the end is not
// before the start.
type daterangeField struct{}

func (daterangeField) Info() Info {
	return Info{Type: TypeDateRange, In: "{start, end}, each as date", Out: "the same", Stored: "map{start, end}",
		Formula: "Row{start, end}", Operators: opsExists, Column: true}
}

func (daterangeField) FormulaType(f *Field, _ Forms) formula.Type {
	t := dateType(f)
	return formula.Type{Kind: formula.Row, Fields: map[string]formula.Type{"start": t, "end": t}}
}

func (daterangeField) settings() settings {
	return valueSettings.with(precisionChoice, daySettings)
}

func (daterangeField) finish(p problems, f *Field) { dateField{}.finish(p, f) }

func (daterangeField) Fragment(f *Field) ordjson.Value {
	d := dateFragment(f)
	return objectFragment([]string{"start", "end"}, "start", d, "end", d)
}

// objectFragment is an object schema of exactly the given properties.
func objectFragment(required []string, pairs ...any) ordjson.Value {
	props := ordjson.Value{Kind: ordjson.Object}
	for i := 0; i < len(pairs); i += 2 {
		props = props.Set(pairs[i].(string), pairs[i+1].(ordjson.Value))
	}
	v := ordjson.Value{Kind: ordjson.Object}.Set("type", ordjson.Str("object")).Set("properties", props)
	if len(required) > 0 {
		v = v.Set("required", ordjson.Strings(required...))
	}
	return v.Set("additionalProperties", ordjson.Flag(false))
}

// readParts reads an object whose properties are all in parts. A part that is null or blank is left out.
func readParts(v ordjson.Value, parts map[string]func(ordjson.Value) (any, []fault.Field)) (map[string]any, []fault.Field) {
	if v.Kind != ordjson.Object {
		return nil, wrongType("object", v)
	}
	out := make(map[string]any, len(v.Keys))
	var errs []fault.Field
	for i, k := range v.Keys {
		read := parts[k]
		if read == nil {
			errs = append(errs, issue("/"+ordjson.Escape(k), "unknown_field", "there is no property "+k, "field", k))
			continue
		}
		if v.Items[i].Kind == ordjson.Null {
			continue
		}
		x, es := read(v.Items[i])
		errs = append(errs, under(es, k)...)
		if len(es) == 0 && !IsBlank(x) {
			out[k] = x
		}
	}
	return out, errs
}

func (daterangeField) decode(c *Codec, v ordjson.Value) (any, []fault.Field) {
	date := func(v ordjson.Value) (any, []fault.Field) { return decodeDate(c.Field, v) }
	m, errs := readParts(v, map[string]func(ordjson.Value) (any, []fault.Field){"start": date, "end": date})
	if len(errs) > 0 || len(m) == 0 {
		return nil, errs
	}
	for _, k := range []string{"start", "end"} {
		if m[k] == nil {
			return nil, []fault.Field{issue("/"+k, "required", "a range needs its start and its end")}
		}
	}
	if after(m["start"], m["end"]) {
		return nil, []fault.Field{issue("/end", "min", "the end is before the start", "min", encodeDate(m["start"]))}
	}
	return m, nil
}

func after(a, b any) bool {
	if x, ok := a.(time.Time); ok {
		return x.After(b.(time.Time))
	}
	return a.(string) > b.(string)
}

func (daterangeField) check(c *Codec, v any, zone *time.Location) []fault.Field {
	m, _ := v.(map[string]any)
	if errs := checkDay(c.Field, m["start"], zone); errs != nil {
		return under(errs, "start")
	}
	return under(checkDay(c.Field, m["end"], zone), "end")
}

func (daterangeField) encode(_ *Codec, v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := make(map[string]any, len(m))
	for k, x := range m {
		out[k] = encodeDate(x)
	}
	return out
}
