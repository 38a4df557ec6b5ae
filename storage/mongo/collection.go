package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// collection implements storage.Collection.
type collection struct {
	t    *tenant
	name string
	bad  error // the name is none
	docs *driver.Collection
	meta *meta
}

// ready is asked first by every call.
func (c *collection) ready(ctx context.Context) error {
	if c.bad != nil {
		return c.bad
	}
	return ctx.Err()
}

// expired is the condition of documents whose time is over; nil when the collection has none.
func (c *collection) expired(ctx context.Context) (filter.Expr, error) {
	d, err := c.declared(ctx)
	if err != nil || len(d.expire) == 0 {
		return nil, err
	}
	var or filter.Or
	for _, path := range d.expire {
		or = append(or, filter.Cmp{Path: path, Op: filter.Le, Value: c.t.s.opts.Now().UTC()})
	}
	return or, nil
}

// visible renders a condition together with: the document has not expired.
func (c *collection) visible(ctx context.Context, where filter.Expr) (bson.D, error) {
	e, err := c.expired(ctx)
	if err != nil {
		return nil, err
	}
	if e == nil {
		return render(where)
	}
	if where == nil {
		where = filter.True
	}
	return render(filter.And{where, filter.Not{X: e}})
}

// one is the condition of a visible document by its id.
func (c *collection) one(ctx context.Context, id string, g storage.Guard) (bson.D, error) {
	where, err := c.visible(ctx, g.Where)
	if err != nil {
		return nil, err
	}
	d := byID(id)
	if g.Rev > 0 {
		d = append(d, bson.E{Key: storage.Rev, Value: g.Rev})
	}
	if len(where) > 0 {
		d = append(d, bson.E{Key: "$and", Value: bson.A{where}})
	}
	return d, nil
}

// absent tells why a guarded write met no document.
func (c *collection) absent(ctx context.Context, id string) error {
	_, err := c.Get(ctx, id)
	if err == nil {
		return storage.ErrConflict
	}
	return err
}

// Get implements storage.Collection.
func (c *collection) Get(ctx context.Context, id string) (storage.Doc, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	where, err := c.one(ctx, id, storage.Guard{})
	if err != nil {
		return nil, err
	}
	return found(c.docs.FindOne(ctx, where))
}

// found reads the one document of a result, or storage.ErrNotFound.
func found(r *driver.SingleResult) (storage.Doc, error) {
	raw, err := r.Raw()
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, storage.ErrNotFound
	}
	if err != nil {
		return nil, wrap(err)
	}
	return decode(raw)
}

// GetMany implements storage.Collection.
func (c *collection) GetMany(ctx context.Context, ids []string) (map[string]storage.Doc, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	if len(ids) > storage.MaxFindLimit {
		return nil, storage.Invalidf("%d ids, more than %d", len(ids), storage.MaxFindLimit)
	}
	out := make(map[string]storage.Doc, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	where, err := c.visible(ctx, filter.Cmp{Path: storage.ID, Op: filter.In, Value: values})
	if err != nil {
		return nil, err
	}
	err = c.each(ctx, where, options.Find(), func(doc storage.Doc) error {
		id, _ := doc[storage.ID].(string)
		out[id] = doc
		return nil
	})
	return out, err
}

// each calls f for every document found.
func (c *collection) each(ctx context.Context, where bson.D, o *options.FindOptionsBuilder, f func(storage.Doc) error) error {
	cur, err := c.docs.Find(ctx, where, o)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = cur.Close(context.WithoutCancel(ctx)) }() // cur.Err tells what went wrong
	for cur.Next(ctx) {
		doc, err := decode(cur.Current)
		if err == nil {
			err = f(doc)
		}
		if err != nil {
			return err
		}
	}
	return wrap(cur.Err())
}
