package schema

import (
	"maps"
	"slices"
	"strings"
)

// FieldAccess is what a node lets somebody do with a field.
type FieldAccess uint8

// From nothing to everything.
const (
	FieldHidden FieldAccess = iota
	FieldRead
	FieldEdit
)

// Access tells what the rights say about a field ("amount") or a column
// ("lines.qty"): the most exact name decides, then hide over read over edit.
func (n NodeFields) Access(name string) FieldAccess {
	best, access := -1, FieldRead
	for _, l := range []struct {
		names  []string
		access FieldAccess
	}{{n.Hide, FieldHidden}, {n.Read, FieldRead}, {n.Edit, FieldEdit}} {
		if e := exactness(l.names, name); e > best {
			best, access = e, l.access
		}
	}
	return access
}

// Edits reports whether the field may be written.
func (n NodeFields) Edits(name string) bool { return n.Access(name) == FieldEdit }

// Hides reports whether the field is not shown at all.
func (n NodeFields) Hides(name string) bool { return n.Access(name) == FieldHidden }

// exactness is 2 when the list names the field itself, 1 its subtable, 0 all fields, -1 nothing of it.
func exactness(list []string, name string) int {
	best := -1
	table, _, column := strings.Cut(name, ".")
	for _, n := range list {
		switch {
		case n == name:
			return 2
		case column && n == table:
			best = 1
		case n == FieldsAll:
			best = max(best, 0)
		}
	}
	return best
}

// Union adds up the rights of two places of one person: what either shows is
// shown, what either lets be edited may be edited, what either requires is required.
func (n NodeFields) Union(o NodeFields) NodeFields {
	var out NodeFields
	for _, name := range allNames(n, o) {
		switch max(n.Access(name), o.Access(name)) {
		case FieldHidden:
			out.Hide = append(out.Hide, name)
		case FieldRead:
			out.Read = append(out.Read, name)
		case FieldEdit:
			out.Edit = append(out.Edit, name)
		}
	}
	out.Require = joinNames(n.Require, o.Require)
	out.Rows = unionRows(n, o)
	return out
}

// ReadOnly gives the same view without anything to edit: what a finished participant keeps.
func (n NodeFields) ReadOnly() NodeFields {
	return NodeFields{Read: joinNames(n.Read, n.Edit), Hide: n.Hide}
}

// names lists "all" and every name either of the rights uses, so that the
// outcome for any field follows from the outcome for these.
func allNames(n, o NodeFields) []string {
	out := []string{FieldsAll}
	for _, l := range [][]string{n.Edit, n.Read, n.Hide, o.Edit, o.Read, o.Hide} {
		out = joinNames(out, l)
	}
	return out
}

func joinNames(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// unionRows adds up the row operations. Where one side lets the subtable be
// edited without naming operations, it grants all of them.
func unionRows(n, o NodeFields) map[string][]string {
	out := map[string][]string{}
	for _, side := range [][2]NodeFields{{n, o}, {o, n}} {
		for _, table := range slices.Sorted(maps.Keys(side[0].Rows)) {
			_, named := side[1].Rows[table]
			if !named && side[1].Edits(table) {
				delete(out, table)
				continue
			}
			out[table] = joinNames(out[table], side[0].Rows[table])
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
