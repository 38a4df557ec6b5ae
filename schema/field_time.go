package schema

import (
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// timeField is a time of day without a zone.
type timeField struct{}

func (timeField) Info() Info {
	return Info{Type: TypeTime, In: `"15:04" or "15:04:05"`, Out: "the same", Stored: "string", Formula: "Time",
		Operators: opsNumber, Sortable: true, Column: true}
}

func (timeField) FormulaType(*Field, Forms) formula.Type { return formula.Type{Kind: formula.Time} }

func (timeField) settings() settings { return valueSettings.with(displaySetting) }

func (timeField) Fragment(*Field) ordjson.Value {
	return stringFragment(0).Set("pattern", ordjson.Str("^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?$"))
}

func (timeField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	if v.Kind != ordjson.String {
		return nil, wrongType("string", v)
	}
	layout := "15:04:05"
	if len(v.Text) == 5 {
		layout = "15:04"
	}
	if v.Text == "" {
		return nil, nil
	}
	if _, err := time.Parse(layout, v.Text); err != nil || len(v.Text) != len(layout) {
		return nil, bad("format", "not a time such as 15:04", "format", "time", "example", "15:04")
	}
	return v.Text, nil
}
