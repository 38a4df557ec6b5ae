package authn

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Areas that a scope must name; "*" means data only.
const (
	AreaAdmin   = "admin"
	AreaBuilder = "builder"
)

// Key is an API key without its secret.
type Key struct {
	ID      string    `json:"id"` // also the visible beginning of the key
	Name    string    `json:"name"`
	User    string    `json:"user"` // whoever it acts as: it can do nothing that he may not
	Scopes  []string  `json:"scopes"`
	Created time.Time `json:"created_at"`
	Expires time.Time `json:"expires_at,omitzero"` // zero = never
	Used    time.Time `json:"used_at,omitzero"`    // to a minute; zero = never
	Rate    int       `json:"rate,omitempty"`      // requests a minute and node; 0 = not limited
}

type liveKey struct {
	key    Key
	hash   string
	stored time.Time // when the use was last written
	minute int64     // the minute that asked counts in
	asked  int
}

// NewKey asks for an API key.
type NewKey struct {
	Name    string
	User    string
	Scopes  []string // "cost.contract:read", "cost:*", "*:view", "admin:*"; at least one
	Expires time.Time
	Rate    int // requests a minute, 0–100 000; 0 = not limited
}

// maxRate bounds the rate of a key.
const maxRate = 100_000

// scopePattern is where:what. where is *, an app, a form or an area; what is *, read or an operation.
var scopePattern = regexp.MustCompile(`^(\*|[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?):(\*|[a-z][a-z0-9_]{0,39})$`)

// CreateKey makes a key and returns its text, which is shown once and not kept.
func (s *Service) CreateKey(ctx context.Context, n NewKey) (Key, string, error) {
	if err := s.checkKey(n); err != nil {
		return Key{}, "", err
	}
	secret := ids.Secret(32)
	k := Key{ID: strings.NewReplacer("-", "x", "_", "y").Replace(ids.Secret(9)), Name: strings.TrimSpace(n.Name), User: n.User,
		Scopes: n.Scopes, Created: s.now(), Expires: n.Expires.UTC().Truncate(time.Millisecond), Rate: n.Rate}
	doc := storage.Doc{storage.ID: k.ID, "name": k.Name, "user": k.User, "hash": digest(secret), "created": k.Created, "rate": int64(n.Rate)}
	scopes := []any{}
	for _, scope := range k.Scopes {
		scopes = append(scopes, scope)
	}
	doc["scopes"] = scopes
	if !n.Expires.IsZero() {
		doc["until"] = k.Expires
	}
	if err := s.d.Store.Collection(KeysCollection).Insert(ctx, doc); err != nil {
		return Key{}, "", fmt.Errorf("authn: key: %w", err)
	}
	return k, strings.Join([]string{keyPrefix, s.d.Tenant, k.ID, secret}, "."), nil
}

func (s *Service) checkKey(n NewKey) error {
	var fields []fault.Field
	add := func(path, code, message string) {
		fields = append(fields, fault.Field{Path: path, Code: code, Message: message})
	}
	if name := strings.TrimSpace(n.Name); name == "" || len([]rune(name)) > 100 {
		add("/name", "length", "a name has 1 to 100 characters")
	}
	if s.d.Org.Snapshot().User(n.User) == nil {
		add("/user", "unknown", "there is no such user")
	}
	if len(n.Scopes) == 0 || len(n.Scopes) > 100 {
		add("/scopes", "length", "1 to 100 scopes are needed")
	}
	for i, scope := range n.Scopes {
		if !scopePattern.MatchString(scope) {
			add(fmt.Sprintf("/scopes/%d", i), "pattern", "a scope is where:what, such as cost.contract:read, cost:*, admin:*")
		}
	}
	if !n.Expires.IsZero() && !n.Expires.After(s.now()) {
		add("/expires_at", "past", "this is in the past")
	}
	if n.Rate < 0 || n.Rate > maxRate {
		add("/rate", "range", "0 to 100000 requests a minute")
	}
	if len(fields) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "auth.key", "this key cannot be made").At(fields...)
}

func keyOf(d storage.Doc) *liveKey {
	k := Key{ID: str(d, storage.ID), Name: str(d, "name"), User: str(d, "user"), Scopes: []string{},
		Created: at(d, "created"), Expires: at(d, "until"), Used: at(d, "used")}
	rate, _ := d["rate"].(int64)
	k.Rate = int(rate)
	list, _ := d["scopes"].([]any)
	for _, scope := range list {
		if text, ok := scope.(string); ok {
			k.Scopes = append(k.Scopes, text)
		}
	}
	return &liveKey{key: k, hash: str(d, "hash"), stored: k.Used}
}

// CheckKey proves an API key. One that is unknown, revoked or over is
// unauthorized (auth.key_invalid), without saying which.
func (s *Service) CheckKey(ctx context.Context, text string) (Identity, error) {
	invalid := fault.New(fault.Unauthorized, "auth.key_invalid", "this key is not valid")
	parts := strings.Split(text, ".")
	if len(text) > maxToken || len(parts) != 4 || parts[0] != keyPrefix || parts[1] != s.d.Tenant || len(parts[2]) > storage.MaxKeyLength || parts[2] == "" {
		return Identity{}, invalid
	}
	k, err := s.keyByID(ctx, parts[2])
	if errors.Is(err, storage.ErrNotFound) {
		return Identity{}, invalid
	}
	if err != nil {
		return Identity{}, fmt.Errorf("authn: key: %w", err)
	}
	now := s.now()
	if !hmac.Equal([]byte(digest(parts[3])), []byte(k.hash)) || (!k.key.Expires.IsZero() && !now.Before(k.key.Expires)) {
		return Identity{}, invalid
	}
	if err := s.within(k, now); err != nil {
		return Identity{}, err
	}
	if err := s.used(ctx, k, now); err != nil {
		return Identity{}, err
	}
	return Identity{User: k.key.User, Key: k.key.ID, Expires: k.key.Expires, Scopes: k.key.Scopes}, nil
}

// within counts a request of a key, and refuses it beyond the key's rate (auth.rate).
func (s *Service) within(k *liveKey, now time.Time) error {
	if k.key.Rate == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if minute := now.Unix() / 60; minute != k.minute {
		k.minute, k.asked = minute, 0
	}
	if k.asked++; k.asked > k.key.Rate {
		return fault.New(fault.RateLimited, "auth.rate", "this key has used its requests of this minute up").With("retry_after", 60-now.Unix()%60)
	}
	return nil
}

// keyByID reads a key once per generation.
func (s *Service) keyByID(ctx context.Context, id string) (*liveKey, error) {
	s.mu.RLock()
	k, generation := s.keys[id], s.generation
	s.mu.RUnlock()
	if k != nil {
		return k, nil
	}
	doc, err := s.d.Store.Collection(KeysCollection).Get(ctx, id)
	if err != nil {
		return nil, err
	}
	k = keyOf(doc)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.generation == generation { // else it may have been revoked while we read
		s.keys[id] = k
	}
	return k, nil
}

// used writes the time of use, once a minute at most.
func (s *Service) used(ctx context.Context, k *liveKey, now time.Time) error {
	s.mu.Lock()
	due := now.Sub(k.stored) >= time.Minute
	if due {
		k.stored = now
	}
	s.mu.Unlock()
	if !due {
		return nil
	}
	_, err := s.d.Store.Collection(KeysCollection).Patch(ctx, k.key.ID, storage.Guard{}, storage.Patch{Set: map[string]any{"used": now}})
	if errors.Is(err, storage.ErrNotFound) {
		return fault.New(fault.Unauthorized, "auth.key_invalid", "this key is not valid")
	}
	return err
}

// Keys lists API keys, of one user or ("") of all, oldest first.
func (s *Service) Keys(ctx context.Context, user string) ([]Key, error) {
	q := storage.Query{Limit: storage.MaxFindLimit, Sort: []filter.Sort{{Path: "created"}}}
	if user != "" {
		q.Where = filter.Cmp{Path: "user", Op: filter.Eq, Value: user}
	}
	out := []Key{}
	for {
		page, err := s.d.Store.Collection(KeysCollection).Find(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("authn: keys: %w", err)
		}
		for _, d := range page.Docs {
			out = append(out, keyOf(d).key)
		}
		if page.Next == "" {
			return out, nil
		}
		q.Cursor = page.Next
	}
}

// RevokeKey removes a key, on this node at once and on the others as they
// follow the tenant's signals.
func (s *Service) RevokeKey(ctx context.Context, id string) error {
	err := s.d.Store.Collection(KeysCollection).Delete(ctx, id, storage.Guard{})
	if errors.Is(err, storage.ErrNotFound) {
		return fault.New(fault.NotFound, "auth.key_unknown", "there is no such key").With("id", id)
	}
	if err != nil {
		return fmt.Errorf("authn: key: %w", err)
	}
	s.mu.Lock()
	s.generation-- // what is being read now must not be kept
	delete(s.keys, id)
	s.mu.Unlock()
	if err := s.changed(ctx); err != nil {
		return err
	}
	return s.Load(ctx)
}

// Authenticate proves whatever a request carries: a session token or an API key.
func (s *Service) Authenticate(ctx context.Context, text string) (Identity, error) {
	if strings.HasPrefix(text, keyPrefix+".") {
		return s.CheckKey(ctx, text)
	}
	return s.Check(ctx, text)
}

// reads are the operations that the scope word "read" stands for.
var reads = []string{"view", "export", "print", "history"}

// Permits reports whether the credential reaches an operation: where is a form
// ("cost.contract") or an area, op an operation. It only narrows: what the user
// himself may not do is refused by his plan all the same.
func (id Identity) Permits(where, op string) bool {
	if id.Key == "" {
		return true
	}
	app, _, _ := strings.Cut(where, ".")
	area := where == AreaAdmin || where == AreaBuilder
	return slices.ContainsFunc(id.Scopes, func(scope string) bool {
		place, what, _ := strings.Cut(scope, ":")
		reaches := place == where || (!area && (place == "*" || place == app))
		return reaches && (what == "*" || what == op || (what == "read" && slices.Contains(reads, op)))
	})
}
