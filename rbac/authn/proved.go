package authn

import (
	"crypto/sha256"
	"sync"
)

// proved remembers whom tokens were verified for, so that a session pays for its
// signature once and not with every request. It belongs to one reading of the
// signing keys and goes with them. It holds hashes: a token is in no memory of ours.
type proved struct {
	mu  sync.RWMutex
	who map[[sha256.Size]byte]Identity
}

func newProved() *proved { return &proved{who: map[[sha256.Size]byte]Identity{}} }

// prove gives the identity in a token that this tenant signed. Whether its
// session is still open is not asked here.
func (k signingKeys) prove(tenant, token string) (Identity, bool) {
	if len(token) > maxToken {
		return Identity{}, false
	}
	sum := sha256.Sum256([]byte(token))
	k.proved.mu.RLock()
	id, ok := k.proved.who[sum]
	k.proved.mu.RUnlock()
	if ok {
		return id, true
	}
	c, ok := k.verify(tenant, token)
	if !ok {
		return Identity{}, false
	}
	id = c.identity()
	k.proved.mu.Lock()
	defer k.proved.mu.Unlock()
	if len(k.proved.who) >= maxLive {
		clear(k.proved.who)
	}
	k.proved.who[sum] = id
	return id, true
}
