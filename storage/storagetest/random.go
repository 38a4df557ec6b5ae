package storagetest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// random makes documents and filters from a small world of paths and values, so
// that they meet often.
type random struct {
	*rand.Rand
	World
}

func newRandom(seed uint64, w World) random {
	return random{rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)), w}
}

func pick[T any](r random, list ...T) T { return list[r.IntN(len(list))] }

// The paths that never hold or cross a list, and those that may.
var (
	plainPaths = []string{"s", "n", "t", "b", "mix", "m.s", "m.n"}
	listPaths  = []string{"tags", "lines.qty", "lines.name", "lines", "any", "lines.sub"}
)

func (r random) path() string {
	if r.IntN(3) > 0 {
		return pick(r, plainPaths...)
	}
	if r.NoCrossing {
		return pick(r, "tags", "lines", "any")
	}
	return pick(r, listPaths...)
}

func (r random) text() string {
	return pick(r, "", "a", "A", "ab", "abc", "b", "ba", "中", "中文", "é", "\U0001F600", "a_b", "a%", "\u0000", "10", "9")
}

func (r random) number() any {
	if r.NoDecimals || r.IntN(3) == 0 {
		return int64(r.IntN(7) - 3)
	}
	return pick(r, dec("0"), dec("0.00"), dec("1.5"), dec("1.50"), dec("-1.5"), dec("2"), dec("-0.01"), dec("10"), dec("9.99"), dec("1.234"),
		dec("12345678901234567890.5"), dec("-12345678901234567890.5"), dec("3"))
}

func (r random) time() time.Time {
	return time.UnixMilli(int64(r.IntN(7)-3) * 43_200_000).UTC()
}

func (r random) scalar() any {
	switch r.IntN(8) {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return r.time()
	case 3, 4:
		return r.number()
	}
	return r.text()
}

func (r random) some(p int, set func()) {
	if r.IntN(10) < p {
		set()
	}
}

// doc makes a document in which every path may be missing, null, or of another type now and then.
func (r random) doc(id string) storage.Doc {
	d := storage.Doc{"_id": id}
	r.some(8, func() { d["s"] = r.text() })
	r.some(8, func() { d["n"] = r.number() })
	r.some(6, func() { d["t"] = r.time() })
	r.some(6, func() { d["b"] = r.IntN(2) == 0 })
	r.some(7, func() { d["mix"] = r.scalar() })
	r.some(1, func() { d["s"] = nil })
	r.some(1, func() { d["n"] = r.scalar() })
	r.some(7, func() { d["m"] = m{"s": r.text(), "n": r.number()} })
	r.some(1, func() { d["m"] = r.scalar() })
	r.some(7, func() { d["tags"] = r.texts() })
	r.some(7, func() { d["lines"] = r.lines() })
	r.some(3, func() { d["any"] = pick(r, any([]any{r.scalar(), r.scalar()}), r.scalar(), any(m{"k": r.scalar()})) })
	return d
}

func (r random) texts() []any {
	out := []any{}
	for range r.IntN(4) {
		out = append(out, r.text())
	}
	return out
}

func (r random) lines() []any {
	out := []any{}
	for range r.IntN(4) {
		line := m{}
		r.some(8, func() { line["qty"] = r.number() })
		r.some(8, func() { line["name"] = r.text() })
		r.some(3, func() { line["sub"] = r.texts() })
		out = append(out, line)
	}
	r.some(1, func() { out = append(out, r.scalar()) })
	return out
}

// expr makes a filter of some depth.
func (r random) expr(depth int) filter.Expr {
	if depth == 0 || r.IntN(3) == 0 {
		return r.leaf(r.path())
	}
	switch r.IntN(4) {
	case 0:
		return filter.Not{X: r.expr(depth - 1)}
	case 1:
		return filter.Or(r.exprs(depth - 1))
	}
	return filter.And(r.exprs(depth - 1))
}

func (r random) exprs(depth int) []filter.Expr {
	out := []filter.Expr{}
	for range 1 + r.IntN(3) {
		out = append(out, r.expr(depth))
	}
	return out
}

func (r random) leaf(path string) filter.Expr {
	if !r.NoElemMatch && r.IntN(12) == 0 {
		return r.elem()
	}
	return r.cmp(path)
}

func (r random) cmp(path string) filter.Expr {
	switch r.IntN(10) {
	case 0:
		return is(path, filter.Exists, r.IntN(2) == 0)
	case 1:
		return is(path, pick(r, filter.In, filter.All), r.values())
	case 2:
		return is(path, pick(r, filter.Contains, filter.Prefix, filter.Suffix), r.text())
	case 3, 4, 5:
		return is(path, pick(r, filter.Lt, filter.Le, filter.Gt, filter.Ge), r.bound())
	case 6:
		return is(path, filter.Ne, r.scalar())
	}
	return is(path, filter.Eq, r.scalar())
}

func (r random) bound() any {
	for {
		if v := r.scalar(); v != nil {
			return v
		}
	}
}

func (r random) values() []any {
	out := []any{}
	for range r.IntN(4) {
		out = append(out, r.scalar())
	}
	return out
}

func (r random) elem() filter.Expr {
	if r.IntN(2) == 0 {
		return filter.ElemMatch{Path: "lines", X: filter.And{r.cmp("qty"), r.cmp("name")}}
	}
	return filter.ElemMatch{Path: pick(r, "tags", "any"), X: filter.And{r.cmp(""), r.cmp("")}}
}

func (r random) sort() []filter.Sort {
	var by []filter.Sort
	seen := map[string]bool{}
	for range r.IntN(3) {
		if p := pick(r, plainPaths...); !seen[p] {
			seen[p] = true
			by = append(by, filter.Sort{Path: p, Desc: r.IntN(2) == 0})
		}
	}
	return by
}

// indexes declares some indexes of all kinds but unique and expiring.
func (r random) indexes() []storage.Index {
	var out []storage.Index
	names := map[string]bool{}
	for range r.IntN(7) {
		ix := r.index()
		if name := ix.Name(); !names[name] && storage.CheckIndexes([]storage.Index{ix}) == nil {
			names[name] = true
			out = append(out, ix)
		}
	}
	return out
}

func (r random) index() storage.Index {
	ix := storage.Index{Sparse: r.IntN(4) == 0 && !r.NoSparse}
	for range 1 + r.IntN(3) {
		f := storage.IndexField{Path: pick(r, plainPaths...), Desc: r.IntN(3) == 0, Scale: pick(r, -1, 0, 2)}
		ix.Fields = append(ix.Fields, f)
	}
	if r.IntN(3) == 0 {
		at := r.IntN(len(ix.Fields))
		ix.Fields[at].Path, ix.Fields[at].List = pick(r, "tags", "lines.qty", "lines.name", "any", "lines.sub"), true
	} else if r.IntN(6) == 0 {
		ix.Fields[0].Path = pick(r, "tags", "lines.qty", "any") // a list where none was declared
	}
	return ix
}

func (r random) id() string { return fmt.Sprintf("d%02d", r.IntN(60)) }
