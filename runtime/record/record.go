// Package record is the life of records: filling, saving, reading, listing,
// deleting. A record is one self-contained document: one compare-and-set write
// changes its data, its case and its pending effects together.
package record

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
)

// States of a record. (A deleted record moves to the trash.)
const (
	StateDraft   = "draft"
	StateActive  = "active"
	StateDeleted = "deleted"
)

// maxTries bounds how often a write that lost a race is applied again.
const maxTries = 8

// effectGrace is how long after a write the sweeper leaves its effects to the
// request that made them.
const effectGrace = 30 * time.Second

// Service reads and writes the records of one tenant.
type Service struct {
	t        *tenant.Tenant
	log      *slog.Logger
	handlers map[string]Handler
	later    map[string]Later
	files    Files
	cleaner  *cleaner
	turns    [turns]chan struct{}
}

// New makes the service. Handlers run the effects of writes, by their kind;
// they must be idempotent. files may be nil where nothing is attached.
func New(t *tenant.Tenant, files Files, handlers map[string]Handler) *Service {
	s := &Service{t: t, log: t.Log, files: files, handlers: map[string]Handler{}, later: map[string]Later{}}
	for kind, h := range handlers {
		s.handlers[kind] = h
	}
	s.handlers[EffectHistory] = s.writeHistory
	s.handlers[EffectLog] = s.archiveLog
	s.handlers[EffectTrash] = s.moveToTrash
	s.cleaner = newCleaner(s)
	for i := range s.turns {
		s.turns[i] = make(chan struct{}, 1)
	}
	return s
}

// Close waits for what is still being cleared.
func (s *Service) Close(ctx context.Context) error { return s.cleaner.close(ctx) }

// Record is a stored record with the version of the form it was written with.
type Record struct {
	Doc  storage.Doc
	Form *catalog.Form
	Case engine.Case // zero without a flow
	// Warnings of the write that made it so; nil when it was only read.
	Warnings []fault.Field
}

// ID is the record's id.
func (r *Record) ID() string { return text(r.Doc, storage.ID) }

// Ref is the form's reference, "app.form".
func (r *Record) Ref() string { return r.Form.Ref() }

// State is the record's state.
func (r *Record) State() string { return text(r.Doc, "state") }

// Rev is the revision that people see: it moves when data moves.
func (r *Record) Rev() int64 { return number(r.Doc, "rev") }

// Writes counts the writes of the record, also those before it was deleted and
// restored: what is derived from a record remembers how new it is by this.
func (r *Record) Writes() int64 { return lifeOf(r.Doc) + number(r.Doc, storage.Rev) }

// lifeOf are the writes before the record was last restored from the trash.
func lifeOf(doc storage.Doc) int64 { return number(doc, "life") }

// Data are the stored values.
func (r *Record) Data() map[string]any { return object(r.Doc, "data") }

// HasCase reports whether the record has a flow case.
func (r *Record) HasCase() bool { return r.Doc["case"] != nil }

// CreatedBy is the user who created it.
func (r *Record) CreatedBy() string { return text(r.Doc, "created_by") }

// Took reports whether a user took part in the record.
func (r *Record) Took(user string) bool { return contains(list(object(r.Doc, "acl"), "part"), user) }

// NotFound is the answer for what does not exist and for what may not be seen.
func NotFound() error {
	return fault.New(fault.NotFound, "record.not_found", "there is no such record")
}

// Load reads a record in the version it was written with, whoever asks.
func (s *Service) Load(ctx context.Context, ref, id string) (*Record, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, err
	}
	doc, err := s.t.Records(ref).Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) {
		return nil, NotFound()
	}
	if err != nil {
		return nil, err
	}
	return s.wrap(ctx, form, doc)
}

// wrap puts a stored document into the version of its form that wrote it.
func (s *Service) wrap(ctx context.Context, current *catalog.Form, doc storage.Doc) (*Record, error) {
	r := &Record{Doc: doc, Form: current}
	if v := number(doc, "version"); v != current.App.Version {
		f, err := s.t.Catalog.FormAt(ctx, current.App.Def.Key, current.Def.Key, v)
		if err != nil {
			return nil, err
		}
		r.Form = f
	}
	if c, ok := doc["case"].(map[string]any); ok {
		var err error
		if r.Case, err = engine.FromDoc(c); err != nil {
			return nil, fmt.Errorf("case of %s %s: %w", current.Ref(), r.ID(), err)
		}
		return r, s.pinFlow(ctx, r, r.Form)
	}
	return r, nil
}

// pinFlow gives a record the flow its case was started in, when that is of
// another version than its data: a case that has ended never changes its flow.
func (s *Service) pinFlow(ctx context.Context, r *Record, form *catalog.Form) error {
	v := int64(r.Case.Version)
	if v == 0 || v == form.App.Version {
		return nil
	}
	old, err := s.t.Catalog.FormAt(ctx, form.App.Def.Key, form.Def.Key, v)
	if err != nil {
		return err
	}
	pinned := *form
	pinned.Flow = old.Flow
	r.Form = &pinned
	return nil
}

func text(d map[string]any, key string) string      { s, _ := d[key].(string); return s }
func number(d map[string]any, key string) int64     { n, _ := d[key].(int64); return n }
func list(d map[string]any, key string) []any       { l, _ := d[key].([]any); return l }
func moment(d map[string]any, key string) time.Time { t, _ := d[key].(time.Time); return t }
func object(d map[string]any, key string) map[string]any {
	m, _ := d[key].(map[string]any)
	return m
}

func contains(l []any, s string) bool {
	for _, x := range l {
		if x == s {
			return true
		}
	}
	return false
}

// union adds texts to a list without repeating any.
func union(l []any, add ...string) []any {
	out := append([]any(nil), l...)
	for _, s := range add {
		if s != "" && !contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
