package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// signatureField is the picture of a handwritten signature.
type signatureField struct{}

func (signatureField) Info() Info {
	return Info{Type: TypeSignature, In: "{id, name, size, type}", Out: "the same", Stored: "map (size int64)",
		Formula: "Row{id, name, size, type}", Operators: opsExists, Column: true}
}

func (signatureField) FormulaType(*Field, Forms) formula.Type { return fileType() }

func (signatureField) settings() settings { return settings{} }

func (signatureField) Fragment(*Field) ordjson.Value { return fileFragment() }

func (signatureField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) { return decodeFile(v) }
