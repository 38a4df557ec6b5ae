package storagetest

import (
	"fmt"
	"sync"
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

var claimCases = []kase{
	{"claim/oldest-first-and-marked", func(e *env) {
		now := at("2026-01-01T00:00:00Z")
		e.insert(doc("a", "run", int64(3)), doc("b", "run", int64(1)), doc("c", "run", int64(2)), doc("d", "run", int64(9)))
		got, err := e.c.Claim(e.ctx, storage.Query{Where: is("run", filter.Lt, int64(5)), Sort: sorts(up("run"))}, now, time.Minute, 2)
		e.ok(err)
		e.same(idsOf(got), []string{"b", "c"})
		for _, d := range got {
			e.same(d["lease_until"], any(now.Add(time.Minute)))
			if token, _ := d["lease_token"].(string); len(token) < 8 {
				e.Errorf("token %q", d["lease_token"])
			}
			e.same(e.get(d["_id"].(string)), d)
		}
	}},
	{"claim/a-leased-document-is-not-given-twice", func(e *env) {
		now := at("2026-01-01T00:00:00Z")
		e.insert(doc("a"), doc("b"))
		claim := func(now time.Time) []string {
			got, err := e.c.Claim(e.ctx, storage.Query{}, now, time.Minute, 5)
			e.ok(err)
			return idsOf(got)
		}
		e.same(claim(now), []string{"a", "b"})
		e.same(claim(now.Add(30*time.Second)), []string{})
		e.same(claim(now.Add(time.Minute)), []string{"a", "b"})
	}},
	{"claim/the-token-fences", func(e *env) {
		now := at("2026-01-01T00:00:00Z")
		e.insert(doc("a"))
		claim := func(now time.Time) any {
			got, err := e.c.Claim(e.ctx, storage.Query{}, now, time.Minute, 1)
			e.ok(err)
			return got[0]["lease_token"]
		}
		first := claim(now)
		second := claim(now.Add(time.Hour))
		finish := func(token any) error {
			_, err := e.c.Patch(e.ctx, "a", storage.Guard{Where: is("lease_token", filter.Eq, token)},
				storage.Patch{Set: m{"done": true}, Unset: []string{"lease_token", "lease_until"}})
			return err
		}
		e.fails(finish(first), storage.ErrConflict)
		e.ok(finish(second))
		e.fails(finish(second), storage.ErrConflict)
	}},
	{"claim/workers-share-without-overlap", func(e *env) {
		n := e.size(60, 12)
		for i := range n {
			e.insert(doc(fmt.Sprintf("j%02d", i)))
		}
		var mu sync.Mutex
		times := map[string]int{}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					got, err := e.c.Claim(e.ctx, storage.Query{}, at("2026-01-01T00:00:00Z"), time.Minute, 3)
					if err != nil || len(got) == 0 {
						return
					}
					mu.Lock()
					for _, id := range idsOf(got) {
						times[id]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		e.same(len(times), n)
		for id, k := range times {
			if k != 1 {
				e.Errorf("%s was given %d times", id, k)
			}
		}
	}},
	{"claim/bad-claims-are-refused", func(e *env) {
		e.insert(doc("a"))
		for _, n := range []int{0, -1, storage.MaxClaim + 1} {
			_, err := e.c.Claim(e.ctx, storage.Query{}, time.Now(), time.Minute, n)
			e.fails(err, storage.ErrInvalid)
		}
		_, err := e.c.Claim(e.ctx, storage.Query{}, time.Now(), 0, 1)
		e.fails(err, storage.ErrInvalid)
	}},
	{"claim/nothing-there-is-nothing", func(e *env) {
		got, err := e.c.Claim(e.ctx, storage.Query{Where: is("x", filter.Eq, "y")}, time.Now(), time.Minute, 5)
		e.ok(err)
		e.same(len(got), 0)
	}},
}
