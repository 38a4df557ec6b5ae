package sqlite

import (
	"context"
	"errors"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// collection implements storage.Collection.
type collection struct {
	t    *tenant
	name string
	bad  error // the name is none
}

func (c *collection) now() any { return c.t.s.opts.Now().UTC() }

// Get implements storage.Collection.
func (c *collection) Get(ctx context.Context, id string) (storage.Doc, error) {
	if c.bad != nil {
		return nil, c.bad
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	doc, sure, err := c.getFast(ctx, id)
	if sure || err != nil {
		return doc, err
	}
	err = c.t.read(ctx, func(conn *conn, cat *catalog) (err error) {
		cl := cat.colls[c.name]
		if cl == nil {
			return storage.ErrNotFound
		}
		doc, _, err = c.get(conn, cl, id)
		return err
	})
	return doc, err
}

// getFast reads a document and the gen in one statement. It is not sure when the
// catalog is not the one of what it read. What is not there costs a second
// statement: there is no row that the gen could come with.
func (c *collection) getFast(ctx context.Context, id string) (doc storage.Doc, sure bool, err error) {
	cat := c.t.cat.Load()
	cl := cat.colls[c.name]
	if cl == nil {
		return nil, false, nil
	}
	err = c.t.readers.use(ctx, func(conn *conn) error {
		found, gen, err := c.get(conn, cl, id)
		if errors.Is(err, storage.ErrNotFound) {
			vals, gerr := conn.row(sqlGen)
			if gerr != nil {
				return gerr
			}
			gen, _ = vals[0].(int64)
		}
		if sure = gen == cat.gen; !sure {
			return nil
		}
		doc = found
		return err
	})
	return doc, sure, err
}

func (c *collection) get(conn *conn, cl *coll, id string) (storage.Doc, int64, error) {
	vals, err := conn.row(cl.sql.get, id)
	if err != nil {
		return nil, 0, err
	}
	if vals == nil {
		return nil, 0, storage.ErrNotFound
	}
	gen, _ := vals[2].(int64)
	doc, err := decodeRow(id, vals[0], vals[1], nil)
	if err != nil {
		return nil, gen, err
	}
	if e := cl.expired(c.now()); e != nil && filter.Match(e, doc) {
		return nil, gen, storage.ErrNotFound
	}
	return doc, gen, nil
}

// decodeRow puts a document together from its columns.
func decodeRow(id string, rev, json any, want *fields) (storage.Doc, error) {
	text, _ := json.(string)
	doc, err := decode(text, want)
	if err != nil {
		return nil, err
	}
	doc[storage.ID] = id
	doc[storage.Rev] = rev
	return doc, nil
}

// GetMany implements storage.Collection.
func (c *collection) GetMany(ctx context.Context, ids []string) (map[string]storage.Doc, error) {
	if c.bad != nil {
		return nil, c.bad
	}
	if len(ids) > storage.MaxFindLimit {
		return nil, storage.Invalidf("%d ids, more than %d", len(ids), storage.MaxFindLimit)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var out map[string]storage.Doc
	err := c.t.read(ctx, func(conn *conn, cat *catalog) error {
		out = make(map[string]storage.Doc, len(ids))
		cl := cat.colls[c.name]
		if cl == nil {
			return nil
		}
		for _, id := range ids {
			doc, _, err := c.get(conn, cl, id)
			switch {
			case err == nil:
				out[id] = doc
			case !errors.Is(err, storage.ErrNotFound):
				return err
			}
		}
		return nil
	})
	return out, err
}
