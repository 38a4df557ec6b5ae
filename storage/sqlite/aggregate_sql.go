package sqlite

import (
	"context"
	"database/sql/driver"
	"strings"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

// inSQL lets SQLite group and measure; done is false when its columns cannot
// give the exact answer. Grains are made from SQLite's groups afterwards.
func (a *aggregation) inSQL(ctx context.Context, conn *conn, p *plan, groups *groups) (done bool, err error) {
	q, ok := a.query(p)
	if !ok {
		return false, nil
	}
	rows, err := conn.query(ctx, q.sql, q.args...)
	if err != nil {
		return false, notOverflow(err)
	}
	for n := 1; rows.err == nil && rows.next(); n++ {
		ok, err := q.take(rows.vals, groups)
		if n%256 == 0 && err == nil {
			err = ctx.Err()
		}
		if !ok && err == nil {
			return false, rows.close()
		}
		rows.err = err
	}
	err = rows.close()
	return err == nil, notOverflow(err)
}

// notOverflow drops SQLite's complaint about a sum beyond int64: Go sums such.
func notOverflow(err error) error {
	if err != nil && strings.Contains(err.Error(), "integer overflow") {
		return nil
	}
	return err
}

// aggregateQuery is a grouping in SQL and how to read its columns.
type aggregateQuery struct {
	a      *aggregation
	fields []field // per key, then per measure
	sql    string
	args   []any
}

func (a *aggregation) query(p *plan) (*aggregateQuery, bool) {
	if p.rest != nil {
		return nil, false
	}
	q := &aggregateQuery{a: a}
	var columns, group []string
	grains := false
	for _, k := range a.By {
		f, ok := p.readable(k.Path)
		if !ok {
			return nil, false
		}
		grains = grains || k.Grain != "" || f.present // several of SQLite's groups become one
		q.fields = append(q.fields, f)
		columns = append(columns, f.name)
		group = append(group, f.name)
	}
	for _, m := range a.Measures {
		f, sql, ok := p.measured(m)
		if !ok || grains && m.Fn == "countDistinct" {
			return nil, false
		}
		q.fields = append(q.fields, f)
		columns = append(columns, sql)
		if m.Path != "" {
			q.args = append(q.args, nullKey(f.scale))
		}
	}
	if len(columns) == 0 {
		return nil, false
	}
	sql, args := p.statement(strings.Join(columns, ", "), segment{condTrue}, -1)
	if len(group) > 0 {
		sql += " GROUP BY " + strings.Join(group, ", ")
	}
	q.sql, q.args = sql, append(q.args, args...)
	return q, true
}

// readable finds a column from which values can be read back exactly.
func (p *plan) readable(path string) (field, bool) {
	for _, f := range (renderer{cl: p.cl}).fields(path) {
		both := f.marks&(markInt|markDecimal) == markInt|markDecimal
		if f.within == "" && !both && f.marks&(markOdd|markMulti) == 0 {
			if path == storage.Rev {
				f.marks |= markInt
			}
			return f, true
		}
	}
	return field{}, false
}

func (p *plan) measured(m storage.Measure) (field, string, bool) {
	if m.Path == "" {
		return field{}, "count(*)", true
	}
	f, ok := p.readable(m.Path)
	value := "nullif(" + f.name + ", ?)"
	switch m.Fn {
	case "count":
		return f, "count(" + value + ")", ok
	case "countDistinct":
		return f, "count(DISTINCT " + value + ")", ok
	case "sum":
		return f, "sum(" + value + ")", ok && f.scale >= 0
	}
	return f, m.Fn + "(" + value + ")", ok
}

// take merges one row of SQLite into its group; false when a value is not exact.
func (q *aggregateQuery) take(vals []driver.Value, groups *groups) (bool, error) {
	keys := make([]any, len(q.a.By))
	for i := range q.a.By {
		v, ok := unkey(vals[i], q.fields[i].scale)
		if !ok {
			return false, nil
		}
		keys[i] = q.a.grain(i, typed(v, q.fields[i].marks))
	}
	group, err := groups.at(keys)
	if err != nil {
		return false, err
	}
	for i, m := range q.a.Measures {
		at := len(keys) + i
		v, ok := q.measure(m.Fn, vals[at], q.fields[at])
		if !ok {
			return false, nil
		}
		group.measures[i].merge(m.Fn, v)
	}
	return true, nil
}

func (q *aggregateQuery) measure(fn string, v any, f field) (any, bool) {
	switch {
	case v == nil:
		return nil, true
	case fn == "count" || fn == "countDistinct":
		return v, true
	case fn == "sum":
		n, ok := v.(int64) // a float: other values than numbers were among them
		if !ok {
			return nil, false
		}
		return typed(decimal.FromScaled(n, f.scale), f.marks), true
	}
	x, ok := unkey(v, f.scale)
	return typed(x, f.marks), ok
}
