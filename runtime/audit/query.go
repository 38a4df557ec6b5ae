package audit

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Entry is one line of the log.
type Entry struct {
	ID      string         `json:"id"`
	At      time.Time      `json:"at"`
	By      string         `json:"by"`
	Action  string         `json:"action"`
	Kind    string         `json:"kind"`
	Form    string         `json:"form,omitempty"`
	Record  string         `json:"record,omitempty"`
	Title   string         `json:"title,omitempty"`
	IP      string         `json:"ip,omitempty"`
	Request string         `json:"request,omitempty"`
	Task    int64          `json:"task,omitempty"`
	Detail  map[string]any `json:"detail,omitempty"`
}

// Query selects entries; what is empty does not limit them.
type Query struct {
	By     string
	Action []string // actions ("key.created") or kinds ("login")
	Form   string
	Record string
	From   time.Time // inclusive
	To     time.Time // exclusive
	IP     string
	Text   string // within title, login, name and record
	Cursor string
	Limit  int  // 0 = storage.DefaultLimit
	Oldest bool // oldest first
}

func (q Query) where() filter.Expr {
	all := filter.And{}
	eq := func(path, v string) {
		if v != "" {
			all = append(all, filter.Cmp{Path: path, Op: filter.Eq, Value: v})
		}
	}
	eq("by", q.By)
	eq("form", q.Form)
	eq("record", q.Record)
	eq("ip", q.IP)
	if q.Form != "" && q.Record != "" { // ids begin with the record's: this finds them without looking at the others
		all = append(all, filter.Cmp{Path: storage.ID, Op: filter.Prefix, Value: q.Form + "." + q.Record})
	}
	if !q.From.IsZero() {
		all = append(all, filter.Cmp{Path: "at", Op: filter.Ge, Value: q.From.UTC()})
	}
	if !q.To.IsZero() {
		all = append(all, filter.Cmp{Path: "at", Op: filter.Lt, Value: q.To.UTC()})
	}
	if len(q.Action) > 0 {
		any := filter.Or{}
		for _, word := range q.Action {
			any = append(any, asks(word))
		}
		all = append(all, any)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		any := filter.Or{}
		for _, path := range []string{"title", "detail.login", "detail.name", "detail.app", "record"} {
			any = append(any, filter.Cmp{Path: path, Op: filter.Contains, Value: text})
		}
		all = append(all, any)
	}
	return all
}

// List reads the log, newest first unless asked otherwise, a page at a time.
func (s *Service) List(ctx context.Context, q Query) ([]Entry, string, error) {
	page, err := s.log().Find(ctx, storage.Query{Where: filter.Simplify(q.where()), Sort: []filter.Sort{{Path: "at", Desc: !q.Oldest}}, Cursor: q.Cursor, Limit: q.Limit})
	if errors.Is(err, storage.ErrInvalid) {
		return nil, "", fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	if err != nil {
		return nil, "", err
	}
	out := make([]Entry, 0, len(page.Docs))
	for _, d := range page.Docs {
		out = append(out, entry(d))
	}
	return out, page.Next, nil
}

func entry(d storage.Doc) Entry {
	e := Entry{ID: text(d, storage.ID), By: text(d, "by"), Action: text(d, "action"), Form: text(d, "form"), Record: text(d, "record"),
		Title: text(d, "title"), IP: text(d, "ip"), Request: text(d, "request"), At: moment(d, "at")}
	e.Kind = KindOf(e.Action)
	e.Task, _ = d["task"].(int64)
	e.Detail, _ = d["detail"].(map[string]any)
	return e
}

func text(d storage.Doc, key string) string      { s, _ := d[key].(string); return s }
func moment(d storage.Doc, key string) time.Time { t, _ := d[key].(time.Time); return t }
