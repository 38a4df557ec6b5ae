package authn

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Identity is who a credential proves somebody to be. Whether that user is
// still active is what org.Subject says.
type Identity struct {
	User    string
	Session string // id of the session, "" with an API key
	Key     string // id of the API key, "" with a session
	CSRF    string // what X-CSRF-Token must be when the session came as a cookie
	Expires time.Time
	// Scopes limit an API key; nil with a session: everything the user may do.
	Scopes []string
}

// Issued is a new session, or, with Need, a login that is not over yet. Token and
// Ticket are shown once and not kept.
type Issued struct {
	Identity
	Token  string
	Need   string // "" = it is a session; else NeedTOTP, NeedEnrol or NeedPassword
	Ticket string // for the step that gives what is needed
}

// Session is an open session as its user may see it.
type Session struct {
	ID      string    `json:"id"`
	User    string    `json:"user"`
	Created time.Time `json:"created_at"`
	Expires time.Time `json:"expires_at"`
	Seen    time.Time `json:"seen_at"` // to a few minutes
	Addr    string    `json:"addr,omitempty"`
	Agent   string    `json:"agent,omitempty"`
}

// liveSession is what this node knows of an open session.
type liveSession struct {
	user    string
	expires time.Time
	seen    time.Time // last use that this node knows of
	stored  time.Time // the use that the store knows of
}

// maxLive bounds the sessions remembered; what is forgotten is read again.
const maxLive = 100_000

// touchEvery is how old the stored time of use may get: it costs one write per
// session and interval, and lets every node see that a session is in use.
func (s *Service) touchEvery() time.Duration { return min(s.d.Config.Idle/8, 5*time.Minute) }

// Start opens a session for a user who has proved himself. addr and agent are
// shown to him in his list of sessions.
func (s *Service) Start(ctx context.Context, user, addr, agent string) (Issued, error) {
	now := s.now()
	c := claims{User: user, Secret: ids.Secret(32), Issued: now.UnixMilli(), Expires: now.Add(s.d.Config.Absolute).UnixMilli()}
	doc := storage.Doc{storage.ID: c.id(), "user": user, "created": now, "expires": now.Add(s.d.Config.Absolute), "seen": now,
		"addr": clip(addr, 64), "agent": clip(agent, 200)}
	if err := s.d.Store.Collection(SessionsCollection).Insert(ctx, doc); err != nil {
		return Issued{}, fmt.Errorf("authn: session: %w", err)
	}
	s.mu.Lock()
	s.remember(c.id(), liveOf(doc))
	signing := s.signing
	s.mu.Unlock()
	token, err := signing.sign(s.d.Tenant, c)
	return Issued{Identity: c.identity(), Token: token}, err
}

func (c claims) identity() Identity {
	return Identity{User: c.User, Session: c.id(), CSRF: mac([]byte(c.Secret), "csrf"), Expires: time.UnixMilli(c.Expires).UTC()}
}

// Check proves a session token. It reads the store only when this node meets
// the session for the first time, or would refuse it for not being used; it
// writes the time of use every few minutes. A session that was ended, is over
// or was not used is unauthorized (auth.session).
func (s *Service) Check(ctx context.Context, token string) (Identity, error) {
	s.mu.RLock()
	signing := s.signing
	s.mu.RUnlock()
	id, ok := signing.prove(s.d.Tenant, token)
	if !ok {
		return Identity{}, noSession("this session is unknown")
	}
	now := s.now()
	if !now.Before(id.Expires) {
		return Identity{}, noSession("this session is over")
	}
	if err := s.alive(ctx, id.Session, now); err != nil {
		return Identity{}, err
	}
	return id, nil
}

func noSession(message string) error { return fault.New(fault.Unauthorized, "auth.session", message) }

// alive decides whether a session is open and in use, and notes the use.
func (s *Service) alive(ctx context.Context, id string, now time.Time) error {
	s.mu.Lock()
	if _, ended := s.revoked[id]; ended {
		s.mu.Unlock()
		return noSession("this session was ended")
	}
	known := s.live[id]
	if known != nil && now.Sub(known.seen) < s.d.Config.Idle {
		known.seen = now
		touch := now.Sub(known.stored) >= s.touchEvery()
		if touch {
			known.stored = now
		}
		s.mu.Unlock()
		if touch {
			return s.touch(ctx, id, now)
		}
		return nil
	}
	s.mu.Unlock()
	// Unknown here, or unused here: another node may know better.
	doc, err := s.d.Store.Collection(SessionsCollection).Get(ctx, id)
	if errors.Is(err, storage.ErrNotFound) {
		return noSession("this session was ended")
	}
	if err != nil {
		return fmt.Errorf("authn: session: %w", err)
	}
	if now.Sub(at(doc, "seen")) >= s.d.Config.Idle {
		return noSession("this session was not used for too long")
	}
	s.mu.Lock()
	live := liveOf(doc)
	live.seen = now
	s.remember(id, live)
	s.mu.Unlock()
	return s.touch(ctx, id, now)
}

func liveOf(doc storage.Doc) *liveSession {
	return &liveSession{user: str(doc, "user"), expires: at(doc, "expires"), seen: at(doc, "seen"), stored: at(doc, "seen")}
}

// remember keeps a session in memory; the caller holds the lock.
func (s *Service) remember(id string, l *liveSession) {
	if len(s.live) >= maxLive {
		now := s.now()
		for old, l := range s.live {
			if now.After(l.expires) || now.Sub(l.seen) > s.d.Config.Idle {
				delete(s.live, old)
			}
		}
		if len(s.live) >= maxLive {
			clear(s.live)
		}
	}
	s.live[id] = l
}

// touch writes the time of use. A session that is gone was ended elsewhere.
func (s *Service) touch(ctx context.Context, id string, now time.Time) error {
	_, err := s.d.Store.Collection(SessionsCollection).Patch(ctx, id, storage.Guard{}, storage.Patch{Set: map[string]any{"seen": now}})
	if errors.Is(err, storage.ErrNotFound) {
		s.forget(id)
		return noSession("this session was ended")
	}
	if err != nil {
		return fmt.Errorf("authn: session: %w", err)
	}
	return nil
}

func (s *Service) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.live, id)
	s.revoked[id] = s.now().Add(s.d.Config.Absolute)
}

// End ends a session, on this node at once and on the others as they follow
// the tenant's signals. Ending what is not open is no error.
func (s *Service) End(ctx context.Context, id string) error {
	if err := s.end(ctx, id); err != nil {
		return err
	}
	return s.changed(ctx)
}

func (s *Service) end(ctx context.Context, id string) error {
	// First what all nodes learn from, then the session itself: a crash between leaves it ended.
	revoked := storage.Doc{storage.ID: id, "expires": s.now().Add(s.d.Config.Absolute)}
	if err := upsert(ctx, s.d.Store.Collection(RevokedCollection), revoked); err != nil {
		return fmt.Errorf("authn: revoke: %w", err)
	}
	err := s.d.Store.Collection(SessionsCollection).Delete(ctx, id, storage.Guard{})
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("authn: revoke: %w", err)
	}
	s.forget(id)
	return nil
}

// EndAll ends every session of a user but the one kept ("" = all).
func (s *Service) EndAll(ctx context.Context, user, keep string) error {
	open, err := s.Sessions(ctx, user)
	if err != nil {
		return err
	}
	for _, o := range open {
		if o.ID == keep {
			continue
		}
		if err := s.end(ctx, o.ID); err != nil {
			return err
		}
	}
	return s.changed(ctx)
}

// Sessions lists a user's open sessions, the last used first.
func (s *Service) Sessions(ctx context.Context, user string) ([]Session, error) {
	now := s.now()
	q := storage.Query{Limit: storage.MaxFindLimit, Sort: []filter.Sort{{Path: "seen", Desc: true}},
		Where: filter.And{filter.Cmp{Path: "user", Op: filter.Eq, Value: user}, filter.Cmp{Path: "expires", Op: filter.Gt, Value: now}}}
	out := []Session{}
	for {
		page, err := s.d.Store.Collection(SessionsCollection).Find(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("authn: sessions: %w", err)
		}
		for _, d := range page.Docs {
			if now.Sub(at(d, "seen")) < s.d.Config.Idle {
				out = append(out, Session{ID: str(d, storage.ID), User: user, Created: at(d, "created"), Expires: at(d, "expires"),
					Seen: at(d, "seen"), Addr: str(d, "addr"), Agent: str(d, "agent")})
			}
		}
		if page.Next == "" {
			return out, nil
		}
		q.Cursor = page.Next
	}
}

// CheckCSRF reports whether the header of an unsafe request with a session
// cookie proves that our own page sent it; in constant time.
func CheckCSRF(id Identity, header string) bool {
	return id.CSRF != "" && hmac.Equal([]byte(id.CSRF), []byte(header))
}

// clip shortens a text from outside to what is worth keeping.
func clip(s string, runes int) string {
	r := []rune(s)
	if len(r) > runes {
		r = r[:runes]
	}
	return string(r)
}
