package storagetest

import (
	"errors"
	"slices"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

func unique(fields ...storage.IndexField) storage.Index {
	return storage.Index{Fields: fields, Unique: true}
}

func present(fields ...storage.IndexField) storage.Index {
	return storage.Index{Fields: fields, Unique: true, IfPresent: true}
}

// taken expects a refusal that names the index and the documents in the way.
func (e *env) taken(err error, ix storage.Index, id string, others ...string) {
	e.Helper()
	e.fails(err, storage.ErrDuplicate)
	var dup *storage.DuplicateError
	if !errors.As(err, &dup) {
		e.Fatalf("got %T", err)
	}
	slices.Sort(dup.Others)
	e.same(dup, &storage.DuplicateError{Index: ix, ID: id, Others: others})
}

var uniqueCases = []kase{
	{"index/unique-refuses-and-names", func(e *env) {
		ix := unique(asc("code"))
		e.indexes(ix)
		e.insert(doc("a", "code", "1"), doc("b", "code", "2"))
		e.taken(e.c.Insert(e.ctx, doc("c", "code", "1")), ix, "c", "a")
		_, err := e.c.Patch(e.ctx, "b", storage.Guard{}, storage.Patch{Set: m{"code": "1"}})
		e.taken(err, ix, "b", "a")
		_, err = e.c.Replace(e.ctx, doc("b", "_rev", int64(1), "code", "1"))
		e.taken(err, ix, "b", "a")
		e.same(e.get("b"), doc("b", "_rev", int64(1), "code", "2"))
		_, err = e.c.Patch(e.ctx, "a", storage.Guard{}, storage.Patch{Set: m{"other": "x"}})
		e.ok(err)
	}},
	{"index/unique-takes-null-and-missing-for-one-value", func(e *env) {
		ix := unique(asc("code"))
		e.indexes(ix)
		e.insert(doc("a"))
		e.taken(e.c.Insert(e.ctx, doc("b", "code", nil)), ix, "b", "a")
	}},
	{"index/unique-over-several-fields", func(e *env) {
		ix := unique(asc("a"), scaled("n", 2))
		e.indexes(ix)
		e.insert(doc("1", "a", "x", "n", dec("1.5")), doc("2", "a", "x", "n", dec("1.6")), doc("3", "a", "y", "n", dec("1.5")))
		e.taken(e.c.Insert(e.ctx, doc("4", "a", "x", "n", dec("1.50"))), ix, "4", "1")
	}},
	{"index/unique-if-present-leaves-out-absent", func(e *env) {
		ix := present(asc("uniq.code"), asc("uniq.kind"))
		e.indexes(ix)
		e.insert(doc("a", "uniq", m{"code": "1", "kind": "x"}), doc("b", "uniq", m{"code": "1"}), doc("c", "uniq", m{"code": "1"}), doc("d"), doc("e"))
		e.taken(e.c.Insert(e.ctx, doc("f", "uniq", m{"code": "1", "kind": "x"})), ix, "f", "a")
		e.finds(is("uniq.code", filter.Eq, "1"), "a", "b", "c")
	}},
	{"index/unset-frees-a-unique-value", func(e *env) {
		ix := present(asc("uniq.code"))
		e.indexes(ix)
		e.insert(doc("a", "uniq", m{"code": "1"}))
		_, err := e.c.Patch(e.ctx, "a", storage.Guard{}, storage.Patch{Unset: []string{"uniq.code"}})
		e.ok(err)
		e.insert(doc("b", "uniq", m{"code": "1"}))
		e.ok(e.c.Delete(e.ctx, "b", storage.Guard{}))
		e.insert(doc("c", "uniq", m{"code": "1"}))
	}},
	{"index/unique-on-existing-duplicates-lists-them", func(e *env) {
		e.insert(doc("a", "v", "1"), doc("b", "v", "2"), doc("c", "v", "1"), doc("d"), doc("e"))
		e.indexes(index(asc("w")))
		err := e.c.Indexes(e.ctx, index(asc("x")), present(asc("v")))
		var dup *storage.DuplicateError
		if !errors.As(err, &dup) {
			e.Fatalf("got %v, want a DuplicateError", err)
		}
		got := append([]string{dup.ID}, dup.Others...)
		slices.Sort(got)
		if !cmp.Equal(got, []string{"a", "c"}) {
			e.Errorf("lists %v, want a and c", got)
		}
		plan, err := e.c.Explain(e.ctx, storage.Query{Where: is("w", filter.Eq, "1")})
		e.ok(err)
		if plan.Index == "" {
			e.Error("the index that was there is gone")
		}
		e.insert(doc("f", "v", "1"))
		for _, id := range []string{"c", "f"} {
			e.ok(e.c.Delete(e.ctx, id, storage.Guard{}))
		}
		e.indexes(present(asc("v")))
	}},
	{"index/unique-list-elements", func(e *env) {
		ix := unique(list("codes"))
		e.indexes(ix)
		e.insert(doc("a", "codes", []any{"1", "2", "1"}), doc("b", "codes", []any{"3"}))
		e.taken(e.c.Insert(e.ctx, doc("c", "codes", []any{"4", "2"})), ix, "c", "a")
		_, err := e.c.Patch(e.ctx, "b", storage.Guard{}, storage.Patch{Push: map[string][]any{"codes": {"1"}}})
		e.taken(err, ix, "b", "a")
		e.finds(is("codes", filter.Eq, "3"), "b")
		e.finds(is("codes", filter.Eq, "4"))
	}},
}
