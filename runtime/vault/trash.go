package vault

import (
	"context"
	"maps"

	"github.com/formwork-run/formwork/storage"
)

// trash are deleted records: {form, doc}, sealed as they were.
type trash struct {
	storage.Collection
	v *Vault
}

// Trash wraps the collection of deleted records.
func (v *Vault) Trash(col storage.Collection) storage.Collection { return trash{col, v} }

// Insert implements storage.Collection.
func (t trash) Insert(ctx context.Context, docs ...storage.Doc) error {
	sealed := make([]storage.Doc, len(docs))
	for i, d := range docs {
		var err error
		if sealed[i], err = t.v.sealRow(ctx, d); err != nil {
			return err
		}
	}
	return t.Collection.Insert(ctx, sealed...)
}

// Patch implements storage.Collection.
func (t trash) Patch(ctx context.Context, id string, g storage.Guard, p storage.Patch) (storage.Doc, error) {
	set, err := t.v.sealRow(ctx, p.Set)
	if err != nil {
		return nil, err
	}
	p.Set = set
	doc, err := t.Collection.Patch(ctx, id, g, p)
	if err != nil || doc == nil {
		return doc, err
	}
	return doc, t.v.openRow(doc)
}

// Get implements storage.Collection.
func (t trash) Get(ctx context.Context, id string) (storage.Doc, error) {
	doc, err := t.Collection.Get(ctx, id)
	if err == nil {
		err = t.v.openRow(doc)
	}
	return doc, err
}

// Find implements storage.Collection.
func (t trash) Find(ctx context.Context, q storage.Query) (storage.Page, error) {
	page, err := t.Collection.Find(ctx, q)
	if err != nil {
		return page, err
	}
	for _, d := range page.Docs {
		if err := t.v.openRow(d); err != nil {
			return storage.Page{}, err
		}
	}
	return page, nil
}

func (v *Vault) sealRow(ctx context.Context, row storage.Doc) (storage.Doc, error) {
	doc := object(row, "doc")
	l := layoutOf(v.forms(text(row, "form")))
	if doc == nil || l == nil {
		return row, nil
	}
	sealed, err := v.sealDoc(ctx, l, doc)
	if err != nil {
		return nil, err
	}
	out := maps.Clone(row)
	out["doc"] = sealed
	return out, nil
}

func (v *Vault) openRow(row storage.Doc) error {
	doc := object(row, "doc")
	if doc == nil {
		return nil
	}
	return v.openDoc(text(row, "form"), doc)
}
