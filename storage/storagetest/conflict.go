package storagetest

import (
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

var conflictCases = []kase{
	{"conflict/replace-compares-rev", func(e *env) {
		e.insert(doc("a", "v", int64(1)))
		_, err := e.c.Replace(e.ctx, doc("a", "_rev", int64(1), "v", int64(2)))
		e.ok(err)
		_, err = e.c.Replace(e.ctx, doc("a", "_rev", int64(1), "v", int64(3)))
		e.fails(err, storage.ErrConflict)
		e.same(e.get("a")["v"], int64(2))
	}},
	{"conflict/replace-of-nothing-is-not-found", func(e *env) {
		_, err := e.c.Replace(e.ctx, doc("a", "_rev", int64(1)))
		e.fails(err, storage.ErrNotFound)
		e.insert(doc("b"))
		_, err = e.c.Replace(e.ctx, doc("a", "_rev", int64(1)))
		e.fails(err, storage.ErrNotFound)
	}},
	{"conflict/replace-needs-a-rev", func(e *env) {
		e.insert(doc("a"))
		_, err := e.c.Replace(e.ctx, doc("a", "v", "x"))
		e.fails(err, storage.ErrInvalid)
	}},
	{"conflict/patch-guarded-by-rev", func(e *env) {
		e.insert(doc("a", "v", int64(1)))
		_, err := e.c.Patch(e.ctx, "a", storage.Guard{Rev: 2}, storage.Patch{Set: m{"v": int64(2)}})
		e.fails(err, storage.ErrConflict)
		got, err := e.c.Patch(e.ctx, "a", storage.Guard{Rev: 1}, storage.Patch{Set: m{"v": int64(2)}})
		e.ok(err)
		e.same(got["_rev"], int64(2))
	}},
	{"conflict/patch-guarded-by-a-condition", func(e *env) {
		e.insert(doc("a", "left", int64(5)))
		take := func() error {
			_, err := e.c.Patch(e.ctx, "a", storage.Guard{Where: is("left", filter.Ge, int64(3))}, storage.Patch{Inc: m{"left": int64(-3)}})
			return err
		}
		e.ok(take())
		e.fails(take(), storage.ErrConflict)
		e.same(e.get("a")["left"], int64(2))
	}},
	{"conflict/patch-of-nothing-is-not-found", func(e *env) {
		e.insert(doc("b"))
		_, err := e.c.Patch(e.ctx, "a", storage.Guard{Rev: 1}, storage.Patch{Set: m{"v": "x"}})
		e.fails(err, storage.ErrNotFound)
	}},
	{"conflict/delete-is-guarded", func(e *env) {
		e.insert(doc("a", "v", int64(1)))
		e.fails(e.c.Delete(e.ctx, "a", storage.Guard{Rev: 9}), storage.ErrConflict)
		e.fails(e.c.Delete(e.ctx, "a", storage.Guard{Where: is("v", filter.Gt, int64(1))}), storage.ErrConflict)
		e.ok(e.c.Delete(e.ctx, "a", storage.Guard{Rev: 1, Where: is("v", filter.Eq, int64(1))}))
	}},
	{"conflict/a-refused-write-changes-nothing", func(e *env) {
		e.insert(doc("a", "v", int64(1)))
		_, err := e.c.Patch(e.ctx, "a", storage.Guard{Rev: 9}, storage.Patch{Set: m{"v": int64(2)}})
		e.fails(err, storage.ErrConflict)
		e.same(e.get("a"), doc("a", "_rev", int64(1), "v", int64(1)))
	}},
}
