// Package comment keeps what people say about a record.
package comment

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/engine"
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
	files   Files
	notices Notices
}

// Files keeps what is attached to comments.
type Files interface {
	Facts(ctx context.Context, ids []string) (map[string]map[string]any, error)
	KeepSaid(ctx context.Context, ref, record string, ids []string) error
}

// Notices tells people. Telling the same cause twice tells it once.
type Notices interface {
	Tell(ctx context.Context, rec *record.Record, cause, event, by string, to []string) error
}

// New makes the service.
func New(t *tenant.Tenant, records *record.Service, f Files, n Notices) *Service {
	return &Service{t: t, records: records, files: f, notices: n}
}

// Comment is one thing said about a record. Text is plain text.
type Comment struct {
	ID      string           `json:"id"`
	By      string           `json:"by"`
	At      time.Time        `json:"at"`
	Text    string           `json:"text"`
	Mention []string         `json:"mention,omitempty"`
	Files   []map[string]any `json:"files,omitempty"` // id, name, size, type
}

// Input is a comment as somebody writes it.
type Input struct {
	Text    string   `json:"text"`
	Mention []string `json:"mention"` // users who are told; each must be able to see the record
	Files   []string `json:"files"`
}

func (s *Service) comments() storage.Collection { return s.t.Store.Collection("comments") }

// Add says something about a record; the actor needs the comment operation on it.
func (s *Service) Add(ctx context.Context, a *tenant.Actor, ref, id string, in Input) (Comment, error) {
	rec, g, err := s.records.Get(ctx, a, ref, id)
	if err != nil {
		return Comment{}, err
	}
	if !g.Ops[schema.OpComment] {
		return Comment{}, fault.New(fault.Forbidden, "comment.forbidden", "you may not comment on this record")
	}
	text := strings.TrimSpace(in.Text)
	if n := utf8.RuneCountInString(text); n > MaxText || n == 0 && len(in.Files) == 0 {
		return Comment{}, fault.Newf(fault.Invalid, "comment.length", "a comment has 1 to %d characters", MaxText).
			At(fault.Field{Path: "/text", Code: "max_length", Message: "wrong length", Params: map[string]any{"max": MaxText}})
	}
	if err := s.records.CheckSaid(ctx, a, rec, record.Said{Mention: in.Mention, Files: in.Files}); err != nil {
		return Comment{}, err
	}
	c := Comment{ID: s.t.IDs.New(), By: a.User, At: s.t.Clock.Now(), Text: text, Mention: in.Mention}
	return c, s.save(ctx, rec, &c, in.Files)
}

// save keeps the files before the comment that shows them, and tells whoever is
// named once it stands.
func (s *Service) save(ctx context.Context, rec *record.Record, c *Comment, files []string) error {
	if len(files) > 0 {
		if err := s.files.KeepSaid(ctx, rec.Ref(), rec.ID(), files); err != nil {
			return err
		}
	}
	doc := storage.Doc{storage.ID: c.ID, "form": rec.Ref(), "record": rec.ID(), "by": c.By, "at": c.At, "text": c.Text}
	for key, l := range map[string][]string{"mention": c.Mention, "files": files} {
		if len(l) > 0 {
			doc[key] = list(l)
		}
	}
	if err := s.comments().Insert(ctx, doc); err != nil {
		return err
	}
	facts, err := s.facts(ctx, files)
	if err != nil {
		return err
	}
	c.Files = shown(files, facts)
	if len(c.Mention) == 0 {
		return nil
	}
	return s.notices.Tell(ctx, rec, c.ID, engine.EventMentioned, c.By, c.Mention)
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
	out, err := s.read(ctx, page.Docs)
	if err != nil {
		return nil, "", nil, err
	}
	v := s.records.NewViewer(a)
	for _, c := range out {
		v.User(c.By)
		for _, u := range c.Mention {
			v.User(u)
		}
	}
	names, err := v.Names(ctx)
	return out, page.Next, names, err
}

// read makes comments of their documents; the files of all are looked up at once.
func (s *Service) read(ctx context.Context, docs []storage.Doc) ([]Comment, error) {
	var all []string
	for _, d := range docs {
		all = append(all, texts(d["files"])...)
	}
	facts, err := s.facts(ctx, all)
	if err != nil {
		return nil, err
	}
	out := make([]Comment, 0, len(docs))
	for _, d := range docs {
		c := Comment{Mention: texts(d["mention"]), Files: shown(texts(d["files"]), facts)}
		c.ID, _ = d[storage.ID].(string)
		c.By, _ = d["by"].(string)
		c.At, _ = d["at"].(time.Time)
		c.Text, _ = d["text"].(string)
		out = append(out, c)
	}
	return out, nil
}

func (s *Service) facts(ctx context.Context, ids []string) (map[string]map[string]any, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.files.Facts(ctx, ids)
}

// shown are files with their ids, as far as they are still there.
func shown(ids []string, facts map[string]map[string]any) []map[string]any {
	var out []map[string]any
	for _, id := range ids {
		if f := facts[id]; f != nil {
			out = append(out, map[string]any{"id": id, "name": f["name"], "size": f["size"], "type": f["type"]})
		}
	}
	return out
}

func texts(v any) []string {
	var out []string
	l, _ := v.([]any)
	for _, x := range l {
		if t, ok := x.(string); ok {
			out = append(out, t)
		}
	}
	return out
}

func list(l []string) []any {
	out := make([]any, len(l))
	for i, t := range l {
		out[i] = t
	}
	return out
}
