package schema

import (
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// imageField is a list of pictures; cameraOnly takes only fresh photographs.
type imageField struct{ fileKind }

func (imageField) Info() Info { return fileInfo(TypeImage) }

func (imageField) settings() settings {
	return fileKind{}.settings().with(settings{
		"cameraOnly": func(p problems, f *Field, v ordjson.Value) { f.CameraOnly = readFlag(p, v) },
	})
}

// check also refuses a file that says it is no picture.
func (imageField) check(c *Codec, v any, zone *time.Location) []fault.Field {
	list, _ := v.([]any)
	for i, x := range list {
		m, _ := x.(map[string]any)
		if t, ok := m["type"].(string); ok && !strings.HasPrefix(t, "image/") {
			return under(badFormat("image", "not a picture: "+t), strconv.Itoa(i))
		}
	}
	return fileKind{}.check(c, v, zone)
}
