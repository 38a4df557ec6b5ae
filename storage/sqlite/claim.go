package sqlite

import (
	"context"
	"time"

	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Fields that Claim keeps.
const (
	leaseUntil = "lease_until"
	leaseToken = "lease_token"
)

// Claim implements storage.Collection.
func (c *collection) Claim(ctx context.Context, q storage.Query, now time.Time, lease time.Duration, n int) ([]storage.Doc, error) {
	if c.bad != nil {
		return nil, c.bad
	}
	if n < 1 || n > storage.MaxClaim || lease <= 0 {
		return nil, storage.Invalidf("claim of %d for %v", n, lease)
	}
	if q.Cursor != "" || q.Fields != nil {
		return nil, storage.Invalidf("a claim takes no cursor and no fields")
	}
	q.Limit = n
	if _, err := q.Check(); err != nil {
		return nil, err
	}
	q.Where = free(q.Where, now)
	var out []storage.Doc
	err := c.t.w.do(ctx, func(w *writer) error {
		return w.atomically(func() (err error) {
			out, err = c.claim(ctx, w, q, now.Add(lease))
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// free adds that nobody holds the document: no lease, or one that is over.
func free(where filter.Expr, now time.Time) filter.Expr {
	open := filter.Not{X: filter.Cmp{Path: leaseUntil, Op: filter.Gt, Value: now.UTC()}}
	if where == nil {
		return open
	}
	return filter.And{where, open}
}

func (c *collection) claim(ctx context.Context, w *writer, q storage.Query, until time.Time) ([]storage.Doc, error) {
	cl := w.cat.colls[c.name]
	if cl == nil {
		return nil, nil
	}
	list, err := c.search(ctx, w.c, cl, q, nil, q.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]storage.Doc, 0, len(list))
	for _, f := range list {
		cl, old, err := w.load(c, f.id, false)
		if err != nil {
			return nil, err
		}
		doc, err := w.patch(cl, old, storage.Patch{Set: map[string]any{leaseUntil: until, leaseToken: ids.Secret(12)}})
		if err != nil {
			return nil, err
		}
		out = append(out, doc)
	}
	return out, nil
}
