// Package audit keeps the log of who did what. Entries are made from the
// outbox of the record they are about, under the effect's id, so that nothing
// acknowledged goes unlogged and nothing is logged twice.
package audit

import (
	"context"
	"errors"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Service writes and reads the log of one tenant.
type Service struct{ t *tenant.Tenant }

// New makes the service.
func New(t *tenant.Tenant) *Service { return &Service{t: t} }

func (s *Service) log() storage.Collection { return s.t.Store.Collection("audit") }

// Record is the handler of record.EffectAudit, for many writes at once.
func (s *Service) Record(ctx context.Context, l []record.Pending) error {
	docs := make([]storage.Doc, len(l))
	for i, p := range l {
		docs[i] = entryOf(p.Rec, p.Effect)
	}
	err := s.log().Insert(ctx, docs...)
	if !errors.Is(err, storage.ErrDuplicate) {
		return err
	}
	for _, d := range docs { // some are there already: a second run
		if err := ignoreDuplicate(s.log().Insert(ctx, d)); err != nil {
			return err
		}
	}
	return nil
}

// entryOf is an act as it is logged. Its id begins with the record's, so that
// the entries of one time lie side by side.
func entryOf(rec *record.Record, e record.Effect) storage.Doc {
	doc := storage.Doc{storage.ID: rec.Ref() + "." + e.ID, "at": e.At, "by": e.By, "form": rec.Ref(), "record": rec.ID(),
		"title": rec.Doc["title"]}
	for _, k := range []string{"action", "request", "ip", "task"} {
		if v, ok := e.Data[k]; ok && v != "" {
			doc[k] = v
		}
	}
	return doc
}

// Note logs an act that is about no record: a login, a publication, a change of the organisation.
func (s *Service) Note(ctx context.Context, by, action, ip string, detail map[string]any) error {
	doc := storage.Doc{storage.ID: s.t.IDs.New(), "at": s.t.Clock.Now(), "by": by, "action": action}
	if ip != "" {
		doc["ip"] = ip
	}
	if len(detail) > 0 {
		doc["detail"] = detail
	}
	return s.log().Insert(ctx, doc)
}

func ignoreDuplicate(err error) error {
	if errors.Is(err, storage.ErrDuplicate) {
		return nil
	}
	return err
}

// Entry is one line of the log.
type Entry struct {
	ID     string         `json:"id"`
	At     time.Time      `json:"at"`
	By     string         `json:"by"`
	Action string         `json:"action"`
	Form   string         `json:"form,omitempty"`
	Record string         `json:"record,omitempty"`
	Title  string         `json:"title,omitempty"`
	IP     string         `json:"ip,omitempty"`
	Detail map[string]any `json:"detail,omitempty"`
}

// List reads the log, newest first.
func (s *Service) List(ctx context.Context, cursor string, limit int) ([]Entry, string, error) {
	page, err := s.log().Find(ctx, storage.Query{Sort: []filter.Sort{{Path: "at", Desc: true}}, Cursor: cursor, Limit: limit})
	if errors.Is(err, storage.ErrInvalid) {
		return nil, "", fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	if err != nil {
		return nil, "", err
	}
	out := make([]Entry, 0, len(page.Docs))
	for _, d := range page.Docs {
		e := Entry{}
		e.ID, _ = d[storage.ID].(string)
		e.At, _ = d["at"].(time.Time)
		e.By, _ = d["by"].(string)
		e.Action, _ = d["action"].(string)
		e.Form, _ = d["form"].(string)
		e.Record, _ = d["record"].(string)
		e.Title, _ = d["title"].(string)
		e.IP, _ = d["ip"].(string)
		e.Detail, _ = d["detail"].(map[string]any)
		out = append(out, e)
	}
	return out, page.Next, nil
}
