package record

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/formwork-run/formwork/storage"
)

// cleaner ends writes beside the requests: it runs the effects of Later
// handlers, many at once, and removes what is done from outboxes. If the process
// dies before, the sweeper finds the effects again and runs them once more: they
// are idempotent.
type cleaner struct {
	s    *Service
	work chan *cleaning
	stop chan struct{}
	wg   sync.WaitGroup

	mu     sync.Mutex
	closed bool
}

// cleaning is what is left to do after one write.
type cleaning struct {
	rec     *Record
	rev     int64    // of the store, as the write left it
	pending int      // effects in the outbox
	later   []Effect // still to be run
	done    []string // outbox keys of the effects that are done
}

// The cleaner waits a moment for more, so that records which lie side by side
// are rewritten in one commit. When its queue is full, the request that brings
// more does its own work.
const (
	cleanerPause = 25 * time.Millisecond
	cleanerBatch = 512
	cleanerQueue = 4096
	cleanTimeout = 10 * time.Second
)

func newCleaner(s *Service) *cleaner {
	c := &cleaner{s: s, work: make(chan *cleaning, cleanerQueue), stop: make(chan struct{})}
	c.wg.Go(c.loop)
	return c
}

func (c *cleaner) loop() {
	for {
		select {
		case w := <-c.work:
			if len(c.work) < cleanerBatch {
				c.pause()
			}
			c.clean(c.gather(w))
		case <-c.stop:
			c.drain()
			return
		}
	}
}

func (c *cleaner) pause() {
	t := time.NewTimer(cleanerPause)
	defer t.Stop()
	select {
	case <-t.C:
	case <-c.stop:
	}
}

func (c *cleaner) drain() {
	for {
		select {
		case w := <-c.work:
			c.clean(c.gather(w))
		default:
			return
		}
	}
}

// gather takes what waits behind a first one.
func (c *cleaner) gather(first *cleaning) []*cleaning {
	batch := []*cleaning{first}
	for len(batch) < cleanerBatch {
		select {
		case w := <-c.work:
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

// begin counts something that close must wait for; false after close.
func (c *cleaner) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.wg.Add(1)
	}
	return !c.closed
}

// add queues a cleaning. After close the sweeper of the next start does it.
func (c *cleaner) add(w *cleaning) {
	if len(w.done)+len(w.later) == 0 || !c.begin() {
		return
	}
	defer c.wg.Done()
	select {
	case c.work <- w:
	default:
		c.clean([]*cleaning{w})
	}
}

// clean runs what is left of some writes and then clears their outboxes, side by
// side, so that they share commits.
func (c *cleaner) clean(batch []*cleaning) {
	ctx, cancel := context.WithTimeout(context.Background(), cleanTimeout)
	defer cancel()
	c.runLater(ctx, batch)
	var wg sync.WaitGroup
	for _, w := range batch {
		wg.Go(func() {
			if err := c.s.clear(ctx, w); err != nil && !errors.Is(err, storage.ErrClosed) {
				c.s.log.ErrorContext(ctx, "outbox not cleared", "form", w.rec.Ref(), "record", w.rec.ID(), "error", err)
			}
		})
	}
	wg.Wait()
}

// runLater hands the effects of each kind to its handler in one go.
func (c *cleaner) runLater(ctx context.Context, batch []*cleaning) {
	kinds := map[string][]Pending{}
	for _, w := range batch {
		for _, e := range w.later {
			kinds[e.Kind] = append(kinds[e.Kind], Pending{w.rec, e})
		}
	}
	failed := map[string]bool{}
	for kind, l := range kinds {
		if err := c.s.runMany(ctx, kind, l); err != nil {
			failed[kind] = true
			c.s.log.ErrorContext(ctx, "effects left to the sweeper", "kind", kind, "count", len(l), "error", err)
		}
	}
	for _, w := range batch {
		for _, e := range w.later {
			if !failed[e.Kind] {
				w.done = append(w.done, e.outboxKey())
			}
		}
	}
}

func (c *cleaner) close(ctx context.Context) error {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.stop)
	}
	c.mu.Unlock()
	done := make(chan struct{})
	go func() { c.wg.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
