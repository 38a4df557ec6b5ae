package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// textareaField is a text of several lines.
type textareaField struct{ textKind }

func (textareaField) Info() Info { return textInfo(TypeTextarea) }

func (textareaField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	s, errs := decodeText(v, true)
	return s, errs
}
