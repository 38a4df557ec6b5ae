// Package ids makes identifiers: time-ordered UUIDv7, or derived from their
// cause so that the same cause always gives the same id.
package ids

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"
)

// Source makes new ids. Services take one, so that tests get predictable ids.
type Source interface {
	New() string
}

// UUID makes UUIDv7 strings without dashes: 32 hex digits, ordered by time.
type UUID struct{}

// New implements Source.
func (UUID) New() string {
	u := uuid.Must(uuid.NewV7())
	return hex.EncodeToString(u[:])
}

// Sequence makes "<prefix>1", "<prefix>2", … and is safe for concurrent use.
type Sequence struct {
	Prefix string
	n      atomic.Int64
}

// New implements Source.
func (s *Sequence) New() string { return fmt.Sprintf("%s%d", s.Prefix, s.n.Add(1)) }

// Derive returns the id that belongs to a cause: 32 hex digits of a SHA-256
// over the parts. The same parts give the same id on every node.
func Derive(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Secret returns n random bytes as URL-safe text, for tokens and keys.
func Secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand.Read never fails: it aborts the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}
