package sqlite

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Bounds of one statement: SQLite takes 32 766 values and 1000 joined terms.
const (
	maxArgs  = 30_000
	maxTerms = 900
)

// excessive tells that SQLite would refuse the condition: Go evaluates it then.
func (c cond) excessive() bool {
	return len(c.args) > maxArgs || strings.Count(c.sql, " AND ")+strings.Count(c.sql, " OR ") > maxTerms
}

// plan is how a query runs: what SQL selects and sorts, and what is left for Go.
type plan struct {
	cl    *coll
	sort  []filter.Sort
	after *position

	from  string
	where cond
	order []orderBy // nil: Go sorts
	// rest is nil when the SQL condition is exact.
	rest     filter.Matcher
	restWant *fields // what rest and a sort in Go look at
}

// orderBy is one column of the order; the last one is the id.
type orderBy struct {
	field
	desc bool
}

// newPlan prepares a query over an existing collection.
func newPlan(cl *coll, q storage.Query, after *position) *plan {
	p := &plan{cl: cl, sort: q.Sort, after: after, from: cl.table + " AS d"}
	where := filter.Simplify(q.Where)
	r := renderer{cl: cl, drive: driving(cl, where, q.Sort)}
	if r.drive == nil {
		p.where = r.expr(where)
	} else {
		p.from = quote(r.drive.object) + " AS l CROSS JOIN " + cl.table + " AS d ON d.rowid = l.doc"
		p.where = r.driven(where)
	}
	if p.where.excessive() {
		r.drive, p.where, p.from = nil, nothing, cl.table+" AS d"
	}
	p.order = r.order(q.Sort, where)
	if !p.where.exact {
		p.rest = filter.Compile(where)
	}
	p.restWant = wanted(pathsOf(where, q.Sort)...)
	return p
}

// driven renders a condition whose element of the driving list is found by the
// side table itself; further conditions on that list are about all its elements.
func (r renderer) driven(where filter.Expr) cond {
	list, ok := where.(filter.And)
	if !ok {
		list = filter.And{where}
	}
	path := r.drive.decl.Fields[r.drive.list].Path
	parts := make([]cond, len(list))
	for i, e := range list {
		if c, ok := e.(filter.Cmp); ok && c.Path == path && c.Op == filter.Eq {
			parts[i] = r.drive.field(r.drive.list).cond(c)
			continue
		}
		parts[i] = r.expr(e)
	}
	return allOf(parts)
}

// field is the i-th field of a side table that leads a query.
func (l *listIndex) field(i int) field {
	return field{name: "l." + fieldColumn(i), scale: l.decl.Fields[i].Scale, marks: l.marks[i]}
}

// order names the columns of a sort; nil when one has none that can be trusted.
func (r renderer) order(by []filter.Sort, where filter.Expr) []orderBy {
	var out []orderBy
	for _, s := range by {
		f, ok := r.sortField(s.Path, where)
		if !ok {
			return nil
		}
		out = append(out, orderBy{f, s.Desc})
		if s.Path == storage.ID {
			return out
		}
	}
	id := field{name: "d.id"}
	if r.drive != nil {
		id.name = "l.id"
	}
	return append(out, orderBy{field: id})
}

func (r renderer) sortField(path string, where filter.Expr) (field, bool) {
	if path == storage.ID {
		return field{name: "d.id"}, true
	}
	var found field
	for _, f := range r.fields(path) {
		trusted := f.within == "" && f.marks&(markOdd|markMulti) == 0 && (!f.present || implies(where, path))
		if trusted && (found.name == "" || found.present) {
			found = f
		}
	}
	return found, found.name != ""
}

// implies tells that every document satisfying e has a value at the path.
func implies(e filter.Expr, path string) bool {
	switch x := e.(type) {
	case filter.Cmp:
		return x.Path == path && reaches(x)
	case filter.And:
		return slices.ContainsFunc(x, func(e filter.Expr) bool { return implies(e, path) })
	}
	return false
}

// driving finds a side table that both selects and sorts: its fields are bound
// by equality up to the list-valued one and then follow the sort.
func driving(cl *coll, where filter.Expr, by []filter.Sort) *listIndex {
	for _, l := range cl.lists {
		if len(l.decl.Fields) > 1 && l.serves(bound(where), by) {
			return l
		}
	}
	return nil
}

func (l *listIndex) serves(bound map[string]bool, by []filter.Sort) bool {
	if l.decl.IfPresent || l.decl.Sparse && l.list != 0 {
		return false // it may lack documents
	}
	for i, m := range l.marks {
		if i != l.list && m&(markMulti|markOdd) != 0 {
			return false
		}
	}
	fields := l.decl.Fields
	for i := range l.list + 1 {
		if !bound[fields[i].Path] {
			return false
		}
	}
	rest := fields[l.list+1:]
	if len(by) == 0 || len(by) > len(rest) {
		return false
	}
	for i, s := range by {
		if rest[i].Path != s.Path || rest[i].Desc != s.Desc {
			return false
		}
	}
	return true
}

// bound lists the paths that a condition ties to one value, not null.
func bound(e filter.Expr) map[string]bool {
	list, ok := e.(filter.And)
	if !ok {
		list = filter.And{e}
	}
	times := map[string]int{}
	for _, x := range list {
		if c, ok := x.(filter.Cmp); ok && c.Op == filter.Eq && scalar(c.Value) {
			times[c.Path]++
		}
	}
	out := map[string]bool{}
	for path, n := range times {
		out[path] = n == 1 // bound twice may be two elements of one list: no single row has both
	}
	return out
}

func scalar(v any) bool {
	switch v.(type) {
	case nil, []any, map[string]any:
		return false
	}
	return true
}

// pathsOf lists the paths that a condition and a sort look at.
func pathsOf(e filter.Expr, by []filter.Sort) []string {
	var out []string
	for _, s := range by {
		out = append(out, s.Path)
	}
	var visit func(e filter.Expr, outer string)
	visit = func(e filter.Expr, outer string) {
		switch x := e.(type) {
		case filter.And:
			for _, s := range x {
				visit(s, outer)
			}
		case filter.Or:
			for _, s := range x {
				visit(s, outer)
			}
		case filter.Not:
			visit(x.X, outer)
		case filter.Cmp:
			out = append(out, x.Path)
		case filter.ElemMatch:
			out = append(out, x.Path) // whole elements: whether one is a map matters
		}
	}
	visit(e, "")
	return out
}

// segment is one stretch of the order, entered at its start by an index seek.
// The documents after a position are, for a sort by a and b: those with the same
// a and b and a greater id, then the same a and a greater b, then a greater a.
type segment struct{ cond }

// segments gives the stretches to read one after another; one without a position.
func (p *plan) segments() []segment {
	if p.after == nil {
		return []segment{{condTrue}}
	}
	var out []segment
	for last := len(p.order) - 1; last >= 0; last-- {
		var parts []cond
		for i := range last {
			parts = append(parts, p.order[i].against("=", p.key(i)))
		}
		op := ">"
		if p.order[last].desc {
			op = "<"
		}
		out = append(out, segment{allOf(append(parts, p.order[last].against(op, p.key(last))))})
	}
	return out
}

func (o orderBy) against(op string, k any) cond {
	return cond{sql: o.name + " " + op + " ?", args: []any{k}, exact: true}
}

// key is the position's key in the i-th column of the order.
func (p *plan) key(i int) any {
	if i < len(p.sort) && p.sort[i].Path != storage.ID {
		k, _ := key(p.after.values[i], p.order[i].scale)
		return k
	}
	return p.after.id
}

// statement writes the query of one segment. limit < 0 means all.
func (p *plan) statement(columns string, s segment, limit int) (string, []any) {
	where := allOf([]cond{p.where, s.cond})
	var b strings.Builder
	b.WriteString("SELECT " + columns + " FROM " + p.from)
	if where.sql != "" && where.sql != condTrue.sql {
		b.WriteString(" WHERE " + where.sql)
	}
	args := where.args
	if len(p.order) > 0 {
		b.WriteString(" ORDER BY ")
		for i, o := range p.order {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(o.name)
			if o.desc {
				b.WriteString(" DESC")
			}
		}
	}
	if limit > 0 {
		b.WriteString(" LIMIT ?")
		args = append(slices.Clone(args), int64(limit))
	}
	return b.String(), args
}
