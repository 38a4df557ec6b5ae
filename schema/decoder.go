package schema

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// Extra is the name of the field of an imported schema that holds the
// properties its patternProperties and additionalProperties allow.
const Extra = "*"

// Decoder reads and writes the values of a list of fields: those of a form, or
// the columns of a subtable. It is immutable and safe for concurrent use.
type Decoder struct {
	codecs []*Codec
	index  map[string]*Codec // by key, and by original name
	extra  *Codec            // takes unknown properties; nil = they are errors
	row    bool              // values carry an id
	idName *Codec            // column whose original name is "id"
}

// NewDecoder prepares the fields of a form.
func NewDecoder(fields []*Field) *Decoder {
	d := &Decoder{index: make(map[string]*Codec, len(fields))}
	for _, f := range fields {
		c := NewCodec(f)
		if c == nil {
			continue
		}
		d.codecs = append(d.codecs, c)
		d.index[f.Key] = c
		if f.Name == Extra {
			d.extra = c
		}
	}
	for _, c := range d.codecs {
		if n := c.Field.Name; n != "" && n != Extra && d.index[n] == nil {
			d.index[n] = c
		}
	}
	return d
}

func newRowDecoder(columns []*Field) *Decoder {
	d := NewDecoder(columns)
	d.row = true
	d.idName = d.index["id"]
	delete(d.index, "id")
	return d
}

// Codec returns the prepared field with the key or original name, nil when there is none.
func (d *Decoder) Codec(name string) *Codec { return d.index[name] }

// Codecs lists the prepared fields in order.
func (d *Decoder) Codecs() []*Codec { return d.codecs }

// Rows returns the decoder of a subtable's columns, nil when the field is none.
func (c *Codec) Rows() *Decoder { return c.rows }

// Decode turns wire JSON (an object) into stored values by key. A null gives an
// explicit nil. Rows without an id get one from newID. Every error is reported.
func (d *Decoder) Decode(raw json.RawMessage, newID func() string) (map[string]any, []fault.Field) {
	v, errs := parseData(raw)
	if errs != nil {
		return nil, errs
	}
	if v.Kind != ordjson.Object {
		return nil, wrongType("object", v)
	}
	return d.object(v, newID)
}

// DecodeField reads one value by its dotted name ("amount", "lines.qty").
func (d *Decoder) DecodeField(path string, raw json.RawMessage, newID func() string) (any, []fault.Field) {
	v, errs := parseData(raw)
	if errs != nil {
		return nil, errs
	}
	name, column, nested := strings.Cut(path, ".")
	c := d.index[name]
	if c != nil && nested {
		if c.rows == nil {
			c = nil
		} else {
			c = c.rows.index[column]
		}
	}
	if c == nil {
		return nil, bad("unknown_field", "there is no field "+path, "field", path)
	}
	return c.decodeValue(v, newID)
}

func (d *Decoder) object(v ordjson.Value, newID func() string) (map[string]any, []fault.Field) {
	out := make(map[string]any, len(v.Keys)+2)
	var errs []fault.Field
	var rest ordjson.Value
	for i, name := range v.Keys {
		c := d.index[name]
		if c == nil {
			if d.extra != nil {
				rest = rest.Set(name, v.Items[i])
			} else {
				errs = append(errs, issue("/"+ordjson.Escape(name), "unknown_field", "there is no field "+name, "field", name))
			}
			continue
		}
		key := c.Field.Key
		if _, twice := out[key]; twice {
			errs = append(errs, issue("/"+ordjson.Escape(name), "unknown_field", "the field "+key+" is given under two names", "field", key))
			continue
		}
		if c.live {
			continue
		}
		if c == d.extra && v.Items[i].Kind != ordjson.Object && v.Items[i].Kind != ordjson.Null {
			errs = append(errs, under(wrongType("object", v.Items[i]), key)...)
			continue
		}
		x, es := c.decodeValue(v.Items[i], newID)
		if len(es) > 0 {
			errs = append(errs, under(es, key)...)
			continue
		}
		out[key] = x
	}
	return out, append(errs, d.takeRest(out, rest)...)
}

// takeRest adds properties that no field names to the extra field.
func (d *Decoder) takeRest(out map[string]any, rest ordjson.Value) []fault.Field {
	if len(rest.Keys) == 0 {
		return nil
	}
	x, errs := d.extra.decode(rest)
	if len(errs) > 0 {
		return errs
	}
	key := d.extra.Field.Key
	if have, ok := out[key].(map[string]any); ok {
		for k, v := range x.(map[string]any) {
			have[k] = v
		}
		return nil
	}
	out[key] = x
	return nil
}

func (c *Codec) decodeValue(v ordjson.Value, newID func() string) (any, []fault.Field) {
	if c.rows != nil && v.Kind != ordjson.Null {
		return c.decodeRows(v, newID)
	}
	return c.decode(v)
}

func (c *Codec) decodeRows(v ordjson.Value, newID func() string) (any, []fault.Field) {
	if v.Kind != ordjson.Array {
		return nil, wrongType("array", v)
	}
	if limit := c.maxItems(MaxRows); len(v.Items) > limit {
		return nil, bad("max_items", "more than "+strconv.Itoa(limit)+" rows", "max", limit)
	}
	rows := make([]any, 0, len(v.Items))
	seen := make(map[string]bool, len(v.Items))
	var errs []fault.Field
	for i, item := range v.Items {
		row, es := c.rows.decodeRow(item, newID, seen)
		errs = append(errs, under(es, strconv.Itoa(i))...)
		rows = append(rows, row)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return rows, nil
}

func (d *Decoder) decodeRow(v ordjson.Value, newID func() string, seen map[string]bool) (map[string]any, []fault.Field) {
	if v.Kind != ordjson.Object {
		return nil, wrongType("object", v)
	}
	id, v, errs := d.rowID(v)
	row, es := d.object(v, newID)
	errs = append(errs, es...)
	switch {
	case id == "" && newID != nil:
		id = newID()
	case id != "" && seen[id]:
		errs = append(errs, issue("/id", "format", "another row has this id", "id", id))
	}
	if id != "" {
		seen[id] = true
		row["id"] = id
	}
	return row, errs
}

// rowID takes the row's id out of the row. When an imported schema has a
// column named "id" of its own, "id" means that column, unless the column
// stands there under its key.
func (d *Decoder) rowID(v ordjson.Value) (string, ordjson.Value, []fault.Field) {
	id, ok := v.Get("id")
	if !ok {
		return "", v, nil
	}
	rest := v.Without("id")
	if d.idName != nil {
		if _, both := v.Get(d.idName.Field.Key); !both {
			return "", rest.Set(d.idName.Field.Key, id), nil
		}
	}
	if id.Kind == ordjson.Null {
		return "", rest, nil
	}
	if id.Kind != ordjson.String || !validID(id.Text) {
		return "", rest, []fault.Field{issue("/id", "format", "a row id is a text of 1 to 64 letters, digits, - and _")}
	}
	return id.Text, rest, nil
}

// Encode turns stored values into wire values; names that are no fields are left out.
func (d *Decoder) Encode(data map[string]any) map[string]any {
	out := make(map[string]any, len(data))
	for key, v := range data {
		c := d.index[key]
		if c == nil || c.Field.Key != key || v == nil {
			continue
		}
		out[key] = c.Encode(v)
	}
	if d.row {
		if id, ok := data["id"]; ok {
			out["id"] = id
		}
		if d.idName != nil && out[d.idName.Field.Key] == nil {
			out[d.idName.Field.Key] = nil // tells a reader, and rowID, that "id" is the row's
		}
	}
	return out
}

// maxItems is the limit of a list: the field's own, at most the product's.
func (c *Codec) maxItems(product int) int {
	if n := c.Field.MaxItems; n > 0 && n < product {
		return n
	}
	return product
}
