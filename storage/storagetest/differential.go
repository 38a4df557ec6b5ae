package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Differential compares a store with filter.Match and filter.Less: it makes
// random documents, and n times changes some of them, sometimes declares other
// indexes, and asks a random filter in a random order by Find in pages, Count
// and Aggregate. The same seed gives the same run.
func Differential(t *testing.T, store storage.Store, seed uint64, n int) {
	t.Helper()
	DifferentialIn(t, store, seed, n, World{})
}

// World leaves out of a differential run what a server cannot do. The zero World leaves out nothing.
type World struct {
	NoDecimals  bool // numbers are int64
	NoCrossing  bool // no condition has a path through a list to the fields of its maps
	NoElemMatch bool
	NoAggregate bool
	NoSparse    bool // no sparse index is declared
}

// DifferentialIn is Differential in a smaller world.
func DifferentialIn(t *testing.T, store storage.Store, seed uint64, n int, w World) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	tenant, err := store.Tenant("differential")
	if err != nil {
		t.Fatal(err)
	}
	d := &differential{T: t, random: newRandom(seed, w), ctx: ctx, docs: map[string]storage.Doc{},
		c: tenant.Collection(fmt.Sprintf("seed_%d", seed))}
	for range 40 {
		d.change()
	}
	for i := range n {
		d.round(i)
		if t.Failed() {
			t.Fatalf("seed %d, round %d", seed, i)
		}
	}
}

// differential holds what the store should hold.
type differential struct {
	*testing.T
	random
	ctx  context.Context
	c    storage.Collection
	docs map[string]storage.Doc
	decl []storage.Index
}

func (d *differential) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatalf("%v; indexes %v", err, d.names())
	}
}

func (d *differential) names() []string {
	var out []string
	for _, ix := range d.decl {
		out = append(out, ix.Name())
	}
	return out
}

func (d *differential) round(i int) {
	if i%25 == 0 {
		d.decl = d.indexes()
		d.must(d.c.Indexes(d.ctx, d.decl...))
	}
	for range d.IntN(4) {
		d.change()
	}
	where, by := d.expr(3), d.sort()
	want := d.want(where, by)
	q := storage.Query{Where: where, Sort: by, Limit: 1 + d.IntN(20)}
	if got := d.find(q); !cmp.Equal(got, want) {
		plan, err := d.c.Explain(d.ctx, q)
		d.Errorf("%#v\nsort %v limit %d\ngot  %v\nwant %v\nindexes %v\nplan %v %v", where, by, q.Limit, got, want, d.names(), plan, err)
	}
	count, err := d.c.Count(d.ctx, where, 0)
	d.must(err)
	if count != len(want) {
		d.Errorf("%#v\ncounts %d, want %d, indexes %v", where, count, len(want), d.names())
	}
	if !d.NoAggregate {
		d.sums(where, want)
	}
}

// change inserts, replaces, patches or deletes one document in both worlds.
func (d *differential) change() {
	id := d.id()
	old, exists := d.docs[id]
	switch {
	case !exists:
		doc := d.doc(id)
		d.must(d.c.Insert(d.ctx, doc))
		doc["_rev"] = int64(1)
		d.docs[id] = doc
	case d.IntN(5) == 0:
		d.must(d.c.Delete(d.ctx, id, storage.Guard{Rev: old["_rev"].(int64)}))
		delete(d.docs, id)
	case d.IntN(2) == 0:
		doc := d.doc(id)
		doc["_rev"] = old["_rev"]
		rev, err := d.c.Replace(d.ctx, doc)
		d.must(err)
		doc["_rev"] = rev
		d.docs[id] = doc
	default:
		d.patch(id, old)
	}
}

func (d *differential) patch(id string, old storage.Doc) {
	p := storage.Patch{Set: map[string]any{"s": d.text()}, Unset: []string{"t"}}
	if _, ok := old["tags"]; ok {
		p.Push = map[string][]any{"tags": {d.text()}}
	} else {
		p.Set["tags"] = d.texts()
	}
	got, err := d.c.Patch(d.ctx, id, storage.Guard{}, p)
	d.must(err)
	v, err := storage.Normalize(old)
	d.must(err)
	want := v.(map[string]any)
	d.must(p.Apply(want))
	want["_rev"] = old["_rev"].(int64) + 1
	if diff := cmp.Diff(want, got); diff != "" {
		d.Errorf("patch %v: -want +got\n%s", p, diff)
	}
	d.docs[id] = want
}

func (d *differential) want(where filter.Expr, by []filter.Sort) []string {
	match := filter.Compile(where)
	var list []storage.Doc
	for _, doc := range d.docs {
		if match(doc) {
			list = append(list, doc)
		}
	}
	slices.SortFunc(list, func(a, b storage.Doc) int { return filter.CompareDocs(by, a, b) })
	return idsOf(list)
}

// find reads all pages, and compares the documents with what they should be.
func (d *differential) find(q storage.Query) []string {
	out := []string{}
	for {
		page, err := d.c.Find(d.ctx, q)
		d.must(err)
		for _, doc := range page.Docs {
			id, _ := doc["_id"].(string)
			if diff := cmp.Diff(d.docs[id], doc); diff != "" {
				d.Errorf("%s: -want +got\n%s", id, diff)
			}
			out = append(out, id)
		}
		if page.Next == "" || len(out) > len(d.docs) {
			return out
		}
		q.Cursor = page.Next
	}
}

// sums compares a grouping of the matches with the same one over an unindexed world.
func (d *differential) sums(where filter.Expr, ids []string) {
	key := pick(d.random, plainPaths...)
	rows, err := d.c.Aggregate(d.ctx, storage.Group{Where: where, By: []storage.GroupKey{{As: "k", Path: key}},
		Measures: []storage.Measure{{As: "docs", Fn: "count"}, {As: "sum", Fn: "sum", Path: "n"}, {As: "min", Fn: "min", Path: "mix"}}})
	if errors.Is(err, storage.ErrInvalid) {
		return
	}
	d.must(err)
	type total struct {
		key, sum, min any
		docs          int64
	}
	var want []*total
	for _, id := range ids {
		doc := d.docs[id]
		k, _, _ := filter.Lookup(doc, key)
		i := slices.IndexFunc(want, func(t *total) bool { return filter.Equal(t.key, k) })
		if i < 0 {
			i = len(want)
			want = append(want, &total{key: k, sum: int64(0)})
		}
		want[i].docs++
		want[i].sum = addNumbers(want[i].sum, doc["n"])
		if v := doc["mix"]; v != nil && (want[i].min == nil || filter.Compare(v, want[i].min) < 0) {
			want[i].min = v
		}
	}
	slices.SortFunc(want, func(a, b *total) int { return filter.Compare(a.key, b.key) })
	if len(rows) != len(want) {
		d.Errorf("%d groups, want %d; by %s of %#v, indexes %v", len(rows), len(want), key, where, d.names())
		return
	}
	for i, w := range want {
		r := rows[i]
		if !filter.Equal(r["k"], w.key) || !filter.Equal(r["sum"], w.sum) || !filter.Equal(r["min"], w.min) || r["docs"] != any(w.docs) {
			d.Errorf("group %v, want %v; by %s of %#v, indexes %v", r, *w, key, where, d.names())
		}
	}
}

func addNumbers(sum, v any) any {
	a, b := number(sum), number(v)
	if a == nil || b == nil {
		return sum
	}
	return a.Add(*b)
}
