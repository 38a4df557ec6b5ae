package seal

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Errors of Open.
var (
	// ErrUnknownKey: sealed by a key that the keyset does not hold (any more, or yet).
	ErrUnknownKey = errors.New("seal: sealed by a key that this keyset does not hold")
	// ErrSealed: not what was sealed: altered, cut, or moved to another place.
	ErrSealed = errors.New("seal: the sealed value was altered or belongs elsewhere")
)

// hashSize is how many bytes of the HMAC are kept: enough that no two values meet.
const hashSize = 24

// primitives are a keyset ready for use.
type primitives struct {
	keys   *Keyset
	cipher tink.AEAD
	hash   *prf.Set
}

func (k *Keyset) primitives() (*primitives, error) {
	c, err := aead.New(k.cipher)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	h, err := prf.NewPRFSet(k.hash)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &primitives{k, c, h}, nil
}

// Sealer seals, opens and hashes with the keyset of the moment. It is safe for
// concurrent use.
type Sealer struct {
	mu  sync.RWMutex
	now *primitives
	src source
}

// New makes a sealer of a keyset that does not change by itself.
func New(k *Keyset) (*Sealer, error) {
	p, err := k.primitives()
	if err != nil {
		return nil, err
	}
	return &Sealer{now: p}, nil
}

// Memory is a sealer with new random keys that are kept nowhere: for tests, and
// for stores that live as long as the process.
func Memory() *Sealer {
	k, err := NewKeyset()
	if err != nil {
		panic(err) // random bytes and two templates of Tink: it cannot fail
	}
	s, err := New(k)
	if err != nil {
		panic(err)
	}
	return s
}

func (s *Sealer) use() *primitives {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.now
}

// Keyset is the keyset in use.
func (s *Sealer) Keyset() *Keyset { return s.use().keys }

// Primary is the id of the key that seals now.
func (s *Sealer) Primary() string { return s.use().keys.Primary() }

// Seal encrypts a value for one place: about names tenant, form, record, field
// or whatever else makes the place. It can be opened only with the same names.
func (s *Sealer) Seal(plain []byte, about ...string) (string, error) {
	c, err := s.use().cipher.Encrypt(plain, join(about))
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(c), nil
}

// Open decrypts what was sealed for the same place: ErrUnknownKey, ErrSealed.
// A key that is not known yet is looked for where the keyset comes from.
func (s *Sealer) Open(text string, about ...string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, ErrSealed
	}
	id, ok := keyOf(raw)
	if !ok {
		return nil, ErrSealed
	}
	p := s.use()
	if !p.keys.has(id) {
		if err := s.Reload(); err != nil {
			return nil, fmt.Errorf("%w %s: %w", ErrUnknownKey, id, err)
		}
		if p = s.use(); !p.keys.has(id) {
			return nil, fmt.Errorf("%w: %s", ErrUnknownKey, id)
		}
	}
	plain, err := p.cipher.Decrypt(raw, join(about))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// KeyOf tells which key sealed a text, "" when it is no sealed text.
func KeyOf(text string) string {
	if len(text) < 8 {
		return ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(text[:8])
	if err != nil {
		return ""
	}
	id, _ := keyOf(raw)
	return id
}

// keyOf reads Tink's prefix: a version byte and the id of the key.
func keyOf(raw []byte) (string, bool) {
	if len(raw) < 5 || raw[0] != 1 {
		return "", false
	}
	return keyText(binary.BigEndian.Uint32(raw[1:5])), true
}

// Hash is the keyed hash of texts: the same texts always give the same 32
// characters, and without the keyset nobody can try values out.
func (s *Sealer) Hash(texts ...string) (string, error) {
	sum, err := s.use().hash.ComputePrimaryPRF(join(append([]string{"hash"}, texts...)), hashSize)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// Signer is an Ed25519 key that belongs to a purpose: derived from the hash
// key, so that it is never stored and always the same.
func (s *Sealer) Signer(purpose ...string) (ed25519.PrivateKey, error) {
	seed, err := s.use().hash.ComputePrimaryPRF(join(append([]string{"sign"}, purpose...)), ed25519.SeedSize)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Fingerprint tells keysets apart without telling anything else: rotation
// does not change it.
func (s *Sealer) Fingerprint() (string, error) {
	sum, err := s.use().hash.ComputePrimaryPRF([]byte("fingerprint"), 8)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return hex.EncodeToString(sum), nil
}

// join makes one text of several such that no other several make the same.
func join(parts []string) []byte {
	var b strings.Builder
	for _, p := range parts {
		b.Write(binary.AppendUvarint(nil, uint64(len(p))))
		b.WriteString(p)
	}
	return []byte(b.String())
}
