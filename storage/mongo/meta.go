package mongo

import (
	"context"
	"sync"
	"time"

	"github.com/formwork-run/formwork/storage"
)

// metaAge is how long the declared indexes of a collection are taken as read:
// another node may declare others. Only two things hang on them: that expired
// documents are not seen, and what a refused write names.
const metaAge = 30 * time.Second

// meta is what this process knows of a collection's indexes.
type meta struct {
	mu    sync.Mutex
	read  time.Time // zero: never
	known declared
}

type declared struct {
	indexes []storage.Index
	expire  []string // paths of expiring indexes
}

func newDeclared(indexes []storage.Index) declared {
	d := declared{indexes: indexes}
	for _, ix := range indexes {
		if ix.Expire {
			d.expire = append(d.expire, ix.Fields[0].Path)
		}
	}
	return d
}

func (m *meta) set(indexes []storage.Index) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known, m.read = newDeclared(indexes), time.Now()
}

// declared returns the indexes, asking the server when the last time is too long ago.
func (c *collection) declared(ctx context.Context) (declared, error) {
	m := c.meta
	m.mu.Lock()
	known, read := m.known, m.read
	m.mu.Unlock()
	if !read.IsZero() && time.Since(read) < metaAge {
		return known, nil
	}
	specs, err := c.existing(ctx)
	if err != nil {
		return declared{}, err
	}
	var indexes []storage.Index
	for _, s := range specs {
		indexes = append(indexes, s.decl)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.read.Equal(read) { // else Indexes has set newer ones meanwhile
		m.known, m.read = newDeclared(indexes), time.Now()
	}
	return m.known, nil
}
