package storagetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// together runs f n times at once.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

var concurrencyCases = []kase{
	{"concurrency/increments-are-not-lost", func(e *env) {
		e.insert(doc("a", "n", int64(0)))
		each := e.size(25, 5)
		together(8, func(int) {
			for range each {
				if _, err := e.c.Patch(e.ctx, "a", storage.Guard{}, storage.Patch{Inc: m{"n": int64(1)}}); err != nil {
					e.Errorf("patch: %v", err)
				}
			}
		})
		e.same(e.get("a")["n"], int64(8*each))
		e.same(e.get("a")["_rev"], int64(8*each+1))
	}},
	{"concurrency/one-of-many-compare-and-sets-wins", func(e *env) {
		e.insert(doc("a"))
		var won, lost atomic.Int32
		together(8, func(i int) {
			_, err := e.c.Patch(e.ctx, "a", storage.Guard{Rev: 1}, storage.Patch{Set: m{"by": int64(i)}})
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, storage.ErrConflict):
				lost.Add(1)
			default:
				e.Errorf("patch: %v", err)
			}
		})
		e.same([]int32{won.Load(), lost.Load()}, []int32{1, 7})
	}},
	{"concurrency/one-of-many-inserts-of-an-id-wins", func(e *env) {
		var won atomic.Int32
		together(8, func(i int) {
			err := e.c.Insert(e.ctx, doc("a", "by", int64(i)))
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, storage.ErrDuplicate) {
				e.Errorf("insert: %v", err)
			}
		})
		e.same(won.Load(), int32(1))
	}},
	{"concurrency/one-of-many-unique-values-wins", func(e *env) {
		e.indexes(present(asc("code")))
		var won atomic.Int32
		together(8, func(i int) {
			err := e.c.Insert(e.ctx, doc(fmt.Sprint(i), "code", "same"))
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, storage.ErrDuplicate) {
				e.Errorf("insert: %v", err)
			}
		})
		e.same(won.Load(), int32(1))
	}},
	{"concurrency/a-refusal-does-not-fail-its-neighbours", func(e *env) {
		e.indexes(present(asc("code")))
		e.insert(doc("taken", "code", "x"))
		n := e.size(64, 16)
		var refused atomic.Int32
		together(n, func(i int) {
			d := doc(fmt.Sprintf("d%02d", i), "code", fmt.Sprint(i))
			if i%4 == 0 {
				d["code"] = "x"
			}
			err := e.c.Insert(e.ctx, d)
			switch {
			case i%4 == 0 && errors.Is(err, storage.ErrDuplicate):
				refused.Add(1)
			case i%4 != 0 && err == nil:
			default:
				e.Errorf("insert %d: %v", i, err)
			}
		})
		e.same(int(refused.Load()), n/4)
		count, err := e.c.Count(e.ctx, nil, 0)
		e.ok(err)
		e.same(count, n-n/4+1)
	}},
	{"concurrency/readers-see-whole-documents", func(e *env) {
		e.insert(doc("a", "x", int64(0), "y", int64(0)))
		done := make(chan struct{})
		rounds := e.size(200, 20)
		go func() {
			defer close(done)
			for i := range rounds {
				if _, err := e.c.Patch(e.ctx, "a", storage.Guard{}, storage.Patch{Set: m{"x": int64(i), "y": int64(i)}}); err != nil {
					e.Errorf("patch: %v", err)
				}
			}
		}()
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			if d := e.get("a"); d["x"] != d["y"] {
				e.Fatalf("half a write: %v", d)
			}
		}
	}},
	{"concurrency/indexes-declared-while-writing-miss-nothing", func(e *env) {
		n := e.size(200, 20)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := range n {
				if err := e.c.Insert(e.ctx, doc(fmt.Sprintf("d%03d", i), "v", fmt.Sprint(i%2), "l", []any{"x"})); err != nil {
					e.Errorf("insert: %v", err)
				}
			}
		}()
		e.indexes(index(asc("v")))
		e.indexes(index(list("l")), index(asc("v"), asc("w")))
		<-done
		count, err := e.c.Count(e.ctx, filter.And{is("v", filter.Eq, "1"), is("l", filter.Eq, "x")}, 0)
		e.ok(err)
		e.same(count, n/2)
	}},
	{"concurrency/an-ended-context-ends-the-call", func(e *env) {
		e.insert(doc("a"))
		ctx, cancel := context.WithCancel(e.ctx)
		cancel()
		e.fails(e.c.Insert(ctx, doc("b")), context.Canceled)
		_, err := e.c.Find(ctx, storage.Query{})
		e.fails(err, context.Canceled)
		_, err = e.c.Get(ctx, "a")
		e.fails(err, context.Canceled)
		e.same(e.ids(nil), []string{"a"})
	}},
}
