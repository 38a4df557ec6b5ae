package org

import (
	"context"
	"errors"
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// CreateUser adds a user; without an ID he gets a new one, without a State he is active.
func (s *Service) CreateUser(ctx context.Context, u User) (User, error) {
	u = s.complete(u)
	if err := s.Snapshot().CheckUser(u); err != nil {
		return User{}, err
	}
	if err := s.insert(ctx, UsersCollection, u.doc(), "/login"); err != nil {
		return User{}, err
	}
	u.Rev = 1
	return u, s.changed(ctx)
}

func (s *Service) complete(u User) User {
	if u.ID == "" {
		u.ID = s.d.IDs.New()
	}
	if u.State == "" {
		u.State = Active
	}
	u.Login = normalLogin(u.Login)
	return u
}

// UpdateUser replaces what is kept about a user. The last active administrator
// can neither leave nor stop being one (org.last_admin): nobody could undo it. That
// holds also against others who step down at the same moment, on whatever node.
func (s *Service) UpdateUser(ctx context.Context, u User) (User, error) {
	u.Login = normalLogin(u.Login)
	if err := s.Snapshot().CheckUser(u); err != nil {
		return User{}, err
	}
	rev, err := s.replaceUser(ctx, u)
	if err != nil {
		return User{}, err
	}
	u.Rev = rev
	return u, s.changed(ctx)
}

// SetLang sets the language a user chose for himself; "" = the tenant's.
func (s *Service) SetLang(ctx context.Context, id, lang string) error {
	if lang != "" && !langPattern.MatchString(lang) {
		var f findings
		f.add("/lang", "pattern", "%q is not a language such as zh-CN or en", lang)
		return f.err("org.user", "this user cannot be saved")
	}
	set := storage.Doc{storage.ID: id, "lang": lang}
	if _, err := s.replace(ctx, UsersCollection, set, 0); err != nil {
		return err
	}
	return s.changed(ctx)
}

// Leave marks a user as left: he can no longer log in, is shown by no picker
// and resolved by no approver source; his name stays on what he did.
func (s *Service) Leave(ctx context.Context, id string) error {
	u := s.Snapshot().User(id)
	if u == nil {
		return notFound("user", id)
	}
	left := *u
	left.State, left.Rev = Left, 0
	_, err := s.UpdateUser(ctx, left)
	return err
}

// CreateDept adds a department; without an ID it gets a new one.
func (s *Service) CreateDept(ctx context.Context, d Dept) (Dept, error) {
	if d.ID == "" {
		d.ID = s.d.IDs.New()
	}
	if err := s.Snapshot().CheckDept(d); err != nil {
		return Dept{}, err
	}
	if err := s.insert(ctx, DeptsCollection, d.doc(), "/id"); err != nil {
		return Dept{}, err
	}
	d.Rev = 1
	return d, s.changed(ctx)
}

// UpdateDept replaces what is kept about a department.
func (s *Service) UpdateDept(ctx context.Context, d Dept) (Dept, error) {
	if err := s.Snapshot().CheckDept(d); err != nil {
		return Dept{}, err
	}
	rev, err := s.replace(ctx, DeptsCollection, d.doc(), d.Rev)
	if err != nil {
		return Dept{}, err
	}
	d.Rev = rev
	return d, s.changed(ctx)
}

// DeleteDept removes a department that nobody is in and that has none below
// it (org.dept_in_use otherwise); records keep its id.
func (s *Service) DeleteDept(ctx context.Context, id string) error {
	snap := s.Snapshot()
	if snap.Dept(id) == nil {
		return notFound("department", id)
	}
	inUse := len(snap.children[id]) > 0 ||
		slices.ContainsFunc(snap.people, func(p person) bool { return slices.Contains(p.user.Depts, id) })
	if inUse {
		return fault.New(fault.Refused, "org.dept_in_use", "there are people or departments in it").With("dept", id)
	}
	err := s.d.Store.Collection(DeptsCollection).Delete(ctx, id, storage.Guard{})
	if errors.Is(err, storage.ErrNotFound) {
		return notFound("department", id)
	}
	if err != nil {
		return err
	}
	return s.changed(ctx)
}

// SetRole says who holds a role, replacing what was said before. Without a
// Title the role keeps the one it has.
func (s *Service) SetRole(ctx context.Context, r Role) error {
	snap := s.Snapshot()
	if err := snap.CheckRole(r); err != nil {
		return err
	}
	have := snap.Role(r.ID)
	if len(r.Title) == 0 && have != nil {
		r.Title = have.Title
	}
	var err error
	if have == nil {
		err = s.insert(ctx, RolesCollection, r.doc(), "/id")
	} else {
		_, err = s.replace(ctx, RolesCollection, r.doc(), r.Rev)
	}
	if err != nil {
		return err
	}
	return s.changed(ctx)
}

// DeclareRoles makes the roles of a published app known, with their titles;
// who holds them stays as it is.
func (s *Service) DeclareRoles(ctx context.Context, app string, roles []schema.RoleDef) error {
	wrote := false
	for _, def := range roles {
		r := Role{ID: app + "." + def.Key, Title: def.Title}
		if have := s.Snapshot().Role(r.ID); have != nil {
			if equalText(have.Title, def.Title) {
				continue
			}
			r.Holders, r.Rev = have.Holders, have.Rev
			if _, err := s.replace(ctx, RolesCollection, r.doc(), r.Rev); err != nil {
				return err
			}
		} else if err := s.insert(ctx, RolesCollection, r.doc(), "/id"); err != nil {
			return err
		}
		wrote = true
	}
	if !wrote {
		return nil
	}
	return s.changed(ctx)
}

func equalText(a, b schema.Text) bool {
	if len(a) != len(b) {
		return false
	}
	for lang, text := range a {
		if b[lang] != text {
			return false
		}
	}
	return true
}

// insert turns a lost race for an id or login into a fault at its place.
func (s *Service) insert(ctx context.Context, collection string, d storage.Doc, at string) error {
	err := s.d.Store.Collection(collection).Insert(ctx, d)
	if errors.Is(err, storage.ErrDuplicate) {
		return duplicate(at, err)
	}
	return err
}

func duplicate(at string, err error) error {
	return fault.New(fault.Duplicate, "org.duplicate", "this is taken").Because(err).
		At(fault.Field{Path: at, Code: "duplicate", Message: "this is taken"})
}

// replace writes a document over the revision the caller saw; 0 = whatever is there.
func (s *Service) replace(ctx context.Context, collection string, d storage.Doc, rev int64) (int64, error) {
	id := str(d, storage.ID)
	set := map[string]any{}
	for k, v := range d {
		if k != storage.ID {
			set[k] = v
		}
	}
	got, err := s.d.Store.Collection(collection).Patch(ctx, id, storage.Guard{Rev: rev}, storage.Patch{Set: set})
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return 0, notFound(collection, id)
	case errors.Is(err, storage.ErrConflict):
		return 0, fault.New(fault.Conflict, "org.stale", "somebody else changed this meanwhile").Because(err)
	case errors.Is(err, storage.ErrDuplicate):
		return 0, duplicate("/login", err)
	case err != nil:
		return 0, err
	}
	return num(got, storage.Rev), nil
}

func notFound(what, id string) error {
	return fault.Newf(fault.NotFound, "org.not_found", "there is no such %s", what).With("id", id)
}
