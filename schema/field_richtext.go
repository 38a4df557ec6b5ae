package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// richtextField is formatted text. It is kept as written: whoever shows it
// must sanitise it, as the form's own editor does.
type richtextField struct{ textKind }

func (richtextField) Info() Info {
	i := textInfo(TypeRichText)
	i.Operators, i.Sortable = opsExists, false
	return i
}

func (richtextField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	s, errs := decodeText(v, true)
	return s, errs
}
