// Package notify tells people what concerns them. In this product's core that
// is the notice list inside the application; other channels read the same notices.
package notify

import (
	"context"
	"errors"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Service keeps the notices of one tenant.
type Service struct {
	t       *tenant.Tenant
	records *record.Service
}

// New makes the service; Bind gives it the records its notices are about.
func New(t *tenant.Tenant) *Service { return &Service{t: t} }

// Bind gives the service the records it reads.
func (s *Service) Bind(records *record.Service) { s.records = records }

func (s *Service) notices() storage.Collection { return s.t.Store.Collection("notices") }

// Notify is the handler of record.EffectNotify: one notice per person, with an
// id derived from the effect. A notice holds no field value: its text is made
// when it is read, with the reader's rights.
func (s *Service) Notify(ctx context.Context, rec *record.Record, e record.Effect) error {
	if e.Data["event"] == engine.EventTaskArrived {
		return nil // the to-do list itself tells
	}
	to, _ := e.Data["to"].([]any)
	for _, u := range to {
		user, _ := u.(string)
		if user == "" || user == e.By {
			continue
		}
		doc := storage.Doc{storage.ID: ids.Derive("notice", rec.Ref(), e.ID, user), "to": user, "at": e.At, "by": e.By,
			"event": e.Data["event"], "form": rec.Ref(), "record": rec.ID(), "node": e.Data["node"], "task": e.Data["task"], "read": false}
		if err := s.notices().Insert(ctx, doc); err != nil && !errors.Is(err, storage.ErrDuplicate) {
			return err
		}
	}
	return nil
}

// Notice is one notice as its reader sees it.
type Notice struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	Event     string    `json:"event"` // those of the engine but task_arrived
	Text      string    `json:"text"`  // what happened, in the reader's language
	Form      string    `json:"form"`
	FormTitle string    `json:"form_title"`
	Record    string    `json:"record"`
	Title     string    `json:"title"`
	Node      string    `json:"node,omitempty"`
	Task      string    `json:"task,omitempty"` // id of the task it is about
	Read      bool      `json:"read"`
}

// List reads the actor's notices, newest first. Those about records that he may
// not see any more are left out.
func (s *Service) List(ctx context.Context, a *tenant.Actor, cursor string) ([]Notice, string, *record.Display, error) {
	page, err := s.notices().Find(ctx, storage.Query{Where: filter.Cmp{Path: "to", Op: filter.Eq, Value: a.User},
		Sort: []filter.Sort{{Path: "at", Desc: true}}, Cursor: cursor})
	if errors.Is(err, storage.ErrInvalid) {
		return nil, "", nil, fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	if err != nil {
		return nil, "", nil, err
	}
	v := s.records.NewViewer(a)
	out := []Notice{}
	for _, d := range page.Docs {
		n := Notice{}
		n.ID, _ = d[storage.ID].(string)
		n.At, _ = d["at"].(time.Time)
		n.By, _ = d["by"].(string)
		n.Event, _ = d["event"].(string)
		n.Form, _ = d["form"].(string)
		n.Record, _ = d["record"].(string)
		n.Read, _ = d["read"].(bool)
		rec, g, err := s.records.Get(ctx, a, n.Form, n.Record)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, "", nil, err
		}
		n.FormTitle, n.Title = rec.Form.Def.Title.In(a.Lang), v.Record(a, rec, g, false).Title
		if node, _ := d["node"].(string); node != "" {
			n.Node = record.NodeTitle(rec, node, a.Lang)
		}
		if task, _ := d["task"].(int64); task > 0 {
			n.Task = record.TaskID(n.Form, n.Record, int(task))
		}
		n.Text = words(a.Lang, n.Event, s.t.Org.Name("users", n.By), n.Title, n.Node)
		v.User(n.By)
		out = append(out, n)
	}
	names, err := v.Names(ctx)
	return out, page.Next, names, err
}

// Read marks notices of the actor's as read; those of others are not found.
func (s *Service) Read(ctx context.Context, a *tenant.Actor, ids []string) error {
	for _, id := range ids {
		_, err := s.notices().Patch(ctx, id, storage.Guard{Where: filter.Cmp{Path: "to", Op: filter.Eq, Value: a.User}},
			storage.Patch{Set: map[string]any{"read": true}})
		if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrConflict) {
			return fault.New(fault.NotFound, "notice.not_found", "there is no such notice")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ReadAll marks all of the actor's notices as read, those that come meanwhile
// perhaps not.
func (s *Service) ReadAll(ctx context.Context, a *tenant.Actor) error {
	unread := filter.And{filter.Cmp{Path: "to", Op: filter.Eq, Value: a.User}, filter.Cmp{Path: "read", Op: filter.Eq, Value: false}}
	q := storage.Query{Where: unread, Limit: storage.MaxFindLimit, Fields: []string{"to"}}
	for {
		page, err := s.notices().Find(ctx, q)
		if err != nil {
			return err
		}
		for _, d := range page.Docs {
			id, _ := d[storage.ID].(string)
			_, err := s.notices().Patch(ctx, id, storage.Guard{}, storage.Patch{Set: map[string]any{"read": true}, Blind: true})
			if err != nil && !errors.Is(err, storage.ErrNotFound) {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
	}
}

// Unread counts the actor's unread notices, at most 100.
func (s *Service) Unread(ctx context.Context, a *tenant.Actor) (int, error) {
	return s.notices().Count(ctx, filter.And{filter.Cmp{Path: "to", Op: filter.Eq, Value: a.User},
		filter.Cmp{Path: "read", Op: filter.Eq, Value: false}}, 99)
}
