package storagetest

import (
	"strings"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

var limitCases = []kase{
	{"limits/a-document-of-6-mb-is-stored", func(e *env) {
		text := strings.Repeat("0123456789abcdef", 6<<20/16)
		e.insert(doc("a", "v", text))
		if got, _ := e.get("a")["v"].(string); got != text {
			e.Errorf("%d bytes come back as %d", len(text), len(got))
		}
	}},
	{"limits/a-larger-document-is-refused", func(e *env) {
		text := strings.Repeat("x", storage.MaxDocBytes)
		e.fails(e.c.Insert(e.ctx, doc("a", "v", text)), storage.ErrTooLarge)
		e.insert(doc("b"))
		_, err := e.c.Patch(e.ctx, "b", storage.Guard{}, storage.Patch{Set: m{"v": text}})
		e.fails(err, storage.ErrTooLarge)
		e.same(e.get("b"), doc("b", "_rev", int64(1)))
	}},
	{"limits/ten-thousand-rows", func(e *env) {
		rows := make([]any, 10_000)
		for i := range rows {
			rows[i] = m{"id": "r", "qty": dec("1.50"), "n": int64(i)}
		}
		e.insert(doc("a", "rows", rows))
		got, _ := e.get("a")["rows"].([]any)
		e.same(len(got), len(rows))
		e.same(got[9999], rows[9999])
	}},
	{"limits/nesting-is-bounded", func(e *env) {
		var v any = "core"
		for range storage.MaxNesting + 1 {
			v = []any{v}
		}
		e.fails(e.c.Insert(e.ctx, doc("a", "v", v)), storage.ErrInvalid)
	}},
	{"limits/keys-are-checked", func(e *env) {
		for _, key := range []string{"", "a.b", "$where", "$d", "nul\x00"} {
			e.fails(e.c.Insert(e.ctx, doc("a", key, "x")), storage.ErrInvalid)
			e.fails(e.c.Insert(e.ctx, doc("a", "deep", []any{m{key: "x"}})), storage.ErrInvalid)
		}
		e.insert(doc("ok", "中文 key-1", "x"))
		e.same(e.get("ok")["中文 key-1"], "x")
	}},
	{"limits/ids-are-checked", func(e *env) {
		for _, id := range []any{"", nil, int64(1), strings.Repeat("x", storage.MaxKeyLength+1), "nul\x00", "bad\xff"} {
			e.fails(e.c.Insert(e.ctx, storage.Doc{"_id": id}), storage.ErrInvalid)
		}
		long := strings.Repeat("x", storage.MaxKeyLength)
		e.insert(doc(long), doc("with space/and:more.dots 中"))
		e.same(e.ids(nil), []string{"with space/and:more.dots 中", long})
	}},
	{"limits/names-are-checked", func(e *env) {
		for _, name := range []string{"", "A", "1a", "a-b", "a b", "a.b", "a\"b", strings.Repeat("a", 82)} {
			c := e.tenant.Collection(name)
			e.fails(c.Insert(e.ctx, doc("a")), storage.ErrInvalid)
			_, err := c.Find(e.ctx, storage.Query{})
			e.fails(err, storage.ErrInvalid)
			e.fails(c.Indexes(e.ctx), storage.ErrInvalid)
		}
		for _, id := range []string{"", "A", "a b", "a/b", "../x", "中", strings.Repeat("a", 41)} {
			_, err := e.store.Tenant(id)
			e.fails(err, storage.ErrInvalid)
		}
	}},
	{"limits/page-sizes-are-bounded", func(e *env) {
		for i := range e.size(storage.DefaultLimit+5, storage.DefaultLimit+1) {
			e.insert(doc(strings.Repeat("x", i+1)))
		}
		page, err := e.c.Find(e.ctx, storage.Query{})
		e.ok(err)
		e.same(len(page.Docs), storage.DefaultLimit)
		for _, limit := range []int{-1, storage.MaxFindLimit + 1} {
			_, err := e.c.Find(e.ctx, storage.Query{Limit: limit})
			e.fails(err, storage.ErrInvalid)
		}
		_, err = e.c.GetMany(e.ctx, make([]string, storage.MaxFindLimit+1))
		e.fails(err, storage.ErrInvalid)
	}},
	{"limits/one-list-valued-path-per-index", func(e *env) {
		e.insert(doc("a"))
		e.fails(e.c.Indexes(e.ctx, index(list("a"), asc("b"), list("c"))), storage.ErrInvalid)
		e.indexes(index(list("a"), asc("b")), index(asc("x"), list("c")))
		e.insert(doc("b", "x", "1", "c", []any{"p", "q"}))
		e.finds(filter.And{is("x", filter.Eq, "1"), is("c", filter.Eq, "q")}, "b")
	}},
}
