package sqlite

import (
	"slices"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// row is a document made ready for its table: done by the caller's goroutine,
// so that the writer has nothing left but SQL.
type row struct {
	id   string
	doc  storage.Doc
	json string
	keys keys
}

// keys are all index entries of one document under one state of its collection.
type keys struct {
	cl        *coll
	cols      []any // per used column
	colMarks  []mark
	lists     [][][]any // per list index: rows of fields
	listMarks [][]mark
}

// prepare checks and encodes a document; cl may be nil while the collection does not exist.
func prepare(cl *coll, doc storage.Doc) (*row, error) {
	id, err := storage.DocID(doc)
	if err != nil {
		return nil, err
	}
	json, err := encode(doc)
	if err != nil {
		return nil, err
	}
	r := &row{id: id, doc: doc, json: json}
	r.refresh(cl)
	return r, nil
}

// refresh computes the keys again if the collection has changed since.
func (r *row) refresh(cl *coll) {
	if cl != nil && r.keys.cl != cl {
		r.keys = keysOf(cl, r.doc)
	}
}

func keysOf(cl *coll, doc storage.Doc) keys {
	used := cl.live
	k := keys{cl: cl, cols: make([]any, len(used)), colMarks: make([]mark, len(used))}
	for i, c := range used {
		k.cols[i], k.colMarks[i] = c.keyOf(doc)
	}
	for _, l := range cl.lists {
		rows, marks := l.rowsOf(doc)
		k.lists = append(k.lists, rows)
		k.listMarks = append(k.listMarks, marks)
	}
	return k
}

func (c *column) keyOf(doc storage.Doc) (any, mark) {
	k, present, m := valueAt(doc, c.path, c.scale)
	if c.present && !present {
		return nil, 0
	}
	return k, m
}

// rowsOf gives the side table's rows of a document: one per distinct element.
func (l *listIndex) rowsOf(doc storage.Doc) ([][]any, []mark) {
	fixed := make([]any, len(l.decl.Fields))
	marks := make([]mark, len(l.decl.Fields))
	for i, f := range l.decl.Fields {
		if i == l.list {
			continue
		}
		k, present, m := valueAt(doc, f.Path, f.Scale)
		if !present && presentOnly(l.decl, i) {
			return nil, marks
		}
		fixed[i], marks[i] = k, m
	}
	var out [][]any
	seen := map[string]bool{}
	f := l.decl.Fields[l.list]
	filter.Candidates(doc, f.Path, func(v any, missing bool) bool {
		if missing && presentOnly(l.decl, l.list) {
			return true
		}
		if _, isList := v.([]any); isList {
			return true // the list as a whole is no element
		}
		k, m := key(v, f.Scale)
		marks[l.list] |= m
		if s := keyText(k); !seen[s] {
			seen[s] = true
			r := slices.Clone(fixed)
			r[l.list] = k
			out = append(out, r)
		}
		return true
	})
	return out, marks
}

// keyText makes a key comparable with ==.
func keyText(k any) string {
	switch x := k.(type) {
	case int64:
		return string(appendInt([]byte{'i'}, x))
	case []byte:
		return "b" + string(x)
	}
	return ""
}

func sameKey(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case int64:
		y, ok := b.(int64)
		return ok && x == y
	case []byte:
		y, ok := b.([]byte)
		return ok && string(x) == string(y)
	}
	return false
}

func sameRows(a, b [][]any) bool {
	return slices.EqualFunc(a, b, func(x, y []any) bool { return slices.EqualFunc(x, y, sameKey) })
}
