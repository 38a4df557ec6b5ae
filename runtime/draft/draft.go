// Package draft keeps what people were typing: one draft per person and form
// (or record), as the browser sent it. Drafts are nobody else's business and
// are checked only when they are submitted.
package draft

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// MaxBytes bounds one draft.
const MaxBytes = 6 << 20

// Service keeps the drafts of one tenant.
type Service struct {
	t       *tenant.Tenant
	records *record.Service
}

// Bind gives the service the records that drafts are about.
func (s *Service) Bind(records *record.Service) { s.records = records }

// New makes the service; Bind comes before Put.
func New(t *tenant.Tenant) *Service { return &Service{t: t} }

// Draft is what somebody was typing.
type Draft struct {
	Data json.RawMessage `json:"data"`
	// Rev is the record's revision when the typing began, 0 for a new record.
	Rev int64     `json:"rev,omitempty"`
	At  time.Time `json:"at"`
}

func (s *Service) drafts() storage.Collection { return s.t.Store.Collection("drafts") }

func key(a *tenant.Actor, form, record string) string {
	return ids.Derive("draft", a.User, form, record)
}

// Get reads a draft, or not found: draft.not_found where there could be one.
func (s *Service) Get(ctx context.Context, a *tenant.Actor, form, record string) (Draft, error) {
	if err := s.open(ctx, a, form, record); err != nil {
		return Draft{}, err
	}
	d, err := s.drafts().Get(ctx, key(a, form, record))
	if errors.Is(err, storage.ErrNotFound) {
		return Draft{}, fault.New(fault.NotFound, "draft.not_found", "there is no draft")
	}
	if err != nil {
		return Draft{}, err
	}
	text, err := s.t.Vault.OpenDraft(d)
	if err != nil {
		return Draft{}, err
	}
	out := Draft{Data: json.RawMessage(text)}
	out.Rev, _ = d["base"].(int64)
	out.At, _ = d["at"].(time.Time)
	return out, nil
}

// Put stores a draft; the last one wins.
func (s *Service) Put(ctx context.Context, a *tenant.Actor, form, record string, in Draft) (Draft, error) {
	if len(in.Data) > MaxBytes {
		return Draft{}, fault.New(fault.TooLarge, "draft.too_large", "the draft is too large")
	}
	if !json.Valid(in.Data) {
		return Draft{}, fault.New(fault.Malformed, "body.json", "data is no JSON")
	}
	if err := s.open(ctx, a, form, record); err != nil {
		return Draft{}, err
	}
	in.At = s.t.Clock.Now()
	id := key(a, form, record)
	set, err := s.t.Vault.SealDraft(ctx, form, id, string(in.Data))
	if err != nil {
		return Draft{}, err
	}
	set["base"], set["at"] = in.Rev, in.At
	_, err = s.drafts().Patch(ctx, id, storage.Guard{}, storage.Patch{Set: set})
	if !errors.Is(err, storage.ErrNotFound) {
		return in, err
	}
	doc := storage.Doc{storage.ID: id, "user": a.User, "form": form, "record": record}
	for k, v := range set {
		doc[k] = v
	}
	err = s.drafts().Insert(ctx, doc)
	if errors.Is(err, storage.ErrDuplicate) {
		_, err = s.drafts().Patch(ctx, id, storage.Guard{}, storage.Patch{Set: set})
	}
	return in, err
}

// open: a draft is of a form that its author may use, or of a record that he sees.
func (s *Service) open(ctx context.Context, a *tenant.Actor, form, record string) error {
	if _, err := s.t.Form(form); err != nil {
		return err
	}
	if record != "" {
		_, _, err := s.records.Get(ctx, a, form, record)
		return err
	}
	if p := a.Plan.Form(form); p.Can(schema.OpCreate) || p.Can(schema.OpView) {
		return nil
	}
	took, err := s.records.TookPart(ctx, a, form)
	if err == nil && !took {
		err = fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", form)
	}
	return err
}

// Delete removes a draft; removing none is no error.
func (s *Service) Delete(ctx context.Context, a *tenant.Actor, form, record string) error {
	err := s.drafts().Delete(ctx, key(a, form, record), storage.Guard{})
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}
