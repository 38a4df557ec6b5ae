package authn

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/signal"
)

// Collections of authentication.
const (
	CredentialsCollection = "credentials"
	SessionsCollection    = "sessions"
	RevokedCollection     = "revocations"
	KeysCollection        = "apikeys"
	ThrottleCollection    = "throttle"
	LinksCollection       = "links"
	secretsCollection     = "authn"
)

// Config are the policies of a tenant's authentication. Zero values take the default.
type Config struct {
	Argon2 Argon2
	// Idle ends a session that was not used; default 12 hours.
	Idle time.Duration
	// Absolute ends a session in any case; default 14 days.
	Absolute time.Duration
	// Link is how long a one-time link works; default 24 hours.
	Link  time.Duration
	Limit Limit
	// Hashers bounds how many passwords are checked at once; default the number of cores.
	Hashers int
}

func (c Config) withDefaults() Config {
	if c.Argon2 == (Argon2{}) {
		c.Argon2 = DefaultArgon2()
	}
	if c.Idle == 0 {
		c.Idle = 12 * time.Hour
	}
	if c.Absolute == 0 {
		c.Absolute = 14 * 24 * time.Hour
	}
	if c.Link == 0 {
		c.Link = 24 * time.Hour
	}
	if c.Hashers == 0 {
		c.Hashers = runtime.GOMAXPROCS(0)
	}
	c.Limit = c.Limit.withDefaults()
	return c
}

// Deps are what a Service is made of.
type Deps struct {
	Tenant string
	Store  storage.Tenant
	Org    *org.Service
	Clock  clock.Clock
	IDs    ids.Source
	Config Config
	// Policy is what the organisation demands at this moment; nil = DefaultPolicy.
	Policy func() Policy
	// Vault keeps the secrets of second factors; nil = there can be none.
	Vault Vault
}

// Service authenticates the users of one tenant. Safe for concurrent use.
type Service struct {
	d       Deps
	hasher  *hasher
	limiter *limiter

	mu         sync.RWMutex
	generation int64
	signing    signingKeys
	revoked    map[string]time.Time    // sessions that were ended, until they could not be presented any more
	live       map[string]*liveSession // by session id
	keys       map[string]*liveKey     // by key id
}

// Open makes the indexes, loads the tenant's signing keys (making the first)
// and what was revoked.
func Open(ctx context.Context, d Deps) (*Service, error) {
	d.Config = d.Config.withDefaults()
	s := &Service{d: d, hasher: newHasher(d.Config.Argon2, d.Config.Hashers), limiter: newLimiter(d),
		live: map[string]*liveSession{}, revoked: map[string]time.Time{}, keys: map[string]*liveKey{}}
	for _, c := range Indexes() {
		if err := d.Store.Collection(c.Collection).Indexes(ctx, c.Indexes...); err != nil {
			return nil, fmt.Errorf("authn: indexes of %s: %w", c.Collection, err)
		}
	}
	return s, s.Load(ctx)
}

// Indexes declares the indexes of the collections of this package.
func Indexes() []org.CollectionIndexes {
	by := func(path string) storage.Index {
		return storage.Index{Fields: []storage.IndexField{{Path: path, Scale: -1}}}
	}
	expires := by("expires")
	expires.Expire = true
	return []org.CollectionIndexes{
		{Collection: SessionsCollection, Indexes: []storage.Index{by("user"), expires}},
		{Collection: RevokedCollection, Indexes: []storage.Index{expires}},
		{Collection: KeysCollection, Indexes: []storage.Index{by("user")}},
		{Collection: ThrottleCollection, Indexes: []storage.Index{expires}},
		{Collection: LinksCollection, Indexes: []storage.Index{expires}},
	}
}

// Generation is the generation of the revocation set that is loaded. When the
// tenant's signal "sessions" is another, Load brings it up to date.
func (s *Service) Generation() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.generation
}

// Load reads signing keys and revocations, and forgets what it knew of API
// keys and of logins that have to wait. A node calls it when the tenant's signal "sessions" moved.
func (s *Service) Load(ctx context.Context) error {
	generation, err := signal.Read(ctx, s.d.Store, signal.Sessions) // first: what changes while reading is read again
	if err != nil {
		return err
	}
	signing, err := s.loadSigning(ctx)
	if err != nil {
		return err
	}
	revoked, err := s.loadRevoked(ctx)
	if err != nil {
		return err
	}
	s.limiter.freeAll()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation, s.signing = generation, signing
	for id, until := range s.revoked { // what was ended here while we read must stay so
		if until.After(s.now()) {
			revoked[id] = until
		}
	}
	s.revoked = revoked
	for id := range revoked {
		delete(s.live, id)
	}
	clear(s.keys)
	return nil
}

func (s *Service) loadRevoked(ctx context.Context) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	q := storage.Query{Limit: storage.MaxFindLimit, Fields: []string{"expires"}}
	for {
		page, err := s.d.Store.Collection(RevokedCollection).Find(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("authn: revocations: %w", err)
		}
		for _, d := range page.Docs {
			out[str(d, storage.ID)] = at(d, "expires")
		}
		if page.Next == "" {
			return out, nil
		}
		q.Cursor = page.Next
	}
}

// changed tells the other nodes to load.
func (s *Service) changed(ctx context.Context) error {
	return signal.Bump(ctx, s.d.Store, signal.Sessions)
}

func (s *Service) now() time.Time { return s.d.Clock.Now() }

// upsert writes a document whatever is there.
func upsert(ctx context.Context, c storage.Collection, d storage.Doc) error {
	set := map[string]any{}
	for k, v := range d {
		if k != storage.ID {
			set[k] = v
		}
	}
	_, err := c.Patch(ctx, str(d, storage.ID), storage.Guard{}, storage.Patch{Set: set})
	if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	err = c.Insert(ctx, d)
	if errors.Is(err, storage.ErrDuplicate) { // somebody else was first
		_, err = c.Patch(ctx, str(d, storage.ID), storage.Guard{}, storage.Patch{Set: set})
	}
	return err
}

func str(d map[string]any, key string) string { s, _ := d[key].(string); return s }

func at(d map[string]any, key string) time.Time { t, _ := d[key].(time.Time); return t }
