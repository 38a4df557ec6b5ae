// Package runtime joins the services of each tenant and keeps them running: it
// polls the signals of other nodes, sweeps what a dead request left behind, and
// works on jobs.
package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sort"
	"sync"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/internal/seal"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime/audit"
	"github.com/formwork-run/formwork/runtime/comment"
	"github.com/formwork-run/formwork/runtime/delegation"
	"github.com/formwork-run/formwork/runtime/draft"
	"github.com/formwork-run/formwork/runtime/files"
	"github.com/formwork-run/formwork/runtime/flow"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/runtime/notify"
	"github.com/formwork-run/formwork/runtime/phrase"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/task"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/runtime/transfer"
	"github.com/formwork-run/formwork/storage"
)

// Services are everything of one tenant.
type Services struct {
	*tenant.Tenant
	Records     *record.Service
	Flow        *flow.Service
	Tasks       *task.Service
	Files       *files.Service
	Comments    *comment.Service
	Drafts      *draft.Service
	Notices     *notify.Service
	Audit       *audit.Service
	Jobs        *jobs.Service
	Delegations *delegation.Service
	Phrases     *phrase.Service
	Transfers   *transfer.Service
	Authn       *authn.Service

	working    sync.Mutex // held while its jobs run
	moving     sync.Mutex // held while its exports and imports run
	headLogged time.Time  // when the head of the audit log was last printed; of the loop that seals
}

// Deps are what a Host is made of.
type Deps struct {
	Store storage.Store
	Clock clock.Clock
	IDs   ids.Source
	Log   *slog.Logger
	Authn authn.Config
	// Calls asks outside systems for flows; nil = calls fail.
	Calls flow.Caller
	// Seal keeps sensitive values; nil = keys that live as long as the process.
	Seal *seal.Sealer
}

// Host holds the tenants of one node. It is safe for concurrent use.
type Host struct {
	d       Deps
	mu      sync.RWMutex
	tenants map[string]*Services
	opening sync.Mutex
	wg      sync.WaitGroup
	stop    context.CancelFunc
}

// NewHost makes a host; Start opens the tenants there are.
func NewHost(d Deps) *Host {
	if d.Seal == nil {
		d.Seal = seal.Memory()
	}
	return &Host{d: d, tenants: map[string]*Services{}}
}

// Start opens every tenant and begins the work beside requests, which goes on
// until Close.
func (h *Host) Start(ctx context.Context) error {
	if err := h.OpenAll(ctx); err != nil {
		return err
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h.stop = cancel
	h.follow(run)
	h.loop(run, tenant.PollEvery, h.poll)
	h.loop(run, sweepEvery, h.sweep)
	h.loop(run, jobsEvery, func(_ context.Context, s *Services) error { h.work(run, s); return nil })
	h.loop(run, jobsEvery, func(_ context.Context, s *Services) error { h.move(run, s); return nil })
	h.loop(run, settleEvery, h.settle)
	h.loop(run, sealEvery, h.sealAudit)
	return nil
}

// How often the work beside requests is looked for.
const (
	sweepEvery  = 5 * time.Second
	jobsEvery   = time.Second
	settleEvery = time.Minute
	sealEvery   = 30 * time.Second
)

func (h *Host) loop(ctx context.Context, every time.Duration, work func(context.Context, *Services) error) {
	h.wg.Add(1)
	go func() {
		defer h.wg.Done()
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			for _, s := range h.All() {
				one, cancel := context.WithTimeout(ctx, time.Minute)
				if err := work(one, s); err != nil && ctx.Err() == nil && !errors.Is(err, storage.ErrClosed) {
					h.d.Log.ErrorContext(ctx, "work beside requests failed", "tenant", s.ID, "error", err)
				}
				cancel()
			}
		}
	}()
}

func (h *Host) poll(ctx context.Context, s *Services) error {
	return s.Poll(ctx, s.Authn.Load)
}

func (h *Host) sweep(ctx context.Context, s *Services) error { return s.Sweep(ctx) }

// work lets a tenant's jobs run beside those of the others, one round at a time:
// long work of one holds up nobody else. It ends with ctx.
func (h *Host) work(ctx context.Context, s *Services) { h.beside(ctx, s, &s.working, s.Jobs.Run) }

// move does the same for exports and imports, which hold up no timer.
func (h *Host) move(ctx context.Context, s *Services) { h.beside(ctx, s, &s.moving, s.Transfers.Run) }

// beside runs rounds of work until nothing is left, unless they run already.
func (h *Host) beside(ctx context.Context, s *Services, running *sync.Mutex, round func(context.Context) (int, error)) {
	if !running.TryLock() {
		return
	}
	h.wg.Go(func() {
		defer running.Unlock()
		for more := true; more; { // many timers may ring at the same minute
			n, err := round(ctx)
			if err != nil && ctx.Err() == nil && !errors.Is(err, storage.ErrClosed) {
				h.d.Log.ErrorContext(ctx, "jobs failed", "tenant", s.ID, "error", err)
			}
			more = n > 0 && err == nil && ctx.Err() == nil
		}
	})
}

func (h *Host) settle(ctx context.Context, s *Services) error {
	return errors.Join(s.Records.SettleSerials(ctx), s.Files.Sweep(ctx), s.Transfers.Sweep(ctx), s.keepSealed(ctx))
}

// Sweep runs, for every form, the effects that a dead request left behind.
func (s *Services) Sweep(ctx context.Context) error {
	var failed []error
	snap := s.Catalog.Snapshot()
	for _, app := range snap.AppKeys() {
		for _, f := range snap.Apps[app].Forms {
			if _, err := s.Records.Sweep(ctx, f.Ref()); err != nil {
				failed = append(failed, err)
			}
		}
	}
	return errors.Join(failed...)
}

// Close ends the work beside requests and waits for it.
func (h *Host) Close(ctx context.Context) error {
	if h.stop != nil {
		h.stop()
	}
	h.wg.Wait()
	var failed []error
	for _, s := range h.All() {
		failed = append(failed, s.Records.Close(ctx))
	}
	return errors.Join(failed...)
}

// All lists the tenants, by id.
func (h *Host) All() []*Services {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := make([]*Services, 0, len(h.tenants))
	for _, s := range h.tenants {
		out = append(out, s)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

func (h *Host) open(ctx context.Context, doc storage.Doc) (*Services, error) {
	h.opening.Lock()
	defer h.opening.Unlock()
	id, _ := doc[storage.ID].(string)
	h.mu.RLock()
	s := h.tenants[id]
	h.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	s, err := h.build(ctx, id, doc)
	if err != nil {
		return nil, fmt.Errorf("tenant %s: %w", id, err)
	}
	h.mu.Lock()
	h.tenants[id] = s
	h.mu.Unlock()
	return s, nil
}

func (h *Host) build(ctx context.Context, id string, doc storage.Doc) (*Services, error) {
	st, err := h.d.Store.Tenant(id)
	if err != nil {
		return nil, err
	}
	settings := tenant.SettingsOf(doc)
	t, err := tenant.Open(ctx, tenant.Deps{ID: id, Store: st, Clock: h.d.Clock, IDs: h.d.IDs,
		Log: h.d.Log.With("tenant", id), Settings: settings, Seal: h.d.Seal})
	if err != nil {
		return nil, err
	}
	s := &Services{Tenant: t, Tasks: task.New(t), Files: files.New(t), Notices: notify.New(t), Audit: audit.New(t), Drafts: draft.New(t)}
	s.Records = record.New(t, s.Files, map[string]record.Handler{
		record.EffectTasks:  s.Tasks.Index,
		record.EffectNotify: s.Notices.Notify,
		record.EffectFiles:  s.Files.Keep,
		record.EffectAccess: func(ctx context.Context, rec *record.Record, _ record.Effect) error {
			return t.RecordsChanged(ctx, rec.Ref())
		},
		record.EffectTimer: func(ctx context.Context, rec *record.Record, e record.Effect) error {
			return s.Flow.SetTimer(ctx, rec, e)
		},
	})
	s.Records.RunLater(record.EffectAudit, s.Audit.Record)
	s.Files.Bind(s.Records)
	s.Notices.Bind(s.Records)
	s.Drafts.Bind(s.Records)
	s.Flow = flow.New(t, s.Records)
	s.Tasks.Bind(s.Records, s.Flow)
	s.Comments = comment.New(t, s.Records, s.Files, s.Notices)
	s.Delegations, s.Phrases = s.Flow.Delegations(), phrase.New(t)
	s.Transfers = transfer.New(t, s.Records, s.Flow, s.Files, s.Audit)
	s.Jobs = jobs.New(st, h.d.Clock, t.Log, map[string]jobs.Handler{
		flow.TimerJob:   s.Flow.RunTimer,
		flow.LeaverJob:  s.Flow.RunLeaver,
		flow.JobWork:    s.Flow.RunWork,
		flow.JobMigrate: s.Flow.RunMigrate,
		flow.JobFacts:   s.Flow.RunFacts,
	})
	s.Flow.Bind(s.Files, s.Jobs)
	s.Flow.BindCalls(h.d.Calls)
	s.Authn, err = authn.Open(ctx, authn.Deps{Tenant: id, Store: st, Org: t.Org, Clock: h.d.Clock, IDs: h.d.IDs, Config: h.d.Authn,
		Policy: func() authn.Policy { return *t.Settings().Security }, Vault: t.Vault})
	return s, err
}
