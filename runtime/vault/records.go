package vault

import (
	"context"
	"strings"
	"time"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// records are the records of a form, in the clear to whoever holds this.
type records struct {
	storage.Collection
	v   *Vault
	ref string
	l   *layout
}

// Records wraps the records of a form: form is its version in use, which says
// what is sealed from now on; what lies sealed says so itself. nil seals nothing.
func (v *Vault) Records(col storage.Collection, ref string, form *schema.Form) storage.Collection {
	return records{col, v, ref, layoutOf(form)}
}

func (r records) open(doc storage.Doc, err error) (storage.Doc, error) {
	if err == nil {
		err = r.v.openDoc(r.ref, doc)
	}
	return doc, err
}

// Insert implements storage.Collection.
func (r records) Insert(ctx context.Context, docs ...storage.Doc) error {
	if r.l == nil {
		return r.Collection.Insert(ctx, docs...)
	}
	sealed := make([]storage.Doc, len(docs))
	for i, d := range docs {
		var err error
		if sealed[i], err = r.v.sealDoc(ctx, r.l, d); err != nil {
			return err
		}
	}
	return r.Collection.Insert(ctx, sealed...)
}

// Replace implements storage.Collection.
func (r records) Replace(ctx context.Context, doc storage.Doc) (int64, error) {
	doc, err := r.v.sealDoc(ctx, r.l, doc)
	if err != nil {
		return 0, err
	}
	return r.Collection.Replace(ctx, doc)
}

// Get implements storage.Collection.
func (r records) Get(ctx context.Context, id string) (storage.Doc, error) {
	return r.open(r.Collection.Get(ctx, id))
}

// GetMany implements storage.Collection.
func (r records) GetMany(ctx context.Context, ids []string) (map[string]storage.Doc, error) {
	docs, err := r.Collection.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		if err := r.v.openDoc(r.ref, d); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// Patch implements storage.Collection. Sealed values are changed by Replace only.
func (r records) Patch(ctx context.Context, id string, g storage.Guard, p storage.Patch) (storage.Doc, error) {
	g, err := r.v.guard(r.l, g)
	if err != nil {
		return nil, err
	}
	if name := r.l.touched(p); name != "" {
		return nil, unasked(name, "patch")
	}
	doc, err := r.Collection.Patch(ctx, id, g, p)
	if doc == nil { // blind
		return nil, err
	}
	return r.open(doc, err)
}

// touched names a sealed value that a patch would write in the clear.
func (l *layout) touched(p storage.Patch) string {
	if l == nil {
		return ""
	}
	for path := range p.Set {
		name, isData := strings.CutPrefix(path, "data.")
		if path == "data" || path == "outbox" || strings.HasPrefix(path, "outbox.") || isData && (l.field(name) != nil || l.rows[name] != nil) {
			return path
		}
	}
	for path := range p.Push {
		if l.rows[strings.TrimPrefix(path, "data.")] != nil {
			return path
		}
	}
	return ""
}

// Delete implements storage.Collection.
func (r records) Delete(ctx context.Context, id string, g storage.Guard) error {
	g, err := r.v.guard(r.l, g)
	if err != nil {
		return err
	}
	return r.Collection.Delete(ctx, id, g)
}

// Find implements storage.Collection.
func (r records) Find(ctx context.Context, q storage.Query) (storage.Page, error) {
	q, err := r.v.query(r.l, q)
	if err != nil {
		return storage.Page{}, err
	}
	page, err := r.Collection.Find(ctx, q)
	if err != nil {
		return page, err
	}
	for _, d := range page.Docs {
		if err := r.v.openDoc(r.ref, d); err != nil {
			return storage.Page{}, err
		}
	}
	return page, nil
}

// Count implements storage.Collection.
func (r records) Count(ctx context.Context, where filter.Expr, limit int) (int, error) {
	where, err := r.v.ask(r.l, where)
	if err != nil {
		return 0, err
	}
	return r.Collection.Count(ctx, where, limit)
}

// Aggregate implements storage.Collection.
func (r records) Aggregate(ctx context.Context, g storage.Group) ([]storage.Row, error) {
	g, err := r.v.group(r.l, g)
	if err != nil {
		return nil, err
	}
	return r.Collection.Aggregate(ctx, g)
}

// Claim implements storage.Collection.
func (r records) Claim(ctx context.Context, q storage.Query, now time.Time, lease time.Duration, n int) ([]storage.Doc, error) {
	q, err := r.v.query(r.l, q)
	if err != nil {
		return nil, err
	}
	docs, err := r.Collection.Claim(ctx, q, now, lease, n)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		if err := r.v.openDoc(r.ref, d); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// Explain implements storage.Collection.
func (r records) Explain(ctx context.Context, q storage.Query) (storage.Plan, error) {
	q, err := r.v.query(r.l, q)
	if err != nil {
		return storage.Plan{}, err
	}
	return r.Collection.Explain(ctx, q)
}
