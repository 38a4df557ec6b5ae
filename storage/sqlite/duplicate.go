package sqlite

import (
	"database/sql/driver"
	"strings"

	"github.com/formwork-run/formwork/storage"
)

// maxOthers bounds the documents named in one refusal.
const maxOthers = 20

// refused turns a broken constraint into a *storage.DuplicateError that names
// the index and the documents in the way; any other error stays as it is.
func (w *writer) refused(cl *coll, id string, k keys, cause error) error {
	if code(cause) != codeConstraint {
		return cause
	}
	if primaryKey(cause) {
		return &storage.DuplicateError{ID: id, Others: []string{id}}
	}
	for i, ix := range cl.plain {
		if d, err := w.clashing(id, ix.decl, cl.table, ix.names(), k.plainKeys(i)); d != nil || err != nil {
			return refusal(d, err)
		}
	}
	for i, l := range cl.lists {
		for _, r := range k.lists[i] {
			if d, err := w.clashing(id, l.decl, quote(l.object), l.names(), r); d != nil || err != nil {
				return refusal(d, err)
			}
		}
	}
	return cause
}

func refusal(d *storage.DuplicateError, err error) error {
	if err != nil {
		return err
	}
	return d
}

// clashing finds other documents with the same keys in a unique index.
func (w *writer) clashing(id string, decl storage.Index, table string, names []string, k []any) (*storage.DuplicateError, error) {
	if !decl.Unique {
		return nil, nil
	}
	sql := "SELECT DISTINCT id FROM " + table + " WHERE id <> ?"
	args := []any{id}
	for i, name := range names {
		if k[i] == nil {
			return nil, nil // left out of the index
		}
		sql += " AND " + name + " = ?"
		args = append(args, k[i])
	}
	var others []string
	err := w.c.each(sql+" ORDER BY id LIMIT ?", func(v []driver.Value) error {
		others = append(others, v[0].(string))
		return nil
	}, append(args, int64(maxOthers))...)
	if err != nil || len(others) == 0 {
		return nil, err
	}
	return &storage.DuplicateError{Index: decl, ID: id, Others: others}, nil
}

func (ix *plainIndex) names() []string {
	out := make([]string, len(ix.columns))
	for i, c := range ix.columns {
		out[i] = c.name
	}
	return out
}

func (l *listIndex) names() []string {
	out := make([]string, len(l.decl.Fields))
	for i := range out {
		out[i] = fieldColumn(i)
	}
	return out
}

// plainKeys are the keys of a document in the i-th plain index.
func (k keys) plainKeys(i int) []any {
	ix := k.cl.plain[i]
	out := make([]any, len(ix.columns))
	for j, c := range ix.columns {
		out[j] = k.of(c)
	}
	return out
}

func (k keys) of(c *column) any {
	for i, u := range k.cl.live {
		if u.name == c.name {
			return k.cols[i]
		}
	}
	return nil
}

// duplicates lists documents that break a unique index about to be made.
func (w *writer) duplicates(decl storage.Index, table string, names []string) error {
	cols := strings.Join(names, ", ")
	var ids []string
	sql := "SELECT DISTINCT id FROM " + table + " WHERE (" + cols + ") IN (SELECT " + cols + " FROM " + table +
		" WHERE " + strings.Join(names, " IS NOT NULL AND ") + " IS NOT NULL GROUP BY " + cols +
		" HAVING count(*) > 1) ORDER BY " + cols + ", id LIMIT ?"
	if len(names) == 1 {
		sql = strings.Replace(sql, "("+cols+") IN", cols+" IN", 1)
	}
	err := w.c.each(sql, func(v []driver.Value) error {
		ids = append(ids, v[0].(string))
		return nil
	}, int64(maxOthers+1))
	if err != nil || len(ids) == 0 {
		return err
	}
	return &storage.DuplicateError{Index: decl, ID: ids[0], Others: ids[1:]}
}
