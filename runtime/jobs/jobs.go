// Package jobs runs work outside of requests: at a time, with a lease so that
// one of many nodes does it, with retries that back off, and with a place where
// what keeps failing is seen and replayed.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// States of a job.
const (
	Queued = "queued"
	Dead   = "dead" // failed MaxAttempts times; waits for somebody to look
)

// Limits of jobs.
const (
	MaxAttempts = 8
	Lease       = time.Minute      // a worker extends it while it works
	MaxRun      = 10 * time.Minute // of one attempt; then its context ends
	firstRetry  = 5 * time.Second  // doubled by each attempt
	maxRetry    = time.Hour
	batch       = 10

	finishTimeout = 10 * time.Second // of writing down how an attempt ended
)

// Job is one piece of work. Payload holds stored values; Attempt counts from 1
// for the handler.
type Job struct {
	// ID is derived from the job's cause: adding the same job twice is one job.
	ID      string
	Kind    string
	At      time.Time
	Payload map[string]any
	Attempt int
	Error   string
}

// Handler does the work of one kind. It must be idempotent.
type Handler func(ctx context.Context, j Job) error

// Service queues and runs the jobs of one tenant.
type Service struct {
	store    storage.Tenant
	queue    string // the collection of its jobs
	batch    int    // taken at once
	clock    clock.Clock
	log      *slog.Logger
	handlers map[string]Handler
}

// New makes the service with the handlers of its kinds.
func New(store storage.Tenant, clk clock.Clock, log *slog.Logger, handlers map[string]Handler) *Service {
	return &Service{store: store, queue: "jobs", batch: batch, clock: clk, log: log, handlers: handlers}
}

// NewQueue is New over a queue of its own, taken from one by one: for long work
// that must hold up no other.
func NewQueue(store storage.Tenant, queue string, clk clock.Clock, log *slog.Logger, handlers map[string]Handler) *Service {
	return &Service{store: store, queue: queue, batch: 1, clock: clk, log: log, handlers: handlers}
}

func (s *Service) jobs() storage.Collection { return s.store.Collection(s.queue) }

// Add queues a job; a job with this id that is there already stays as it is.
func (s *Service) Add(ctx context.Context, j Job) error {
	err := s.jobs().Insert(ctx, storage.Doc{storage.ID: j.ID, "kind": j.Kind, "at": j.At, "state": Queued,
		"attempt": int64(0), "payload": j.Payload})
	if errors.Is(err, storage.ErrDuplicate) {
		return nil
	}
	return err
}

// Run does what is due, once, and returns how many jobs it took.
func (s *Service) Run(ctx context.Context) (int, error) {
	now := s.clock.Now()
	docs, err := s.jobs().Claim(ctx, storage.Query{Where: filter.And{
		filter.Cmp{Path: "state", Op: filter.Eq, Value: Queued}, filter.Cmp{Path: "at", Op: filter.Le, Value: now}},
		Sort: []filter.Sort{{Path: "at"}}}, now, Lease, s.batch)
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, d := range docs {
		if err := s.one(ctx, d); err != nil {
			failed = append(failed, err)
		}
	}
	return len(docs), errors.Join(failed...)
}

// one runs a claimed job and finishes it under its lease token: a worker that
// lost its lease changes nothing.
func (s *Service) one(ctx context.Context, d storage.Doc) error {
	j := jobOf(d)
	token := filter.Cmp{Path: "lease_token", Op: filter.Eq, Value: d["lease_token"]}
	if mine, err := s.begin(ctx, &j, token); err != nil || !mine {
		return err
	}
	work, cancel := context.WithTimeout(ctx, MaxRun)
	defer cancel()
	stop := s.extend(work, cancel, j.ID, token)
	failed := s.handle(work, j)
	stop()
	end, cancelEnd := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancelEnd()
	if failed == nil {
		return ignoreLost(s.jobs().Delete(end, j.ID, storage.Guard{Where: token}))
	}
	return s.again(end, j, token, failed)
}

// begin counts the attempt before the work, so that work that takes the process
// down with it is counted too, and holds the lease anew: jobs taken together
// wait for one another. mine is false when another worker has the job by now.
func (s *Service) begin(ctx context.Context, j *Job, token filter.Expr) (mine bool, err error) {
	j.Attempt++
	_, err = s.jobs().Patch(ctx, j.ID, storage.Guard{Where: token},
		storage.Patch{Set: map[string]any{"attempt": int64(j.Attempt), "lease_until": s.clock.Now().Add(Lease)}})
	if err != nil {
		return false, ignoreLost(err)
	}
	if j.Attempt > MaxAttempts {
		return false, s.again(ctx, *j, token, errors.New("jobs: the work never came to an end"))
	}
	return true, nil
}

// again queues a job that failed for later, or gives it up.
func (s *Service) again(ctx context.Context, j Job, token filter.Expr, failed error) error {
	s.log.ErrorContext(ctx, "job failed", "job", j.ID, "kind", j.Kind, "attempt", j.Attempt, "error", failed)
	set := map[string]any{"error": failed.Error(), "at": s.clock.Now().Add(backoff(j.Attempt - 1))}
	if j.Attempt >= MaxAttempts {
		set["state"] = Dead
	}
	_, err := s.jobs().Patch(ctx, j.ID, storage.Guard{Where: token},
		storage.Patch{Set: set, Unset: []string{"lease_until", "lease_token"}})
	return ignoreLost(err)
}

func (s *Service) handle(ctx context.Context, j Job) (err error) {
	h := s.handlers[j.Kind]
	if h == nil {
		return fmt.Errorf("jobs: no handler of kind %q", j.Kind)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("jobs: %s panicked: %v", j.Kind, p)
		}
	}()
	return h(ctx, j)
}

// extend keeps the lease while the work goes on, and cancels the work when it is lost.
func (s *Service) extend(ctx context.Context, cancel context.CancelFunc, id string, token filter.Expr) (stop func()) {
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Add(1)
	go func() {
		defer wg.Done()
		tick := time.NewTicker(Lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				_, err := s.jobs().Patch(ctx, id, storage.Guard{Where: token},
					storage.Patch{Set: map[string]any{"lease_until": s.clock.Now().Add(Lease)}})
				if err != nil {
					cancel()
					return
				}
			}
		}
	}()
	return func() { close(done); wg.Wait() }
}

func ignoreLost(err error) error {
	if errors.Is(err, storage.ErrConflict) || errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}

func backoff(attempt int) time.Duration {
	d := firstRetry << min(attempt, 20)
	return min(d, maxRetry)
}

func jobOf(d storage.Doc) Job {
	j := Job{}
	j.ID, _ = d[storage.ID].(string)
	j.Kind, _ = d["kind"].(string)
	j.At, _ = d["at"].(time.Time)
	j.Payload, _ = d["payload"].(map[string]any)
	n, _ := d["attempt"].(int64)
	j.Attempt = int(n)
	j.Error, _ = d["error"].(string)
	return j
}

// DeadJobs lists the jobs that gave up, oldest first.
func (s *Service) DeadJobs(ctx context.Context, cursor string) ([]Job, string, error) {
	page, err := s.jobs().Find(ctx, storage.Query{Where: filter.Cmp{Path: "state", Op: filter.Eq, Value: Dead},
		Sort: []filter.Sort{{Path: "at"}}, Cursor: cursor})
	if errors.Is(err, storage.ErrInvalid) {
		return nil, "", fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	if errors.Is(err, storage.ErrInvalid) {
		return nil, "", fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	if err != nil {
		return nil, "", err
	}
	out := make([]Job, 0, len(page.Docs))
	for _, d := range page.Docs {
		out = append(out, jobOf(d))
	}
	return out, page.Next, nil
}

// Retry queues a dead job again.
func (s *Service) Retry(ctx context.Context, id string) error {
	_, err := s.jobs().Patch(ctx, id, storage.Guard{Where: filter.Cmp{Path: "state", Op: filter.Eq, Value: Dead}},
		storage.Patch{Set: map[string]any{"state": Queued, "attempt": int64(0), "at": s.clock.Now()}})
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrConflict) {
		return fault.New(fault.NotFound, "job.not_found", "there is no such dead job")
	}
	return err
}
