package org

import (
	"context"
	"errors"
	"fmt"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/storage"
)

// Batch is a part of an organisation that comes as a whole: the demo's people,
// a sync, a restore. Every user and department has its ID.
type Batch struct {
	Depts []Dept
	Users []User
	Roles []Role
}

// Apply adds what is new and replaces what is known, and tells the other nodes
// once. The batch is checked as a whole first, so that its parts may refer to
// one another in any order; a fault names the place in the batch
// ("/users/3/login") and nothing is written.
func (s *Service) Apply(ctx context.Context, b Batch) error {
	for i := range b.Users {
		b.Users[i] = s.complete(b.Users[i])
	}
	if err := s.Snapshot().check(b); err != nil {
		return err
	}
	for _, d := range b.Depts {
		if err := s.put(ctx, DeptsCollection, d.doc()); err != nil {
			return err
		}
	}
	for _, u := range b.Users {
		if err := s.putUser(ctx, u); err != nil {
			return err
		}
	}
	for _, r := range b.Roles {
		if err := s.put(ctx, RolesCollection, r.doc()); err != nil {
			return err
		}
	}
	return s.changed(ctx)
}

// check checks every part against the organisation as it would be.
func (s *Snapshot) check(b Batch) error {
	next := s.With(b)
	var found []fault.Field
	collect := func(list string, i int, err error) {
		var f *fault.Error
		if !errors.As(err, &f) {
			return
		}
		for _, field := range f.Fields {
			field.Path = fmt.Sprintf("/%s/%d%s", list, i, field.Path)
			found = append(found, field)
		}
	}
	for i, d := range b.Depts {
		collect("depts", i, requireID(d.ID))
		collect("depts", i, next.CheckDept(d))
	}
	logins := map[string]string{}
	for i, u := range b.Users {
		collect("users", i, next.CheckUser(u))
		if other, twice := logins[u.Login]; twice && other != u.ID {
			found = append(found, fault.Field{Path: fmt.Sprintf("/users/%d/login", i), Code: "duplicate",
				Message: fmt.Sprintf("the login %q is given twice", u.Login)})
		}
		logins[u.Login] = u.ID
	}
	for i, r := range b.Roles {
		collect("roles", i, next.CheckRole(r))
	}
	if len(found) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "org.batch", "this organisation cannot be applied").At(found...)
}

func requireID(id string) error {
	if id != "" {
		return nil
	}
	var f findings
	f.add("/id", "required", "an id is needed")
	return f.err("org.batch", "")
}

// With is the organisation as it would be with the batch over it. It is for
// comparing: nothing is checked or kept.
func (s *Snapshot) With(b Batch) *Snapshot { return s.with(b, "") }

// Without is the organisation as it would be without a department.
func (s *Snapshot) Without(dept string) *Snapshot { return s.with(Batch{}, dept) }

// with is the snapshot with the batch over it, and without a department ("" = none).
func (s *Snapshot) with(b Batch, gone string) *Snapshot {
	next := newSnapshot(s.tenant, s.generation)
	newUsers := map[string]bool{}
	for i := range b.Users {
		newUsers[b.Users[i].ID] = true
	}
	for _, id := range sorted(s.users) {
		if !newUsers[id] {
			next.addUser(s.users[id])
		}
	}
	for i := range b.Users {
		next.addUser(&b.Users[i])
	}
	for id, d := range s.depts {
		if id != gone {
			next.addDept(d)
		}
	}
	for i := range b.Depts {
		next.addDept(&b.Depts[i])
	}
	for _, r := range s.roles {
		next.addRole(r)
	}
	for i := range b.Roles {
		next.addRole(&b.Roles[i])
	}
	next.finish()
	return next
}

// putUser is put that never takes the last administrator away.
func (s *Service) putUser(ctx context.Context, u User) error {
	if have := s.Snapshot().User(u.ID); have != nil && administers(have) && !administers(&u) {
		if err := s.stepDown(ctx, u.ID); err != nil {
			return err
		}
	}
	return s.put(ctx, UsersCollection, u.doc())
}

func (s *Service) put(ctx context.Context, collection string, d storage.Doc) error {
	if _, err := s.replace(ctx, collection, d, 0); fault.KindOf(err) != fault.NotFound {
		return err
	}
	return s.insert(ctx, collection, d, "/id")
}
