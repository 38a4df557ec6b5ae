// Package transfer moves records out to spreadsheets and in again: exports,
// templates, imports with their repair and undo. Long work is a job of its owner,
// who alone sees it. Every read passes the reader's access, every write the
// service of records with its rules, checks and flows.
package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/audit"
	"github.com/formwork-run/formwork/runtime/files"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Kinds of jobs.
const (
	KindExport = "export"
	KindImport = "import"
	KindUndo   = "undo"
)

// States of a job.
const (
	Queued  = "queued"
	Running = "running"
	Done    = "done"
	Failed  = "failed"
)

// Limits of transfers.
const (
	MaxRows    = 100_000 // records of one export, rows of one import
	MaxColumns = 300     // of one sheet
	maxOpen    = 5       // jobs of one person that have not ended
)

// collection keeps the jobs, rowCollection the rows of imports, queue their turn.
const (
	collection        = "transfers"
	rowCollection     = "transferrows"
	mappingCollection = "transfermaps"
	queue             = "transferqueue"
)

// Service runs the transfers of one tenant.
type Service struct {
	t       *tenant.Tenant
	records *record.Service
	flow    record.Starter
	files   *files.Service
	audit   *audit.Service
	queue   *jobs.Service
}

// New makes the service; Run does its work.
func New(t *tenant.Tenant, records *record.Service, flow record.Starter, f *files.Service, log *audit.Service) *Service {
	s := &Service{t: t, records: records, flow: flow, files: f, audit: log}
	s.queue = jobs.NewQueue(t.Store, queue, t.Clock, t.Log, map[string]jobs.Handler{
		KindExport: s.guarded(s.runExport),
		KindImport: s.guarded(s.runImport),
		KindUndo:   s.guarded(s.runUndo),
	})
	return s
}

// Run does one piece of work that is due and returns how many it took.
func (s *Service) Run(ctx context.Context) (int, error) { return s.queue.Run(ctx) }

func (s *Service) jobs() storage.Collection { return s.t.Store.Collection(collection) }

// Job is one transfer as its owner sees it.
type Job struct {
	ID     string          `json:"id"`
	Kind   string          `json:"kind"`
	Form   string          `json:"form"`
	State  string          `json:"state"`
	Done   int             `json:"done"` // records or rows
	Total  int             `json:"total,omitempty"`
	File   *files.File     `json:"file,omitempty"` // of an export; kept for files.KeepLoose
	Report json.RawMessage `json:"report,omitempty"`
	Error  *Problem        `json:"error,omitempty"`
	At     time.Time       `json:"created_at"`
	Ended  *time.Time      `json:"ended_at,omitempty"`

	by, ip, request string
	lang            string
	params          json.RawMessage
	next            int // the slice of work that comes next
}

// Problem is why a job failed.
type Problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Get reads a job of the actor's.
func (s *Service) Get(ctx context.Context, a *tenant.Actor, id string) (*Job, error) {
	j, err := s.load(ctx, id)
	if err != nil {
		return nil, err
	}
	if j.by != a.User {
		return nil, notFound()
	}
	return j, nil
}

func notFound() error { return fault.New(fault.NotFound, "job.not_found", "there is no such job") }

func (s *Service) load(ctx context.Context, id string) (*Job, error) {
	d, err := s.jobs().Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	return jobOf(d), nil
}

// start stores a job and queues it.
func (s *Service) start(ctx context.Context, a *tenant.Actor, kind, form, id string, total int, params any) (*Job, error) {
	if err := s.room(ctx, a); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	doc := storage.Doc{storage.ID: id, "kind": kind, "form": form, "by": a.User, "lang": a.Lang, "ip": a.IP, "request": a.RequestID,
		"state": Queued, "done": int64(0), "total": int64(total), "next": int64(0), "params": string(raw), "at": s.t.Clock.Now()}
	if err := s.jobs().Insert(ctx, doc); err != nil && !errors.Is(err, storage.ErrDuplicate) {
		return nil, err
	}
	return jobOf(doc), s.enqueue(ctx, kind, id, 0)
}

// room refuses whoever has too many jobs waiting.
func (s *Service) room(ctx context.Context, a *tenant.Actor) error {
	n, err := s.jobs().Count(ctx, filter.And{filter.Cmp{Path: "by", Op: filter.Eq, Value: a.User},
		filter.Cmp{Path: "state", Op: filter.In, Value: []any{Queued, Running}}}, maxOpen)
	if err == nil && n >= maxOpen {
		err = fault.New(fault.RateLimited, "job.too_many", "wait for your other exports and imports to end").With("max", maxOpen)
	}
	return err
}

// enqueue queues one slice of a job's work; the same slice again is the same.
func (s *Service) enqueue(ctx context.Context, kind, id string, slice int) error {
	return s.queue.Add(ctx, jobs.Job{ID: sliceID(id, slice), Kind: kind, At: s.t.Clock.Now(), Payload: map[string]any{"job": id}})
}

// work does one slice of a job. more says that another has to follow.
type work func(ctx context.Context, a *tenant.Actor, j *Job) (more bool, err error)

// guarded runs a slice as the job's owner is by now. What is wrong with the job
// itself fails it; what is wrong with the program is tried again, and fails it in the end.
func (s *Service) guarded(do work) jobs.Handler {
	return func(ctx context.Context, q jobs.Job) error {
		id, _ := q.Payload["job"].(string)
		j, err := s.load(ctx, id)
		if err != nil || j.State == Done || j.State == Failed {
			return ignoreGone(err)
		}
		a, err := s.t.Actor(ctx, j.by)
		if err != nil {
			return s.fail(ctx, j, err)
		}
		a.IP, a.RequestID, a.Lang = j.ip, j.request, j.lang
		if err := s.set(ctx, id, map[string]any{"state": Running}); err != nil {
			return err
		}
		more, err := do(ctx, a, j)
		switch {
		case err == nil && more:
			return s.another(ctx, j)
		case err == nil:
			return s.set(ctx, id, map[string]any{"state": Done, "ended_at": s.t.Clock.Now()})
		case fault.KindOf(err) != fault.Internal || q.Attempt >= jobs.MaxAttempts:
			return s.fail(ctx, j, err)
		}
		return err
	}
}

func ignoreGone(err error) error {
	if fault.Is(err, "job.not_found") {
		return nil
	}
	return err
}

// another queues the next slice.
func (s *Service) another(ctx context.Context, j *Job) error {
	if err := s.set(ctx, j.ID, map[string]any{"next": int64(j.next + 1)}); err != nil {
		return err
	}
	return s.enqueue(ctx, j.Kind, j.ID, j.next+1)
}

// fail ends a job; what the program itself did wrong is only told to the log.
func (s *Service) fail(ctx context.Context, j *Job, why error) error {
	code, text := "internal", "something went wrong"
	var fe *fault.Error
	if errors.As(why, &fe) && fe.Kind != fault.Internal {
		code, text = fe.Code, fe.Message
	} else {
		s.t.Log.ErrorContext(ctx, "transfer failed", "job", j.ID, "kind", j.Kind, "error", why)
	}
	return s.set(ctx, j.ID, map[string]any{"state": Failed, "error": map[string]any{"code": code, "message": text}, "ended_at": s.t.Clock.Now()})
}

func (s *Service) set(ctx context.Context, id string, values map[string]any) error {
	_, err := s.jobs().Patch(ctx, id, storage.Guard{}, storage.Patch{Set: values})
	return err
}
