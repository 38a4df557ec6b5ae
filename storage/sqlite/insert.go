package sqlite

import (
	"context"
	"strings"

	"github.com/formwork-run/formwork/storage"
)

// Insert implements storage.Collection: all documents or none.
func (c *collection) Insert(ctx context.Context, docs ...storage.Doc) error {
	if c.bad != nil {
		return c.bad
	}
	rows := make([]*row, len(docs))
	for i, doc := range docs {
		r, err := prepare(c.t.cat.Load().colls[c.name], doc)
		if err != nil {
			return err
		}
		rows[i] = r
	}
	if len(rows) == 0 {
		return nil
	}
	return c.t.w.do(ctx, func(w *writer) error { return c.insertAll(w, rows) })
}

func (c *collection) insertAll(w *writer, rows []*row) error {
	// One statement undoes itself when it fails; more need a savepoint.
	if cl := w.cat.colls[c.name]; cl != nil && len(rows) == 1 && len(cl.lists) == 0 && len(cl.expire) == 0 {
		return w.insert(cl, rows[0])
	}
	return w.atomically(func() error {
		cl, err := w.ensure(c.name)
		if err != nil {
			return err
		}
		if err := w.purge(cl, c.now()); err != nil {
			return err
		}
		for _, r := range rows {
			if err := w.insert(w.cat.colls[c.name], r); err != nil {
				return err
			}
		}
		return nil
	})
}

// ensure makes the collection exist.
func (w *writer) ensure(name string) (*coll, error) {
	if cl := w.cat.colls[name]; cl != nil {
		return cl, nil
	}
	err := w.c.script("CREATE TABLE " + tableOf(name) +
		" (id TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL, doc TEXT NOT NULL)")
	if err != nil {
		return nil, err
	}
	if _, err := w.c.exec("INSERT INTO fw_collection (name) VALUES (?)", name); err != nil {
		return nil, err
	}
	cl := &coll{name: name, table: tableOf(name)}
	return cl, w.change(cl)
}

func (w *writer) insert(cl *coll, r *row) error {
	r.refresh(cl)
	cl, err := w.remember(cl, r.keys)
	if err != nil {
		return err
	}
	args := append(make([]any, 0, 2+len(r.keys.cols)), r.id, r.json)
	rowid, err := w.c.exec(cl.sql.insert, append(args, r.keys.cols...)...)
	if err != nil {
		return w.refused(cl, r.id, r.keys, err)
	}
	return w.addLists(cl, r.id, rowid, r.keys)
}

// addLists writes a document's rows in the side tables.
func (w *writer) addLists(cl *coll, id string, rowid any, k keys) error {
	for i, l := range cl.lists {
		if err := w.addList(l, id, rowid, k.lists[i]); err != nil {
			return w.refused(cl, id, k, err)
		}
	}
	return nil
}

func (w *writer) addList(l *listIndex, id string, rowid any, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	sql := "INSERT INTO " + quote(l.object) + " VALUES (?, ?" + strings.Repeat(", ?", len(l.decl.Fields)) + ")"
	for _, r := range rows {
		args := append(make([]any, 0, 2+len(r)), rowid, id)
		if _, err := w.c.exec(sql, append(args, r...)...); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) removeList(l *listIndex, id string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var sql strings.Builder
	sql.WriteString("DELETE FROM " + quote(l.object) + " WHERE id = ?")
	for i := range l.decl.Fields {
		sql.WriteString(" AND " + fieldColumn(i) + " = ?")
	}
	for _, r := range rows {
		if _, err := w.c.exec(sql.String(), append([]any{id}, r...)...); err != nil {
			return err
		}
	}
	return nil
}

// remember notes what kinds of values the columns have now met, before the
// values are there: a reader must never trust a column too much.
func (w *writer) remember(cl *coll, k keys) (*coll, error) {
	if !news(cl, k) {
		return cl, nil
	}
	n := cl.clone()
	n.finish()
	for i, c := range n.live {
		if c.marks|k.colMarks[i] == c.marks {
			continue
		}
		c.marks |= k.colMarks[i]
		_, err := w.c.exec("UPDATE fw_column SET marks = ? WHERE coll = ? AND col = ?", int64(c.marks), cl.name, c.name)
		if err != nil {
			return nil, err
		}
	}
	for i, l := range n.lists {
		for j := range l.marks {
			l.marks[j] |= k.listMarks[i][j]
		}
		_, err := w.c.exec("UPDATE fw_index SET marks = ? WHERE coll = ? AND object = ?", packMarks(l.marks), cl.name, l.object)
		if err != nil {
			return nil, err
		}
	}
	return n, w.change(n)
}

func news(cl *coll, k keys) bool {
	for i, c := range cl.live {
		if k.colMarks[i]&^c.marks != 0 {
			return true
		}
	}
	for i, l := range cl.lists {
		for j, m := range k.listMarks[i] {
			if m&^l.marks[j] != 0 {
				return true
			}
		}
	}
	return false
}

// purge removes what has expired, so that its ids and unique values are free.
func (w *writer) purge(cl *coll, now any) error {
	e := cl.expired(now)
	if e == nil {
		return nil
	}
	for {
		p := newPlan(cl, storage.Query{Where: e, Limit: 200}, nil)
		found, err := p.fetch(w.c, 200)
		if err != nil || len(found) == 0 {
			return err
		}
		for _, f := range found {
			if err := w.remove(cl, f.id); err != nil {
				return err
			}
		}
	}
}
