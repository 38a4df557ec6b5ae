package sqlite

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/formwork-run/formwork/storage"
)

// maxBatch bounds the writes of one commit.
const maxBatch = 1024

// writer owns the only connection that writes. Writes wait in a queue; it takes
// all that wait, runs them in one transaction and commits once, so that one
// fsync serves many. A write that is refused does not touch the others; a commit
// that fails, fails all of them.
type writer struct {
	t     *tenant
	c     *conn
	cat   *catalog // as of the transaction, published to readers after its commit
	queue chan *op
	done  chan struct{} // closed when the loop has ended
	log   *slog.Logger

	careful bool // every write of several statements can be undone by itself
	spoiled bool // a write that was not careful has failed halfway

	mu     sync.RWMutex // held for reading while submitting
	closed bool
}

// op is one waiting write.
type op struct {
	run   func(*writer) error
	state atomic.Int32
	done  chan error
}

// The states of an op: a write whose caller gave up before it ran never runs.
const (
	opWaiting = iota
	opRunning
	opDropped
)

func newWriter(t *tenant, c *conn, cat *catalog, log *slog.Logger) *writer {
	w := &writer{t: t, c: c, cat: cat, queue: make(chan *op, maxBatch), done: make(chan struct{}), log: log}
	go w.loop()
	return w
}

// do runs f in a transaction and returns after its commit. f may run twice, the
// second time after all that the first did was undone. It must leave the
// database as it was when it returns an error, by atomically if need be.
func (w *writer) do(ctx context.Context, f func(*writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o := &op{run: f, done: make(chan error, 1)}
	if err := w.submit(ctx, o); err != nil {
		return err
	}
	select {
	case err := <-o.done:
		return err
	case <-ctx.Done():
	}
	if o.state.CompareAndSwap(opWaiting, opDropped) {
		return ctx.Err()
	}
	return <-o.done // it runs already: the truth is a moment away
}

func (w *writer) submit(ctx context.Context, o *op) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return storage.ErrClosed
	}
	select {
	case w.queue <- o:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close lets waiting writes finish and ends the writer.
func (w *writer) close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.done
	return w.c.close()
}

func (w *writer) loop() {
	defer close(w.done)
	batch := make([]*op, 0, maxBatch)
	for o := range w.queue {
		batch = append(batch[:0], o)
		w.wait()
		batch = w.fill(batch)
		w.commit(batch)
	}
}

// maxYields bounds how often a commit lets others go first.
const maxYields = 8

// wait lets those who can run bring their writes along, as long as they do: the
// more share a commit, the fewer pages and syncs each one costs. Where nobody
// else has anything to do it takes no time.
func (w *writer) wait() {
	for range maxYields {
		n := len(w.queue)
		runtime.Gosched()
		if len(w.queue) == n {
			return
		}
	}
}

func (w *writer) fill(batch []*op) []*op {
	for len(batch) < maxBatch {
		select {
		case o, ok := <-w.queue:
			if !ok {
				return batch
			}
			batch = append(batch, o)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction and answers every caller.
func (w *writer) commit(batch []*op) {
	before := w.cat
	results, err := w.transaction(batch)
	if err != nil {
		w.cat = before
		if _, rerr := w.c.exec("ROLLBACK"); rerr != nil {
			w.log.Debug("rollback", "error", rerr) // SQLite has rolled back itself
		}
	} else if w.cat != before {
		w.t.publish(w.cat)
	}
	for i, o := range batch {
		switch {
		case o.state.Load() == opDropped:
		case err != nil:
			o.done <- fmt.Errorf("storage: commit: %w", err)
		default:
			o.done <- results[i]
		}
	}
}

// transaction runs a batch. Savepoints cost more than the writes they protect, so
// a first attempt does without; if a write fails halfway, all are undone and run
// again with savepoints.
func (w *writer) transaction(batch []*op) ([]error, error) {
	before := w.cat
	w.careful, w.spoiled = false, false
	results, err := w.attempt(batch)
	if !w.spoiled {
		return results, err
	}
	w.cat = before
	w.careful, w.spoiled = true, false
	if _, err := w.c.exec("ROLLBACK"); err != nil {
		w.claim(batch)
		return nil, err
	}
	return w.attempt(batch)
}

// attempt runs a batch from BEGIN to COMMIT, or up to the write that spoils it.
func (w *writer) attempt(batch []*op) ([]error, error) {
	results := make([]error, len(batch))
	if _, err := w.c.exec("BEGIN IMMEDIATE"); err != nil {
		w.claim(batch)
		return nil, err
	}
	if err := w.current(); err != nil {
		w.claim(batch)
		return nil, err
	}
	for i, o := range batch {
		if !o.take() {
			continue
		}
		if results[i] = o.run(w); w.spoiled {
			return nil, nil
		}
		if fatal(results[i]) {
			w.claim(batch[i+1:])
			return nil, results[i]
		}
	}
	_, err := w.c.exec("COMMIT")
	return results, err
}

// take tells whether the write is to run: its caller still waits for it.
func (o *op) take() bool {
	return o.state.CompareAndSwap(opWaiting, opRunning) || o.state.Load() == opRunning
}

// claim marks writes as run, so that each caller gets the one answer.
func (w *writer) claim(batch []*op) {
	for _, o := range batch {
		o.state.CompareAndSwap(opWaiting, opRunning)
	}
}

// current reads the catalog again if another process has changed it.
func (w *writer) current() error {
	vals, err := w.c.row(sqlGen)
	if err != nil || vals[0].(int64) == w.cat.gen {
		return err
	}
	w.cat, err = loadCatalog(w.c)
	return err
}

// atomically undoes what f did when it fails, without touching the rest of the transaction.
func (w *writer) atomically(f func() error) error {
	if !w.careful {
		err := f()
		w.spoiled = w.spoiled || err != nil && !fatal(err)
		return err
	}
	before := w.cat
	if _, err := w.c.exec("SAVEPOINT op"); err != nil {
		return err
	}
	err := f()
	if err != nil {
		w.cat = before
		if fatal(err) {
			return err // the whole transaction goes
		}
		if _, rerr := w.c.exec("ROLLBACK TO op"); rerr != nil {
			return rerr
		}
	}
	if _, rerr := w.c.exec("RELEASE op"); rerr != nil {
		return rerr
	}
	return err
}

// change makes a changed collection the current one.
func (w *writer) change(cl *coll) error {
	cl.finish()
	if _, err := w.c.exec("UPDATE fw_gen SET gen = gen + 1"); err != nil {
		return err
	}
	w.cat = w.cat.with(cl)
	return nil
}
