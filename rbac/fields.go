package rbac

import (
	"maps"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// FieldRight is the right over one field.
type FieldRight uint8

// Field rights, from least to most.
const (
	FieldHidden FieldRight = iota
	FieldMasked
	FieldRead
	FieldWrite
)

// String is the right's name on the wire: hidden, masked, read, write.
func (r FieldRight) String() string {
	return [...]string{"hidden", "masked", "read", "write"}[min(r, FieldWrite)]
}

// Fields are field rights for one record. The maps are shared: read only.
type Fields struct {
	Default FieldRight            // of a field not listed
	By      map[string]FieldRight // exceptions
	Rows    map[string][]string   // subtable → add, edit, delete; absent = all, when the subtable is writable
}

// Of returns the right over a field; a column, or a part of a composite value,
// has at most the right of the field it is in.
func (f Fields) Of(path string) FieldRight {
	r := f.one(path)
	for i := strings.LastIndexByte(path, '.'); i > 0 && r > FieldHidden; i = strings.LastIndexByte(path[:i], '.') {
		r = min(r, f.one(path[:i]))
	}
	return r
}

func (f Fields) one(path string) FieldRight {
	if r, ok := f.By[path]; ok {
		return r
	}
	return f.Default
}

// cachedFields bounds the remembered combinations of matching groups of one
// plan; a subject meets few, and what is not remembered is computed.
const cachedFields = 256

// Fields gives the rights over all fields ("amount", "lines.qty") and subtable row
// operations for one record: the union of the groups whose view (or edit) rows hold it.
// doc nil = a record being created: the union of the groups that let him create.
// A record that is not visible has every field hidden.
func (f *FormPlan) Fields(doc map[string]any) Fields {
	view, write := f.holding(doc)
	key := [2]uint64{view, write}
	f.mu.RLock()
	got, ok := f.fields[key]
	f.mu.RUnlock()
	if ok {
		return got
	}
	got = f.unite(view, write)
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.fields) < cachedFields {
		f.fields[key] = got
	}
	return got
}

// holding tells which grants let the record be read, and which of them written.
func (f *FormPlan) holding(doc map[string]any) (view, write uint64) {
	if doc == nil {
		for _, g := range f.byOp[schema.OpCreate] {
			write |= g.bit
		}
		return write, write
	}
	visible := false
	for _, g := range f.grants {
		sees, edits := g.ops[schema.OpView], g.ops[schema.OpEdit]
		if !(sees || edits) || !g.holds(doc) {
			continue
		}
		visible = visible || sees
		view |= g.bit
		if edits {
			write |= g.bit
		}
	}
	if !visible {
		return 0, 0
	}
	return view, write
}

// unite adds up the rights of the grants.
func (f *FormPlan) unite(view, write uint64) Fields {
	out := Fields{Default: f.widest("", view, write)}
	for _, name := range f.named {
		if r := f.widest(name, view, write); r != out.Default {
			if out.By == nil {
				out.By = map[string]FieldRight{}
			}
			out.By[name] = r
		}
	}
	out.Rows = f.uniteRows(write)
	return out
}

// widest is the most that one of the grants gives over a field.
func (f *FormPlan) widest(path string, view, write uint64) FieldRight {
	r := FieldHidden
	for _, g := range f.grants {
		if view&g.bit != 0 {
			r = max(r, g.right(path, write&g.bit != 0))
		}
	}
	return r
}

// right is the grant's right over a field.
func (g *grant) right(path string, write bool) FieldRight {
	if g.group != nil {
		return g.group.right(path, write)
	}
	if write {
		return FieldWrite
	}
	return FieldRead
}

// uniteRows adds up the row operations, of the grants that may write the
// subtable; one that does not limit them allows all.
func (f *FormPlan) uniteRows(write uint64) map[string][]string {
	var out map[string][]string
	for _, name := range f.limitedSubtables() {
		var ops []string
		writable, limited := false, true
		for _, g := range f.grants {
			if write&g.bit == 0 || g.right(name, true) != FieldWrite {
				continue
			}
			writable = true
			own, has := g.rowsOf(name)
			limited = limited && has
			ops = append(ops, own...)
		}
		if writable && limited {
			if out == nil {
				out = map[string][]string{}
			}
			slices.Sort(ops)
			out[name] = slices.Compact(append([]string{}, ops...))
		}
	}
	return out
}

func (g *grant) rowsOf(subtable string) ([]string, bool) {
	if g.group == nil {
		return nil, false
	}
	ops, ok := g.group.def.RowsOf[subtable]
	return ops, ok
}

func (f *FormPlan) limitedSubtables() []string {
	names := map[string]bool{}
	for _, g := range f.grants {
		if g.group != nil {
			for name := range g.group.def.RowsOf {
				names[name] = true
			}
		}
	}
	return sortedKeys(names)
}

// FieldScope is the filter of the records in which the field may be read: F op v must be
// asked as And{F op v, FieldScope(F)}. filter.True when readable wherever the record is visible.
func (f *FormPlan) FieldScope(path string) filter.Expr {
	everywhere := len(f.byOp[schema.OpView]) > 0
	var scopes []filter.Expr
	for _, g := range f.grants {
		sees := g.ops[schema.OpView]
		if !sees && !g.ops[schema.OpEdit] {
			continue
		}
		if g.readable(path) {
			scopes = append(scopes, g.rows)
		} else if sees && !isFalse(g.rows) {
			everywhere = false
		}
	}
	if everywhere {
		return filter.True
	}
	return or(scopes...)
}

// Shows reports whether some record may show the subject something of the field,
// be it masked. Where it is false the field is not there for him in any list.
func (f *FormPlan) Shows(path string) bool {
	for _, g := range f.byOp[schema.OpView] {
		if g.readable(path) || g.right(path, false) == FieldMasked {
			return true
		}
	}
	return false
}

// readable reports whether the grant shows the field. System fields are shown with the record.
func (g *grant) readable(path string) bool {
	if strings.HasPrefix(path, "sys.") || strings.HasPrefix(path, "case.") {
		return true
	}
	return g.right(path, false) >= FieldRead
}

// CanSort reports whether every group of the subject lets the field be read:
// an order over records in which it is hidden would tell what it holds.
func (f *FormPlan) CanSort(path string) bool {
	for _, g := range f.byOp[schema.OpView] {
		if !g.readable(path) {
			return false
		}
	}
	return len(f.byOp[schema.OpView]) > 0
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
