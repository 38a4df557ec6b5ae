package record

import (
	"bytes"
	"encoding/json"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

// Patch is what somebody changed, and nothing else: what it does not name stays.
type Patch struct {
	Set   map[string]json.RawMessage `json:"set,omitempty"`
	Unset []string                   `json:"unset,omitempty"`
	Rows  map[string]RowPatch        `json:"rows,omitempty"`
}

// RowPatch is a change of a subtable by rows.
type RowPatch struct {
	Add    []json.RawMessage `json:"add,omitempty"`    // new rows; an id is kept when given
	Change []json.RawMessage `json:"change,omitempty"` // rows with id and the columns that change
	Remove []string          `json:"remove,omitempty"` // ids
	Order  []string          `json:"order,omitempty"`  // all ids in their new order
}

// Empty reports whether nothing is to be changed.
func (p Patch) Empty() bool { return len(p.Set) == 0 && len(p.Unset) == 0 && len(p.Rows) == 0 }

// fill takes the whole data of a new record. What cannot be read is an error;
// the rest is taken all the same, for whoever only wants to compute.
func (c *Change) fill(raw json.RawMessage) error {
	if len(bytes.TrimSpace(raw)) == 0 || string(bytes.TrimSpace(raw)) == "null" {
		return nil
	}
	values, errs := c.Form.Decode(raw, c.s.t.IDs.New)
	errs = c.veiled(errs)
	c.rejected = append(c.rejected, errs...)
	for _, key := range sortedKeys(values) {
		f := c.Form.Def.Field(key)
		if f == nil {
			continue
		}
		if f.Type == schema.TypeSubtable {
			c.fillRows(f, values[key])
			continue
		}
		c.assign("/"+key, key, values[key])
	}
	return invalid(errs)
}

// veiled tells of a field that the actor may not see no more than that there is
// none: what is wrong with a value for it would say otherwise.
func (c *Change) veiled(errs []fault.Field) []fault.Field {
	for i, e := range errs {
		segs := strings.SplitN(strings.TrimPrefix(e.Path, "/"), "/", 4)
		f := c.Form.Def.Field(segs[0])
		switch {
		case f == nil:
		case !c.Rights.Readable(f.Key):
			errs[i] = fault.Field{Path: "/" + segs[0], Code: "unknown_field", Message: "there is no such field"}
		case f.Type == schema.TypeSubtable && len(segs) > 2:
			if col := column(f, segs[2]); col != nil && !c.Rights.Readable(f.Key+"."+col.Key) {
				errs[i] = fault.Field{Path: "/" + strings.Join(segs[:3], "/"), Code: "unknown_field", Message: "there is no such column"}
			}
		}
	}
	return errs
}

// assign sets one value if this actor may: an unwritable field with its present
// value is ignored, with another value refused; an unreadable one is unknown.
func (c *Change) assign(at, path string, v any) {
	f := c.Form.Def.Field(path)
	if f != nil && (f.Formula != "" || f.Type == schema.TypeSerial || f.Type == schema.TypeFormula) {
		return // computed: what the client sent is recomputed
	}
	if same(c.data[path], v) {
		if c.Rights.Readable(path) {
			return
		}
	}
	if !c.writable(at, path) {
		return
	}
	if v == nil {
		delete(c.data, path)
		return
	}
	c.data[path] = v
}

// writable reports whether the field may be written, and notes the refusal.
func (c *Change) writable(at, path string) bool {
	switch {
	case c.Rights.Writable(path):
		return true
	case c.Rights.Readable(path):
		c.reject(at, "not_writable", "this field may not be changed here")
	default:
		c.reject(at, "unknown_field", "there is no such field")
	}
	return false
}

func (c *Change) reject(at, code, message string) {
	c.rejected = append(c.rejected, fault.Field{Path: at, Code: code, Message: message})
}

// unreadable notes what decoding found in a value: its places are within the value at a pointer.
func (c *Change) unreadable(at string, errs []fault.Field) {
	for _, e := range errs {
		e.Path = at + e.Path
		c.rejected = append(c.rejected, e)
	}
}

// unreadableRows does the same for rows that come after the first n.
func (c *Change) unreadableRows(at string, n int, errs []fault.Field) {
	for _, e := range errs {
		first, rest, nested := strings.Cut(strings.TrimPrefix(e.Path, "/"), "/")
		if i, err := strconv.Atoi(first); err == nil {
			e.Path = "/" + strconv.Itoa(n+i)
			if nested {
				e.Path += "/" + rest
			}
		}
		e.Path = at + e.Path
		c.rejected = append(c.rejected, c.veiled([]fault.Field{e})...)
	}
}

// placeOf escapes a key that a client sent for a JSON pointer.
func placeOf(key string) string { return "/" + placeEscapes.Replace(key) }

var placeEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// ApplyPatch applies what somebody changed, within his rights. Every refused
// field is named.
func (c *Change) ApplyPatch(p Patch) error {
	before := len(c.rejected)
	for _, key := range sortedKeys(p.Set) {
		c.set(key, p.Set[key])
	}
	for _, key := range p.Unset {
		f := c.field(key)
		if f == nil {
			c.reject(placeOf(key), "unknown_field", "there is no such field")
			continue
		}
		if f.Type == schema.TypeSubtable {
			c.replaceRows(f, nil)
			continue
		}
		c.assign("/"+f.Key, f.Key, nil)
	}
	for _, key := range sortedKeys(p.Rows) {
		f := c.field(key)
		if f == nil || f.Type != schema.TypeSubtable {
			c.reject(placeOf(key), "unknown_field", "there is no such subtable")
			continue
		}
		c.patchRows(f, p.Rows[key])
	}
	if len(c.rejected) > before {
		return invalid(c.rejected)
	}
	return nil
}

// field finds a field by key, or by its original name, if the actor may see it.
func (c *Change) field(key string) *schema.Field {
	f := c.Form.Def.Field(key)
	if f == nil {
		for _, x := range c.Form.Def.Fields {
			if x.Name != "" && x.Name == key {
				f = x
			}
		}
	}
	if f == nil || !c.Rights.Readable(f.Key) {
		return nil
	}
	return f
}

func (c *Change) set(key string, raw json.RawMessage) {
	f := c.field(key)
	if f == nil {
		c.reject(placeOf(key), "unknown_field", "there is no such field")
		return
	}
	if c.Rights.Of(f.Key) == rbac.FieldMasked {
		c.echo("/"+f.Key, f, raw, c.data[f.Key])
		return
	}
	if f.Type == schema.TypeSubtable {
		var rows []json.RawMessage
		if err := json.Unmarshal(raw, &rows); err != nil {
			c.reject("/"+f.Key, "type", "a list of rows is needed")
			return
		}
		c.replaceRows(f, rows)
		return
	}
	v, errs := c.Form.DecodeField(f.Key, raw)
	if len(errs) > 0 {
		c.unreadable("/"+f.Key, errs)
		return
	}
	c.assign("/"+f.Key, f.Key, v)
}

// echo takes back what a reader was shown of a masked value. Anything else is
// refused, right or wrong: he must not find out by trying.
func (c *Change) echo(at string, f *schema.Field, raw json.RawMessage, stored any) {
	var shown any
	if err := json.Unmarshal(raw, &shown); err != nil {
		c.reject(at, "type", "this cannot be read")
		return
	}
	if stored == nil && shown == nil || stored != nil && shown == Mask(f, stored) {
		return
	}
	c.reject(at, "not_writable", "this field may not be changed here")
}

// same compares stored values; numbers by value.
func same(a, b any) bool {
	x, ok1 := a.(decimal.Decimal)
	y, ok2 := b.(decimal.Decimal)
	if ok1 && ok2 {
		return x.Cmp(y) == 0
	}
	if ok1 != ok2 {
		return false
	}
	switch av := a.(type) {
	case time.Time:
		bv, ok := b.(time.Time)
		return ok && av.Equal(bv)
	case []any:
		bv, ok := b.([]any)
		if !ok || len(av) != len(bv) {
			return false
		}
		for i := range av {
			if !same(av[i], bv[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		bv, ok := b.(map[string]any)
		if !ok || len(av) != len(bv) {
			return false
		}
		for k, v := range av {
			if w, ok := bv[k]; !ok || !same(v, w) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
