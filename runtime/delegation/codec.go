package delegation

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/formwork-run/formwork/storage"
)

// read gives the delegations of a user and the revision of their document, 0 when there is none.
func (s *Service) read(ctx context.Context, user string) ([]Delegation, int64, error) {
	doc, err := s.docs().Get(ctx, user)
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	rev, _ := doc[storage.Rev].(int64)
	return listOf(doc), rev, nil
}

// write replaces the delegations of a user over a revision; what ended longest ago makes room.
func (s *Service) write(ctx context.Context, user string, rev int64, l []Delegation) error {
	defer s.forget(user)
	now := s.t.Clock.Now()
	for len(l) > keep {
		i := slices.IndexFunc(l, func(d Delegation) bool { return d.at(now) == Ended })
		if i < 0 {
			break
		}
		l = slices.Delete(l, i, i+1)
	}
	items := make([]any, len(l))
	for i := range l {
		items[i] = l[i].doc()
	}
	doc := storage.Doc{storage.ID: user, "items": items}
	if rev == 0 {
		return s.docs().Insert(ctx, doc)
	}
	doc[storage.Rev] = rev
	_, err := s.docs().Replace(ctx, doc)
	if errors.Is(err, storage.ErrNotFound) {
		return storage.ErrConflict
	}
	return err
}

func (d *Delegation) doc() map[string]any {
	forms := make([]any, len(d.Forms))
	for i, f := range d.Forms {
		forms[i] = f
	}
	m := map[string]any{"id": d.ID, "delegate": d.Delegate, "from": d.From, "until": d.Until, "forms": forms, "note": d.Note,
		"rev": d.Rev, "created_at": d.CreatedAt, "created_by": d.CreatedBy}
	if d.EndedAt != nil {
		m["ended_at"] = *d.EndedAt
	}
	return m
}

func listOf(doc storage.Doc) []Delegation {
	user, _ := doc[storage.ID].(string)
	items, _ := doc["items"].([]any)
	out := make([]Delegation, 0, len(items))
	for _, x := range items {
		m, _ := x.(map[string]any)
		d := Delegation{User: user, Forms: []string{}}
		d.ID, _ = m["id"].(string)
		d.Delegate, _ = m["delegate"].(string)
		d.From, _ = m["from"].(time.Time)
		d.Until, _ = m["until"].(time.Time)
		d.Note, _ = m["note"].(string)
		d.Rev, _ = m["rev"].(int64)
		d.CreatedAt, _ = m["created_at"].(time.Time)
		d.CreatedBy, _ = m["created_by"].(string)
		if t, ok := m["ended_at"].(time.Time); ok {
			d.EndedAt = &t
		}
		forms, _ := m["forms"].([]any)
		for _, f := range forms {
			if s, ok := f.(string); ok {
				d.Forms = append(d.Forms, s)
			}
		}
		out = append(out, d)
	}
	return out
}
