package authn

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/formwork-run/formwork/internal/fault"
)

// Argon2 are the parameters of argon2id. A password whose hash was made with
// others is hashed again at the next login.
type Argon2 struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// DefaultArgon2 costs about 20 MiB and some tens of milliseconds per login.
func DefaultArgon2() Argon2 { return Argon2{Memory: 19 * 1024, Time: 2, Threads: 1} }

// Sizes of salt and hash in bytes, and what a stored hash may ask of us at
// most: a hash is data, and data must not decide how much memory a login takes.
const (
	saltSize  = 16
	hashSize  = 32
	maxMemory = 1 << 20 // KiB
	maxTime   = 64
)

// Limits of a password, in characters.
const (
	MinPassword = 8
	MaxPassword = 200
)

var errHash = errors.New("authn: not an argon2id hash")

// encodePassword hashes a password into a PHC string with a new salt.
func encodePassword(password string, p Argon2) string {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails: it aborts the program instead
	sum := argon2.IDKey([]byte(password), salt, p.Time, p.Memory, p.Threads, hashSize)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Time, p.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// decodePHC reads a PHC string.
func decodePHC(phc string) (p Argon2, salt, sum []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.Memory, &p.Time, &p.Threads); err != nil {
		return p, nil, nil, errHash
	}
	if p.Memory == 0 || p.Memory > maxMemory || p.Time == 0 || p.Time > maxTime || p.Threads == 0 {
		return p, nil, nil, errHash
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(salt) < 8 {
		return p, nil, nil, errHash
	}
	if sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(sum) != hashSize {
		return p, nil, nil, errHash
	}
	return p, salt, sum, nil
}

// verifyPassword compares in constant time. stale: the hash was made with other parameters than want.
func verifyPassword(phc, password string, want Argon2) (ok, stale bool, err error) {
	p, salt, sum, err := decodePHC(phc)
	if err != nil {
		return false, false, err
	}
	got := argon2.IDKey([]byte(password), salt, p.Time, p.Memory, p.Threads, hashSize)
	return subtle.ConstantTimeCompare(got, sum) == 1, p != want, nil
}

var common = map[string]bool{
	"12345678": true, "123456789": true, "1234567890": true, "87654321": true, "password": true, "password1": true,
	"passw0rd": true, "qwertyui": true, "qwerty123": true, "1q2w3e4r": true, "11223344": true, "abcd1234": true,
	"a1234567": true, "aa123456": true, "abc12345": true, "iloveyou": true, "admin123": true, "admin888": true,
	"88888888": true, "woaini520": true, "5201314520": true, "letmein1": true, "welcome1": true, "changeme": true,
}

// hasher bounds how many passwords are hashed at once: each takes memory and a
// core, and logins come in crowds.
type hasher struct {
	params Argon2
	slots  chan struct{}
	decoy  string // hash to compare with when there is no account: as slow as a real one
}

func newHasher(p Argon2, atOnce int) *hasher {
	return &hasher{params: p, slots: make(chan struct{}, atOnce), decoy: encodePassword("decoy", p)}
}

func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.New(fault.Unavailable, "auth.busy", "too many logins at once").Because(ctx.Err())
	}
}

func (h *hasher) encode(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer func() { <-h.slots }()
	return encodePassword(password, h.params), nil
}

// verify takes the same time whether there is a hash or not.
func (h *hasher) verify(ctx context.Context, phc, password string) (ok, stale bool, err error) {
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer func() { <-h.slots }()
	if phc == "" {
		_, _, err = verifyPassword(h.decoy, password, h.params)
		return false, false, err
	}
	return verifyPassword(phc, password, h.params)
}
