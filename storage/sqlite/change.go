package sqlite

import (
	"context"
	"strings"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// stored is a document as the writer found it.
type stored struct {
	rowid any
	rev   int64
	id    string
	doc   storage.Doc
	keys  keys
}

// load reads a document for a change; expired ones are not there. With keyed only
// what indexes look at is read of it.
func (w *writer) load(c *collection, id string, keyed bool) (*coll, *stored, error) {
	cl := w.cat.colls[c.name]
	if cl == nil {
		return nil, nil, storage.ErrNotFound
	}
	vals, err := w.c.row(cl.sql.load, id)
	if err != nil {
		return nil, nil, err
	}
	if vals == nil {
		return nil, nil, storage.ErrNotFound
	}
	var want *fields
	if keyed {
		want = cl.keyed
	}
	doc, err := decodeRow(id, vals[1], vals[2], want)
	if err != nil {
		return nil, nil, err
	}
	if e := cl.expired(c.now()); e != nil && filter.Match(e, doc) {
		return nil, nil, storage.ErrNotFound
	}
	return cl, &stored{rowid: vals[0], rev: vals[1].(int64), id: id, doc: doc, keys: keysOf(cl, doc)}, nil
}

// Replace implements storage.Collection.
func (c *collection) Replace(ctx context.Context, doc storage.Doc) (int64, error) {
	if c.bad != nil {
		return 0, c.bad
	}
	r, err := prepare(c.t.cat.Load().colls[c.name], doc)
	if err != nil {
		return 0, err
	}
	rev, ok := doc[storage.Rev].(int64)
	if !ok {
		return 0, storage.Invalidf("_rev is not an int64")
	}
	err = c.t.w.do(ctx, func(w *writer) error {
		cl, old, err := w.load(c, r.id, true)
		if err != nil {
			return err
		}
		if old.rev != rev {
			return storage.ErrConflict
		}
		return w.overwrite(cl, old, r)
	})
	return rev + 1, err
}

// Patch implements storage.Collection: it reads, changes and writes within the writer.
func (c *collection) Patch(ctx context.Context, id string, guard storage.Guard, patch storage.Patch) (storage.Doc, error) {
	match, err := c.guard(id, guard)
	if err != nil {
		return nil, err
	}
	if err := patch.Check(); err != nil {
		return nil, err
	}
	var out storage.Doc
	short := cuttable(guard, patch)
	err = c.t.w.do(ctx, func(w *writer) (err error) {
		if short {
			if done, err := w.cut(c, id, guard.Rev, patch.Unset); done {
				return err
			}
		}
		cl, old, err := w.load(c, id, false)
		if err != nil {
			return err
		}
		if !allowed(guard, match, old) {
			return storage.ErrConflict
		}
		out, err = w.patch(cl, old, patch)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// patch applies a patch to a loaded document, which is used up.
func (w *writer) patch(cl *coll, old *stored, patch storage.Patch) (storage.Doc, error) {
	if err := patch.Apply(old.doc); err != nil {
		return nil, err
	}
	r, err := prepare(cl, old.doc)
	if err != nil {
		return nil, err
	}
	if err := w.overwrite(cl, old, r); err != nil {
		return nil, err
	}
	old.doc[storage.Rev] = old.rev + 1
	return old.doc, nil
}

func (c *collection) guard(id string, g storage.Guard) (filter.Matcher, error) {
	if c.bad != nil {
		return nil, c.bad
	}
	if err := storage.CheckID(id); err != nil {
		return nil, err
	}
	if err := storage.CheckWhere(g.Where); err != nil {
		return nil, err
	}
	return filter.Compile(g.Where), nil
}

func allowed(g storage.Guard, match filter.Matcher, old *stored) bool {
	return (g.Rev <= 0 || g.Rev == old.rev) && match(old.doc)
}

// Delete implements storage.Collection.
func (c *collection) Delete(ctx context.Context, id string, guard storage.Guard) error {
	match, err := c.guard(id, guard)
	if err != nil {
		return err
	}
	return c.t.w.do(ctx, func(w *writer) error {
		cl, old, err := w.load(c, id, guard.Where == nil)
		if err != nil {
			return err
		}
		if !allowed(guard, match, old) {
			return storage.ErrConflict
		}
		return w.erase(cl, old)
	})
}

// overwrite replaces a stored document, touching only the indexes whose keys change.
func (w *writer) overwrite(cl *coll, old *stored, r *row) error {
	r.refresh(cl)
	next, err := w.remember(cl, r.keys)
	if err != nil {
		return err
	}
	if len(cl.lists) == 0 {
		return w.update(next, old, r)
	}
	return w.atomically(func() error { return w.updateLists(next, old, r) })
}

func (w *writer) update(cl *coll, old *stored, r *row) error {
	var sql strings.Builder
	sql.WriteString("UPDATE " + cl.table + " SET rev = ?, doc = ?")
	args := []any{old.rev + 1, r.json}
	for i, c := range cl.live {
		if !sameKey(old.keys.cols[i], r.keys.cols[i]) {
			sql.WriteString(", " + c.name + " = ?")
			args = append(args, r.keys.cols[i])
		}
	}
	sql.WriteString(" WHERE rowid = ?")
	_, err := w.c.exec(sql.String(), append(args, old.rowid)...)
	if err != nil {
		return w.refused(cl, r.id, r.keys, err)
	}
	return nil
}

func (w *writer) updateLists(cl *coll, old *stored, r *row) error {
	if err := w.update(cl, old, r); err != nil {
		return err
	}
	for i, l := range cl.lists {
		if sameRows(old.keys.lists[i], r.keys.lists[i]) {
			continue
		}
		if err := w.removeList(l, r.id, old.keys.lists[i]); err != nil {
			return err
		}
		if err := w.addList(l, r.id, old.rowid, r.keys.lists[i]); err != nil {
			return w.refused(cl, r.id, r.keys, err)
		}
	}
	return nil
}

// erase deletes a loaded document.
func (w *writer) erase(cl *coll, old *stored) error {
	if len(cl.lists) == 0 {
		_, err := w.c.exec(cl.sql.delete, old.rowid)
		return err
	}
	return w.atomically(func() error {
		for i, l := range cl.lists {
			if err := w.removeList(l, old.id, old.keys.lists[i]); err != nil {
				return err
			}
		}
		_, err := w.c.exec(cl.sql.delete, old.rowid)
		return err
	})
}

// remove deletes a document whether or not it has expired.
func (w *writer) remove(cl *coll, id string) error {
	vals, err := w.c.row(cl.sql.load, id)
	if err != nil || vals == nil {
		return err
	}
	doc, err := decodeRow(id, vals[1], vals[2], nil)
	if err != nil {
		return err
	}
	return w.erase(cl, &stored{rowid: vals[0], id: id, doc: doc, keys: keysOf(cl, doc)})
}
