package sqlite

import (
	"context"
	"strings"

	"github.com/formwork-run/formwork/storage"
)

// Explain implements storage.Collection. Index is the name of the declaration,
// "_id" for a search by id; a scan
// of everything in the order of the ids uses none.
func (c *collection) Explain(ctx context.Context, q storage.Query) (storage.Plan, error) {
	var out storage.Plan
	if c.bad != nil {
		return out, c.bad
	}
	limit, err := q.Check()
	if err != nil {
		return out, err
	}
	after, err := readCursor(q.Sort, q.Cursor)
	if err != nil {
		return out, err
	}
	err = c.t.read(ctx, func(conn *conn, cat *catalog) error {
		out = storage.Plan{}
		cl := cat.colls[c.name]
		if cl == nil {
			return nil
		}
		q.Where = c.visible(cl, q.Where)
		p := newPlan(cl, q, after)
		out, err = p.explain(conn, limit)
		return err
	})
	return out, err
}

func (p *plan) explain(conn *conn, limit int) (storage.Plan, error) {
	segs := p.segments()
	sql, args := p.statement(selectDoc, segs[len(segs)-1], limit)
	rows, err := conn.query(context.Background(), "EXPLAIN QUERY PLAN "+sql, args...)
	if err != nil {
		return storage.Plan{}, err
	}
	out := storage.Plan{Sort: p.order == nil}
	var steps []string
	for rows.next() {
		step, _ := rows.vals[3].(string)
		steps = append(steps, step)
		if strings.HasPrefix(step, "USE TEMP B-TREE FOR") && strings.Contains(step, "ORDER BY") {
			out.Sort = true
		}
		if out.Index == "" {
			out.Index = p.cl.indexIn(step)
		}
	}
	if p.rest != nil {
		steps = append(steps, "FILTER IN GO")
	}
	if p.order == nil {
		steps = append(steps, "SORT IN GO")
	}
	out.Text = strings.Join(steps, "; ")
	return out, rows.close()
}

// indexIn finds the declared index that a step of SQLite's plan names.
func (cl *coll) indexIn(step string) string {
	for _, ix := range cl.plain {
		if strings.Contains(step, "INDEX "+ix.object) {
			return ix.decl.Name()
		}
	}
	for _, l := range cl.lists {
		if strings.Contains(step, l.object+" ") || strings.Contains(step, " l ") {
			return l.decl.Name()
		}
	}
	if strings.Contains(step, "sqlite_autoindex") && strings.HasPrefix(step, "SEARCH") {
		return storage.ID
	}
	return ""
}
