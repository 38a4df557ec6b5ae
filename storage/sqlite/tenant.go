package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"

	"github.com/formwork-run/formwork/storage"
)

const dataFile = "data.db"

// tenant is one SQLite file with its writer, its readers and its blobs.
type tenant struct {
	s   *Store
	id  string
	dir string

	cat     atomic.Pointer[catalog]
	w       *writer
	readers *pool
}

func (s *Store) openTenant(id, dir string) (*tenant, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("storage: folder of %q: %w", id, err)
	}
	t := &tenant{s: s, id: id, dir: dir}
	c, err := connect(t.file(), s.writerPragmas()...)
	if err != nil {
		return nil, err
	}
	cat, err := t.bootstrap(c)
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	t.cat.Store(cat)
	t.w = newWriter(t, c, cat, s.opts.Logger.With("tenant", id))
	t.readers = newPool(func() (*conn, error) { return connect(t.file(), s.readerPragmas()...) })
	return t, nil
}

func (t *tenant) file() string { return filepath.Join(t.dir, dataFile) }

// writerPragmas: with synchronous=FULL a commit is on disk when it is acknowledged.
func (s *Store) writerPragmas() []string {
	sync := "synchronous(FULL)"
	if s.opts.temporary {
		sync = "synchronous(OFF)"
	}
	return []string{"journal_mode(WAL)", sync, "cache_size(-32000)", "wal_autocheckpoint(4000)",
		"journal_size_limit(67108864)", "temp_store(MEMORY)"}
}

func (s *Store) readerPragmas() []string {
	return []string{"query_only(1)", "cache_size(-16000)", "temp_store(MEMORY)"}
}

func (t *tenant) bootstrap(c *conn) (*catalog, error) {
	if _, err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	if err := c.script(metaSchema); err != nil {
		return nil, err
	}
	cat, err := loadCatalog(c)
	if err != nil {
		return nil, err
	}
	_, err = c.exec("COMMIT")
	return cat, err
}

// publish gives readers a newer catalog.
func (t *tenant) publish(cat *catalog) {
	for {
		old := t.cat.Load()
		if old.gen >= cat.gen || t.cat.CompareAndSwap(old, cat) {
			return
		}
	}
}

// read runs f with a reader and the catalog that its data have. f may run again:
// when the catalog turns out to have been replaced meanwhile.
func (t *tenant) read(ctx context.Context, f func(c *conn, cat *catalog) error) error {
	return t.readers.use(ctx, func(c *conn) error {
		for {
			cat := t.cat.Load()
			err := f(c, cat)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			// gen only grows: if it is still the catalog's, it was so during f.
			vals, gerr := c.row(sqlGen)
			if gerr != nil {
				return errors.Join(err, gerr)
			}
			if vals[0].(int64) == cat.gen {
				return err
			}
			fresh, lerr := t.reload(c)
			if lerr != nil {
				return lerr
			}
			t.publish(fresh)
		}
	})
}

// reload reads the catalog in one transaction.
func (t *tenant) reload(c *conn) (*catalog, error) {
	if _, err := c.exec("BEGIN"); err != nil {
		return nil, err
	}
	cat, err := loadCatalog(c)
	_, rerr := c.exec("COMMIT")
	return cat, errors.Join(err, rerr)
}

func (t *tenant) close() error { return errors.Join(t.w.close(), t.readers.close()) }

// Collection implements storage.Tenant. A bad name is reported by every call on it.
func (t *tenant) Collection(name string) storage.Collection {
	return &collection{t: t, name: name, bad: storage.CheckCollection(name)}
}

// Collections implements storage.Tenant.
func (t *tenant) Collections(ctx context.Context) ([]string, error) {
	var names []string
	err := t.read(ctx, func(_ *conn, cat *catalog) error {
		names = make([]string, 0, len(cat.colls))
		for name := range cat.colls {
			names = append(names, name)
		}
		slices.Sort(names)
		return nil
	})
	return names, err
}

// Drop implements storage.Tenant.
func (t *tenant) Drop(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if t == t.s.system {
		return storage.Invalidf("the system tenant cannot be dropped")
	}
	t.s.forget(t)
	return errors.Join(t.close(), os.RemoveAll(t.dir))
}
