package schema

import (
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// colorField is a colour #rrggbb, or #rrggbbaa; stored in lower case.
type colorField struct{ textKind }

func (colorField) Info() Info {
	i := textInfo(TypeColor)
	i.Operators, i.Sortable = opsID, false
	return i
}

func (colorField) settings() settings { return valueSettings }

func (colorField) Fragment(*Field) ordjson.Value {
	return stringFragment(0).Set("pattern", ordjson.Str("^(#([0-9a-fA-F]{6}|[0-9a-fA-F]{8}))?$"))
}

func (colorField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	s, errs := decodeText(v, false)
	if errs != nil || s == "" {
		return nil, errs
	}
	s = strings.ToLower(s)
	if len(s) != 7 && len(s) != 9 || s[0] != '#' || strings.Trim(s[1:], "0123456789abcdef") != "" {
		return nil, badFormat("color", "not a colour such as #1677ff")
	}
	return s, nil
}
