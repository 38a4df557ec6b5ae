package storagetest

import (
	"fmt"
	"slices"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// pages reads a query page by page and returns all ids in order.
func (e *env) pages(q storage.Query) []string {
	e.Helper()
	out := []string{}
	for range 1000 {
		page, err := e.c.Find(e.ctx, q)
		e.ok(err)
		if len(page.Docs) > q.Limit {
			e.Fatalf("a page of %d, limit %d", len(page.Docs), q.Limit)
		}
		out = append(out, idsOf(page.Docs)...)
		if page.Next == "" {
			return out
		}
		q.Cursor = page.Next
	}
	e.Fatal("the pages do not end")
	return nil
}

// nulls fills a collection with keys of which many are missing, null or equal.
func (e *env) nulls() {
	e.Helper()
	for i := range e.size(60, 24) {
		d := doc(fmt.Sprintf("d%02d", (i*7)%60), "even", i%2 == 0)
		switch i % 4 {
		case 1:
			d["v"] = nil
		case 2:
			d["v"] = dec(fmt.Sprintf("%d.5", i%3))
		case 3:
			d["v"] = dec(fmt.Sprintf("-%d", i%5))
		}
		if i%3 > 0 {
			d["w"] = fmt.Sprint(i % 3)
		}
		e.insert(d)
	}
}

var pagingCases = []kase{
	{"paging/stable-across-null-keys", func(e *env) {
		e.nulls()
		check := func() {
			for _, by := range [][]filter.Sort{{up("v")}, {down("v")}, {up("v"), up("w")}, {down("v"), up("w")}, {up("w"), down("v")}, {down("_id")}, {}} {
				whole := e.ids(nil, by...)
				for _, limit := range []int{1, 3, 7} {
					if limit == 1 && e.opts.Slow {
						continue
					}
					e.same(e.pages(storage.Query{Sort: by, Limit: limit}), whole)
				}
			}
		}
		check()
		e.indexes(index(asc("v")), index(desc("v"), asc("w")), index(scaled("v", 1), asc("w")))
		check()
	}},
	{"paging/with-a-filter", func(e *env) {
		e.nulls()
		where := is("even", filter.Eq, true)
		by := []filter.Sort{up("v")}
		e.indexedToo([]storage.IndexField{asc("v")}, func() {
			e.same(e.pages(storage.Query{Where: where, Sort: by, Limit: 4}), e.ids(where, by...))
		})
	}},
	{"paging/by-a-list-index", func(e *env) {
		n := e.size(60, 20)
		for i := range n {
			e.insert(doc(fmt.Sprintf("d%02d", i), "who", []any{"all", fmt.Sprint(i % 3), "all"}, "at", int64(i*7%11)))
		}
		want := e.ids(is("who", filter.Eq, "1"), down("at"))
		e.indexes(index(list("who"), desc("at")))
		e.same(e.ids(is("who", filter.Eq, "1"), down("at")), want)
		e.same(e.pages(storage.Query{Where: is("who", filter.Eq, "1"), Sort: sorts(down("at")), Limit: 3}), want)
		all := filter.And{is("who", filter.Eq, "all"), is("who", filter.Ne, "2")}
		e.same(len(e.pages(storage.Query{Where: all, Sort: sorts(down("at")), Limit: 7})), n-n/3)
		both := filter.And{is("who", filter.Eq, "all"), is("who", filter.Eq, "1")}
		e.same(e.pages(storage.Query{Where: both, Sort: sorts(down("at")), Limit: 7}), want)
	}},
	{"paging/the-last-page-has-no-cursor", func(e *env) {
		e.insert(doc("a"), doc("b"))
		page, err := e.c.Find(e.ctx, storage.Query{Limit: 2})
		e.ok(err)
		e.same(page.Next, "")
		page, err = e.c.Find(e.ctx, storage.Query{Limit: 1})
		e.ok(err)
		if page.Next == "" {
			e.Fatal("there is more, but no cursor")
		}
	}},
	{"paging/documents-added-behind-come-before-do-not", func(e *env) {
		e.insert(doc("b", "v", int64(2)), doc("d", "v", int64(4)))
		q := storage.Query{Sort: sorts(up("v")), Limit: 1}
		page, err := e.c.Find(e.ctx, q)
		e.ok(err)
		e.insert(doc("a", "v", int64(1)), doc("c", "v", int64(3)))
		q.Cursor, q.Limit = page.Next, 10
		page, err = e.c.Find(e.ctx, q)
		e.ok(err)
		e.same(idsOf(page.Docs), []string{"c", "d"})
	}},
	{"paging/a-cursor-belongs-to-its-sort", func(e *env) {
		e.insert(doc("a", "v", "1"), doc("b", "v", "2"))
		page, err := e.c.Find(e.ctx, storage.Query{Sort: sorts(up("v")), Limit: 1})
		e.ok(err)
		for _, q := range []storage.Query{
			{Sort: sorts(down("v")), Cursor: page.Next}, {Sort: sorts(up("w")), Cursor: page.Next}, {Cursor: page.Next},
			{Sort: sorts(up("v")), Cursor: "x" + page.Next}, {Sort: sorts(up("v")), Cursor: "not a cursor"},
		} {
			_, err := e.c.Find(e.ctx, q)
			e.fails(err, storage.ErrInvalid)
		}
	}},
	{"paging/the-projection-does-not-matter", func(e *env) {
		e.nulls()
		q := storage.Query{Sort: sorts(up("v")), Limit: 5, Fields: []string{"w"}}
		got := e.pages(q)
		slices.Sort(got)
		want := e.ids(nil)
		e.same(got, want)
	}},
}
