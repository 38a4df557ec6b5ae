package sqlite

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// The tables that describe a tenant's file. gen grows with every change of the
// others; a reader that finds another gen than its catalog's reads them again.
const metaSchema = `
CREATE TABLE IF NOT EXISTS fw_gen (gen INTEGER NOT NULL, format INTEGER NOT NULL);
INSERT INTO fw_gen SELECT 1, 1 WHERE NOT EXISTS (SELECT 1 FROM fw_gen);
CREATE TABLE IF NOT EXISTS fw_collection (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS fw_column (
	coll TEXT NOT NULL, col TEXT NOT NULL, path TEXT NOT NULL, present INTEGER NOT NULL,
	scale INTEGER NOT NULL, marks INTEGER NOT NULL, PRIMARY KEY (coll, col));
CREATE TABLE IF NOT EXISTS fw_index (
	coll TEXT NOT NULL, name TEXT NOT NULL, object TEXT NOT NULL, decl TEXT NOT NULL,
	marks INTEGER NOT NULL, PRIMARY KEY (coll, name));`

const sqlGen = "SELECT gen FROM fw_gen"

// catalog is what a tenant's file holds, as of one gen. It is immutable.
type catalog struct {
	gen   int64
	colls map[string]*coll
}

// coll is one collection: a table of documents and its indexes. Immutable.
type coll struct {
	name    string
	table   string // quoted
	columns []*column
	lists   []*listIndex
	plain   []*plainIndex
	expire  []string // paths of expiring indexes
	byPath  map[string][]*column
	live    []*column // the columns that are not free
	keyed   *fields   // what all indexes look at
	sql     collSQL
}

// column holds the key of one path of every document. With present, a document
// without the path has NULL there, which unique-if-present and sparse indexes leave out.
type column struct {
	name    string
	path    string // "" = free for reuse
	present bool
	scale   int
	marks   mark
}

// plainIndex is an SQL index over columns.
type plainIndex struct {
	decl    storage.Index
	object  string // name of the SQL index
	columns []*column
}

// listIndex is a side table with a row per document and distinct element.
type listIndex struct {
	decl   storage.Index
	object string // name of the side table
	list   int    // position of the list-valued field
	marks  []mark // per field
}

// collSQL is the text of the statements that every write uses.
type collSQL struct {
	insert, get, load, delete string
}

func tableOf(name string) string { return quote("c_" + name) }

func loadCatalog(c *conn) (*catalog, error) {
	cat := &catalog{colls: map[string]*coll{}}
	vals, err := c.row(sqlGen)
	if err != nil || vals == nil {
		return nil, fmt.Errorf("storage: no catalog: %w", err)
	}
	cat.gen = vals[0].(int64)
	err = c.each("SELECT name FROM fw_collection", func(v []driver.Value) error {
		name := v[0].(string)
		cat.colls[name] = &coll{name: name, table: tableOf(name)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := loadColumns(c, cat); err != nil {
		return nil, err
	}
	if err := loadIndexes(c, cat); err != nil {
		return nil, err
	}
	for _, cl := range cat.colls {
		cl.finish()
	}
	return cat, nil
}

func loadColumns(c *conn, cat *catalog) error {
	return c.each("SELECT coll, col, path, present, scale, marks FROM fw_column ORDER BY coll, length(col), col",
		func(v []driver.Value) error {
			cl := cat.colls[v[0].(string)]
			if cl == nil {
				return nil
			}
			cl.columns = append(cl.columns, &column{
				name: v[1].(string), path: v[2].(string), present: v[3].(int64) == 1,
				scale: int(v[4].(int64)), marks: mark(v[5].(int64)),
			})
			return nil
		})
}

func loadIndexes(c *conn, cat *catalog) error {
	return c.each("SELECT coll, object, decl, marks FROM fw_index ORDER BY coll, name", func(v []driver.Value) error {
		cl := cat.colls[v[0].(string)]
		if cl == nil {
			return nil
		}
		var decl storage.Index
		if err := json.Unmarshal([]byte(v[2].(string)), &decl); err != nil {
			return fmt.Errorf("storage: declaration of an index: %w", err)
		}
		cl.addIndex(decl, v[1].(string), unpackMarks(v[3].(int64), len(decl.Fields)))
		return nil
	})
}

func unpackMarks(packed int64, n int) []mark {
	out := make([]mark, n)
	for i := range out {
		out[i] = mark(packed >> (4 * i) & 15)
	}
	return out
}

func packMarks(marks []mark) int64 {
	var packed int64
	for i, m := range marks {
		packed |= int64(m) << (4 * i)
	}
	return packed
}

func listField(decl storage.Index) int {
	return slices.IndexFunc(decl.Fields, func(f storage.IndexField) bool { return f.List })
}

func (cl *coll) addIndex(decl storage.Index, object string, marks []mark) {
	if i := listField(decl); i >= 0 {
		cl.lists = append(cl.lists, &listIndex{decl: decl, object: object, list: i, marks: marks})
		return
	}
	cl.plain = append(cl.plain, &plainIndex{decl: decl, object: object})
	if decl.Expire {
		cl.expire = append(cl.expire, decl.Fields[0].Path)
	}
}

// finish derives what follows from columns and indexes.
func (cl *coll) finish() {
	cl.byPath = map[string][]*column{}
	cl.live = nil
	for _, c := range cl.columns {
		if c.path != "" {
			cl.byPath[c.path] = append(cl.byPath[c.path], c)
			cl.live = append(cl.live, c)
		}
	}
	for _, ix := range cl.plain {
		ix.columns = nil
		for i, f := range ix.decl.Fields {
			ix.columns = append(ix.columns, cl.column(f.Path, presentOnly(ix.decl, i), f.Scale))
		}
	}
	cl.keyed = &fields{kids: map[string]*fields{}}
	for _, c := range cl.live {
		path := c.path
		if c.marks&markMulti != 0 { // its key may be that of a whole list above the path
			path, _, _ = strings.Cut(path, ".")
		}
		cl.keyed.add(path)
	}
	for _, l := range cl.lists {
		for _, f := range l.decl.Fields {
			cl.keyed.add(f.Path)
		}
	}
	cl.sql = cl.statements()
}

// column finds the column of a field; _id and _rev are columns of their own.
func (cl *coll) column(path string, present bool, scale int) *column {
	switch path {
	case storage.ID:
		return columnID
	case storage.Rev:
		return columnRev
	}
	for _, c := range cl.byPath[path] {
		if c.present == present && c.scale == scale {
			return c
		}
	}
	return nil
}

// The columns every table has. id holds plain text instead of a key.
var (
	columnID  = &column{name: "id", path: storage.ID}
	columnRev = &column{name: "rev", path: storage.Rev, scale: 0}
)

func (cl *coll) statements() collSQL {
	cols, marks := strings.Builder{}, strings.Builder{}
	for _, c := range cl.live {
		cols.WriteString(", " + c.name)
		marks.WriteString(", ?")
	}
	return collSQL{
		insert: "INSERT INTO " + cl.table + " (id, rev, doc" + cols.String() + ") VALUES (?, 1, ?" + marks.String() + ")",
		get:    "SELECT rev, doc, (" + sqlGen + ") FROM " + cl.table + " WHERE id = ?",
		load:   "SELECT rowid, rev, doc FROM " + cl.table + " WHERE id = ?",
		delete: "DELETE FROM " + cl.table + " WHERE rowid = ?",
	}
}

// clone copies a collection deep enough to be changed before finish.
func (cl *coll) clone() *coll {
	n := &coll{name: cl.name, table: cl.table, expire: slices.Clone(cl.expire)}
	for _, c := range cl.columns {
		copied := *c
		n.columns = append(n.columns, &copied)
	}
	for _, l := range cl.lists {
		copied := *l
		copied.marks = slices.Clone(l.marks)
		n.lists = append(n.lists, &copied)
	}
	for _, p := range cl.plain {
		copied := *p
		n.plain = append(n.plain, &copied)
	}
	return n
}

// with returns a catalog in which one collection is replaced, at the next gen.
func (cat *catalog) with(cl *coll) *catalog {
	colls := maps.Clone(cat.colls)
	colls[cl.name] = cl
	return &catalog{gen: cat.gen + 1, colls: colls}
}

// expired is the condition of documents whose time is over at now; nil when the collection has none.
func (cl *coll) expired(now any) filter.Expr {
	if len(cl.expire) == 0 {
		return nil
	}
	var or filter.Or
	for _, path := range cl.expire {
		or = append(or, filter.Cmp{Path: path, Op: filter.Le, Value: now})
	}
	return or
}

// presentOnly tells whether the index leaves out documents without its i-th field.
func presentOnly(decl storage.Index, i int) bool {
	return decl.IfPresent || decl.Sparse && i == 0
}
