package vault

import (
	"context"
	"maps"

	"github.com/formwork-run/formwork/storage"
)

// history are the changes of records; a change of a sensitive field is sealed.
type history struct {
	storage.Collection
	v *Vault
}

// History wraps the collection of changes: {form, record, changes}.
func (v *Vault) History(col storage.Collection) storage.Collection { return history{col, v} }

// keyMark is the key of a document that names the key its ciphertexts were made with.
const keyMark = "sealed_key"

const historyPlace = "\x00history"

// Insert implements storage.Collection.
func (h history) Insert(ctx context.Context, docs ...storage.Doc) error {
	sealed := make([]storage.Doc, len(docs))
	for i, d := range docs {
		var err error
		if sealed[i], err = h.v.sealChanges(ctx, d); err != nil {
			return err
		}
	}
	return h.Collection.Insert(ctx, sealed...)
}

// Find implements storage.Collection.
func (h history) Find(ctx context.Context, q storage.Query) (storage.Page, error) {
	page, err := h.Collection.Find(ctx, q)
	if err != nil {
		return page, err
	}
	for _, d := range page.Docs {
		if err := h.v.openChanges(d); err != nil {
			return storage.Page{}, err
		}
	}
	return page, nil
}

// Get implements storage.Collection.
func (h history) Get(ctx context.Context, id string) (storage.Doc, error) {
	doc, err := h.Collection.Get(ctx, id)
	if err == nil {
		err = h.v.openChanges(doc)
	}
	return doc, err
}

// sealChanges gives the stored form of an entry.
func (v *Vault) sealChanges(ctx context.Context, doc storage.Doc) (storage.Doc, error) {
	l := layoutOf(v.forms(text(doc, "form")))
	if l == nil {
		return doc, nil
	}
	out, changes := maps.Clone(doc), append([]any(nil), list(doc, "changes")...)
	for i, c := range changes {
		m, _ := c.(map[string]any)
		sealed, err := v.sealChange(ctx, l, m, out)
		if err != nil {
			return nil, err
		}
		if sealed != nil {
			changes[i], out[keyMark] = sealed, v.seal.Primary()
		}
	}
	if len(changes) > 0 {
		out["changes"] = changes
	}
	return out, nil
}

// sealChange seals before and after of a change, nil when it is about nothing sensitive.
func (v *Vault) sealChange(ctx context.Context, l *layout, m map[string]any, doc storage.Doc) (map[string]any, error) {
	field := text(m, "field")
	hidden, out := map[string]any{}, maps.Clone(m)
	if l.field(field) != nil {
		for _, k := range []string{"before", "after"} {
			if val, ok := m[k]; ok {
				hidden[k] = val
				delete(out, k)
			}
		}
	}
	for _, k := range []string{"before", "after"} {
		row := object(out, k)
		if l.rows[field] == nil || row == nil {
			continue
		}
		kept, cells := maps.Clone(row), map[string]any{}
		for _, c := range l.rows[field] {
			if val, ok := row[c.Key]; ok {
				cells[c.Key] = val
				delete(kept, c.Key)
			}
		}
		if len(cells) > 0 {
			out[k], hidden[k] = kept, cells
		}
	}
	if len(hidden) == 0 {
		return nil, nil
	}
	raw, err := Encode(hidden)
	if err != nil {
		return nil, err
	}
	out[Sealed], err = v.Seal(ctx, raw, text(doc, "form"), text(doc, "record"), historyPlace, field, text(m, "row"))
	return out, err
}

// openChanges puts the values back into an entry, in place.
func (v *Vault) openChanges(doc storage.Doc) error {
	if doc[keyMark] == nil {
		return nil
	}
	delete(doc, keyMark)
	for _, c := range list(doc, "changes") {
		m, _ := c.(map[string]any)
		ct := text(m, Sealed)
		if ct == "" {
			continue
		}
		hidden, err := v.openMap(ct, text(doc, "form"), text(doc, "record"), historyPlace, text(m, "field"), text(m, "row"))
		if err != nil {
			return err
		}
		delete(m, Sealed)
		for k, val := range hidden {
			kept, isRow := m[k].(map[string]any)
			cells, isMap := val.(map[string]any)
			if isRow && isMap {
				maps.Copy(kept, cells)
				continue
			}
			m[k] = val
		}
	}
	return nil
}
