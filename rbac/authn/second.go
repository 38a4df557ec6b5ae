package authn

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// SecondCollection holds the second factors: of each user the sealed secret, the
// last step that was used, and the keyed hashes of his recovery codes.
const SecondCollection = "totp"

// Vault keeps secrets that must be read again.
type Vault interface {
	// Seal encrypts for a place, Open decrypts what was sealed for the same place.
	Seal(ctx context.Context, plain []byte, about ...string) (string, error)
	Open(text string, about ...string) ([]byte, error)
	// Hash is a keyed hash: the same texts give the same.
	Hash(texts ...string) (string, error)
	// KeyOf names the key that sealed a text, Primary the one that seals now.
	KeyOf(text string) string
	Primary() string
}

// Enrolment is what an authenticator app needs, once.
type Enrolment struct {
	Secret string `json:"secret"` // base32, to be typed
	URI    string `json:"uri"`    // otpauth://
	QR     string `json:"qr"`     // the URI as SVG
}

// SecondState is what is known of a user's second factor.
type SecondState struct {
	Active   bool      `json:"active"`
	Since    time.Time `json:"since,omitzero"`
	Left     int       `json:"recovery_left"`
	Required bool      `json:"required"`
}

func (s *Service) seconds() storage.Collection { return s.d.Store.Collection(SecondCollection) }

// second reads a user's second factor, nil when he has none, not even begun.
func (s *Service) second(ctx context.Context, user string) (storage.Doc, error) {
	doc, err := s.seconds().Get(ctx, user)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("authn: second factor: %w", err)
	}
	return doc, nil
}

func (s *Service) hasSecond(ctx context.Context, user string) (bool, error) {
	doc, err := s.second(ctx, user)
	return str(doc, "secret") != "", err
}

// Second tells whether a user has a second factor.
func (s *Service) Second(ctx context.Context, user string) (SecondState, error) {
	doc, err := s.second(ctx, user)
	out := SecondState{Active: str(doc, "secret") != "", Required: s.SecondRequired(user)}
	if out.Active {
		left, _ := doc["recovery"].([]any)
		out.Since, out.Left = at(doc, "since"), len(left)
	}
	return out, err
}

// issuer names the product in authenticator apps.
const issuer = "Formwork"

// BeginTOTP makes a secret for a user; it counts when ConfirmTOTP has seen a
// code of it. A second factor he has already stays until then.
func (s *Service) BeginTOTP(ctx context.Context, user string) (Enrolment, error) {
	u := s.d.Org.Snapshot().User(user)
	if u == nil || s.d.Vault == nil {
		return Enrolment{}, fault.New(fault.Unavailable, "auth.no_vault", "a second factor cannot be kept here")
	}
	raw := newTOTPSecret()
	ct, err := s.d.Vault.Seal(ctx, raw, "totp", user, "new")
	if err != nil {
		return Enrolment{}, err
	}
	err = upsert(ctx, s.seconds(), storage.Doc{storage.ID: user, "new": ct, "sealed_key": s.d.Vault.KeyOf(ct)})
	if err != nil {
		return Enrolment{}, fmt.Errorf("authn: second factor: %w", err)
	}
	out := Enrolment{Secret: base32Text.EncodeToString(raw), URI: otpauth(raw, issuer, u.Login)}
	out.QR, err = qrSVG(out.URI)
	return out, err
}

func wrongCode() error {
	return fault.New(fault.Invalid, "auth.totp", "the code is wrong or was used already").
		At(fault.Field{Path: "/code", Code: "wrong", Message: "the code is wrong or was used already"})
}

// ConfirmTOTP makes a begun second factor count, by a first code of it, and
// gives its recovery codes, which are told here and nowhere else.
func (s *Service) ConfirmTOTP(ctx context.Context, user, code, addr string) ([]string, error) {
	doc, err := s.second(ctx, user)
	if err != nil {
		return nil, err
	}
	if str(doc, "new") == "" {
		return nil, fault.New(fault.Refused, "auth.totp_not_begun", "begin the enrolment first")
	}
	if err := s.limiter.begin(ctx, secondKey(user), addr); err != nil {
		return nil, err
	}
	raw, err := s.d.Vault.Open(str(doc, "new"), "totp", user, "new")
	if err != nil {
		return nil, err
	}
	counter, ok := matchTOTP(raw, plainCode(code), s.now(), 0)
	if !ok {
		return nil, wrongCode()
	}
	if err := s.limiter.success(ctx, secondKey(user), addr); err != nil {
		return nil, err
	}
	return s.keepSecond(ctx, user, raw, counter, doc)
}

func (s *Service) keepSecond(ctx context.Context, user string, raw []byte, counter int64, doc storage.Doc) ([]string, error) {
	ct, err := s.d.Vault.Seal(ctx, raw, "totp", user, "secret")
	if err != nil {
		return nil, err
	}
	codes, hashes, err := s.newRecovery(user)
	if err != nil {
		return nil, err
	}
	rev, _ := doc[storage.Rev].(int64)
	_, err = s.seconds().Patch(ctx, user, storage.Guard{Rev: rev}, storage.Patch{Unset: []string{"new"},
		Set: map[string]any{"secret": ct, "sealed_key": s.d.Vault.KeyOf(ct), "last": counter, "since": s.now(), "recovery": hashes}})
	if errors.Is(err, storage.ErrConflict) || errors.Is(err, storage.ErrNotFound) {
		return nil, wrongCode() // the same code at the same time
	}
	return codes, err
}

func (s *Service) newRecovery(user string) (codes []string, hashes []any, err error) {
	for range recoveryCodes {
		code := newRecoveryCode()
		h, err := s.d.Vault.Hash("recovery", user, plainCode(code))
		if err != nil {
			return nil, nil, err
		}
		codes, hashes = append(codes, code), append(hashes, h)
	}
	return codes, hashes, nil
}

// NewRecovery replaces a user's recovery codes. He has proved himself.
func (s *Service) NewRecovery(ctx context.Context, user string) ([]string, error) {
	codes, hashes, err := s.newRecovery(user)
	if err != nil {
		return nil, err
	}
	_, err = s.seconds().Patch(ctx, user, storage.Guard{Where: filter.Cmp{Path: "secret", Op: filter.Exists, Value: true}}, storage.Patch{Set: map[string]any{"recovery": hashes}})
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrConflict) {
		return nil, noSecond()
	}
	return codes, err
}

func noSecond() error {
	return fault.New(fault.Refused, "auth.totp_none", "there is no second factor")
}

// proveSecond takes a code of the app, each once, or a recovery code, each once.
func (s *Service) proveSecond(ctx context.Context, user, code, addr string) error {
	doc, err := s.second(ctx, user)
	if err != nil {
		return err
	}
	if str(doc, "secret") == "" || s.d.Vault == nil {
		return noSecond()
	}
	if err := s.locked(ctx, secondKey(user)); err != nil {
		return err
	}
	if err := s.limiter.begin(ctx, secondKey(user), addr); err != nil {
		return err
	}
	plain := plainCode(code)
	if isRecovery(plain) {
		err = s.takeRecovery(ctx, user, plain)
	} else {
		err = s.takeCode(ctx, user, doc, plain)
	}
	if fault.Is(err, "auth.totp") {
		return errors.Join(err, s.lockAfter(ctx, secondKey(user), user))
	}
	if err != nil {
		return err
	}
	return s.limiter.success(ctx, secondKey(user), addr)
}

// takeCode uses a time step up: the guard lets one of many at the same time pass.
func (s *Service) takeCode(ctx context.Context, user string, doc storage.Doc, code string) error {
	raw, err := s.d.Vault.Open(str(doc, "secret"), "totp", user, "secret")
	if err != nil {
		return err
	}
	last, _ := doc["last"].(int64)
	counter, ok := matchTOTP(raw, code, s.now(), last)
	if !ok {
		return wrongCode()
	}
	_, err = s.seconds().Patch(ctx, user, storage.Guard{Where: filter.Cmp{Path: "last", Op: filter.Lt, Value: counter}}, storage.Patch{Set: map[string]any{"last": counter}})
	if errors.Is(err, storage.ErrConflict) || errors.Is(err, storage.ErrNotFound) {
		return wrongCode()
	}
	return err
}

func (s *Service) takeRecovery(ctx context.Context, user, plain string) error {
	h, err := s.d.Vault.Hash("recovery", user, plain)
	if err != nil {
		return err
	}
	_, err = s.seconds().Patch(ctx, user, storage.Guard{Where: filter.Cmp{Path: "recovery", Op: filter.Eq, Value: h}}, storage.Patch{Pull: map[string][]any{"recovery": {h}}})
	if errors.Is(err, storage.ErrConflict) || errors.Is(err, storage.ErrNotFound) {
		return wrongCode()
	}
	return err
}

// ProveAgain proves a user who is logged in once more, before something that a
// stolen session must not do: by his password and, where he has one, his second factor.
func (s *Service) ProveAgain(ctx context.Context, user, password, code, addr string) error {
	if err := s.provePassword(ctx, user, password, addr); err != nil {
		if fault.Is(err, "auth.old_password") {
			return fault.New(fault.Invalid, "auth.wrong_password", "the password is wrong").
				At(fault.Field{Path: "/password", Code: "wrong", Message: "the password is wrong"})
		}
		return err
	}
	if active, err := s.hasSecond(ctx, user); err != nil || !active {
		return err
	}
	return s.proveSecond(ctx, user, code, addr)
}

// RemoveTOTP takes a user's second factor away; having none is no error.
func (s *Service) RemoveTOTP(ctx context.Context, user string) error {
	err := s.seconds().Delete(ctx, user, storage.Guard{})
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("authn: second factor: %w", err)
	}
	return nil
}

// Reseal seals the secrets of second factors anew with the primary key, and
// gives how many there were.
func (s *Service) Reseal(ctx context.Context) (int, error) {
	if s.d.Vault == nil {
		return 0, nil
	}
	done := 0
	q := storage.Query{Limit: storage.MaxFindLimit, Where: filter.And{filter.Cmp{Path: "sealed_key", Op: filter.Exists, Value: true},
		filter.Cmp{Path: "sealed_key", Op: filter.Ne, Value: s.d.Vault.Primary()}}}
	for {
		page, err := s.seconds().Find(ctx, q)
		if err != nil {
			return done, fmt.Errorf("authn: second factors: %w", err)
		}
		for _, d := range page.Docs {
			if err := s.resealOne(ctx, d); err != nil {
				return done, err
			}
			done++
		}
		if page.Next == "" {
			return done, nil
		}
		q.Cursor = page.Next
	}
}

func (s *Service) resealOne(ctx context.Context, d storage.Doc) error {
	user, set := str(d, storage.ID), map[string]any{}
	for _, k := range []string{"secret", "new"} {
		if str(d, k) == "" {
			continue
		}
		raw, err := s.d.Vault.Open(str(d, k), "totp", user, k)
		if err != nil {
			return err
		}
		ct, err := s.d.Vault.Seal(ctx, raw, "totp", user, k)
		if err != nil {
			return err
		}
		set[k], set["sealed_key"] = ct, s.d.Vault.KeyOf(ct)
	}
	rev, _ := d[storage.Rev].(int64)
	_, err := s.seconds().Patch(ctx, user, storage.Guard{Rev: rev}, storage.Patch{Set: set})
	if errors.Is(err, storage.ErrConflict) || errors.Is(err, storage.ErrNotFound) {
		return nil // changed meanwhile: the next round looks again
	}
	return err
}
