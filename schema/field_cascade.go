package schema

import (
	"strconv"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// cascadeField is a way down a tree of options: the value lists the option of every level.
type cascadeField struct{ listKind }

func (cascadeField) Info() Info { return listInfo(TypeCascade) }

func (cascadeField) settings() settings { return valueSettings.with(optionSettings) }

func (cascadeField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	return decodeTexts(v, false, func(s string) bool { return s != "" })
}

func (cascadeField) check(c *Codec, v any, _ *time.Location) []fault.Field {
	list, _ := v.([]any)
	options := c.Field.Options
	if len(options) == 0 {
		return checkCount(c, len(list))
	}
	for i, x := range list {
		s, _ := x.(string)
		o := findOption(options, s)
		if o == nil {
			return under(bad("option", "not one of the options: "+s, "value", s), strconv.Itoa(i))
		}
		options = o.Children
	}
	return nil
}

func findOption(options []Option, value string) *Option {
	for i := range options {
		if options[i].Value == value {
			return &options[i]
		}
	}
	return nil
}
