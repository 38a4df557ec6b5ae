package storagetest

import (
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

func expiring(path string) storage.Index {
	return storage.Index{Fields: []storage.IndexField{asc(path)}, Expire: true}
}

func over() time.Time { return time.Now().Add(-time.Minute) }

func later() time.Time { return time.Now().Add(time.Hour) }

var expireCases = []kase{
	{"index/an-expired-document-is-invisible-at-once", func(e *env) {
		e.indexes(expiring("until"))
		e.insert(doc("never"), doc("later", "until", later()), doc("text", "until", "2000-01-01"))
		e.insert(doc("over", "until", over()))
		_, err := e.c.Get(e.ctx, "over")
		e.fails(err, storage.ErrNotFound)
		many, err := e.c.GetMany(e.ctx, []string{"over", "later"})
		e.ok(err)
		e.same(len(many), 1)
		e.same(e.ids(nil), []string{"later", "never", "text"})
		e.same(e.ids(filter.Or{is("_id", filter.Eq, "over"), is("_id", filter.Eq, "never")}), []string{"never"})
		n, err := e.c.Count(e.ctx, nil, 0)
		e.ok(err)
		e.same(n, 3)
		rows, err := e.c.Aggregate(e.ctx, storage.Group{Measures: []storage.Measure{{As: "n", Fn: "count"}}})
		e.ok(err)
		e.same(rows[0]["n"], int64(3))
	}},
	{"index/an-expired-document-cannot-be-changed", func(e *env) {
		e.indexes(expiring("until"))
		e.insert(doc("over", "until", over()))
		_, err := e.c.Patch(e.ctx, "over", storage.Guard{}, storage.Patch{Set: m{"until": later()}})
		e.fails(err, storage.ErrNotFound)
		_, err = e.c.Replace(e.ctx, doc("over", "_rev", int64(1)))
		e.fails(err, storage.ErrNotFound)
		e.fails(e.c.Delete(e.ctx, "over", storage.Guard{}), storage.ErrNotFound)
		got, err := e.c.Claim(e.ctx, storage.Query{}, time.Now(), time.Minute, 5)
		e.ok(err)
		e.same(len(got), 0)
	}},
	{"index/an-expired-document-frees-its-id-and-values", func(e *env) {
		e.indexes(expiring("until"), present(asc("code")))
		e.insert(doc("a", "code", "1", "until", over()))
		e.insert(doc("a", "code", "2"))
		e.insert(doc("b", "code", "3", "until", over()))
		e.insert(doc("c", "code", "3"))
		e.same(e.ids(nil), []string{"a", "c"})
	}},
	{"index/what-expires-later-is-there", func(e *env) {
		e.indexes(expiring("until"))
		e.insert(doc("a", "until", later()))
		_, err := e.c.Patch(e.ctx, "a", storage.Guard{Rev: 1}, storage.Patch{Set: m{"until": over()}})
		e.ok(err)
		e.same(e.ids(nil), []string{})
	}},
}
