package schema

import (
	"encoding/json"
	"strconv"

	"github.com/formwork-run/formwork/internal/decimal"
)

// Instance is the record as a plain draft-07 document: original property
// names, numbers as JSON numbers, no row ids. It is what a form's schema speaks
// about, and consists of what encoding/json makes with UseNumber.
func (d *Decoder) Instance(data map[string]any) map[string]any {
	out := make(map[string]any, len(data))
	for key, v := range data {
		c := d.index[key]
		if c == nil || c.Field.Key != key || v == nil || c.live {
			continue
		}
		if c == d.extra {
			more, _ := c.instance(v).(map[string]any)
			for name, x := range more {
				out[name] = x
			}
			continue
		}
		out[cmpOr(c.Field.Name, key)] = c.instance(v)
	}
	return out
}

func (c *Codec) instance(v any) any {
	switch x := v.(type) {
	case decimal.Decimal:
		return json.Number(x.String())
	case string, bool:
		return v
	case []any:
		if c.rows == nil {
			break
		}
		rows := make([]any, 0, len(x))
		for _, r := range x {
			if row, ok := r.(map[string]any); ok {
				rows = append(rows, c.rows.Instance(row))
			}
		}
		return rows
	}
	return documentValue(c.Encode(v))
}

// documentValue makes every number a json.Number.
func documentValue(v any) any {
	switch x := v.(type) {
	case int64:
		return json.Number(strconv.FormatInt(x, 10))
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = documentValue(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for k, e := range x {
			out[k] = documentValue(e)
		}
		return out
	}
	return v
}
