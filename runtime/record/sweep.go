package record

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// cleaner removes effects that are done from outboxes, beside the requests. If
// the process dies before, the sweeper finds the effects again and runs them
// once more: they are idempotent.
type cleaner struct {
	s    *Service
	work chan cleaning
	stop chan struct{}
	wg   sync.WaitGroup

	mu     sync.Mutex
	closed bool
}

type cleaning struct {
	ref, id string
	rev     int64
	keys    []string
	all     bool
}

// cleanerWorkers and cleanerQueue bound the work beside requests; when the
// queue is full the request clears its own outbox.
const (
	cleanerWorkers = 16
	cleanerQueue   = 4096
	cleanTimeout   = 10 * time.Second
)

func newCleaner(s *Service) *cleaner {
	c := &cleaner{s: s, work: make(chan cleaning, cleanerQueue), stop: make(chan struct{})}
	for range cleanerWorkers {
		c.wg.Add(1)
		go c.loop()
	}
	return c
}

func (c *cleaner) loop() {
	defer c.wg.Done()
	for {
		select {
		case w := <-c.work:
			c.clean(w)
		case <-c.stop:
			for {
				select {
				case w := <-c.work:
					c.clean(w)
				default:
					return
				}
			}
		}
	}
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
func (c *cleaner) add(w cleaning) {
	if len(w.keys) == 0 || !c.begin() {
		return
	}
	defer c.wg.Done()
	select {
	case c.work <- w:
	default:
		c.clean(w)
	}
}

func (c *cleaner) clean(w cleaning) {
	ctx, cancel := context.WithTimeout(context.Background(), cleanTimeout)
	defer cancel()
	if err := c.s.clear(ctx, w); err != nil && !errors.Is(err, storage.ErrClosed) {
		c.s.log.ErrorContext(ctx, "outbox not cleared", "form", w.ref, "record", w.id, "error", err)
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

// clear removes effects from a record's outbox. While nobody wrote in between
// the whole outbox goes, with its due time; else only the effects themselves.
func (s *Service) clear(ctx context.Context, w cleaning) error {
	col := s.t.Records(w.ref)
	if w.all {
		_, err := col.Patch(ctx, w.id, storage.Guard{Rev: w.rev}, storage.Patch{Unset: []string{"outbox", "due"}})
		if err == nil || errors.Is(err, storage.ErrNotFound) {
			return nil
		}
		if !errors.Is(err, storage.ErrConflict) {
			return err
		}
	}
	if len(w.keys) == 0 {
		return nil
	}
	unset := make([]string, len(w.keys))
	for i, k := range w.keys {
		unset[i] = "outbox." + k
	}
	_, err := col.Patch(ctx, w.id, storage.Guard{}, storage.Patch{Unset: unset})
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}

// sweepBatch bounds one look for pending effects.
const sweepBatch = 100

// Sweep runs the effects whose request died before it could, of one form. It
// returns how many records it looked at.
func (s *Service) Sweep(ctx context.Context, ref string) (int, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return 0, err
	}
	page, err := s.t.Records(ref).Find(ctx, storage.Query{
		Where: filter.Cmp{Path: "due", Op: filter.Le, Value: s.t.Clock.Now()},
		Sort:  []filter.Sort{{Path: "due"}}, Limit: sweepBatch})
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, doc := range page.Docs {
		if err := s.sweepOne(ctx, form.Ref(), doc); err != nil {
			failed = append(failed, err)
		}
	}
	return len(page.Docs), errors.Join(failed...)
}

func (s *Service) sweepOne(ctx context.Context, ref string, doc storage.Doc) error {
	form, err := s.t.Form(ref)
	if err != nil {
		return err
	}
	rec, err := s.wrap(ctx, form, doc)
	if err != nil {
		return err
	}
	todo := effects(doc)
	done, err := s.run(ctx, rec, todo)
	if err != nil {
		// Later again; the record is put back in the queue behind the others.
		_, perr := s.t.Records(ref).Patch(ctx, rec.ID(), storage.Guard{Rev: number(doc, storage.Rev)},
			storage.Patch{Set: map[string]any{"due": s.t.Clock.Now().Add(effectGrace)}})
		if errors.Is(perr, storage.ErrConflict) || errors.Is(perr, storage.ErrNotFound) {
			perr = nil
		}
		err = errors.Join(fmt.Errorf("sweep %s %s: %w", ref, rec.ID(), err), perr)
		if len(done) > 0 {
			err = errors.Join(err, s.clear(ctx, cleaning{ref: ref, id: rec.ID(), keys: done}))
		}
		return err
	}
	if rec.State() == StateDeleted {
		return nil // the move to the trash took the document away
	}
	return s.clear(ctx, cleaning{ref: ref, id: rec.ID(), rev: number(doc, storage.Rev), keys: done, all: true})
}
