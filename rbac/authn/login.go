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
//
// Where more is needed than a password, Issued is no session: Need says what, and
// Ticket is for the step that gives it. A locked login is auth.locked.
func (s *Service) Login(ctx context.Context, a Attempt) (Issued, error) {
	if err := s.locked(ctx, a.Login); err != nil {
		return Issued{}, err
	}
	if err := s.limiter.begin(ctx, a.Login, a.Addr); err != nil {
		return Issued{}, err
	}
	user, err := s.authenticate(ctx, a.Login, a.Password)
	if fault.Is(err, "auth.credentials") {
		if lerr := s.lockAfter(ctx, a.Login, s.userOf(a.Login)); lerr != nil {
			return Issued{}, lerr
		}
	}
	if err != nil {
		return Issued{}, err
	}
	if err := s.limiter.success(ctx, a.Login, a.Addr); err != nil {
		return Issued{}, err
	}
	return s.proceed(ctx, user, false, Sender{a.Addr, a.Agent})
}

// userOf is the id behind a login, "" when there is none.
func (s *Service) userOf(login string) string {
	if u := s.d.Org.Snapshot().ByLogin(login); u != nil {
		return u.ID
	}
	return ""
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
		if err := s.rehash(ctx, user.ID, password); err != nil {
			return "", err
		}
	}
	return user.ID, nil
}

// credentials are what is stored of a user's password, nil when he has none.
func (s *Service) credentials(ctx context.Context, user string) (storage.Doc, error) {
	doc, err := s.d.Store.Collection(CredentialsCollection).Get(ctx, user)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("authn: credentials: %w", err)
	}
	return doc, nil
}

// hash returns a user's stored hash, "" when he has no password.
func (s *Service) hash(ctx context.Context, user string) (string, error) {
	doc, err := s.credentials(ctx, user)
	return str(doc, "hash"), err
}

// maxPast is how many hashes of earlier passwords are kept.
const maxPast = 24

// store gives a user a new password; the hash of the one before is kept as far
// as the policy looks back.
func (s *Service) store(ctx context.Context, user, password string) error {
	phc, err := s.hasher.encode(ctx, password)
	if err != nil {
		return err
	}
	doc, err := s.credentials(ctx, user)
	if err != nil {
		return err
	}
	past := []any{}
	if keep := min(maxPast, s.policy().Password.History); keep > 0 && doc != nil {
		was, _ := doc["past"].([]any)
		past = append([]any{str(doc, "hash")}, was...)
		past = past[:min(len(past), keep)]
	}
	return s.mark(ctx, user, map[string]any{"hash": phc, "changed": s.now(), "past": past, "must_change": false})
}

// rehash stores the same password under the parameters of today.
func (s *Service) rehash(ctx context.Context, user, password string) error {
	phc, err := s.hasher.encode(ctx, password)
	if err != nil {
		return err
	}
	return s.mark(ctx, user, map[string]any{"hash": phc})
}

// mark writes into a user's credentials.
func (s *Service) mark(ctx context.Context, user string, set map[string]any) error {
	doc := storage.Doc{storage.ID: user}
	for k, v := range set {
		doc[k] = v
	}
	if err := upsert(ctx, s.d.Store.Collection(CredentialsCollection), doc); err != nil {
		return fmt.Errorf("authn: credentials: %w", err)
	}
	return nil
}

// SetPassword gives a user a password and ends his sessions. It is for
// administrators and links; a user himself proves the old one in ChangePassword.
func (s *Service) SetPassword(ctx context.Context, user, password string) error {
	if err := s.checkNew(ctx, user, password); err != nil {
		return err
	}
	if err := s.store(ctx, user, password); err != nil {
		return err
	}
	return s.EndAll(ctx, user, "")
}

// checkNew holds a new password to the policy.
func (s *Service) checkNew(ctx context.Context, user, password string) error {
	u := s.d.Org.Snapshot().User(user)
	if u == nil {
		return fault.New(fault.NotFound, "org.not_found", "there is no such user").With("id", user)
	}
	if err := s.policy().Password.Check(password, u.Login, u.Name); err != nil {
		return err
	}
	return s.checkPast(ctx, user, password)
}

// checkPast holds a new password against the last ones. Only for who has proved
// the present one, or has a link: for others it would tell which passwords were his.
func (s *Service) checkPast(ctx context.Context, user, password string) error {
	p := s.policy().Password
	if p.History == 0 {
		return nil
	}
	doc, err := s.credentials(ctx, user)
	if err != nil || doc == nil {
		return err
	}
	past, _ := doc["past"].([]any)
	for _, h := range append([]any{str(doc, "hash")}, past...)[:min(len(past)+1, p.History)] {
		phc, _ := h.(string)
		used, _, err := s.hasher.verify(ctx, phc, password)
		if err != nil {
			return fault.New(fault.Internal, "auth.hash", "a password cannot be checked").Because(err)
		}
		if used {
			return p.weak("reused", fmt.Sprintf("it is one of the last %d passwords", p.History))
		}
	}
	return nil
}

// ChangePassword replaces a user's password by his own wish and ends his other
// sessions. A wrong old password counts as a failed login and is auth.old_password.
func (s *Service) ChangePassword(ctx context.Context, id Identity, old, password, addr string) error {
	u := s.d.Org.Snapshot().User(id.User)
	if u == nil {
		return fault.New(fault.Unauthorized, "auth.user", "this account is not active")
	}
	if err := s.policy().Password.Check(password, u.Login, u.Name); err != nil {
		return err
	}
	if err := s.provePassword(ctx, u.ID, old, addr); err != nil {
		return err
	}
	if err := s.checkPast(ctx, u.ID, password); err != nil {
		return err
	}
	if err := s.store(ctx, u.ID, password); err != nil {
		return err
	}
	return s.EndAll(ctx, u.ID, id.Session)
}

// provePassword proves a user who is logged in by his password once more; a
// wrong one counts as a failed login and is auth.old_password.
func (s *Service) provePassword(ctx context.Context, user, password, addr string) error {
	u := s.d.Org.Snapshot().User(user)
	if u == nil {
		return fault.New(fault.Unauthorized, "auth.user", "this account is not active")
	}
	if err := s.limiter.begin(ctx, u.Login, addr); err != nil {
		return err
	}
	if _, err := s.authenticate(ctx, u.Login, password); err != nil {
		if fault.Is(err, "auth.credentials") {
			return fault.New(fault.Invalid, "auth.old_password", "the old password is wrong").
				At(fault.Field{Path: "/old_password", Code: "wrong", Message: "the old password is wrong"})
		}
		return err
	}
	return s.limiter.success(ctx, u.Login, addr)
}
