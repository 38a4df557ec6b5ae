package schema

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// numberKind is the base of the types whose value is an exact number.
type numberKind struct{}

func numberInfo(t FieldType) Info {
	return Info{Type: t, In: "JSON number or decimal string", Out: "decimal string", Stored: "decimal.Decimal",
		Formula: "Number", Operators: opsNumber, Sortable: true, Column: true}
}

func (numberKind) FormulaType(*Field, Forms) formula.Type { return formula.Type{Kind: formula.Number} }

func (numberKind) settings() settings {
	return valueSettings.with(scaleSetting, boundSettings, unitSetting)
}

func (numberKind) Fragment(f *Field) ordjson.Value {
	if f.Plain {
		return ordjson.Value{Kind: ordjson.Object}.Set("type", ordjson.Str("number"))
	}
	return ordjson.Value{Kind: ordjson.Object}.Set("type", ordjson.Strings("number", "string")).
		Set("pattern", ordjson.Str(`^([+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)?$`))
}

func (numberKind) finish(p problems, f *Field) { checkBounds(p, f) }

// checkBounds refuses a minimum above the maximum.
func checkBounds(p problems, f *Field) {
	lo, hi := bound(f.Min), bound(f.Max)
	if lo != nil && hi != nil && lo.Cmp(*hi) > 0 {
		p.at("x-field").at("min").add("range", "min is greater than max")
	}
}

// decode reads the number exactly. Zeros beyond the scale are dropped; other digits are refused.
func (numberKind) decode(c *Codec, v ordjson.Value) (any, []fault.Field) {
	switch {
	case v.Kind == ordjson.Number:
	case v.Kind == ordjson.String && !c.Field.Plain:
		if v.Text == "" {
			return nil, nil
		}
	case c.Field.Plain:
		return nil, wrongType("number", v)
	default:
		return nil, wrongType("number or decimal text", v)
	}
	d, errs := readDecimal(v.Text)
	if errs != nil {
		return nil, errs
	}
	if s := c.Field.Scale; s >= 0 && d.Scale() > s {
		r := d.Round(s)
		if !r.Equal(d) {
			return nil, bad("scale", "more than "+strconv.Itoa(s)+" decimal places", "scale", s)
		}
		d = r
	}
	return d, nil
}

func readDecimal(s string) (decimal.Decimal, []fault.Field) {
	d, err := decimal.Parse(s)
	switch {
	case err == nil:
		return d, nil
	case errors.Is(err, decimal.ErrRange):
		return d, bad("type", "the number has too many digits or too large an exponent", "want", "number", "digits", decimal.MaxDigits)
	}
	return d, bad("type", "not a number", "want", "number", "got", "string")
}

func (numberKind) check(c *Codec, v any, _ *time.Location) []fault.Field {
	d, ok := v.(decimal.Decimal)
	switch {
	case !ok:
		return nil
	case c.min != nil && d.Cmp(*c.min) < 0:
		return bad("min", "less than "+c.Field.Min, "min", c.Field.Min)
	case c.max != nil && d.Cmp(*c.max) > 0:
		return bad("max", "greater than "+c.Field.Max, "max", c.Field.Max)
	}
	return nil
}

func (numberKind) encode(c *Codec, v any) any {
	d, ok := v.(decimal.Decimal)
	if !ok {
		return v
	}
	if c.Field.Plain {
		return json.Number(d.String())
	}
	return d.String()
}
