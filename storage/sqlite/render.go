package sqlite

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// cond is a condition in SQL that every matching document satisfies. With
// exact, only matching documents do. Empty sql says nothing.
type cond struct {
	sql   string
	args  []any
	exact bool
}

var (
	nothing  = cond{}
	condTrue = cond{sql: "1", exact: true}
	condNone = cond{sql: "0", exact: true}
)

// renderer writes conditions over the columns of one collection's table "d".
type renderer struct {
	cl *coll
	// drive is the side table that leads the query, as "l"; its fields stand for their paths.
	drive *listIndex
}

func (r renderer) expr(e filter.Expr) cond {
	switch x := e.(type) {
	case nil:
		return condTrue
	case filter.And:
		return r.and(x)
	case filter.Or:
		return r.or(x)
	case filter.Not:
		return r.not(x.X)
	case filter.Cmp:
		return r.cmp(x)
	case filter.ElemMatch:
		return r.elem(x)
	}
	return nothing
}

func (r renderer) and(list []filter.Expr) cond {
	parts := make([]cond, len(list))
	for i, e := range list {
		parts[i] = r.expr(e)
	}
	return allOf(parts)
}

// allOf joins what is known; it is exact if every part is.
func allOf(parts []cond) cond {
	out := cond{exact: true}
	var sql []string
	for _, p := range parts {
		out.exact = out.exact && p.exact
		if p.sql != "" && p.sql != condTrue.sql {
			sql = append(sql, p.sql)
			out.args = append(out.args, p.args...)
		}
	}
	out.sql = strings.Join(sql, " AND ")
	if out.sql == "" && out.exact {
		return condTrue
	}
	return out
}

// or knows something only if every part does.
func (r renderer) or(list []filter.Expr) cond {
	if len(list) == 0 {
		return condNone
	}
	out := cond{exact: true}
	var sql []string
	for _, e := range list {
		p := r.expr(e)
		if p.sql == "" {
			return nothing
		}
		out.exact = out.exact && p.exact
		sql = append(sql, "("+p.sql+")")
		out.args = append(out.args, p.args...)
	}
	out.sql = "(" + strings.Join(sql, " OR ") + ")"
	return out
}

// not pushes the negation down to comparisons, of which exact ones can be negated.
func (r renderer) not(e filter.Expr) cond {
	switch x := e.(type) {
	case filter.And:
		return r.or(negated(x))
	case filter.Or:
		return r.and(negated(x))
	case filter.Not:
		return r.expr(x.X)
	}
	return negate(r.expr(e))
}

func negated(list []filter.Expr) []filter.Expr {
	out := make([]filter.Expr, len(list))
	for i, e := range list {
		out[i] = filter.Not{X: e}
	}
	return out
}

// negate is two-valued: where a column is NULL, the negation holds.
func negate(c cond) cond {
	switch {
	case !c.exact || c.sql == "":
		return nothing
	case c.sql == condTrue.sql:
		return condNone
	case c.sql == condNone.sql:
		return condTrue
	}
	return cond{sql: "((" + c.sql + ") IS NOT TRUE)", args: c.args, exact: true}
}

// elem says what the elements' values must at least be.
func (r renderer) elem(e filter.ElemMatch) cond {
	list, ok := e.X.(filter.And)
	if !ok {
		list = filter.And{e.X}
	}
	var parts []cond
	for _, x := range list {
		if c, ok := x.(filter.Cmp); ok && reaches(c) {
			c.Path = strings.TrimSuffix(e.Path+"."+c.Path, ".")
			parts = append(parts, r.cmp(c))
		}
	}
	out := allOf(parts)
	out.exact = false
	if out.sql == condTrue.sql {
		return nothing
	}
	return out
}

// reaches tells that only documents with a value at the path, not null, satisfy it.
func reaches(c filter.Cmp) bool {
	switch c.Op {
	case filter.Eq:
		return c.Value != nil
	case filter.In, filter.All:
		list, _ := c.Value.([]any)
		return !slices.Contains(list, any(nil))
	case filter.Lt, filter.Le, filter.Gt, filter.Ge, filter.Contains, filter.Prefix, filter.Suffix:
		return true
	}
	return false
}

func (r renderer) cmp(c filter.Cmp) cond {
	switch c.Op {
	case filter.Ne:
		return negate(r.cmp(filter.Cmp{Path: c.Path, Op: filter.Eq, Value: c.Value}))
	case filter.Exists:
		return r.exists(c)
	case filter.All:
		return r.every(c)
	}
	if c.Path == storage.ID {
		return idCond(c)
	}
	var parts []cond
	for _, f := range r.fields(c.Path) {
		if p := f.cond(c); p.sql != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return inText(c)
	}
	out := allOf(parts)
	out.exact = slices.ContainsFunc(parts, func(p cond) bool { return p.exact })
	return out
}

func (r renderer) every(c filter.Cmp) cond {
	list, _ := c.Value.([]any)
	if len(list) == 0 {
		return condNone
	}
	parts := make([]cond, len(list))
	for i, v := range list {
		parts[i] = r.cmp(filter.Cmp{Path: c.Path, Op: filter.Eq, Value: v})
	}
	return allOf(parts)
}

func (r renderer) exists(c filter.Cmp) cond {
	want, _ := c.Value.(bool)
	is := nothing
	if c.Path == storage.ID || c.Path == storage.Rev {
		is = condTrue
	}
	for _, col := range r.cl.byPath[c.Path] {
		if col.present && col.marks&markMulti == 0 {
			is = cond{sql: "d." + col.name + " IS NOT NULL", exact: true}
		}
	}
	if want {
		return is
	}
	return negate(is)
}

// fields are the columns that answer for a path.
func (r renderer) fields(path string) []field {
	var out []field
	if path == storage.Rev {
		return []field{{name: "d.rev", scale: 0}}
	}
	if r.drive != nil {
		for i, f := range r.drive.decl.Fields {
			if f.Path == path && i != r.drive.list {
				return []field{r.drive.field(i)}
			}
		}
	}
	for _, c := range r.cl.byPath[path] {
		if c.marks&markMulti == 0 {
			out = append(out, field{name: "d." + c.name, scale: c.scale, marks: c.marks, present: c.present})
		}
	}
	for _, l := range r.cl.lists {
		if l.list == 0 && l.decl.Fields[0].Path == path && l.complete() {
			out = append(out, l.semijoin())
		}
	}
	return out
}

// complete: every document with a value at the list-valued path has its rows.
func (l *listIndex) complete() bool { return !l.decl.IfPresent || len(l.decl.Fields) == 1 }

func (l *listIndex) semijoin() field {
	return field{
		name: fieldColumn(0), scale: l.decl.Fields[0].Scale, marks: l.marks[0], present: presentOnly(l.decl, 0),
		within: "d.rowid IN (SELECT doc FROM " + quote(l.object) + " WHERE %)",
	}
}

func fieldColumn(i int) string { return "f" + string(rune('0'+i/10)) + string(rune('0'+i%10)) }

func idCond(c filter.Cmp) cond {
	text, isText := c.Value.(string)
	switch c.Op {
	case filter.In:
		return idIn(c.Value)
	case filter.Eq, filter.Lt, filter.Le, filter.Gt, filter.Ge:
		if !isText {
			return condNone
		}
		return cond{sql: "d.id " + sqlOp[c.Op] + " ?", args: []any{text}, exact: true}
	}
	if !isText {
		return condNone
	}
	switch c.Op {
	case filter.Prefix:
		if text == "" {
			return condTrue
		}
		return cond{sql: "d.id >= ? AND substr(d.id, 1, ?) = ?", args: []any{text, int64(utf8.RuneCountInString(text)), text}, exact: true}
	case filter.Contains:
		return cond{sql: "instr(d.id, ?) > 0", args: []any{text}, exact: true}
	case filter.Suffix:
		if text == "" {
			return condTrue
		}
		return cond{sql: "substr(d.id, ?) = ?", args: []any{-int64(utf8.RuneCountInString(text)), text}, exact: true}
	}
	return nothing
}

func idIn(v any) cond {
	list, _ := v.([]any)
	var ids []any
	for _, e := range list {
		if s, ok := e.(string); ok {
			ids = append(ids, s)
		}
	}
	return inList("d.id", ids)
}

var sqlOp = map[filter.Op]string{filter.Eq: "=", filter.Lt: "<", filter.Le: "<=", filter.Gt: ">", filter.Ge: ">="}

// inList pads the list, so that few statement texts serve all lengths.
func inList(name string, keys []any) cond {
	if len(keys) == 0 {
		return condNone
	}
	n := 1
	for n < len(keys) {
		n *= 2
	}
	args := slices.Clone(keys)
	for len(args) < n {
		args = append(args, keys[len(keys)-1])
	}
	return cond{sql: name + " IN (?" + strings.Repeat(", ?", n-1) + ")", args: args, exact: true}
}

// inText says of a path without a column that the document's JSON must contain
// the text asked for, wherever: most rows then need not come to Go at all.
func inText(c filter.Cmp) cond {
	s, ok := c.Value.(string)
	if !ok || s == "" {
		return nothing
	}
	var e encoder
	e.str(s)
	part := string(e.buf)
	switch c.Op {
	case filter.Eq:
	case filter.Prefix:
		part = part[:len(part)-1]
	case filter.Suffix:
		part = part[1:]
	case filter.Contains:
		part = part[1 : len(part)-1]
	default:
		return nothing
	}
	return cond{sql: "instr(d.doc, ?) > 0", args: []any{part}}
}

func toDecimal(v any) (decimal.Decimal, bool) {
	switch n := v.(type) {
	case int:
		return decimal.FromInt(int64(n)), true
	case int64:
		return decimal.FromInt(n), true
	case decimal.Decimal:
		return n, true
	}
	return decimal.Decimal{}, false
}
