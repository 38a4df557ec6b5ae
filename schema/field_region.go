package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// regionField is a province, city, district … from the top down.
type regionField struct{ listKind }

func (regionField) Info() Info { return listInfo(TypeRegion) }

func (regionField) settings() settings { return valueSettings }

func (regionField) finish(problems, *Field) {}

// regionLevels bounds a region: country, province, city, district, street.
const regionLevels = 5

func (regionField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) { return decodeRegion(v) }

func decodeRegion(v ordjson.Value) (any, []fault.Field) {
	if len(v.Items) > regionLevels {
		return nil, bad("max_items", "a region has at most 5 levels", "max", regionLevels)
	}
	return decodeTexts(v, false, func(s string) bool { return s != "" && len(s) <= 200 })
}
