package storagetest

import (
	"errors"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

var crudCases = []kase{
	{"crud/insert-and-get", func(e *env) {
		e.insert(doc("a", "name", "Ann", "tags", []any{"x"}))
		e.same(e.get("a"), doc("a", "_rev", int64(1), "name", "Ann", "tags", []any{"x"}))
	}},
	{"crud/get-of-nothing-is-not-found", func(e *env) {
		_, err := e.c.Get(e.ctx, "nobody")
		e.fails(err, storage.ErrNotFound)
		e.insert(doc("a"))
		_, err = e.c.Get(e.ctx, "A")
		e.fails(err, storage.ErrNotFound)
	}},
	{"crud/get-many-gives-those-that-exist", func(e *env) {
		e.insert(doc("a"), doc("b"))
		got, err := e.c.GetMany(e.ctx, []string{"a", "x", "b", "a"})
		e.ok(err)
		e.same(got, map[string]storage.Doc{"a": doc("a", "_rev", int64(1)), "b": doc("b", "_rev", int64(1))})
	}},
	{"crud/what-was-acknowledged-is-read", func(e *env) {
		for i := range e.size(100, 10) {
			id := string(rune('a'+i%26)) + string(rune('a'+i/26))
			e.insert(doc(id, "n", int64(i)))
			e.same(e.get(id)["n"], int64(i))
		}
	}},
	{"crud/an-id-is-taken-once", func(e *env) {
		e.insert(doc("a", "v", "first"))
		err := e.c.Insert(e.ctx, doc("a", "v", "second"))
		e.fails(err, storage.ErrDuplicate)
		var dup *storage.DuplicateError
		if !errors.As(err, &dup) || dup.ID != "a" || len(dup.Index.Fields) != 0 {
			e.Fatalf("got %#v, want the id itself", err)
		}
		e.same(e.get("a")["v"], "first")
	}},
	{"crud/several-inserts-stop-at-the-first-refused", func(e *env) {
		e.insert(doc("b"))
		e.fails(e.c.Insert(e.ctx, doc("a"), doc("b"), doc("c")), storage.ErrDuplicate)
		_, err := e.c.Get(e.ctx, "c")
		e.fails(err, storage.ErrNotFound)
	}},
	{"crud/replace-raises-rev", func(e *env) {
		e.insert(doc("a", "v", int64(1), "gone", true))
		rev, err := e.c.Replace(e.ctx, doc("a", "_rev", int64(1), "v", int64(2)))
		e.ok(err)
		e.same(rev, int64(2))
		e.same(e.get("a"), doc("a", "_rev", int64(2), "v", int64(2)))
	}},
	{"crud/delete-removes", func(e *env) {
		e.insert(doc("a"), doc("b"))
		e.ok(e.c.Delete(e.ctx, "a", storage.Guard{}))
		_, err := e.c.Get(e.ctx, "a")
		e.fails(err, storage.ErrNotFound)
		e.fails(e.c.Delete(e.ctx, "a", storage.Guard{}), storage.ErrNotFound)
		e.same(e.ids(nil), []string{"b"})
	}},
	{"crud/an-unknown-collection-is-empty", func(e *env) {
		e.same(e.ids(nil), []string{})
		n, err := e.c.Count(e.ctx, nil, 0)
		e.ok(err)
		e.same(n, 0)
		_, err = e.c.Patch(e.ctx, "a", storage.Guard{}, storage.Patch{Set: m{"x": true}})
		e.fails(err, storage.ErrNotFound)
	}},
	{"crud/fields-limit-what-comes", func(e *env) {
		e.insert(doc("a", "x", int64(1), "y", m{"p": "1", "q": "2"}, "l", []any{m{"p": "1", "q": "2"}}))
		page, err := e.c.Find(e.ctx, storage.Query{Fields: []string{"y.q", "l.p", "none"}})
		e.ok(err)
		e.same(page.Docs, []storage.Doc{doc("a", "_rev", int64(1), "y", m{"q": "2"}, "l", []any{m{"p": "1"}})})
	}},
	{"crud/count-stops-behind-its-limit", func(e *env) {
		for _, id := range []string{"a", "b", "c", "d"} {
			e.insert(doc(id, "v", id))
		}
		for limit, want := range map[int]int{0: 4, 1: 2, 3: 4, 4: 4, 9: 4} {
			n, err := e.c.Count(e.ctx, nil, limit)
			e.ok(err)
			e.same(n, want)
		}
		n, err := e.c.Count(e.ctx, is("v", filter.Gt, "a"), 1)
		e.ok(err)
		e.same(n, 2)
	}},
	{"crud/what-is-returned-is-the-callers", func(e *env) {
		in := doc("a", "m", m{"k": "v"}, "l", []any{"x"})
		e.insert(in)
		in["m"].(m)["k"] = "changed"
		out, err := e.c.Patch(e.ctx, "a", storage.Guard{}, storage.Patch{Push: map[string][]any{"l": {"y"}}})
		e.ok(err)
		out["m"].(m)["k"] = "changed too"
		e.same(e.get("a"), doc("a", "_rev", int64(2), "m", m{"k": "v"}, "l", []any{"x", "y"}))
	}},
}
