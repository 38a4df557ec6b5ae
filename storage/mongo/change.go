package mongo

import (
	"context"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/formwork-run/formwork/storage"
)

// Replace implements storage.Collection.
func (c *collection) Replace(ctx context.Context, doc storage.Doc) (int64, error) {
	if err := c.ready(ctx); err != nil {
		return 0, err
	}
	rev, ok := doc[storage.Rev].(int64)
	if !ok || rev < 1 {
		return 0, storage.Invalidf("_rev is not a positive int64")
	}
	id, raw, err := encode(doc, rev+1)
	if err != nil {
		return 0, err
	}
	where, err := c.one(ctx, id, storage.Guard{Rev: rev})
	if err != nil {
		return 0, err
	}
	r, err := c.docs.ReplaceOne(ctx, where, raw)
	if driver.IsDuplicateKeyError(err) && c.purge(ctx) {
		r, err = c.docs.ReplaceOne(ctx, where, raw)
	}
	switch {
	case err != nil:
		return 0, c.refused(ctx, err, doc)
	case r.MatchedCount == 0:
		return 0, c.absent(ctx, id)
	}
	return rev + 1, nil
}

// Delete implements storage.Collection.
func (c *collection) Delete(ctx context.Context, id string, guard storage.Guard) error {
	if err := c.guarded(ctx, id, guard); err != nil {
		return err
	}
	where, err := c.one(ctx, id, guard)
	if err != nil {
		return err
	}
	r, err := c.docs.DeleteOne(ctx, where)
	switch {
	case err != nil:
		return wrap(err)
	case r.DeletedCount == 0:
		return c.absent(ctx, id)
	}
	return nil
}

// guarded refuses malformed arguments of Patch and Delete.
func (c *collection) guarded(ctx context.Context, id string, g storage.Guard) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	if err := storage.CheckID(id); err != nil {
		return err
	}
	return storage.CheckWhere(g.Where)
}
