package authn

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/storage"
)

// Attempt is a login.
type Attempt struct {
	Login    string
	Password string
	Addr     string // of the sender, for the limit and the list of sessions
	Agent    string
}

// Login checks a login and password and opens a session. Whether the login is
// unknown, has no password, has left or the password is wrong is not told apart
// (auth.credentials), neither by text nor by time.
func (s *Service) Login(ctx context.Context, a Attempt) (Issued, error) {
	if err := s.limiter.begin(ctx, a.Login, a.Addr); err != nil {
		return Issued{}, err
	}
	user, err := s.authenticate(ctx, a.Login, a.Password)
	if err != nil {
		return Issued{}, err
	}
	if err := s.limiter.success(ctx, a.Login, a.Addr); err != nil {
		return Issued{}, err
	}
	return s.Start(ctx, user, a.Addr, a.Agent)
}

func (s *Service) authenticate(ctx context.Context, login, password string) (string, error) {
	user := s.d.Org.Snapshot().ByLogin(login)
	phc := ""
	if user != nil && user.State == org.Active {
		var err error
		if phc, err = s.hash(ctx, user.ID); err != nil {
			return "", err
		}
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		password = "" // as wrong as any other, and no work for whoever sends a megabyte
	}
	ok, stale, err := s.hasher.verify(ctx, phc, password)
	if err != nil {
		return "", fault.New(fault.Internal, "auth.hash", "a password cannot be checked").Because(err)
	}
	if !ok {
		return "", fault.New(fault.Unauthorized, "auth.credentials", "login or password is wrong")
	}
	if stale {
		if err := s.store(ctx, user.ID, password); err != nil {
			return "", err
		}
	}
	return user.ID, nil
}

// hash returns a user's stored hash, "" when he has no password.
func (s *Service) hash(ctx context.Context, user string) (string, error) {
	doc, err := s.d.Store.Collection(CredentialsCollection).Get(ctx, user)
	if errors.Is(err, storage.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("authn: credentials: %w", err)
	}
	return str(doc, "hash"), nil
}

func (s *Service) store(ctx context.Context, user, password string) error {
	phc, err := s.hasher.encode(ctx, password)
	if err != nil {
		return err
	}
	doc := storage.Doc{storage.ID: user, "hash": phc, "changed": s.now()}
	if err := upsert(ctx, s.d.Store.Collection(CredentialsCollection), doc); err != nil {
		return fmt.Errorf("authn: credentials: %w", err)
	}
	return nil
}

// SetPassword gives a user a password and ends his sessions. It is for
// administrators and links; a user himself proves the old one in ChangePassword.
func (s *Service) SetPassword(ctx context.Context, user, password string) error {
	if err := s.checkNew(user, password); err != nil {
		return err
	}
	if err := s.store(ctx, user, password); err != nil {
		return err
	}
	return s.EndAll(ctx, user, "")
}

func (s *Service) checkNew(user, password string) error {
	u := s.d.Org.Snapshot().User(user)
	if u == nil {
		return fault.New(fault.NotFound, "org.not_found", "there is no such user").With("id", user)
	}
	return CheckPassword(password, u.Login, u.Name)
}

// ChangePassword replaces a user's password by his own wish and ends his other
// sessions. A wrong old password counts as a failed login and is auth.old_password.
func (s *Service) ChangePassword(ctx context.Context, id Identity, old, password, addr string) error {
	u := s.d.Org.Snapshot().User(id.User)
	if u == nil {
		return fault.New(fault.Unauthorized, "auth.user", "this account is not active")
	}
	if err := CheckPassword(password, u.Login, u.Name); err != nil {
		return err
	}
	if err := s.limiter.begin(ctx, u.Login, addr); err != nil {
		return err
	}
	if _, err := s.authenticate(ctx, u.Login, old); err != nil {
		if fault.Is(err, "auth.credentials") {
			return fault.New(fault.Invalid, "auth.old_password", "the old password is wrong").
				At(fault.Field{Path: "/old_password", Code: "wrong", Message: "the old password is wrong"})
		}
		return err
	}
	if err := s.limiter.success(ctx, u.Login, addr); err != nil {
		return err
	}
	if err := s.store(ctx, u.ID, password); err != nil {
		return err
	}
	return s.EndAll(ctx, u.ID, id.Session)
}
