// Package comment keeps what people say about a record.
package comment

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// MaxText bounds a comment, in characters.
const MaxText = 2000

// Service keeps the comments of one tenant.
type Service struct {
	t       *tenant.Tenant
	records *record.Service
}

// New makes the service.
func New(t *tenant.Tenant, records *record.Service) *Service { return &Service{t: t, records: records} }

// Comment is one thing said about a record. Text is plain text.
type Comment struct {
	ID   string    `json:"id"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

func (s *Service) comments() storage.Collection { return s.t.Store.Collection("comments") }

// Add says something about a record; the actor needs the comment operation on it.
func (s *Service) Add(ctx context.Context, a *tenant.Actor, ref, id, text string) (Comment, error) {
	_, g, err := s.records.Get(ctx, a, ref, id)
	if err != nil {
		return Comment{}, err
	}
	if !g.Ops[schema.OpComment] {
		return Comment{}, fault.New(fault.Forbidden, "comment.forbidden", "you may not comment on this record")
	}
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n == 0 || n > MaxText {
		return Comment{}, fault.Newf(fault.Invalid, "comment.length", "a comment has 1 to %d characters", MaxText).
			At(fault.Field{Path: "/text", Code: "max_length", Message: "wrong length", Params: map[string]any{"max": MaxText}})
	}
	c := Comment{ID: s.t.IDs.New(), By: a.User, At: s.t.Clock.Now(), Text: text}
	return c, s.comments().Insert(ctx, storage.Doc{storage.ID: c.ID, "form": ref, "record": id, "by": c.By, "at": c.At, "text": text})
}

// List reads what was said about a record, oldest first, with the names of the speakers.
func (s *Service) List(ctx context.Context, a *tenant.Actor, ref, id, cursor string) ([]Comment, string, *record.Display, error) {
	if _, _, err := s.records.Get(ctx, a, ref, id); err != nil {
		return nil, "", nil, err
	}
	page, err := s.comments().Find(ctx, storage.Query{Where: filter.And{filter.Cmp{Path: "record", Op: filter.Eq, Value: id},
		filter.Cmp{Path: "form", Op: filter.Eq, Value: ref}}, Sort: []filter.Sort{{Path: "at"}}, Cursor: cursor})
	if errors.Is(err, storage.ErrInvalid) {
		return nil, "", nil, fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	if err != nil {
		return nil, "", nil, err
	}
	v := s.records.NewViewer(a)
	out := make([]Comment, 0, len(page.Docs))
	for _, d := range page.Docs {
		c := Comment{}
		c.ID, _ = d[storage.ID].(string)
		c.By, _ = d["by"].(string)
		c.At, _ = d["at"].(time.Time)
		c.Text, _ = d["text"].(string)
		v.User(c.By)
		out = append(out, c)
	}
	names, err := v.Names(ctx)
	return out, page.Next, names, err
}
