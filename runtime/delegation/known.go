package delegation

import (
	"context"
	"sync"
	"time"
)

// Every step of a flow asks for every person whether somebody stands in. What the
// store said is remembered for a moment: what this node changes holds at once,
// what another node does within knownFor, as with signals.
const (
	knownFor = time.Second
	maxKnown = 10_000
)

type fresh struct {
	mu  sync.Mutex
	of  map[string]knownAt
	gen int // writes of this node
}

type knownAt struct {
	list  []Delegation // shared: only to be read
	until time.Time
}

// recall reads the delegations of a user, from memory while they are fresh.
func (s *Service) recall(ctx context.Context, user string) ([]Delegation, error) {
	now := time.Now()
	s.fresh.mu.Lock()
	k, ok := s.fresh.of[user]
	gen := s.fresh.gen
	s.fresh.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.list, nil
	}
	l, _, err := s.read(ctx, user)
	if err != nil {
		return nil, err
	}
	s.fresh.mu.Lock()
	defer s.fresh.mu.Unlock()
	if s.fresh.gen != gen {
		return l, nil // somebody wrote meanwhile: this may be what was before
	}
	if s.fresh.of == nil || len(s.fresh.of) >= maxKnown {
		s.fresh.of = map[string]knownAt{}
	}
	s.fresh.of[user] = knownAt{l, now.Add(knownFor)}
	return l, nil
}

// forget drops what is known of a user, whose delegations were written.
func (s *Service) forget(user string) {
	s.fresh.mu.Lock()
	defer s.fresh.mu.Unlock()
	s.fresh.gen++
	delete(s.fresh.of, user)
}
