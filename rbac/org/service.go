package org

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/signal"
)

// Deps are what a Service is made of.
type Deps struct {
	Tenant string // id of the tenant, as it stands in subjects
	Store  storage.Tenant
	Clock  clock.Clock
	IDs    ids.Source
}

// Service keeps the organisation of one tenant. Reads are answered from an
// immutable snapshot; a write changes the store, tells the other nodes through
// the tenant's signals, and loads the snapshot anew. Safe for concurrent use.
type Service struct {
	d    Deps
	snap atomic.Pointer[Snapshot]
	load sync.Mutex // one load at a time, so that an older one never wins
}

// Open makes the indexes and loads the organisation.
func Open(ctx context.Context, d Deps) (*Service, error) {
	s := &Service{d: d}
	for _, c := range Indexes() {
		if err := d.Store.Collection(c.Collection).Indexes(ctx, c.Indexes...); err != nil {
			return nil, fmt.Errorf("org: indexes of %s: %w", c.Collection, err)
		}
	}
	return s, s.Load(ctx)
}

// CollectionIndexes are the indexes one collection needs.
type CollectionIndexes struct {
	Collection string
	Indexes    []storage.Index
}

// Indexes declares the indexes of users, depts and roles. Everything but the
// uniqueness of logins is read as a whole, into the snapshot.
func Indexes() []CollectionIndexes {
	return []CollectionIndexes{
		{UsersCollection, []storage.Index{{Fields: []storage.IndexField{{Path: "login", Scale: -1}}, Unique: true},
			{Fields: []storage.IndexField{{Path: "admin", Scale: -1}}}}},
		{DeptsCollection, nil},
		{RolesCollection, nil},
	}
}

// Snapshot returns the organisation as last loaded; never nil.
func (s *Service) Snapshot() *Snapshot { return s.snap.Load() }

// Generation is the generation of the organisation that is loaded. When the
// tenant's signal "org" is another, Load brings it up to date.
func (s *Service) Generation() int64 { return s.Snapshot().generation }

// Load reads the organisation from the store.
func (s *Service) Load(ctx context.Context) error {
	s.load.Lock()
	defer s.load.Unlock()
	// The generation first: what changes while reading is read again.
	generation, err := signal.Read(ctx, s.d.Store, signal.Org)
	if err != nil {
		return err
	}
	snap := newSnapshot(s.d.Tenant, generation)
	if err := s.read(ctx, UsersCollection, func(d storage.Doc) { snap.addUser(userOf(d)) }); err != nil {
		return err
	}
	if err := s.read(ctx, DeptsCollection, func(d storage.Doc) { snap.addDept(deptOf(d)) }); err != nil {
		return err
	}
	if err := s.read(ctx, RolesCollection, func(d storage.Doc) { snap.addRole(roleOf(d)) }); err != nil {
		return err
	}
	snap.finish()
	s.snap.Store(snap)
	return nil
}

func (s *Service) read(ctx context.Context, collection string, add func(storage.Doc)) error {
	q := storage.Query{Limit: storage.MaxFindLimit}
	for {
		page, err := s.d.Store.Collection(collection).Find(ctx, q)
		if err != nil {
			return fmt.Errorf("org: read %s: %w", collection, err)
		}
		for _, d := range page.Docs {
			add(d)
		}
		if page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
	}
}

// changed tells the other nodes and loads what was written.
func (s *Service) changed(ctx context.Context) error {
	if err := signal.Bump(ctx, s.d.Store, signal.Org); err != nil {
		return err
	}
	return s.Load(ctx)
}

// Subject tells who a user is, for access decisions. A user who is unknown or
// has left is unauthorized (auth.user). Zone is left to the caller.
func (s *Service) Subject(_ context.Context, user string) (rbac.Subject, error) {
	return s.Snapshot().Subject(user)
}

// Resolve finds the people an approver source means; see Snapshot.Resolve.
func (s *Service) Resolve(q Query) ([]string, error) {
	return s.Snapshot().Resolve(q)
}

// Manager is the active manager of a user; see Snapshot.Manager.
func (s *Service) Manager(user string) []string { return s.Snapshot().Manager(user) }

// Admins are the active platform administrators, by id.
func (s *Service) Admins() []string { return s.Snapshot().Admins() }

// Name is the name of a user, department or role ("users", "depts", "roles"); "" when unknown.
func (s *Service) Name(kind, id string) string { return s.Snapshot().Name(kind, id) }

// Attr is an attribute of a user for formulas; see Snapshot.Attr.
func (s *Service) Attr(id, attr string) any { return s.Snapshot().Attr(id, attr) }

// DeptAttr is an attribute of a department for formulas; see Snapshot.DeptAttr.
func (s *Service) DeptAttr(id, attr string) any { return s.Snapshot().DeptAttr(id, attr) }

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
