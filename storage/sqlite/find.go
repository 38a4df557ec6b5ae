package sqlite

import (
	"context"
	"sort"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

const selectDoc = "d.id, d.rev, d.doc"

// found is a document as its row.
type found struct {
	id   string
	rev  int64
	json string
	pos  position // when Go sorts
}

// Find implements storage.Collection.
func (c *collection) Find(ctx context.Context, q storage.Query) (storage.Page, error) {
	var page storage.Page
	if c.bad != nil {
		return page, c.bad
	}
	limit, err := q.Check()
	if err != nil {
		return page, err
	}
	after, err := readCursor(q.Sort, q.Cursor)
	if err != nil {
		return page, err
	}
	err = c.t.read(ctx, func(conn *conn, cat *catalog) error {
		page = storage.Page{}
		cl := cat.colls[c.name]
		if cl == nil {
			return nil
		}
		list, err := c.search(ctx, conn, cl, q, after, limit+1)
		if err != nil {
			return err
		}
		page, err = makePage(q, list, limit)
		return err
	})
	return page, err
}

// search finds up to n documents that have not expired.
func (c *collection) search(ctx context.Context, conn *conn, cl *coll, q storage.Query, after *position, n int) ([]found, error) {
	q.Where = c.visible(cl, q.Where)
	p := newPlan(cl, q, after)
	return p.fetchContext(ctx, conn, n)
}

// visible adds to a condition that a document has not expired.
func (c *collection) visible(cl *coll, where filter.Expr) filter.Expr {
	e := cl.expired(c.now())
	switch {
	case e == nil:
		return where
	case where == nil:
		return filter.Not{X: e}
	}
	return filter.And{where, filter.Not{X: e}}
}

func makePage(q storage.Query, list []found, limit int) (storage.Page, error) {
	page := storage.Page{Docs: make([]storage.Doc, 0, min(len(list), limit))}
	if len(list) > limit {
		last, err := list[limit-1].decode(wantedBySort(q.Sort))
		if err != nil {
			return page, err
		}
		pos, err := positionOf(q.Sort, last)
		if err != nil {
			return page, err
		}
		if page.Next, err = writeCursor(q.Sort, pos); err != nil {
			return page, err
		}
		list = list[:limit]
	}
	var want *fields
	if q.Fields != nil {
		want = wanted(q.Fields...)
	}
	for _, f := range list {
		doc, err := f.decode(want)
		if err != nil {
			return page, err
		}
		page.Docs = append(page.Docs, doc)
	}
	return page, nil
}

func wantedBySort(by []filter.Sort) *fields {
	f := &fields{}
	for _, s := range by {
		f.add(s.Path)
	}
	return f
}

func (f found) decode(want *fields) (storage.Doc, error) { return decodeRow(f.id, f.rev, f.json, want) }

func (p *plan) fetch(conn *conn, n int) ([]found, error) {
	return p.fetchContext(context.Background(), conn, n)
}

// fetchContext returns the first n documents in order after the plan's position.
func (p *plan) fetchContext(ctx context.Context, conn *conn, n int) ([]found, error) {
	if p.order == nil {
		return p.fetchSorting(ctx, conn, n)
	}
	var out []found
	for _, s := range p.segments() {
		limit := n - len(out)
		if limit == 0 {
			break
		}
		if p.rest != nil {
			limit = -1 // Go drops some: the rows are read until there are enough
		}
		err := p.scan(ctx, conn, s, limit, func(f found, _ storage.Doc) (bool, error) {
			out = append(out, f)
			return len(out) < n, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// scan reads the rows of a segment and passes on those that satisfy the whole
// condition, until f returns false. doc holds what a condition or sort in Go
// looks at; it is nil when neither is needed.
func (p *plan) scan(ctx context.Context, conn *conn, s segment, limit int, f func(found, storage.Doc) (bool, error)) error {
	sql, args := p.statement(selectDoc, s, limit)
	rows, err := conn.query(ctx, sql, args...)
	if err != nil {
		return err
	}
	for n := 1; rows.err == nil && rows.next(); n++ {
		more, err := p.visit(rows, f)
		if n%256 == 0 && err == nil {
			err = ctx.Err()
		}
		if err != nil {
			rows.err = err
		}
		if !more {
			break
		}
	}
	return rows.close()
}

func (p *plan) visit(rows *rows, f func(found, storage.Doc) (bool, error)) (bool, error) {
	id, _ := rows.vals[0].(string)
	rev, _ := rows.vals[1].(int64)
	json, _ := rows.vals[2].(string)
	row := found{id: id, rev: rev, json: json}
	var doc storage.Doc
	if p.rest != nil || p.order == nil {
		var err error
		if doc, err = row.decode(p.restWant); err != nil {
			return false, err
		}
		if p.rest != nil && !p.rest(doc) {
			return true, nil
		}
	}
	return f(row, doc)
}

// fetchSorting sorts in Go, keeping no more than it must.
func (p *plan) fetchSorting(ctx context.Context, conn *conn, n int) ([]found, error) {
	var best []found
	less := func(a, b position) bool { return a.compare(p.sort, b) < 0 }
	err := p.scan(ctx, conn, segment{condTrue}, -1, func(f found, doc storage.Doc) (bool, error) {
		pos, err := positionOf(p.sort, doc)
		if err != nil {
			return false, err
		}
		if p.after != nil && !less(*p.after, pos) {
			return true, nil
		}
		f.pos = pos
		best = append(best, f)
		// Cutting back at twice the size keeps the cost per row constant.
		if len(best) >= 2*n+64 {
			best = firstOf(best, n, less)
		}
		return true, nil
	})
	return firstOf(best, n, less), err
}

func firstOf(list []found, n int, less func(a, b position) bool) []found {
	sort.Slice(list, func(i, j int) bool { return less(list[i].pos, list[j].pos) })
	return list[:min(n, len(list))]
}
