// Package audit keeps the log of who did what. Entries are made from the
// outbox of the record they are about, under the effect's id, so that nothing
// acknowledged goes unlogged and nothing is logged twice. A sealer chains them
// beside the requests (chain.go), so that nobody changes the past unseen.
package audit

import (
	"context"
	"errors"
	"time"

	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
)

// Service writes and reads the log of one tenant.
type Service struct{ t *tenant.Tenant }

// New makes the service.
func New(t *tenant.Tenant) *Service { return &Service{t: t} }

func (s *Service) log() storage.Collection { return s.t.Store.Collection("audit") }

// lateAfter is how long after the act an entry may be written without saying so.
const lateAfter = 30 * time.Second

// Record is the handler of record.EffectAudit, for many writes at once.
func (s *Service) Record(ctx context.Context, l []record.Pending) error {
	docs, now := make([]storage.Doc, len(l)), s.t.Clock.Now()
	for i, p := range l {
		docs[i] = entryOf(p.Rec, p.Effect, now)
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
// the entries of one record lie side by side. What is written long after the act
// says when: the sealer has passed its time by then.
func entryOf(rec *record.Record, e record.Effect, now time.Time) storage.Doc {
	doc := storage.Doc{storage.ID: rec.Ref() + "." + e.ID, "at": e.At, "by": e.By, "form": rec.Ref(), "record": rec.ID(),
		"title": rec.Doc["title"]}
	for _, k := range []string{"action", "request", "ip", "task"} {
		if v, ok := e.Data[k]; ok && v != "" {
			doc[k] = v
		}
	}
	if now.Sub(e.At) > lateAfter {
		doc["late"] = now
	}
	return doc
}

// Note logs an act that is about no record: a login, a publication, a change of the organisation.
func (s *Service) Note(ctx context.Context, by, action, ip string, detail map[string]any) error {
	return s.NoteAbout(ctx, About{By: by, Action: action, IP: ip, Detail: detail})
}

// About is an act beside the writes of records. Form, Record and Title name the
// record it is about, if it is about one.
type About struct {
	By, Action, IP, Request string
	Form, Record, Title     string
	Detail                  map[string]any
}

// NoteAbout logs an act: when it returns, the entry is stored.
func (s *Service) NoteAbout(ctx context.Context, a About) error {
	id := s.t.IDs.New()
	if a.Record != "" {
		id = a.Form + "." + a.Record + ":" + id
	}
	doc := storage.Doc{storage.ID: id, "at": s.t.Clock.Now(), "by": a.By, "action": a.Action}
	for k, v := range map[string]string{"ip": a.IP, "request": a.Request, "form": a.Form, "record": a.Record, "title": a.Title} {
		if v != "" {
			doc[k] = v
		}
	}
	if len(a.Detail) > 0 {
		doc["detail"] = a.Detail
	}
	return s.log().Insert(ctx, doc)
}

func ignoreDuplicate(err error) error {
	if errors.Is(err, storage.ErrDuplicate) {
		return nil
	}
	return err
}
