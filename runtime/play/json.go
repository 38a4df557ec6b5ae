package play

import (
	"bytes"
	"encoding/json"
)

// decode reads JSON with its numbers exactly as written.
func decode(raw []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(v)
}
