package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// addressField is a region and the detail within it.
type addressField struct{}

func (addressField) Info() Info {
	return Info{Type: TypeAddress, In: "{region: [strings], detail: string}", Out: "the same", Stored: "map{region, detail}",
		Formula: "Row{region, detail}", Operators: opsExists, Column: true}
}

func (addressField) FormulaType(*Field, Forms) formula.Type {
	return formula.Type{Kind: formula.Row, Fields: map[string]formula.Type{"region": listOf(formula.String), "detail": {Kind: formula.String}}}
}

func (addressField) settings() settings { return settings{"sensitive": valueSettings["sensitive"]} }

func (addressField) Fragment(f *Field) ordjson.Value {
	return objectFragment(nil, "region", arrayFragment(f, stringFragment(0)), "detail", stringFragment(0))
}

func (addressField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	return asAny(readParts(v, map[string]func(ordjson.Value) (any, []fault.Field){
		"region": decodeRegion,
		"detail": shortText,
	}))
}

// asAny makes a nil map a nil value.
func asAny(m map[string]any, errs []fault.Field) (any, []fault.Field) {
	if len(m) == 0 || len(errs) > 0 {
		return nil, errs
	}
	return m, nil
}

// shortText reads a line of at most 1000 bytes.
func shortText(v ordjson.Value) (any, []fault.Field) {
	s, errs := decodeText(v, false)
	if errs == nil && len(s) > 1000 {
		return nil, bad("max_length", "longer than 1000 bytes", "max", 1000)
	}
	return s, errs
}
