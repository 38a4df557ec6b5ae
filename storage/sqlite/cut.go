package sqlite

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/storage"
)

// Some patches only take top-level members away and nobody asks for the
// document: those cut its text and never decode it.

// cuttable tells whether a patch is of that kind. A guard that looks into the
// document needs it decoded.
func cuttable(g storage.Guard, p storage.Patch) bool {
	return p.Blind && g.Where == nil && len(p.Unset) > 0 && len(p.Set)+len(p.Inc)+len(p.Push)+len(p.Pull) == 0 &&
		!slices.ContainsFunc(p.Unset, func(path string) bool { return strings.Contains(path, ".") })
}

// cut takes members away; done is false when the collection's indexes need the
// whole document for it.
func (w *writer) cut(c *collection, id string, rev int64, names []string) (done bool, err error) {
	cl := w.cat.colls[c.name]
	if cl == nil {
		return true, storage.ErrNotFound
	}
	if len(cl.expire) > 0 || slices.ContainsFunc(cl.lists, func(l *listIndex) bool { return l.touches(names) }) {
		return false, nil
	}
	vals, err := w.c.row(cl.sql.load, id)
	switch {
	case err != nil:
		return true, err
	case vals == nil:
		return true, storage.ErrNotFound
	case rev > 0 && vals[1] != any(rev):
		return true, storage.ErrConflict
	}
	text, _ := vals[2].(string)
	text, err = cutText(text, names)
	if err != nil {
		return true, err
	}
	return true, w.saveCut(cl, vals[0], text, names)
}

// saveCut writes the shorter text; what indexes held of the members is absent now.
func (w *writer) saveCut(cl *coll, rowid any, text string, names []string) error {
	sql, args := "UPDATE "+cl.table+" SET rev = rev + 1, doc = ?", []any{text}
	for _, c := range cl.live {
		if startsWith(c.path, names) {
			k, _ := c.keyOf(storage.Doc{})
			sql += ", " + c.name + " = ?"
			args = append(args, k)
		}
	}
	_, err := w.c.exec(sql+" WHERE rowid = ?", append(args, rowid)...)
	return err
}

func (l *listIndex) touches(names []string) bool {
	return slices.ContainsFunc(l.decl.Fields, func(f storage.IndexField) bool { return startsWith(f.Path, names) })
}

// startsWith tells that a path begins with one of the names.
func startsWith(path string, names []string) bool {
	first, _, _ := strings.Cut(path, ".")
	return slices.Contains(names, first)
}

// cutText removes top-level members from the text of a document.
func cutText(s string, names []string) (string, error) {
	d := decoder{s: s}
	d.space()
	if err := d.word("{"); err != nil {
		return "", err
	}
	var out strings.Builder
	out.Grow(len(s))
	out.WriteByte('{')
	for {
		d.space()
		if d.peek() == '}' {
			out.WriteByte('}')
			return out.String(), nil
		}
		start := d.i
		key, err := d.skipMember()
		if err != nil {
			return "", err
		}
		if !slices.Contains(names, key) {
			if out.Len() > 1 {
				out.WriteByte(',')
			}
			out.WriteString(s[start:d.i])
		}
		d.space()
		if d.peek() != '}' {
			if err := d.word(","); err != nil {
				return "", err
			}
		}
	}
}

// skipMember passes over one member of an object and returns its name.
func (d *decoder) skipMember() (string, error) {
	if d.peek() != '"' {
		return "", d.broken()
	}
	key, err := d.str()
	if err != nil {
		return "", err
	}
	d.space()
	if err := d.word(":"); err != nil {
		return "", err
	}
	return key, d.skip()
}
