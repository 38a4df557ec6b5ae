package storagetest

import "github.com/formwork-run/formwork/storage"

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
