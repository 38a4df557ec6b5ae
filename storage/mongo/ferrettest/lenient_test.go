package ferrettest_test

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/formwork-run/formwork/storage"
)

// lenient stands between the application and FerretDB and evades two things that
// FerretDB refuses: declarations of partial and expiring indexes are left out,
// and a list within a list is kept as a map. Nothing else differs.
type lenient struct {
	storage.Store
	left atomic.Int64
}

// Tenant implements storage.Store.
func (l *lenient) Tenant(id string) (storage.Tenant, error) {
	t, err := l.Store.Tenant(id)
	return lenientTenant{t, l}, err
}

// System implements storage.Store.
func (l *lenient) System() storage.Tenant { return lenientTenant{l.Store.System(), l} }

type lenientTenant struct {
	storage.Tenant
	l *lenient
}

// Collection implements storage.Tenant.
func (t lenientTenant) Collection(name string) storage.Collection {
	return lenientCollection{t.Tenant.Collection(name), t.l}
}

type lenientCollection struct {
	storage.Collection
	l *lenient
}

// Indexes implements storage.Collection.
func (c lenientCollection) Indexes(ctx context.Context, want ...storage.Index) error {
	kept := slices.DeleteFunc(slices.Clone(want), func(ix storage.Index) bool { return ix.Expire || ix.IfPresent || ix.Sparse })
	c.l.left.Add(int64(len(want) - len(kept)))
	return c.Collection.Indexes(ctx, kept...)
}

// Insert implements storage.Collection.
func (c lenientCollection) Insert(ctx context.Context, docs ...storage.Doc) error {
	in := make([]storage.Doc, len(docs))
	for i, d := range docs {
		in[i] = hide(d)
	}
	return c.Collection.Insert(ctx, in...)
}

// Replace implements storage.Collection.
func (c lenientCollection) Replace(ctx context.Context, doc storage.Doc) (int64, error) {
	return c.Collection.Replace(ctx, hide(doc))
}

// Patch implements storage.Collection.
func (c lenientCollection) Patch(ctx context.Context, id string, g storage.Guard, p storage.Patch) (storage.Doc, error) {
	if p.Set != nil {
		p.Set = hide(p.Set)
	}
	doc, err := c.Collection.Patch(ctx, id, g, p)
	return show(doc), err
}

// Get implements storage.Collection.
func (c lenientCollection) Get(ctx context.Context, id string) (storage.Doc, error) {
	doc, err := c.Collection.Get(ctx, id)
	return show(doc), err
}

// GetMany implements storage.Collection.
func (c lenientCollection) GetMany(ctx context.Context, ids []string) (map[string]storage.Doc, error) {
	docs, err := c.Collection.GetMany(ctx, ids)
	for id, d := range docs {
		docs[id] = show(d)
	}
	return docs, err
}

// Find implements storage.Collection.
func (c lenientCollection) Find(ctx context.Context, q storage.Query) (storage.Page, error) {
	page, err := c.Collection.Find(ctx, q)
	for i, d := range page.Docs {
		page.Docs[i] = show(d)
	}
	return page, err
}

// Claim implements storage.Collection.
func (c lenientCollection) Claim(ctx context.Context, q storage.Query, now time.Time, lease time.Duration, n int) ([]storage.Doc, error) {
	docs, err := c.Collection.Claim(ctx, q, now, lease, n)
	for i, d := range docs {
		docs[i] = show(d)
	}
	return docs, err
}

// within is the key under which a list within a list is kept.
const within = "list within a list"

func hide(doc map[string]any) map[string]any {
	out := make(map[string]any, len(doc))
	for k, v := range doc {
		out[k] = hidden(v, false)
	}
	return out
}

func hidden(v any, inList bool) any {
	switch x := v.(type) {
	case map[string]any:
		return hide(x)
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = hidden(e, true)
		}
		if inList {
			return map[string]any{within: out}
		}
		return out
	}
	return v
}

func show(doc map[string]any) map[string]any {
	for k, v := range doc {
		doc[k] = shown(v)
	}
	return doc
}

func shown(v any) any {
	switch x := v.(type) {
	case map[string]any:
		if list, ok := x[within].([]any); ok {
			return shown(list)
		}
		return show(x)
	case []any:
		for i, e := range x {
			x[i] = shown(e)
		}
	}
	return v
}
