package authn

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/storage"
)

// LocksCollection holds the logins that were locked after too many failures.
const LocksCollection = "lockouts"

// locked refuses a login that was locked (auth.locked). It costs a read only
// where the policy locks.
func (s *Service) locked(ctx context.Context, login string) error {
	if s.policy().Lockout.After <= 0 {
		return nil
	}
	_, err := s.d.Store.Collection(LocksCollection).Get(ctx, loginKey(login))
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("authn: lockout: %w", err)
	}
	return isLocked()
}

func isLocked() error {
	return fault.New(fault.Forbidden, "auth.locked", "too many failures: an administrator must unlock this account")
}

// lockAfter locks a login whose failures have reached the limit of the policy;
// whether there is an account of that name makes no difference. It is
// auth.locked when it locks.
func (s *Service) lockAfter(ctx context.Context, login, user string) error {
	after := s.policy().Lockout.After
	if after <= 0 {
		return nil
	}
	fails, err := s.limiter.fails(ctx, loginKey(login))
	if err != nil || fails < int64(after) {
		return err
	}
	err = s.d.Store.Collection(LocksCollection).Insert(ctx, storage.Doc{storage.ID: loginKey(login), "at": s.now(), "user": user, "fails": fails})
	if err != nil && !errors.Is(err, storage.ErrDuplicate) {
		return fmt.Errorf("authn: lockout: %w", err)
	}
	return isLocked()
}

// fails are the failures counted for a key.
func (l *limiter) fails(ctx context.Context, key string) (int64, error) {
	doc, err := l.d.Store.Collection(ThrottleCollection).Get(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("authn: throttle: %w", err)
	}
	n, _ := doc["fails"].(int64)
	return n, nil
}

// lockKeys are under what a user may be locked.
func (s *Service) lockKeys(user string) []string {
	u := s.d.Org.Snapshot().User(user)
	if u == nil {
		return nil
	}
	return []string{loginKey(u.Login), loginKey(secondKey(user))}
}

// Locked tells since when a user is locked; zero = he is not.
func (s *Service) Locked(ctx context.Context, user string) (time.Time, error) {
	for _, key := range s.lockKeys(user) {
		doc, err := s.d.Store.Collection(LocksCollection).Get(ctx, key)
		if err == nil {
			return at(doc, "at"), nil
		}
		if !errors.Is(err, storage.ErrNotFound) {
			return time.Time{}, fmt.Errorf("authn: lockout: %w", err)
		}
	}
	return time.Time{}, nil
}

// Unlock lets a user try again, on this node at once and on the others as soon as
// they follow the tenant's signal; whoever is not locked stays as he is.
func (s *Service) Unlock(ctx context.Context, user string) error {
	for _, key := range s.lockKeys(user) {
		for _, name := range []string{LocksCollection, ThrottleCollection} {
			err := s.d.Store.Collection(name).Delete(ctx, key, storage.Guard{})
			if err != nil && !errors.Is(err, storage.ErrNotFound) {
				return fmt.Errorf("authn: lockout: %w", err)
			}
		}
		s.limiter.free(key)
	}
	return s.changed(ctx)
}

// free forgets what this node remembers of a key.
func (l *limiter) free(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.freed++
	delete(l.til, key)
}

// freeAll forgets all that this node remembers: somebody was unlocked, maybe
// elsewhere. Whoever must wait is found in the store again.
func (l *limiter) freeAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.freed++
	clear(l.til)
}
