package schema

import (
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// textKind is the base of the types whose value is a text.
type textKind struct{}

func textInfo(t FieldType) Info {
	return Info{Type: t, In: `string ("" = unset)`, Out: "string", Stored: "string", Formula: "String",
		Operators: opsText, Sortable: true, Column: true}
}

func (textKind) FormulaType(*Field, Forms) formula.Type { return formula.Type{Kind: formula.String} }

func (textKind) settings() settings { return valueSettings.with(textSettings) }

func (textKind) Fragment(f *Field) ordjson.Value { return stringFragment(f.MaxLength) }

func stringFragment(maxLength int) ordjson.Value {
	v := ordjson.Value{Kind: ordjson.Object}.Set("type", ordjson.Str("string"))
	if maxLength > 0 {
		v = v.Set("maxLength", ordjson.Num(strconv.Itoa(maxLength)))
	}
	return v
}

func (textKind) check(c *Codec, v any, _ *time.Location) []fault.Field {
	s, _ := v.(string)
	return checkText(c, s, 0)
}

// checkText tests length in code points, and pattern. limit is the type's, 0 = the product's.
func checkText(c *Codec, s string, limit int) []fault.Field {
	if limit == 0 {
		limit = MaxText
	}
	if n := c.Field.MaxLength; n > 0 && n < limit {
		limit = n
	}
	if len(s) > limit && utf8.RuneCountInString(s) > limit {
		return bad("max_length", "longer than "+strconv.Itoa(limit)+" characters", "max", limit)
	}
	if c.pattern != nil && !c.pattern.MatchString(s) {
		return bad("pattern", "does not match the pattern "+c.Field.Pattern, "pattern", c.Field.Pattern)
	}
	return nil
}

// decodeText reads a text. Control characters are refused; lines says that
// line breaks and tabs are welcome.
func decodeText(v ordjson.Value, lines bool) (string, []fault.Field) {
	if v.Kind != ordjson.String {
		return "", wrongType("string", v)
	}
	for i, r := range v.Text {
		if r >= 0x20 && r < 0x7f || r > 0xa0 && r != 0xfeff {
			continue
		}
		if lines && (r == '\n' || r == '\t' || r == '\r') {
			continue
		}
		if unicode.IsControl(r) {
			return "", bad("format", "a control character is not allowed here", "offset", i, "format", "text")
		}
	}
	return v.Text, nil
}

func (textKind) decode(c *Codec, v ordjson.Value) (any, []fault.Field) {
	s, errs := decodeText(v, c.Field.Plain)
	return s, errs
}
