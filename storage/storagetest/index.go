package storagetest

import (
	"fmt"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// served expects that an index answers a query without a sort step.
func (e *env) served(q storage.Query) {
	e.Helper()
	plan, err := e.c.Explain(e.ctx, q)
	e.ok(err)
	if plan.Index == "" || plan.Sort {
		e.Errorf("%v is served by index %q, sort %v: %s", q.Where, plan.Index, plan.Sort, plan.Text)
	}
}

var indexCases = []kase{
	{"index/serves-its-filter-and-sort", func(e *env) {
		for i := range e.size(200, 20) {
			e.insert(doc(fmt.Sprintf("d%03d", i), "state", fmt.Sprint(i%4), "at", int64(i)))
		}
		e.indexes(index(asc("state"), desc("at")))
		e.served(storage.Query{Where: is("state", filter.Eq, "1"), Sort: sorts(down("at")), Limit: 5})
		plan, err := e.c.Explain(e.ctx, storage.Query{Where: is("other", filter.Eq, "1")})
		e.ok(err)
		e.same(plan.Index, "")
	}},
	{"index/list-paths-are-served", func(e *env) {
		for i := range e.size(100, 10) {
			e.insert(doc(fmt.Sprintf("d%03d", i), "who", []any{fmt.Sprint(i % 4), "x"}, "at", int64(i)))
		}
		e.indexes(index(list("who"), desc("at")))
		e.served(storage.Query{Where: is("who", filter.Eq, "1"), Sort: sorts(down("at")), Limit: 5})
	}},
	{"index/declaring-again-changes-nothing", func(e *env) {
		e.insert(doc("a", "v", "x"))
		want := []storage.Index{index(asc("v")), index(asc("v"), desc("w")), index(scaled("n", 2))}
		e.indexes(want...)
		e.indexes(want...)
		e.finds(is("v", filter.Eq, "x"), "a")
	}},
	{"index/what-is-no-longer-declared-goes", func(e *env) {
		e.insert(doc("a", "v", "x"))
		e.indexes(index(asc("v")), index(asc("w")))
		e.indexes(index(asc("w")))
		plan, err := e.c.Explain(e.ctx, storage.Query{Where: is("v", filter.Eq, "x")})
		e.ok(err)
		e.same(plan.Index, "")
		e.indexes()
		e.finds(is("v", filter.Eq, "x"), "a")
	}},
	{"index/keeps-up-with-changes", func(e *env) {
		e.indexes(index(asc("v")), index(list("l")), index(scaled("n", 2), asc("v")))
		e.insert(doc("a", "v", "1", "l", []any{"p", "q"}, "n", dec("1.50")), doc("b", "v", "1"), doc("c"))
		_, err := e.c.Patch(e.ctx, "a", storage.Guard{}, storage.Patch{Set: m{"v": "2"}, Pull: map[string][]any{"l": {"p"}}, Inc: m{"n": dec("0.25")}})
		e.ok(err)
		_, err = e.c.Replace(e.ctx, doc("c", "_rev", int64(1), "v", "1", "l", []any{"q"}))
		e.ok(err)
		e.finds(is("v", filter.Eq, "1"), "b", "c")
		e.finds(is("l", filter.Eq, "p"))
		e.finds(is("l", filter.Eq, "q"), "a", "c")
		e.finds(is("n", filter.Eq, dec("1.75")), "a")
		e.ok(e.c.Delete(e.ctx, "c", storage.Guard{}))
		e.finds(is("l", filter.Eq, "q"), "a")
		e.indexes(index(asc("other")), index(list("l")))
		e.insert(doc("d", "v", "1", "other", "o"))
		e.finds(is("v", filter.Eq, "1"), "b", "d")
		e.finds(is("other", filter.Eq, "o"), "d")
	}},
	{"index/lists-where-none-was-declared", func(e *env) {
		e.indexes(index(asc("v")), index(asc("m.x")))
		e.insert(doc("a", "v", "1", "m", m{"x": "1"}), doc("b", "v", []any{"1", "2"}, "m", []any{m{"x": "1"}, m{"x": "2"}}))
		e.finds(is("v", filter.Eq, "1"), "a", "b")
		e.finds(is("v", filter.Eq, "2"), "b")
		e.finds(is("m.x", filter.Eq, "2"), "b")
		e.finds(is("m.x", filter.Ne, "2"), "a")
	}},
	{"index/sparse-holds-those-with-the-field", func(e *env) {
		e.insert(doc("a", "due", int64(3)), doc("b"), doc("c", "due", nil), doc("d", "due", int64(1)))
		e.indexes(storage.Index{Fields: []storage.IndexField{asc("due")}, Sparse: true})
		e.same(e.ids(is("due", filter.Le, int64(5)), up("due")), []string{"d", "a"})
		e.same(e.ids(nil, up("due")), []string{"b", "c", "d", "a"})
		e.finds(is("due", filter.Exists, true), "a", "c", "d")
		e.finds(is("due", filter.Eq, nil), "b", "c")
		_, err := e.c.Patch(e.ctx, "a", storage.Guard{}, storage.Patch{Unset: []string{"due"}})
		e.ok(err)
		e.finds(is("due", filter.Gt, int64(0)), "d")
	}},
	{"index/sparse-serves-a-sweep", func(e *env) {
		for i := range e.size(200, 20) {
			d := doc(fmt.Sprintf("d%03d", i))
			if i%10 == 0 {
				d["due"] = int64(i)
			}
			e.insert(d)
		}
		e.indexes(storage.Index{Fields: []storage.IndexField{asc("due")}, Sparse: true})
		e.served(storage.Query{Where: is("due", filter.Le, int64(100)), Sort: sorts(up("due")), Limit: 5})
	}},
	{"index/bad-declarations-are-refused", func(e *env) {
		many := make([]storage.Index, storage.MaxIndexes+1)
		for i := range many {
			many[i] = index(asc(fmt.Sprintf("f%d", i)))
		}
		for _, want := range [][]storage.Index{
			many, {index()}, {index(asc(""))}, {index(asc("a"), asc("a"))}, {index(list("a"), list("b"))}, {index(asc("a")), index(asc("a"))},
			{index(scaled("a", 21))}, {{Fields: []storage.IndexField{asc("a"), asc("b")}, Expire: true}}, {{Fields: []storage.IndexField{asc("a")}, IfPresent: true}},
		} {
			e.fails(e.c.Indexes(e.ctx, want...), storage.ErrInvalid)
		}
	}},
}
