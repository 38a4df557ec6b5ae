package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// phoneField is a telephone number: digits, with + in front and spaces,
// hyphens or brackets between.
type phoneField struct{ textKind }

func (phoneField) Info() Info { return textInfo(TypePhone) }

func (phoneField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	s, errs := decodeText(v, false)
	if errs != nil || s == "" {
		return nil, errs
	}
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == ' ', r == '-', r == '(', r == ')', r == '+' && i == 0:
		default:
			return nil, badFormat("phone", "not a telephone number")
		}
	}
	if digits < 3 || digits > 20 {
		return nil, badFormat("phone", "not a telephone number")
	}
	return s, nil
}

// badFormat is the error for a text that is not of the format.
func badFormat(format, msg string) []fault.Field { return bad("format", msg, "format", format) }
