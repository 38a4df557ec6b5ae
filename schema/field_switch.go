package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// switchField is yes or no. false is a value, not blank.
type switchField struct{}

func (switchField) Info() Info {
	return Info{Type: TypeSwitch, In: "bool", Out: "bool", Stored: "bool", Formula: "Bool",
		Operators: opsBool, Sortable: true, Column: true}
}

func (switchField) FormulaType(*Field, Forms) formula.Type { return formula.Type{Kind: formula.Bool} }

func (switchField) settings() settings { return valueSettings.with(displaySetting) }

func (switchField) Fragment(*Field) ordjson.Value {
	return ordjson.Value{Kind: ordjson.Object}.Set("type", ordjson.Str("boolean"))
}

func (switchField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	if v.Kind != ordjson.Bool {
		return nil, wrongType("boolean", v)
	}
	return v.True(), nil
}
