package org

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// One document says who is stepping down as a platform administrator. Two who do
// it at the same moment, on whatever nodes, meet in its revision: so one stays.
const (
	GuardsCollection = "orgguards"
	adminsGuard      = "administrators"
)

// stepDownLife is how long somebody counts as stepping down: longer than any
// request lives, so that a write that was announced is done or will never be.
const stepDownLife = 5 * time.Minute

// guardTries bounds how often a race for the guard is run again.
const guardTries = 50

func administers(u *User) bool { return u.Admin && u.State == Active }

// replaceUser writes a user over the one that is there.
func (s *Service) replaceUser(ctx context.Context, u User) (int64, error) {
	guarded := !administers(&u)
	if guarded {
		if err := s.stepDown(ctx, u.ID); err != nil {
			return 0, err
		}
	}
	rev, err := s.replace(ctx, UsersCollection, u.doc(), u.Rev)
	switch kind := fault.KindOf(err); {
	case err == nil && !guarded, err != nil && (kind == fault.Conflict || kind == fault.NotFound || kind == fault.Duplicate):
		// He is one, or was not changed: nothing was taken away.
		return rev, errors.Join(err, s.stay(ctx, u.ID))
	}
	return rev, err
}

// stepDown announces that a user stops being an administrator. It is refused
// (org.last_admin) when nobody would be left. Whoever is none may do so freely.
func (s *Service) stepDown(ctx context.Context, id string) error {
	return s.guard(ctx, func(g *adminGuard) (bool, error) {
		admins, err := s.activeAdmins(ctx)
		if err != nil || !admins[id] {
			return false, err
		}
		delete(admins, id)
		for user := range g.leaving {
			delete(admins, user)
		}
		if len(admins) == 0 {
			return false, fault.New(fault.Refused, "org.last_admin", "this is the last administrator")
		}
		g.leaving[id] = s.d.Clock.Now()
		return true, nil
	})
}

// stay takes an announcement back.
func (s *Service) stay(ctx context.Context, id string) error {
	return s.guard(ctx, func(g *adminGuard) (bool, error) {
		_, leaving := g.leaving[id]
		delete(g.leaving, id)
		return leaving, nil
	})
}

// adminGuard is the guard document.
type adminGuard struct {
	rev     int64 // 0 = there is none yet
	leaving map[string]time.Time
}

// guard changes the guard document by compare-and-set; change reports whether it changed it.
func (s *Service) guard(ctx context.Context, change func(*adminGuard) (bool, error)) error {
	for range guardTries {
		g, err := s.readGuard(ctx)
		if err != nil {
			return err
		}
		changed, err := change(g)
		if err != nil || !changed {
			return err
		}
		err = s.writeGuard(ctx, g)
		if !errors.Is(err, storage.ErrConflict) && !errors.Is(err, storage.ErrDuplicate) {
			return err
		}
	}
	return fault.New(fault.Conflict, "org.stale", "somebody else changed this meanwhile")
}

func (s *Service) readGuard(ctx context.Context) (*adminGuard, error) {
	g := &adminGuard{leaving: map[string]time.Time{}}
	doc, err := s.d.Store.Collection(GuardsCollection).Get(ctx, adminsGuard)
	if errors.Is(err, storage.ErrNotFound) {
		return g, nil
	}
	if err != nil {
		return nil, fmt.Errorf("org: guard: %w", err)
	}
	g.rev = num(doc, storage.Rev)
	for _, x := range items(doc["leaving"]) {
		if at, ok := x["at"].(time.Time); ok && s.d.Clock.Now().Sub(at) < stepDownLife {
			g.leaving[str(x, "user")] = at
		}
	}
	return g, nil
}

func (s *Service) writeGuard(ctx context.Context, g *adminGuard) error {
	leaving := []any{}
	for _, user := range sorted(g.leaving) {
		leaving = append(leaving, map[string]any{"user": user, "at": g.leaving[user]})
	}
	col := s.d.Store.Collection(GuardsCollection)
	if g.rev == 0 {
		return col.Insert(ctx, storage.Doc{storage.ID: adminsGuard, "leaving": leaving})
	}
	_, err := col.Patch(ctx, adminsGuard, storage.Guard{Rev: g.rev}, storage.Patch{Set: map[string]any{"leaving": leaving}})
	return err
}

// activeAdmins asks the store, not the snapshot: another node may have changed them.
func (s *Service) activeAdmins(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	q := storage.Query{Limit: storage.MaxFindLimit, Where: filter.And{
		filter.Cmp{Path: "admin", Op: filter.Eq, Value: true}, filter.Cmp{Path: "state", Op: filter.Eq, Value: Active}}}
	for {
		page, err := s.d.Store.Collection(UsersCollection).Find(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("org: administrators: %w", err)
		}
		for _, d := range page.Docs {
			out[str(d, storage.ID)] = true
		}
		if q.Cursor = page.Next; page.Next == "" {
			return out, nil
		}
	}
}
