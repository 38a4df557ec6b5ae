package authn

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Kinds of one-time links.
const (
	linkSetup    = "setup"
	linkPassword = "password"
)

// SetupLink makes the token of a one-time link that creates the first
// administrator; the one made before stops working. Once there is an
// administrator it is refused (auth.setup_done).
func (s *Service) SetupLink(ctx context.Context) (string, error) {
	if len(s.d.Org.Admins()) > 0 {
		return "", setupDone()
	}
	return s.link(ctx, linkSetup, "")
}

func setupDone() error {
	return fault.New(fault.Refused, "auth.setup_done", "there is an administrator already")
}

// PasswordLink makes the token of a one-time link with which a user chooses a
// new password; the one made before stops working.
func (s *Service) PasswordLink(ctx context.Context, user string) (string, error) {
	if u := s.d.Org.Snapshot().User(user); u == nil || u.State != org.Active {
		return "", fault.New(fault.NotFound, "org.not_found", "there is no such user").With("id", user)
	}
	return s.link(ctx, linkPassword, user)
}

// link keeps one link per kind and user, so that a newer one replaces it.
func (s *Service) link(ctx context.Context, kind, user string) (string, error) {
	secret := ids.Secret(32)
	doc := storage.Doc{storage.ID: linkID(kind, user), "hash": digest(secret), "expires": s.now().Add(s.d.Config.Link)}
	if err := upsert(ctx, s.d.Store.Collection(LinksCollection), doc); err != nil {
		return "", fmt.Errorf("authn: link: %w", err)
	}
	return strings.Join([]string{linkPrefix, s.d.Tenant, linkID(kind, user), secret}, "."), nil
}

func linkID(kind, user string) string { return ids.Derive("link", kind, user) }

// LinkLife is how long a one-time link works.
func (s *Service) LinkLife() time.Duration { return s.d.Config.Link }

func invalidLink() error {
	return fault.New(fault.Unauthorized, "auth.link", "this link was used, is over, or never was one")
}

// guardOf is what a link's document must match for its token to work.
func (s *Service) guardOf(token, kind, user string) (id string, guard filter.Expr, err error) {
	parts := strings.Split(token, ".")
	if len(token) > maxToken || len(parts) != 4 || parts[0] != linkPrefix || parts[1] != s.d.Tenant || parts[2] != linkID(kind, user) {
		return "", nil, invalidLink()
	}
	return parts[2], filter.And{
		filter.Cmp{Path: "hash", Op: filter.Eq, Value: digest(parts[3])},
		filter.Cmp{Path: "expires", Op: filter.Gt, Value: s.now()},
	}, nil
}

// works tells whether a link can be taken, without using it up.
func (s *Service) works(ctx context.Context, token, kind, user string) error {
	id, guard, err := s.guardOf(token, kind, user)
	if err != nil {
		return err
	}
	n, err := s.d.Store.Collection(LinksCollection).Count(ctx, filter.And{filter.Cmp{Path: storage.ID, Op: filter.Eq, Value: id}, guard}, 1)
	if err != nil {
		return fmt.Errorf("authn: link: %w", err)
	}
	if n == 0 {
		return invalidLink()
	}
	return nil
}

// take uses a link up, exactly once however many ask at the same time.
func (s *Service) take(ctx context.Context, token, kind, user string) error {
	id, guard, err := s.guardOf(token, kind, user)
	if err != nil {
		return err
	}
	err = s.d.Store.Collection(LinksCollection).Delete(ctx, id, storage.Guard{Where: guard})
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrConflict) {
		return invalidLink()
	}
	if err != nil {
		return fmt.Errorf("authn: link: %w", err)
	}
	return nil
}

// Setup is what the first administrator says about himself.
type Setup struct {
	Login, Name, Password, Lang string
}

// FinishSetup uses the set-up link up and creates the first administrator.
// Input that cannot be used is refused before, so that it costs no link.
func (s *Service) FinishSetup(ctx context.Context, token string, in Setup) (org.User, error) {
	if len(s.d.Org.Admins()) > 0 {
		return org.User{}, setupDone()
	}
	u := org.User{ID: s.d.IDs.New(), Login: in.Login, Name: in.Name, Lang: in.Lang, State: org.Active, Admin: true}
	if err := s.d.Org.Snapshot().CheckUser(u); err != nil {
		return org.User{}, err
	}
	if err := s.policy().Password.Check(in.Password, in.Login, in.Name); err != nil {
		return org.User{}, err
	}
	if err := s.take(ctx, token, linkSetup, ""); err != nil {
		return org.User{}, err
	}
	// The password first: an account nobody can enter would end set-up for good.
	if err := s.store(ctx, u.ID, in.Password); err != nil {
		return org.User{}, err
	}
	return s.d.Org.CreateUser(ctx, u)
}

// FinishPassword uses a password link up and gives its user a new password;
// his sessions end. Without a working link nothing is told of the user; a
// password that cannot be used costs no link.
func (s *Service) FinishPassword(ctx context.Context, token, user, password string) error {
	if err := s.works(ctx, token, linkPassword, user); err != nil {
		return err
	}
	if err := s.checkNew(ctx, user, password); err != nil {
		return err
	}
	if err := s.take(ctx, token, linkPassword, user); err != nil {
		return err
	}
	return s.SetPassword(ctx, user, password)
}
