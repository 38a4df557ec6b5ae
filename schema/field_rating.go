package schema

import (
	"strconv"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// ratingField is a number of stars, 1 to steps (5 without the setting).
type ratingField struct{ numberKind }

func (ratingField) Info() Info { return numberInfo(TypeRating) }

func (ratingField) settings() settings {
	return valueSettings.with(scaleSetting, settings{
		"steps": func(p problems, f *Field, v ordjson.Value) { f.Steps = int(readInt(p, v, 2, 10)) },
	})
}

func (ratingField) finish(_ problems, f *Field) {
	if f.Steps == 0 {
		f.Steps = 5
	}
	f.Scale = max(f.Scale, 0)
	f.Min, f.Max = "0", strconv.Itoa(f.Steps)
}
