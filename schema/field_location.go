package schema

import (
	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// locationField is a point on the earth in degrees, and how people call it.
type locationField struct{}

func (locationField) Info() Info {
	return Info{Type: TypeLocation, In: "{lng, lat, address}, degrees as number or decimal string", Out: "the same, degrees as decimal strings",
		Stored: "map{lng, lat decimal.Decimal, address}", Formula: "Row{lng, lat, address}", Operators: opsExists, Column: true}
}

func (locationField) FormulaType(*Field, Forms) formula.Type {
	n := formula.Type{Kind: formula.Number}
	return formula.Type{Kind: formula.Row, Fields: map[string]formula.Type{"lng": n, "lat": n, "address": {Kind: formula.String}}}
}

func (locationField) settings() settings { return settings{"sensitive": valueSettings["sensitive"]} }

func (locationField) Fragment(f *Field) ordjson.Value {
	n := numberKind{}.Fragment(&Field{})
	return objectFragment([]string{"lng", "lat"}, "lng", n, "lat", n, "address", stringFragment(0))
}

func (locationField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	m, errs := readParts(v, map[string]func(ordjson.Value) (any, []fault.Field){
		"lng":     degrees(180),
		"lat":     degrees(90),
		"address": shortText,
	})
	if len(errs) > 0 || len(m) == 0 {
		return nil, errs
	}
	for _, k := range []string{"lng", "lat"} {
		if m[k] == nil {
			return nil, []fault.Field{issue("/"+k, "required", "a location needs lng and lat")}
		}
	}
	return m, nil
}

// degrees reads an angle from -limit to limit.
func degrees(limit int64) func(ordjson.Value) (any, []fault.Field) {
	return func(v ordjson.Value) (any, []fault.Field) {
		if v.Kind != ordjson.Number && v.Kind != ordjson.String {
			return nil, wrongType("number or decimal text", v)
		}
		d, errs := readDecimal(v.Text)
		if errs == nil && d.Abs().Cmp(decimal.FromInt(limit)) > 0 {
			return nil, bad("max", "beyond the globe", "max", limit)
		}
		return d, errs
	}
}

func (locationField) encode(_ *Codec, v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := make(map[string]any, len(m))
	for k, x := range m {
		if d, ok := x.(decimal.Decimal); ok {
			x = d.String()
		}
		out[k] = x
	}
	return out
}
