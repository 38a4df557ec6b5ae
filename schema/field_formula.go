package schema

import (
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// formulaField shows the result of a formula; resultType says what it is:
// number (the default), text, date or switch.
type formulaField struct{}

func (formulaField) Info() Info {
	return Info{Type: TypeFormula, In: "– (computed)", Out: "by resultType", Stored: "by resultType", Formula: "by resultType",
		Operators: opsNumber, Sortable: true, Column: true}
}

func resultType(f *Field) FieldType {
	switch f.ResultType {
	case TypeText, TypeDate, TypeSwitch:
		return f.ResultType
	}
	return TypeNumber
}

func (formulaField) FormulaType(f *Field, forms Forms) formula.Type {
	r := *f
	r.Type = resultType(f)
	return FormulaType(&r, forms)
}

func (formulaField) settings() settings {
	return settings{
		"formula": valueSettings["formula"],
		"index":   valueSettings["index"],
		"resultType": func(p problems, f *Field, v ordjson.Value) {
			f.ResultType = FieldType(readChoice(p, v, "number", "text", "date", "switch"))
		},
	}.with(scaleSetting, unitSetting, displaySetting, precisionChoice)
}

func (formulaField) finish(p problems, f *Field) {
	f.ResultType = resultType(f)
	if f.ResultType == TypeDate && f.Precision == "" {
		f.Precision = "day"
	}
	if f.Formula == "" {
		p.at("x-field").add("missing", "a formula field needs its formula", "setting", "formula")
	}
}

func (formulaField) Fragment(f *Field) ordjson.Value {
	r := *f
	r.Type = resultType(f)
	return KindOf(r.Type).Fragment(&r)
}

func (formulaField) decode(c *Codec, v ordjson.Value) (any, []fault.Field) { return c.result.decode(v) }

func (formulaField) check(c *Codec, v any, zone *time.Location) []fault.Field {
	return c.result.Check(v, zone)
}

func (formulaField) encode(c *Codec, v any) any { return c.result.Encode(v) }
