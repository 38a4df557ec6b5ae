package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/storage"
)

// fillBatch is how many documents are read at once to fill new columns.
const fillBatch = 500

// Indexes implements storage.Collection, in one transaction.
func (c *collection) Indexes(ctx context.Context, want ...storage.Index) error {
	if c.bad != nil {
		return c.bad
	}
	if err := storage.CheckIndexes(want); err != nil {
		return err
	}
	err := c.t.w.do(ctx, func(w *writer) error {
		return w.atomically(func() error {
			if _, err := w.ensure(c.name); err != nil {
				return err
			}
			return w.redeclare(c, want)
		})
	})
	return err
}

// redeclare compares what is declared with what exists.
func (w *writer) redeclare(c *collection, want []storage.Index) error {
	cl := w.cat.colls[c.name].clone()
	cl.finish()
	s := &reindex{w: w, cl: cl, coll: c}
	missing := s.dropOthers(want)
	if s.err != nil || len(missing) == 0 && !s.changed {
		return s.err
	}
	if err := w.purge(w.cat.colls[c.name], c.now()); err != nil {
		return err
	}
	for _, decl := range missing {
		s.columnsFor(decl)
	}
	s.free(missing)
	cl.finish()
	s.fill()
	for _, decl := range missing {
		s.create(decl)
	}
	if s.err != nil {
		return s.err
	}
	return w.change(cl)
}

// reindex carries one Indexes call; after the first error its steps do nothing.
type reindex struct {
	w       *writer
	cl      *coll // the collection as it will be
	coll    *collection
	fresh   []*column // columns to be filled
	changed bool
	err     error
}

func (s *reindex) exec(sql string, args ...any) {
	if s.err == nil {
		_, s.err = s.w.c.exec(sql, args...)
	}
}

func (s *reindex) script(sql string) {
	if s.err == nil {
		s.err = s.w.c.script(sql)
	}
}

// dropOthers removes what is no longer declared and returns what is missing.
func (s *reindex) dropOthers(want []storage.Index) []storage.Index {
	names := map[string]bool{}
	for _, decl := range want {
		names[decl.Name()] = true
	}
	has := map[string]bool{}
	s.cl.plain = slices.DeleteFunc(s.cl.plain, func(ix *plainIndex) bool {
		return s.drop(names, has, ix.decl, "DROP INDEX "+quote(ix.object))
	})
	s.cl.lists = slices.DeleteFunc(s.cl.lists, func(l *listIndex) bool {
		return s.drop(names, has, l.decl, "DROP TABLE "+quote(l.object))
	})
	s.cl.expire = nil
	for _, ix := range s.cl.plain {
		if ix.decl.Expire {
			s.cl.expire = append(s.cl.expire, ix.decl.Fields[0].Path)
		}
	}
	return slices.DeleteFunc(slices.Clone(want), func(decl storage.Index) bool { return has[decl.Name()] })
}

func (s *reindex) drop(names, has map[string]bool, decl storage.Index, sql string) bool {
	name := decl.Name()
	if names[name] {
		has[name] = true
		return false
	}
	s.changed = true
	s.script(sql)
	s.exec("DELETE FROM fw_index WHERE coll = ? AND name = ?", s.cl.name, name)
	return true
}

// columnsFor makes the columns of a plain index that do not exist yet.
func (s *reindex) columnsFor(decl storage.Index) {
	if listField(decl) >= 0 {
		return
	}
	for i, f := range decl.Fields {
		present := presentOnly(decl, i)
		if s.cl.column(f.Path, present, f.Scale) != nil {
			continue
		}
		c := s.slot()
		c.path, c.present, c.scale, c.marks = f.Path, present, f.Scale, 0
		s.cl.byPath[f.Path] = append(s.cl.byPath[f.Path], c)
		s.fresh = append(s.fresh, c)
	}
}

// slot takes a free column or adds one; a column is never dropped, since that would rewrite the table.
func (s *reindex) slot() *column {
	for _, c := range s.cl.columns {
		if c.path == "" {
			return c
		}
	}
	c := &column{name: "k" + strconv.Itoa(len(s.cl.columns)+1)}
	s.cl.columns = append(s.cl.columns, c)
	s.script("ALTER TABLE " + s.cl.table + " ADD COLUMN " + c.name)
	return c
}

// free gives up the columns that no index uses.
func (s *reindex) free(missing []storage.Index) {
	used := map[*column]bool{}
	mark := func(decl storage.Index) {
		for i, f := range decl.Fields {
			used[s.cl.column(f.Path, presentOnly(decl, i), f.Scale)] = true
		}
	}
	for _, ix := range s.cl.plain {
		mark(ix.decl)
	}
	for _, decl := range missing {
		if listField(decl) < 0 {
			mark(decl)
		}
	}
	for _, c := range s.cl.columns {
		if !used[c] {
			c.path, c.marks = "", 0
		}
	}
}

// saveColumns writes the columns with the marks that filling has given them.
func (s *reindex) saveColumns() {
	for _, c := range s.cl.columns {
		present := int64(0)
		if c.present {
			present = 1
		}
		s.exec("INSERT OR REPLACE INTO fw_column (coll, col, path, present, scale, marks) VALUES (?, ?, ?, ?, ?, ?)",
			s.cl.name, c.name, c.path, present, int64(c.scale), int64(c.marks))
	}
}

// fill computes the keys of all documents in the new columns.
func (s *reindex) fill() {
	if len(s.fresh) > 0 {
		set := make([]string, len(s.fresh))
		for i, c := range s.fresh {
			set[i] = c.name + " = ?"
		}
		sql := "UPDATE " + s.cl.table + " SET " + strings.Join(set, ", ") + " WHERE rowid = ?"
		s.each(func(rowid any, _ string, doc storage.Doc) error {
			args := make([]any, 0, len(s.fresh)+1)
			for _, c := range s.fresh {
				k, m := c.keyOf(doc)
				c.marks |= m
				args = append(args, k)
			}
			_, err := s.w.c.exec(sql, append(args, rowid)...)
			return err
		})
	}
	s.saveColumns()
}

// each visits all documents, some at a time so that they may be changed meanwhile.
func (s *reindex) each(f func(rowid any, id string, doc storage.Doc) error) {
	sql := "SELECT rowid, id, rev, doc FROM " + s.cl.table + " WHERE rowid > ? ORDER BY rowid LIMIT ?"
	last := any(int64(-1 << 63))
	for s.err == nil {
		var batch [][]driver.Value
		s.err = s.w.c.each(sql, func(v []driver.Value) error {
			batch = append(batch, slices.Clone(v))
			return nil
		}, last, int64(fillBatch))
		if len(batch) == 0 {
			return
		}
		for _, v := range batch {
			doc, err := decodeRow(v[1].(string), v[2], v[3], nil)
			if err == nil {
				err = f(v[0], v[1].(string), doc)
			}
			if err != nil && s.err == nil {
				s.err = err
			}
			last = v[0]
		}
	}
}

func (s *reindex) create(decl storage.Index) {
	if s.err != nil {
		return
	}
	object := s.object()
	var marks []mark
	if listField(decl) >= 0 {
		marks = s.createList(decl, object)
	} else {
		s.createPlain(decl, object)
	}
	text, err := json.Marshal(decl)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.exec("INSERT INTO fw_index (coll, name, object, decl, marks) VALUES (?, ?, ?, ?, ?)",
		s.cl.name, decl.Name(), object, string(text), packMarks(marks))
}

// object finds a name that no index of this file has.
func (s *reindex) object() string {
	taken := map[string]bool{}
	for _, ix := range s.cl.plain {
		taken[ix.object] = true
	}
	for _, l := range s.cl.lists {
		taken[l.object] = true
	}
	for n := 1; ; n++ {
		if name := fmt.Sprintf("x_%s_%d", s.cl.name, n); !taken[name] {
			return name
		}
	}
}

func (s *reindex) createPlain(decl storage.Index, object string) {
	s.cl.addIndex(decl, object, nil)
	ix := s.cl.plain[len(s.cl.plain)-1]
	var keys, conds []string
	hasID, back := false, mirrored(decl)
	for i, f := range decl.Fields {
		c := s.cl.column(f.Path, presentOnly(decl, i), f.Scale)
		ix.columns = append(ix.columns, c)
		hasID = hasID || f.Path == storage.ID
		keys = append(keys, c.name+direction(f.Desc != back))
		if presentOnly(decl, i) && c != columnID && c != columnRev {
			conds = append(conds, c.name+" IS NOT NULL")
		}
	}
	unique := ""
	if decl.Unique {
		unique = "UNIQUE "
		if s.err == nil {
			s.err = s.w.duplicates(decl, s.cl.table, ix.names())
		}
	} else if !hasID {
		keys = append(keys, "id"+direction(back)) // so that the index serves the stable order
	}
	sql := "CREATE " + unique + "INDEX " + quote(object) + " ON " + s.cl.table + " (" + strings.Join(keys, ", ") + ")"
	if len(conds) > 0 {
		sql += " WHERE " + strings.Join(conds, " AND ")
	}
	s.script(sql)
}

// mirrored tells that an index is kept in the reverse of its declared order. SQLite
// reads either way; but what falls in the last field is nearly always a time, and
// "newest first" would put each new document before all others, which splits
// pages in the middle: twice as many, half full, and more of them in each commit.
func mirrored(decl storage.Index) bool { return decl.Fields[len(decl.Fields)-1].Desc }

func direction(desc bool) string {
	if desc {
		return " DESC"
	}
	return ""
}

func (s *reindex) createList(decl storage.Index, object string) []mark {
	l := &listIndex{decl: decl, object: object, list: listField(decl), marks: make([]mark, len(decl.Fields))}
	s.cl.lists = append(s.cl.lists, l)
	var cols, keys []string
	for i, f := range decl.Fields {
		cols = append(cols, fieldColumn(i)+" NOT NULL")
		keys = append(keys, fieldColumn(i)+direction(f.Desc))
	}
	s.script("CREATE TABLE " + quote(object) + " (doc INTEGER NOT NULL, id TEXT NOT NULL, " + strings.Join(cols, ", ") +
		", PRIMARY KEY (" + strings.Join(keys, ", ") + ", id)) WITHOUT ROWID")
	s.each(func(rowid any, id string, doc storage.Doc) error {
		rows, marks := l.rowsOf(doc)
		for i, m := range marks {
			l.marks[i] |= m
		}
		return s.w.addList(l, id, rowid, rows)
	})
	if decl.Unique {
		if s.err == nil {
			s.err = s.w.duplicates(decl, quote(object), l.names())
		}
		s.script("CREATE UNIQUE INDEX " + quote(object+"_u") + " ON " + quote(object) + " (" + strings.Join(keys, ", ") + ")")
	}
	return l.marks
}
