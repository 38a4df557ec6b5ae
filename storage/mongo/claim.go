package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Fields that Claim keeps.
const (
	leaseUntil = "lease_until"
	leaseToken = "lease_token"
)

// Claim implements storage.Collection: one findAndModify per document, so that
// no two callers get the same. When it fails half way, what it has leased is
// free again when the lease is over.
func (c *collection) Claim(ctx context.Context, q storage.Query, now time.Time, lease time.Duration, n int) ([]storage.Doc, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
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
	where, err := c.visible(ctx, free(q.Where, now))
	if err != nil {
		return nil, err
	}
	out := make([]storage.Doc, 0, n)
	for len(out) < n {
		doc, err := c.claimOne(ctx, where, q.Sort, now.Add(lease))
		if errors.Is(err, storage.ErrNotFound) {
			break
		}
		if err != nil {
			return nil, err
		}
		out = append(out, doc)
	}
	return out, nil
}

func (c *collection) claimOne(ctx context.Context, where bson.D, by []filter.Sort, until time.Time) (storage.Doc, error) {
	change, err := update(storage.Patch{Set: map[string]any{leaseUntil: until, leaseToken: ids.Secret(12)}})
	if err != nil {
		return nil, err
	}
	o := options.FindOneAndUpdate().SetSort(order(by)).SetReturnDocument(options.After)
	doc, err := found(c.docs.FindOneAndUpdate(ctx, where, change, o))
	if err != nil {
		return nil, err
	}
	if _, err := positionOf(by, doc); err != nil {
		return nil, err
	}
	return doc, nil
}

// free adds that nobody holds the document: no lease, or one that is over.
func free(where filter.Expr, now time.Time) filter.Expr {
	open := filter.Not{X: filter.Cmp{Path: leaseUntil, Op: filter.Gt, Value: now.UTC()}}
	if where == nil {
		return open
	}
	return filter.And{where, open}
}
