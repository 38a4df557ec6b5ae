package vault

import (
	"context"
	"fmt"
	"maps"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
)

// sealDoc gives the stored form of a record: nothing of doc is changed.
func (v *Vault) sealDoc(ctx context.Context, l *layout, doc storage.Doc) (storage.Doc, error) {
	if l == nil {
		return doc, nil
	}
	ref, id := l.form.Ref(), text(doc, storage.ID)
	out, data := maps.Clone(doc), maps.Clone(object(doc, "data"))
	fields, err := v.sealCells(ctx, l.fields, data, ref, id, "")
	if err != nil {
		return nil, err
	}
	rows := map[string]any{}
	for table, cols := range l.rows {
		if list(data, table) == nil {
			continue
		}
		if data[table], rows[table], err = v.sealRows(ctx, cols, list(data, table), ref, id, table); err != nil {
			return nil, err
		}
	}
	if data != nil {
		out["data"] = data
	}
	out[Sealed] = map[string]any{"key": v.seal.Primary(), "f": fields, "rows": rows}
	v.derive(l, out)
	return out, v.sealOutbox(ctx, out, ref, id)
}

// sealCells replaces sensitive values by their stand-ins and gives their
// ciphertexts. Where is "" for the fields of a record, "table.row" for a row's.
func (v *Vault) sealCells(ctx context.Context, fields []*schema.Field, data map[string]any, ref, id, where string) (map[string]any, error) {
	out := map[string]any{}
	for _, f := range fields {
		val := data[f.Key]
		if val == nil {
			continue
		}
		raw, err := Encode(val)
		if err != nil {
			return nil, err
		}
		if out[f.Key], err = v.Seal(ctx, raw, ref, id, where, f.Key); err != nil {
			return nil, err
		}
		if data[f.Key], err = v.standIn(f, ref, pathIn(where, f.Key), val); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (v *Vault) sealRows(ctx context.Context, cols []*schema.Field, rows []any, ref, id, table string) (plain, sealed []any, err error) {
	plain, sealed = make([]any, len(rows)), make([]any, len(rows))
	for i, r := range rows {
		m, ok := r.(map[string]any)
		if !ok {
			return nil, nil, fmt.Errorf("%w: row %d of %s", errValue, i, table)
		}
		row := maps.Clone(m)
		cells, err := v.sealCells(ctx, cols, row, ref, id, rowPlace(table, row))
		if err != nil {
			return nil, nil, err
		}
		plain[i], sealed[i] = row, cells
	}
	return plain, sealed, nil
}

// rowPlace names a row within the record: a value belongs to its row, wherever that stands.
func rowPlace(table string, row map[string]any) string { return table + "." + text(row, "id") }

// pathIn is the path by which a value is asked for: a hash of a column is the same in all rows.
func pathIn(where, key string) string {
	for i := range len(where) {
		if where[i] == '.' {
			return where[:i] + "." + key
		}
	}
	return key
}

// derive makes what follows from values hold of their stand-ins: unique values
// and, of a field that was not sensitive once, no search tokens.
func (v *Vault) derive(l *layout, out storage.Doc) {
	if uniq := object(out, "uniq"); uniq != nil {
		uniq = maps.Clone(uniq)
		for i, keys := range l.form.Unique {
			name := catalog.UniqueKey(l.form, i)
			if _, held := uniq[name]; !held || !l.any(keys) {
				continue
			}
			if val, ok := catalog.UniqueOf(l.form, i, out); ok {
				uniq[name] = val
			}
		}
		out["uniq"] = uniq
	}
	search := object(out, "search")
	for _, f := range l.fields {
		if search[f.Key] != nil {
			search = maps.Clone(search)
			delete(search, f.Key)
			out["search"] = search
		}
	}
}

func (l *layout) any(keys []string) bool {
	for _, k := range keys {
		if l.field(k) != nil {
			return true
		}
	}
	return false
}

// openDoc puts the values back into a record that was read, in place.
func (v *Vault) openDoc(ref string, doc storage.Doc) error {
	s := object(doc, Sealed)
	if s == nil {
		return nil
	}
	delete(doc, Sealed)
	id, data := text(doc, storage.ID), object(doc, "data")
	if err := v.openCells(object(s, "f"), data, ref, id, ""); err != nil {
		return err
	}
	for table, cells := range object(s, "rows") {
		if err := v.openRows(cells, list(data, table), ref, id, table); err != nil {
			return err
		}
	}
	return v.openOutbox(doc, ref, id)
}

func (v *Vault) openCells(cells, data map[string]any, ref, id, where string) error {
	for key, c := range cells {
		if data[key] == nil {
			continue // not read, or taken away
		}
		ct, _ := c.(string)
		raw, err := v.Open(ct, ref, id, where, key)
		if err != nil {
			return err
		}
		if data[key], err = decode(raw); err != nil {
			return err
		}
	}
	return nil
}

func (v *Vault) openRows(cells any, rows []any, ref, id, table string) error {
	sealed, _ := cells.([]any)
	if rows == nil {
		return nil // not read
	}
	if len(sealed) != len(rows) {
		return fault.Newf(fault.Internal, "vault.damaged", "the sealed rows of %s in %s %s are not those of the record", table, ref, id)
	}
	for i := range rows {
		row, _ := rows[i].(map[string]any)
		c, _ := sealed[i].(map[string]any)
		if err := v.openCells(c, row, ref, id, rowPlace(table, row)); err != nil {
			return err
		}
	}
	return nil
}
