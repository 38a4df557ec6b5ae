package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
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

// fillRows takes the rows of a new record, column by column.
func (c *Change) fillRows(f *schema.Field, v any) {
	rows, _ := v.([]any)
	if len(rows) == 0 {
		return
	}
	if !c.writable("/"+f.Key, f.Key) {
		return
	}
	if !c.Rights.RowOp(f.Key, "add") {
		c.reject("/"+f.Key, "not_writable", "rows may not be added here")
		return
	}
	for i, r := range rows {
		row, _ := r.(map[string]any)
		for _, col := range f.Columns {
			at, path := fmt.Sprintf("/%s/%d/%s", f.Key, i, col.Key), f.Key+"."+col.Key
			if v, ok := row[col.Key]; ok && v != nil && col.Formula == "" && !c.Rights.Writable(path) {
				c.writable(at, path)
				delete(row, col.Key)
			}
		}
	}
	c.data[f.Key] = rows
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
		c.rejected = append(c.rejected, e)
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

// replaceRows turns a whole list into row changes: rows keep what it does not name.
func (c *Change) replaceRows(f *schema.Field, rows []json.RawMessage) {
	present := rowIndex(list(c.data, f.Key))
	p := RowPatch{Order: []string{}}
	given := map[string]bool{}
	for _, raw := range rows {
		id := rowID(raw)
		if _, ok := present[id]; ok && id != "" && !given[id] {
			p.Change = append(p.Change, raw)
		} else {
			if id == "" || given[id] {
				id = c.s.t.IDs.New()
				raw = withID(raw, id)
			}
			p.Add = append(p.Add, raw)
		}
		given[id] = true
		p.Order = append(p.Order, id)
	}
	for _, r := range list(c.data, f.Key) {
		if id := text(r.(map[string]any), "id"); !given[id] {
			p.Remove = append(p.Remove, id)
		}
	}
	c.patchRows(f, p)
}

// patchRows changes, removes, adds and orders rows; rows and columns it does not name stay.
func (c *Change) patchRows(f *schema.Field, p RowPatch) {
	rows := append([]any(nil), list(c.data, f.Key)...)
	at := rowIndex(rows)
	for _, raw := range p.Change {
		i, ok := at[rowID(raw)]
		if !ok {
			c.reject("/"+f.Key, "row_unknown", "there is no row "+strconv.Quote(rowID(raw)))
			continue
		}
		rows[i] = c.changeRow(f, i, rows[i].(map[string]any), raw)
	}
	rows = c.removeRows(f, rows, p.Remove)
	rows = c.addRows(f, rows, p.Add)
	if p.Order != nil {
		rows = ordered(rows, p.Order)
	}
	if len(rows) == 0 {
		delete(c.data, f.Key)
		return
	}
	c.data[f.Key] = rows
}

func (c *Change) changeRow(f *schema.Field, i int, row map[string]any, raw json.RawMessage) map[string]any {
	var cols map[string]json.RawMessage
	if err := json.Unmarshal(raw, &cols); err != nil {
		c.reject(fmt.Sprintf("/%s/%d", f.Key, i), "type", "a row is an object")
		return row
	}
	out := clone(row)
	for _, name := range sortedKeys(cols) {
		if name == "id" {
			continue
		}
		c.changeCell(f, i, out, name, cols[name])
	}
	return out
}

func (c *Change) changeCell(f *schema.Field, i int, row map[string]any, name string, raw json.RawMessage) {
	col := column(f, name)
	at := fmt.Sprintf("/%s/%d%s", f.Key, i, placeOf(name))
	if col == nil || !c.Rights.Readable(f.Key+"."+col.Key) {
		c.reject(at, "unknown_field", "there is no such column")
		return
	}
	if col.Formula != "" {
		return
	}
	path := f.Key + "." + col.Key
	v, errs := c.Form.DecodeField(path, raw)
	c.unreadable(at, errs)
	if len(errs) > 0 || same(row[col.Key], v) {
		return
	}
	if !c.Rights.RowOp(f.Key, "edit") || !c.writable(at, path) {
		if c.Rights.Writable(path) {
			c.reject(at, "not_writable", "rows may not be changed here")
		}
		return
	}
	if v == nil {
		delete(row, col.Key)
		return
	}
	row[col.Key] = v
}

func (c *Change) removeRows(f *schema.Field, rows []any, remove []string) []any {
	if len(remove) == 0 {
		return rows
	}
	gone := map[string]bool{}
	for _, id := range remove {
		gone[id] = true
	}
	if !c.Rights.RowOp(f.Key, "delete") {
		c.reject("/"+f.Key, "not_writable", "rows may not be removed here")
		return rows
	}
	kept := rows[:0:0]
	for _, r := range rows {
		if !gone[text(r.(map[string]any), "id")] {
			kept = append(kept, r)
		}
	}
	return kept
}

func (c *Change) addRows(f *schema.Field, rows []any, add []json.RawMessage) []any {
	if len(add) == 0 {
		return rows
	}
	if !c.Rights.RowOp(f.Key, "add") {
		c.reject("/"+f.Key, "not_writable", "rows may not be added here")
		return rows
	}
	all, _ := json.Marshal(add)
	v, errs := c.Form.DecodeField(f.Key, all)
	if len(errs) > 0 {
		c.unreadableRows("/"+f.Key, len(rows), errs)
		return rows
	}
	taken := rowIndex(rows)
	for _, r := range asList(v) {
		row := r.(map[string]any)
		if _, dup := taken[text(row, "id")]; dup || text(row, "id") == "" {
			row["id"] = c.s.t.IDs.New()
		}
		for _, col := range f.Columns {
			if row[col.Key] != nil && col.Formula == "" && !c.writable(fmt.Sprintf("/%s/%d/%s", f.Key, len(rows), col.Key), f.Key+"."+col.Key) {
				delete(row, col.Key)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func asList(v any) []any { l, _ := v.([]any); return l }

func column(f *schema.Field, name string) *schema.Field {
	for _, c := range f.Columns {
		if c.Key == name || c.Name != "" && c.Name == name {
			return c
		}
	}
	return nil
}

func rowIndex(rows []any) map[string]int {
	at := make(map[string]int, len(rows))
	for i, r := range rows {
		if m, ok := r.(map[string]any); ok {
			at[text(m, "id")] = i
		}
	}
	return at
}

func rowID(raw json.RawMessage) string {
	var r struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &r) // a row without a readable id is a new row, and decoded with errors as one
	return r.ID
}

func withID(raw json.RawMessage, id string) json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil || m == nil {
		return raw // not an object: decoding names the place
	}
	m["id"], _ = json.Marshal(id)
	out, err := json.Marshal(m)
	if err != nil {
		return raw
	}
	return out
}

// ordered puts rows into the order of ids; rows it does not name keep their place at the end.
func ordered(rows []any, order []string) []any {
	at := rowIndex(rows)
	out := make([]any, 0, len(rows))
	used := map[string]bool{}
	for _, id := range order {
		if i, ok := at[id]; ok && !used[id] {
			used[id] = true
			out = append(out, rows[i])
		}
	}
	for _, r := range rows {
		if !used[text(r.(map[string]any), "id")] {
			out = append(out, r)
		}
	}
	return out
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
