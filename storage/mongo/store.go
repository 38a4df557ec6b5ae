package mongo

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/formwork-run/formwork/storage"
)

// DefaultPrefix begins the names of the databases.
const DefaultPrefix = "formwork"

const (
	maxPrefix      = 18 // with "_t_" and 40 bytes of tenant below MongoDB's 63
	connectTimeout = 10 * time.Second
	selectTimeout  = 10 * time.Second
)

// Options configure Open.
type Options struct {
	// URI is a mongodb:// or mongodb+srv:// address. Options in it, for example
	// timeouts and pool sizes, win over those set here; w=majority does not.
	URI string
	// Logger takes what nobody waits for; nil discards it.
	Logger *slog.Logger
	// Prefix begins the names of the databases, [a-z][a-z0-9_]{0,17}: "<prefix>_system"
	// and "<prefix>_t_<tenant>". "" is DefaultPrefix.
	Prefix string
	// Now decides when a document of an expiring index is over; nil is the machine's clock.
	Now func() time.Time
}

// Store is one MongoDB deployment. It is safe for concurrent use; any number of
// processes may use one deployment.
type Store struct {
	opts   Options
	client *driver.Client
	system *tenant

	mu      sync.Mutex
	tenants map[string]*tenant
	closed  bool
}

var _ storage.Store = (*Store)(nil)

// Open connects and waits until the server takes a write. What is wrong with the
// options or the address is storage.ErrInvalid.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Prefix == "" {
		o.Prefix = DefaultPrefix
	}
	if err := checkPrefix(o.Prefix); err != nil {
		return nil, err
	}
	client, err := connect(o)
	if err != nil {
		return nil, err
	}
	s := &Store{opts: o, client: client, tenants: map[string]*tenant{}}
	s.system = s.newTenant("system", o.Prefix+"_system")
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, wrap(client.Disconnect(ctx)))
	}
	return s, nil
}

func checkPrefix(p string) error {
	if err := storage.CheckCollection(p); err != nil || len(p) > maxPrefix {
		return storage.Invalidf("prefix %.60q of the databases", p)
	}
	return nil
}

// connect does not wait for the server. The address may hold a password: it is in no error.
func connect(o Options) (*driver.Client, error) {
	c := options.Client().
		SetAppName("formwork").
		SetConnectTimeout(connectTimeout).
		SetServerSelectionTimeout(selectTimeout).
		ApplyURI(o.URI).
		SetWriteConcern(writeconcern.Majority()).
		SetReadConcern(readconcern.Majority()).
		SetReadPreference(readpref.Primary())
	if err := c.Validate(); err != nil {
		return nil, storage.Invalidf("address of MongoDB: %v", err)
	}
	client, err := driver.Connect(c)
	if err != nil {
		return nil, storage.Invalidf("address of MongoDB: %v", err)
	}
	return client, nil
}

// Tenant implements storage.Store. It does not ask the server.
func (s *Store) Tenant(id string) (storage.Tenant, error) {
	if err := storage.CheckTenant(id); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, storage.ErrClosed
	}
	t := s.tenants[id]
	if t == nil {
		t = s.newTenant(id, s.opts.Prefix+"_t_"+id)
		s.tenants[id] = t
	}
	return t, nil
}

// System implements storage.Store.
func (s *Store) System() storage.Tenant { return s.system }

// Ping implements storage.Store: it waits for a majority to acknowledge a small write.
func (s *Store) Ping(ctx context.Context) error {
	c := s.system.db.Collection(pingCollection)
	set := bson.D{{Key: "$set", Value: bson.D{{Key: "at", Value: bson.NewDateTimeFromTime(s.opts.Now())}}}}
	_, err := c.UpdateOne(ctx, byID("ping"), set, options.UpdateOne().SetUpsert(true))
	if driver.IsDuplicateKeyError(err) { // another node has just made it
		_, err = c.UpdateOne(ctx, byID("ping"), set)
	}
	return wrap(err)
}

// Close implements storage.Store. Operations still running get storage.ErrClosed.
func (s *Store) Close(ctx context.Context) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	return wrap(s.client.Disconnect(ctx))
}
