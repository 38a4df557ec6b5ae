package jobs_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

var (
	ctx   = context.Background()
	start = time.Date(2024, 5, 14, 1, 0, 0, 0, time.UTC)
	quiet = slog.New(slog.NewTextHandler(io.Discard, nil))
)

// yard is a store with a clock on which any number of workers run.
type yard struct {
	t     *testing.T
	store storage.Tenant
	clock *clock.Fake
}

func newYard(t *testing.T) *yard {
	t.Helper()
	st, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close(ctx) })
	ten, err := st.Tenant("t")
	if err != nil {
		t.Fatal(err)
	}
	return &yard{t, ten, clock.NewFake(start)}
}

func (y *yard) worker(h jobs.Handler) *jobs.Service {
	return jobs.New(y.store, y.clock, quiet, map[string]jobs.Handler{"work": h})
}

func (y *yard) add(s *jobs.Service, id string, at time.Time) {
	y.t.Helper()
	if err := s.Add(ctx, jobs.Job{ID: id, Kind: "work", At: at, Payload: map[string]any{"n": int64(7)}}); err != nil {
		y.t.Fatal(err)
	}
}

func (y *yard) run(s *jobs.Service, want int) {
	y.t.Helper()
	n, err := s.Run(ctx)
	if n != want || err != nil {
		y.t.Fatalf("took %d jobs, want %d; %v", n, want, err)
	}
}

func (y *yard) left() []storage.Doc {
	y.t.Helper()
	p, err := y.store.Collection("jobs").Find(ctx, storage.Query{})
	if err != nil {
		y.t.Fatal(err)
	}
	return p.Docs
}

func TestJobRunsOnceAtItsTime(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	var ran []jobs.Job
	s := y.worker(func(_ context.Context, j jobs.Job) error {
		ran = append(ran, j)
		if y.left()[0]["attempt"] != int64(1) {
			t.Error("an attempt is counted before the work: it may take the process down")
		}
		return nil
	})
	y.add(s, "a", start.Add(time.Minute))
	y.add(s, "a", start) // the same job again is the same job
	y.run(s, 0)
	y.clock.Advance(time.Minute)
	y.run(s, 1)
	y.run(s, 0)
	if len(ran) != 1 || ran[0].Payload["n"] != int64(7) || ran[0].Attempt != 1 || len(y.left()) != 0 {
		t.Errorf("ran %+v, left %v", ran, y.left())
	}
}

func TestRetryBacksOffAndGivesUp(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	fail, runs := true, 0
	s := y.worker(func(context.Context, jobs.Job) error {
		runs++
		if fail {
			return errors.New("no luck")
		}
		return nil
	})
	y.add(s, "a", start)
	wait := 5 * time.Second
	for i := 1; i < jobs.MaxAttempts; i++ {
		y.run(s, 1)
		y.clock.Advance(wait - time.Millisecond)
		y.run(s, 0)
		y.clock.Advance(time.Millisecond)
		wait *= 2
	}
	y.run(s, 1)
	y.clock.Advance(24 * time.Hour)
	y.run(s, 0)
	dead, _, err := s.DeadJobs(ctx, "")
	if err != nil || len(dead) != 1 || dead[0].Error != "no luck" || dead[0].Attempt != jobs.MaxAttempts || runs != jobs.MaxAttempts {
		t.Fatalf("dead %+v after %d runs, %v", dead, runs, err)
	}
	if err := s.Retry(ctx, "none"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a job that is not dead: %v", err)
	}
	fail = false
	if err := s.Retry(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	y.run(s, 1)
	if len(y.left()) != 0 {
		t.Errorf("left %v", y.left())
	}
	if _, _, err := s.DeadJobs(ctx, "nonsense"); fault.KindOf(err) != fault.Malformed {
		t.Errorf("a cursor of another list: %v", err)
	}
}

func TestPanicAndUnknownKind(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	s := y.worker(func(context.Context, jobs.Job) error { panic("oh") })
	y.add(s, "a", start)
	y.run(s, 1)
	if d := y.left(); len(d) != 1 || d[0]["state"] != jobs.Queued || d[0]["attempt"] != int64(1) {
		t.Errorf("after a panic: %v", d)
	}
	if err := s.Add(ctx, jobs.Job{ID: "b", Kind: "strange", At: start}); err != nil {
		t.Fatal(err)
	}
	y.run(s, 1)
	if len(y.left()) != 2 {
		t.Error("a job of a kind that this node does not know waits for one that does")
	}
}

// TestTwoWorkersOneJob: of many workers one takes a job, and while it works
// nobody else does.
func TestTwoWorkersOneJob(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	var runs atomic.Int32
	h := func(context.Context, jobs.Job) error { runs.Add(1); return nil }
	for i := range 20 {
		y.add(y.worker(h), string(rune('a'+i)), start)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s := y.worker(h)
			for range 5 {
				if _, err := s.Run(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if runs.Load() != 20 || len(y.left()) != 0 {
		t.Errorf("20 jobs ran %d times, left %d", runs.Load(), len(y.left()))
	}
}

// TestLostLease: a worker that stood still longer than its lease changes
// nothing when it wakes up: neither a failure nor a success of its own counts.
func TestLostLease(t *testing.T) {
	t.Parallel()
	for _, result := range []error{nil, errors.New("late")} {
		y := newYard(t)
		other := y.worker(func(context.Context, jobs.Job) error { return errors.New("the other one failed") })
		slow := y.worker(func(context.Context, jobs.Job) error {
			y.clock.Advance(jobs.Lease + time.Second) // the machine slept
			y.run(other, 1)
			return result
		})
		y.add(slow, "a", start)
		y.run(slow, 1)
		d := y.left()
		if len(d) != 1 || d[0]["attempt"] != int64(2) || d[0]["error"] != "the other one failed" {
			t.Errorf("result %v: the job is %v", result, d)
		}
	}
}

// TestBatchDoesNotRunTwice: jobs taken together wait for one another; one whose
// lease was lost meanwhile is left to whoever has it.
func TestBatchDoesNotRunTwice(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	runs := map[string]int{}
	quick := y.worker(func(_ context.Context, j jobs.Job) error { runs[j.ID]++; return nil })
	first := true
	slow := y.worker(func(_ context.Context, j jobs.Job) error {
		runs[j.ID]++
		if first {
			first = false
			y.clock.Advance(jobs.Lease + time.Second)
			_, err := y.store.Collection("jobs").Patch(ctx, j.ID, storage.Guard{}, storage.Patch{Set: map[string]any{"lease_until": y.clock.Now().Add(jobs.Lease)}})
			if err != nil {
				return err
			}
			_, err = quick.Run(ctx)
			return err
		}
		return nil
	})
	for _, id := range []string{"a", "b", "c"} {
		y.add(slow, id, start)
	}
	y.run(slow, 3)
	for id, n := range runs {
		if n != 1 {
			t.Errorf("job %s ran %d times", id, n)
		}
	}
	if len(runs) != 3 || len(y.left()) != 0 {
		t.Errorf("ran %v, left %v", runs, y.left())
	}
}

// TestWorkThatKillsTheProcess counts as an attempt, though nobody was left to say so.
func TestWorkThatKillsTheProcess(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	s := y.worker(func(context.Context, jobs.Job) error { return nil })
	y.add(s, "a", start)
	for range jobs.MaxAttempts { // it is taken, begun, and never ended
		docs, err := y.store.Collection("jobs").Claim(ctx, storage.Query{}, y.clock.Now(), jobs.Lease, 1)
		if err != nil || len(docs) != 1 {
			t.Fatalf("claimed %v, %v", docs, err)
		}
		if _, err := y.store.Collection("jobs").Patch(ctx, "a", storage.Guard{}, storage.Patch{Inc: map[string]any{"attempt": int64(1)}}); err != nil {
			t.Fatal(err)
		}
		y.clock.Advance(jobs.Lease + time.Second)
	}
	y.run(s, 1)
	dead, _, err := s.DeadJobs(ctx, "")
	if err != nil || len(dead) != 1 {
		t.Errorf("dead %v, %v", dead, err)
	}
}
