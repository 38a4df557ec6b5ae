package storagetest

import (
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// patched inserts a document, patches it and compares what comes back and what is stored.
func patched(e *env, before storage.Doc, p storage.Patch, want storage.Doc) {
	e.Helper()
	e.insert(before)
	id := before["_id"].(string)
	got, err := e.c.Patch(e.ctx, id, storage.Guard{}, p)
	e.ok(err)
	want["_id"], want["_rev"] = id, int64(2)
	e.same(got, want)
	e.same(e.get(id), want)
}

// blind takes members away without asking for the document; within an index, a
// list index and beside both, so that a store's short cut meets each of them.
func blind(e *env, unset []string, want storage.Doc) {
	e.Helper()
	e.indexes(index(asc("due")), storage.Index{Fields: []storage.IndexField{asc("box.n")}, Sparse: true}, index(list("tags")))
	e.insert(doc("a", "due", int64(7), "box", m{"n": "1"}, "tags", []any{"x"}, "t", "a \"quote\" {due} \\", "x", dec("1.50")), doc("b", "due", int64(8)))
	p := storage.Patch{Unset: unset, Blind: true}
	_, err := e.c.Patch(e.ctx, "a", storage.Guard{Rev: 9}, p)
	e.fails(err, storage.ErrConflict)
	_, err = e.c.Patch(e.ctx, "none", storage.Guard{}, p)
	e.fails(err, storage.ErrNotFound)
	_, err = e.c.Patch(e.ctx, "a", storage.Guard{Rev: 1}, p)
	e.ok(err)
	want["_rev"] = int64(2)
	e.same(e.get("a"), want)
	for _, path := range unset {
		if path != "none" {
			e.finds(filter.And{is("_id", filter.Eq, "a"), is(path, filter.Exists, true)})
		}
	}
	e.finds(is("due", filter.Gt, int64(7)), "b")
}

// refused expects ErrInvalid and an untouched document.
func refused(e *env, before storage.Doc, p storage.Patch) {
	e.Helper()
	e.insert(before)
	id := before["_id"].(string)
	_, err := e.c.Patch(e.ctx, id, storage.Guard{}, p)
	e.fails(err, storage.ErrInvalid)
	before["_rev"] = int64(1)
	e.same(e.get(id), before)
}

var patchCases = []kase{
	{"crud/patch-sets", func(e *env) {
		patched(e, doc("a", "x", "old"), storage.Patch{Set: m{"x": "new", "deep.er": int64(1), "n": nil}},
			doc("a", "x", "new", "deep", m{"er": int64(1)}, "n", nil))
	}},
	{"crud/patch-sets-within-a-list", func(e *env) {
		patched(e, doc("a", "l", []any{m{"v": "1"}, m{"v": "2"}}), storage.Patch{Set: m{"l.1.v": "two"}},
			doc("a", "l", []any{m{"v": "1"}, m{"v": "two"}}))
	}},
	{"crud/unset-is-absent", func(e *env) {
		patched(e, doc("a", "x", "1", "y", m{"p": "1", "q": "2"}), storage.Patch{Unset: []string{"x", "y.p", "never.was"}},
			doc("a", "y", m{"q": "2"}))
	}},
	{"crud/patch-increments", func(e *env) {
		patched(e, doc("a", "n", int64(5), "c", m{"d": dec("1.50")}),
			storage.Patch{Inc: m{"n": int64(-2), "c.d": dec("0.05"), "new": int64(3), "newd": dec("0.10")}},
			doc("a", "n", int64(3), "c", m{"d": dec("1.55")}, "new", int64(3), "newd", dec("0.10")))
	}},
	{"crud/patch-pushes", func(e *env) {
		patched(e, doc("a", "l", []any{"x"}), storage.Patch{Push: map[string][]any{"l": {"y", m{"k": "v"}}, "new": {"z"}}},
			doc("a", "l", []any{"x", "y", m{"k": "v"}}, "new", []any{"z"}))
	}},
	{"crud/patch-pulls-equal-elements", func(e *env) {
		patched(e, doc("a", "l", []any{"x", "y", "x", "z"}), storage.Patch{Pull: map[string][]any{"l": {"x", "z"}, "none": {"q"}}},
			doc("a", "l", []any{"y"}))
	}},
	{"crud/an-empty-patch-raises-rev", func(e *env) {
		patched(e, doc("a", "x", "1"), storage.Patch{}, doc("a", "x", "1"))
	}},
	{"crud/a-blind-patch-takes-members-away", func(e *env) {
		blind(e, []string{"due", "box", "none"}, doc("a", "tags", []any{"x"}, "t", "a \"quote\" {due} \\", "x", dec("1.50")))
	}},
	{"crud/a-blind-patch-takes-lists-away", func(e *env) {
		blind(e, []string{"due", "tags", "t"}, doc("a", "box", m{"n": "1"}, "x", dec("1.50")))
		e.finds(is("tags", filter.Eq, "x"))
	}},
	{"crud/a-blind-patch-empties-a-document", func(e *env) {
		blind(e, []string{"due", "tags", "t", "x", "box"}, doc("a"))
	}},
	{"crud/patch-touches-a-place-once", func(e *env) {
		refused(e, doc("a"), storage.Patch{Set: m{"x": "1"}, Unset: []string{"x"}})
		refused(e, doc("b"), storage.Patch{Set: m{"x.y": "1"}, Inc: m{"x": int64(1)}})
	}},
	{"crud/patch-leaves-id-and-rev-alone", func(e *env) {
		refused(e, doc("a"), storage.Patch{Set: m{"_id": "b"}})
		refused(e, doc("b"), storage.Patch{Inc: m{"_rev": int64(1)}})
	}},
	{"crud/patch-refuses-what-the-shape-forbids", func(e *env) {
		refused(e, doc("a", "x", "text"), storage.Patch{Inc: m{"x": int64(1)}})
		refused(e, doc("b", "x", "text"), storage.Patch{Push: map[string][]any{"x": {"1"}}})
		refused(e, doc("c", "x", "text"), storage.Patch{Set: m{"x.y": "1"}})
		refused(e, doc("d", "x", "text"), storage.Patch{Pull: map[string][]any{"x": {"1"}}})
	}},
}
