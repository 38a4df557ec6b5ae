package mongo

import (
	"context"
	"errors"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/formwork-run/formwork/storage"
)

// Insert implements storage.Collection: in order, stopping at the first failure.
func (c *collection) Insert(ctx context.Context, docs ...storage.Doc) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	raws := make([]any, len(docs))
	for i, doc := range docs {
		_, raw, err := encode(doc, 1)
		if err != nil {
			return err
		}
		raws[i] = raw
	}
	if len(docs) == 0 {
		return nil
	}
	done, err := c.insertAll(ctx, raws)
	if driver.IsDuplicateKeyError(err) && c.purge(ctx) {
		var more int
		more, err = c.insertAll(ctx, raws[done:])
		done += more
	}
	if err != nil && done < len(docs) {
		return c.refused(ctx, err, docs[done])
	}
	return wrap(err)
}

// insertAll returns how many documents were inserted before the failure.
func (c *collection) insertAll(ctx context.Context, raws []any) (int, error) {
	_, err := c.docs.InsertMany(ctx, raws)
	if err == nil {
		return len(raws), nil
	}
	var bulk driver.BulkWriteException
	if errors.As(err, &bulk) && len(bulk.WriteErrors) > 0 {
		return bulk.WriteErrors[0].Index, err
	}
	return 0, err
}

// purge removes what has expired, so that its ids and unique values are free; it
// tells whether that is worth another try.
func (c *collection) purge(ctx context.Context) bool {
	e, err := c.expired(ctx)
	if err != nil || e == nil {
		return false
	}
	where, err := render(e)
	if err != nil {
		return false
	}
	r, err := c.docs.DeleteMany(ctx, where)
	return err == nil && r.DeletedCount > 0
}
