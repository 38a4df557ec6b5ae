package storagetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// env is what one case works with.
type env struct {
	*testing.T
	ctx    context.Context
	store  storage.Store
	tenant storage.Tenant
	c      storage.Collection
	name   string
	opts   Options
}

func newEnv(t *testing.T, store storage.Store, opts Options, n int) *env {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	tenant, err := store.Tenant("conformance")
	if err != nil {
		t.Fatalf("tenant: %v", err)
	}
	name := fmt.Sprintf("case_%d", n)
	return &env{T: t, ctx: ctx, store: store, tenant: tenant, c: tenant.Collection(name), name: name, opts: opts}
}

// size is the number of documents of a larger case.
func (e *env) size(normal, slow int) int {
	if e.opts.Slow {
		return slow
	}
	return normal
}

func (e *env) ok(err error) {
	e.Helper()
	if err != nil {
		e.Fatalf("unexpected error: %v", err)
	}
}

func (e *env) fails(err, want error) {
	e.Helper()
	if !errors.Is(err, want) {
		e.Fatalf("got error %v, want %v", err, want)
	}
}

func (e *env) same(got, want any) {
	e.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		e.Fatalf("-want +got:\n%s", diff)
	}
}

func (e *env) insert(docs ...storage.Doc) {
	e.Helper()
	for _, d := range docs {
		if err := e.c.Insert(e.ctx, d); err != nil {
			e.Fatalf("insert %v: %v", d["_id"], err)
		}
	}
}

func (e *env) get(id string) storage.Doc {
	e.Helper()
	doc, err := e.c.Get(e.ctx, id)
	e.ok(err)
	return doc
}

func (e *env) indexes(want ...storage.Index) {
	e.Helper()
	e.ok(e.c.Indexes(e.ctx, want...))
}

// ids finds the ids of all matches in order.
func (e *env) ids(where filter.Expr, by ...filter.Sort) []string {
	e.Helper()
	page, err := e.c.Find(e.ctx, storage.Query{Where: where, Sort: by, Limit: storage.MaxFindLimit})
	e.ok(err)
	return idsOf(page.Docs)
}

func idsOf(docs []storage.Doc) []string {
	out := make([]string, 0, len(docs))
	for _, d := range docs {
		id, _ := d["_id"].(string)
		out = append(out, id)
	}
	return out
}

// finds checks a filter in all ways it can be asked: Find, Count, and filter.Match.
func (e *env) finds(where filter.Expr, want ...string) {
	e.Helper()
	if want == nil {
		want = []string{}
	}
	if got := e.ids(where); !cmp.Equal(got, want) {
		e.Errorf("%v finds %v, want %v", where, got, want)
	}
	n, err := e.c.Count(e.ctx, where, 0)
	e.ok(err)
	if n != len(want) {
		e.Errorf("%v counts %d, want %d", where, n, len(want))
	}
	matched := []string{}
	for _, id := range e.ids(nil) {
		if filter.Match(where, e.get(id)) {
			matched = append(matched, id)
		}
	}
	if !cmp.Equal(matched, want) {
		e.Errorf("filter.Match of %v gives %v, want %v", where, matched, want)
	}
}

// indexedToo runs checks without and then with an index on each path.
func (e *env) indexedToo(fields []storage.IndexField, check func()) {
	e.Helper()
	check()
	if e.Failed() {
		e.Fatal("without indexes")
	}
	var want []storage.Index
	for _, f := range fields {
		want = append(want, storage.Index{Fields: []storage.IndexField{f}})
	}
	e.indexes(want...)
	check()
	if e.Failed() {
		e.Fatal("with indexes")
	}
}

func index(fields ...storage.IndexField) storage.Index { return storage.Index{Fields: fields} }

func asc(path string) storage.IndexField { return storage.IndexField{Path: path, Scale: -1} }

func desc(path string) storage.IndexField {
	return storage.IndexField{Path: path, Scale: -1, Desc: true}
}

func scaled(path string, scale int) storage.IndexField {
	return storage.IndexField{Path: path, Scale: scale}
}

func list(path string) storage.IndexField {
	return storage.IndexField{Path: path, Scale: -1, List: true}
}

func is(path string, op filter.Op, v any) filter.Expr {
	return filter.Cmp{Path: path, Op: op, Value: v}
}

func up(path string) filter.Sort { return filter.Sort{Path: path} }

func down(path string) filter.Sort { return filter.Sort{Path: path, Desc: true} }

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

func doc(id string, pairs ...any) storage.Doc {
	d := storage.Doc{"_id": id}
	for i := 0; i < len(pairs); i += 2 {
		d[pairs[i].(string)] = pairs[i+1]
	}
	return d
}

type m = map[string]any

type sortKey = filter.Sort

func typeName(v any) string { return fmt.Sprintf("%T", v) }

func sorts(by ...filter.Sort) []filter.Sort { return by }

func number(v any) *decimal.Decimal {
	var d decimal.Decimal
	switch n := v.(type) {
	case int64:
		d = decimal.FromInt(n)
	case decimal.Decimal:
		d = n
	default:
		return nil
	}
	return &d
}
