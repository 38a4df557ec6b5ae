package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Find implements storage.Collection.
func (c *collection) Find(ctx context.Context, q storage.Query) (storage.Page, error) {
	var page storage.Page
	if err := c.ready(ctx); err != nil {
		return page, err
	}
	limit, err := q.Check()
	if err != nil {
		return page, err
	}
	where, err := c.where(ctx, q)
	if err != nil {
		return page, err
	}
	// One more than asked for tells whether there is a next page.
	o := options.Find().SetSort(order(q.Sort)).SetLimit(int64(limit + 1)).SetBatchSize(int32(limit + 2))
	p := projectionOf(q)
	if p.paths != nil {
		o.SetProjection(p.paths)
	}
	page.Docs = make([]storage.Doc, 0, limit)
	var last position
	err = c.each(ctx, where, o, func(doc storage.Doc) error {
		pos, err := positionOf(q.Sort, doc)
		if err != nil {
			return err
		}
		if len(page.Docs) == limit {
			page.Next, err = writeCursor(q.Sort, last)
			return err
		}
		last = pos
		page.Docs = append(page.Docs, p.trim(doc))
		return nil
	})
	if err != nil {
		return storage.Page{}, err
	}
	return page, nil
}

// where is the whole condition of a query: what it asks, not expired, behind the cursor.
func (c *collection) where(ctx context.Context, q storage.Query) (bson.D, error) {
	at, err := readCursor(q.Sort, q.Cursor)
	if err != nil {
		return nil, err
	}
	behind, err := after(q.Sort, at)
	if err != nil {
		return nil, err
	}
	where, err := c.visible(ctx, q.Where)
	return all(where, behind), err
}

// Count implements storage.Collection.
func (c *collection) Count(ctx context.Context, where filter.Expr, limit int) (int, error) {
	if err := c.ready(ctx); err != nil {
		return 0, err
	}
	if err := storage.CheckWhere(where); err != nil {
		return 0, err
	}
	if limit < 0 {
		return 0, storage.Invalidf("limit %d", limit)
	}
	d, err := c.visible(ctx, where)
	if err != nil {
		return 0, err
	}
	o := options.Count()
	if limit > 0 {
		o.SetLimit(int64(limit) + 1)
	}
	n, err := c.docs.CountDocuments(ctx, d, o)
	return int(n), wrap(err)
}
