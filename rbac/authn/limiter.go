package authn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Limit slows down guessing: after some free failures each further one doubles
// the time until the next try, for the login and for the sender's address.
type Limit struct {
	PerLogin int           // free failures of one login; default 5
	PerAddr  int           // free failures from one address; default 50: an office has one address
	Base     time.Duration // first delay; default 1 second
	Max      time.Duration // longest delay of a login; default 15 minutes
	Forget   time.Duration // failures are forgotten so long after the last; default 24 hours
	// MaxAddr is the longest delay of an address; default 1 minute: whoever guesses
	// from an office, or from behind the same proxy, must not lock all others out.
	MaxAddr time.Duration
}

func (l Limit) withDefaults() Limit {
	if l.PerLogin == 0 {
		l.PerLogin = 5
	}
	if l.PerAddr == 0 {
		l.PerAddr = 50
	}
	if l.Base == 0 {
		l.Base = time.Second
	}
	if l.Max == 0 {
		l.Max = 15 * time.Minute
	}
	if l.MaxAddr == 0 {
		l.MaxAddr = time.Minute
	}
	if l.Forget == 0 {
		l.Forget = 24 * time.Hour
	}
	return l
}

// rule is how one kind of counter slows down.
type rule struct {
	free      int
	base, max time.Duration
}

// delay is how long after the n-th failure the next try has to wait.
func (r rule) delay(n int64) time.Duration {
	if n < int64(r.free) {
		return 0
	}
	steps := n - int64(r.free)
	if steps > 30 {
		return r.max
	}
	return min(r.max, r.base<<steps)
}

// limiter counts failures in the store, where all nodes see them, and keeps
// what is blocked in memory, so that an attack costs no reads.
type limiter struct {
	d   Deps
	mu  sync.Mutex
	til map[string]time.Time
	// freed counts what was let go: a block that was read before is not kept after it.
	freed int
}

// open is the end of no delay: before the time of any try, also of one that
// began a moment earlier.
var open = time.UnixMilli(0).UTC()

// maxBlocked bounds the memory of an attack from many addresses.
const maxBlocked = 10_000

func newLimiter(d Deps) *limiter { return &limiter{d: d, til: map[string]time.Time{}} }

func loginKey(login string) string {
	return ids.Derive("login", strings.ToLower(strings.TrimSpace(login)))
}
func addrKey(addr string) string { return ids.Derive("addr", addr) }

// begin counts a try as failed before it is made: tries that run at the same
// time cannot share one free failure. A try that comes too early is refused
// (auth.throttled, retry_after in seconds).
func (l *limiter) begin(ctx context.Context, login, addr string) error {
	lim := l.d.Config.Limit
	if addr != "" {
		if err := l.count(ctx, addrKey(addr), rule{lim.PerAddr, lim.Base, lim.MaxAddr}); err != nil {
			return err
		}
	}
	return l.count(ctx, loginKey(login), rule{lim.PerLogin, lim.Base, lim.Max})
}

func (l *limiter) count(ctx context.Context, key string, r rule) error {
	now := l.d.Clock.Now()
	if until := l.blocked(key, now); !until.IsZero() {
		return throttled(until, now)
	}
	const tries = 8
	for range tries {
		if ok, err := l.countFree(ctx, key, r, now); ok || err != nil {
			return err
		}
		err := l.countOnce(ctx, key, r, now)
		if !errors.Is(err, storage.ErrConflict) && !errors.Is(err, storage.ErrDuplicate) {
			return err
		}
	}
	return throttled(now.Add(r.base), now) // many at once: none of them is a person
}

// countFree counts a try that leaves free failures over, without minding others
// at the same time: an office that logs in at nine is one address.
func (l *limiter) countFree(ctx context.Context, key string, r rule, now time.Time) (bool, error) {
	_, err := l.d.Store.Collection(ThrottleCollection).Patch(ctx, key, storage.Guard{Where: filter.And{
		filter.Cmp{Path: "fails", Op: filter.Lt, Value: int64(r.free - 1)}, filter.Cmp{Path: "until", Op: filter.Le, Value: now},
		filter.Cmp{Path: "expires", Op: filter.Gt, Value: now}}},
		storage.Patch{Inc: map[string]any{"fails": int64(1)}, Set: map[string]any{"expires": now.Add(l.d.Config.Limit.Forget)}})
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrConflict) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("authn: throttle: %w", err)
	}
	return true, nil
}

func (l *limiter) countOnce(ctx context.Context, key string, r rule, now time.Time) error {
	lim, col, freed := l.d.Config.Limit, l.d.Store.Collection(ThrottleCollection), l.freedSoFar()
	doc, err := col.Get(ctx, key)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("authn: throttle: %w", err)
	}
	fresh := err != nil
	if until := at(doc, "until"); until.After(now) {
		l.block(key, until, freed)
		return throttled(until, now)
	}
	fails, _ := doc["fails"].(int64)
	if !fresh && !at(doc, "expires").After(now) {
		fails = 0
	}
	fails++
	until := open
	if d := r.delay(fails); d > 0 {
		until = now.Add(d)
	}
	set := map[string]any{"fails": fails, "until": until, "expires": now.Add(lim.Forget)}
	if fresh {
		set[storage.ID] = key
		return col.Insert(ctx, set)
	}
	rev, _ := doc[storage.Rev].(int64)
	_, err = col.Patch(ctx, key, storage.Guard{Rev: rev}, storage.Patch{Set: set})
	if errors.Is(err, storage.ErrNotFound) {
		return storage.ErrConflict // a success elsewhere cleared it
	}
	return err
}

// success takes the try back: the login starts anew, the address is given back
// this one try only, or somebody with one account could guess at all others.
func (l *limiter) success(ctx context.Context, login, addr string) error {
	col := l.d.Store.Collection(ThrottleCollection)
	if err := col.Delete(ctx, loginKey(login), storage.Guard{}); err != nil && !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("authn: throttle: %w", err)
	}
	if addr == "" {
		return nil
	}
	back := storage.Patch{Inc: map[string]any{"fails": int64(-1)}, Set: map[string]any{"until": open}}
	if _, err := col.Patch(ctx, addrKey(addr), storage.Guard{}, back); err != nil && !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("authn: throttle: %w", err)
	}
	return nil
}

func (l *limiter) blocked(key string, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := l.til[key]; until.After(now) {
		return until
	}
	delete(l.til, key)
	return time.Time{}
}

func (l *limiter) freedSoFar() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.freed
}

func (l *limiter) block(key string, until time.Time, freed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.freed != freed {
		return // what was read is older than an unlocking
	}
	if len(l.til) >= maxBlocked {
		clear(l.til) // the store still knows them
	}
	l.til[key] = until
}

func throttled(until, now time.Time) error {
	seconds := int64(math.Ceil(until.Sub(now).Seconds()))
	return fault.New(fault.RateLimited, "auth.throttled", "too many failed logins; try again later").With("retry_after", seconds)
}
