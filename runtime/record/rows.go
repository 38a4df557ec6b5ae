package record

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
)

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
	before := list(c.data, f.Key)
	rows := append([]any(nil), before...)
	at := rowIndex(rows)
	for _, raw := range p.Change {
		i, ok := at[rowID(raw)]
		if !ok {
			c.reject("/"+f.Key, "row_unknown", "there is no row "+strconv.Quote(rowID(raw)))
			continue
		}
		rows[i] = c.changeRow(f, p.place(rowID(raw), i), rows[i].(map[string]any), raw)
	}
	rows = c.removeRows(f, rows, p.Remove)
	rows = c.addRows(f, rows, p.Add)
	if p.Order != nil {
		rows = ordered(rows, p.Order)
		if moved(before, rows) && !c.Rights.Writable(f.Key) {
			c.reject("/"+f.Key, "not_writable", "rows may not be moved here")
		}
	}
	if len(rows) == 0 {
		delete(c.data, f.Key)
		return
	}
	c.data[f.Key] = rows
}

// place is where a row stands for whoever sent the patch: in the order it names.
func (p RowPatch) place(id string, stored int) int {
	if i := slices.Index(p.Order, id); i >= 0 {
		return i
	}
	return stored
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
	if c.Rights.Of(path) == rbac.FieldMasked {
		c.echo(at, col, raw, row[col.Key])
		return
	}
	v, errs := c.Form.DecodeField(path, raw)
	c.unreadable(at, errs)
	if len(errs) > 0 || same(row[col.Key], v) {
		return
	}
	if !c.writable(at, path) {
		return
	}
	if !c.Rights.RowOp(f.Key, "edit") {
		c.reject(at, "not_writable", "rows may not be changed here")
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
		taken[text(row, "id")] = len(rows)
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
