package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/formwork-run/formwork/storage"
)

// Options configure Open.
type Options struct {
	// Dir holds everything; it is created when missing.
	Dir string
	// Logger takes what nobody waits for; nil discards it.
	Logger *slog.Logger
	// Now decides when a document of an expiring index is over; nil is the machine's clock.
	Now func() time.Time

	temporary bool // Dir is removed on Close and nothing is synced
}

// Store is a folder of SQLite files, one per tenant. It is safe for concurrent
// use. Several processes may use one folder.
type Store struct {
	opts   Options
	system *tenant

	mu      sync.Mutex
	tenants map[string]*tenant
	closed  bool
}

var _ storage.Store = (*Store)(nil)

// Open opens or creates the store in a folder.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Dir == "" {
		return nil, storage.Invalidf("no folder for the SQLite store")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &Store{opts: o, tenants: map[string]*tenant{}}
	system, err := s.openTenant("system", filepath.Join(o.Dir, "system"))
	if err != nil {
		return nil, err
	}
	s.system = system
	return s, nil
}

// OpenMemory opens a store that lives until Close and loses everything with it.
// It is for tests and trials: files in a temporary folder that are never synced.
func OpenMemory() (*Store, error) {
	dir, err := os.MkdirTemp("", "formwork-")
	if err != nil {
		return nil, fmt.Errorf("storage: temporary folder: %w", err)
	}
	s, err := Open(context.Background(), Options{Dir: dir, temporary: true})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// Tenant implements storage.Store.
func (s *Store) Tenant(id string) (storage.Tenant, error) {
	if err := storage.CheckTenant(id); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, storage.ErrClosed
	}
	if t := s.tenants[id]; t != nil {
		return t, nil
	}
	t, err := s.openTenant(id, s.tenantDir(id))
	if err != nil {
		return nil, err
	}
	s.tenants[id] = t
	return t, nil
}

func (s *Store) tenantDir(id string) string { return filepath.Join(s.opts.Dir, "tenants", id) }

// System implements storage.Store.
func (s *Store) System() storage.Tenant { return s.system }

// Ping implements storage.Store: it waits for an empty write.
func (s *Store) Ping(ctx context.Context) error {
	return s.system.w.do(ctx, func(w *writer) error {
		_, err := w.c.exec("UPDATE fw_gen SET format = format")
		return err
	})
}

// Close implements storage.Store.
func (s *Store) Close(ctx context.Context) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	open := []*tenant{s.system}
	for _, t := range s.tenants {
		open = append(open, t)
	}
	s.mu.Unlock()
	done := make(chan error, 1)
	go func() { done <- s.closeAll(open) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) closeAll(open []*tenant) error {
	var errs []error
	for _, t := range open {
		errs = append(errs, t.close())
	}
	if s.opts.temporary {
		errs = append(errs, os.RemoveAll(s.opts.Dir))
	}
	return errors.Join(errs...)
}

func (s *Store) forget(t *tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tenants[t.id] == t {
		delete(s.tenants, t.id)
	}
}
