package sqlite

import (
	"context"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Count implements storage.Collection.
func (c *collection) Count(ctx context.Context, where filter.Expr, limit int) (int, error) {
	if c.bad != nil {
		return 0, c.bad
	}
	if err := storage.CheckWhere(where); err != nil {
		return 0, err
	}
	if limit < 0 {
		return 0, storage.Invalidf("limit %d", limit)
	}
	n := 0
	err := c.t.read(ctx, func(conn *conn, cat *catalog) error {
		n = 0
		cl := cat.colls[c.name]
		if cl == nil {
			return nil
		}
		p := newPlan(cl, storage.Query{Where: c.visible(cl, where)}, nil)
		p.order = []orderBy{} // no order, and none in Go
		var err error
		n, err = p.count(ctx, conn, limit)
		return err
	})
	return n, err
}

// count stops at limit+1 when limit > 0.
func (p *plan) count(ctx context.Context, conn *conn, limit int) (int, error) {
	if p.rest == nil {
		return p.countSQL(ctx, conn, limit)
	}
	n := 0
	err := p.scan(ctx, conn, segment{condTrue}, -1, func(found, storage.Doc) (bool, error) {
		n++
		return limit == 0 || n <= limit, nil
	})
	return n, err
}

func (p *plan) countSQL(ctx context.Context, conn *conn, limit int) (int, error) {
	bounded := -1
	if limit > 0 {
		bounded = limit + 1
	}
	sql, args := p.statement("1", segment{condTrue}, bounded)
	rows, err := conn.query(ctx, "SELECT count(*) FROM ("+sql+")", args...)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	if rows.next() {
		n, _ = rows.vals[0].(int64)
	}
	return int(n), rows.close()
}
