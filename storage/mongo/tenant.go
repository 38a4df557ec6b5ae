package mongo

import (
	"context"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/formwork-run/formwork/storage"
)

// Names of what the store keeps for itself; a dot keeps them apart from collections of the port.
const (
	pingCollection  = "fw.ping"
	currentBlobs    = "fs.current"
	blobFiles       = "fs.files"
	blobChunks      = "fs.chunks"
	blobBucket      = "fs"
	indexNamePrefix = "fw:"
)

// tenant is one database.
type tenant struct {
	s  *Store
	id string
	db *driver.Database

	mu    sync.Mutex
	metas map[string]*meta
}

func (s *Store) newTenant(id, database string) *tenant {
	return &tenant{s: s, id: id, db: s.client.Database(database), metas: map[string]*meta{}}
}

// Collection implements storage.Tenant. A bad name is reported by every call on it.
func (t *tenant) Collection(name string) storage.Collection { return t.collection(name) }

func (t *tenant) collection(name string) *collection {
	return &collection{t: t, name: name, bad: storage.CheckCollection(name), docs: t.db.Collection(name), meta: t.meta(name)}
}

func (t *tenant) meta(name string) *meta {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.metas[name]
	if m == nil {
		m = &meta{}
		t.metas[name] = m
	}
	return m
}

// Collections implements storage.Tenant.
func (t *tenant) Collections(ctx context.Context) ([]string, error) {
	all, err := t.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return nil, wrap(err)
	}
	names := make([]string, 0, len(all))
	for _, name := range all {
		if storage.CheckCollection(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Drop implements storage.Tenant.
func (t *tenant) Drop(ctx context.Context) error {
	if t == t.s.system {
		return storage.Invalidf("the system tenant cannot be dropped")
	}
	err := t.db.Drop(ctx)
	t.mu.Lock()
	t.metas = map[string]*meta{}
	t.mu.Unlock()
	return wrap(err)
}
