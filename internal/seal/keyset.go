package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
)

// Keyset are the keys of one installation. It is immutable: what changes it
// gives a new one. Its text form holds the keys in the clear.
type Keyset struct {
	cipher *keyset.Handle // AES-256-GCM: one primary, others that still open
	hash   *keyset.Handle // HMAC-SHA256: exactly one
}

// Key is an encryption key without what makes it secret.
type Key struct {
	ID      string `json:"id"`      // decimal number
	Primary bool   `json:"primary"` // it seals; the others only open
}

// ErrKey marks an operation on a key that there is not, or that may not go.
var ErrKey = errors.New("seal: key")

// NewKeyset makes a keyset with one random encryption key and a hash key.
func NewKeyset() (*Keyset, error) {
	c, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("seal: new key: %w", err)
	}
	h, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("seal: new key: %w", err)
	}
	return &Keyset{c, h}, nil
}

// keysetFile is the text form: two Tink keysets in their JSON form.
type keysetFile struct {
	Cipher json.RawMessage `json:"aes256gcm"`
	Hash   json.RawMessage `json:"hmac"`
}

// ParseKeyset reads the text form. The error never quotes the text.
func ParseKeyset(text []byte) (*Keyset, error) {
	var f keysetFile
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, errors.New("seal: this is no keyset: not the JSON that `formwork keys` writes")
	}
	var k Keyset
	var err error
	if k.cipher, err = readHandle(f.Cipher); err != nil {
		return nil, errors.New("seal: the keyset's aes256gcm part is damaged")
	}
	if k.hash, err = readHandle(f.Hash); err != nil || k.hash.Len() != 1 {
		return nil, errors.New("seal: the keyset's hmac part is damaged")
	}
	if _, err := k.primitives(); err != nil {
		return nil, errors.New("seal: the keyset holds keys of another kind")
	}
	return &k, nil
}

func readHandle(raw json.RawMessage) (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
}

// Text is the text form of a keyset. Whoever reads it can open everything.
func (k *Keyset) Text() ([]byte, error) {
	var c, h bytes.Buffer
	if err := insecurecleartextkeyset.Write(k.cipher, keyset.NewJSONWriter(&c)); err != nil {
		return nil, fmt.Errorf("seal: write keyset: %w", err)
	}
	if err := insecurecleartextkeyset.Write(k.hash, keyset.NewJSONWriter(&h)); err != nil {
		return nil, fmt.Errorf("seal: write keyset: %w", err)
	}
	out, err := json.MarshalIndent(keysetFile{c.Bytes(), h.Bytes()}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("seal: write keyset: %w", err)
	}
	return append(out, '\n'), nil
}

// Keys lists the encryption keys, oldest first.
func (k *Keyset) Keys() []Key {
	out := make([]Key, 0, k.cipher.Len())
	for i := range k.cipher.Len() {
		if e, err := k.cipher.Entry(i); err == nil {
			out = append(out, Key{ID: keyText(e.KeyID()), Primary: e.IsPrimary()})
		}
	}
	return out
}

// Primary is the id of the key that seals.
func (k *Keyset) Primary() string {
	e, err := k.cipher.Primary()
	if err != nil {
		return ""
	}
	return keyText(e.KeyID())
}

// Prepared adds a key that only opens for now: every node gets to know it
// before the first one seals with it.
func (k *Keyset) Prepared() (*Keyset, string, error) {
	m := keyset.NewManagerFromHandle(k.cipher)
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, "", fmt.Errorf("seal: new key: %w", err)
	}
	c, err := m.Handle()
	if err != nil {
		return nil, "", fmt.Errorf("seal: new key: %w", err)
	}
	return &Keyset{c, k.hash}, keyText(id), nil
}

// Promoted makes a key the primary one. ErrKey: there is none of this id.
func (k *Keyset) Promoted(id string) (*Keyset, error) {
	return k.managed(id, (*keyset.Manager).SetPrimary)
}

// Removed drops a key; what it sealed can never be opened again. ErrKey: there
// is none of this id, or it is the primary one.
func (k *Keyset) Removed(id string) (*Keyset, error) {
	if id == k.Primary() {
		return nil, fmt.Errorf("%w %s is the primary one: rotate first", ErrKey, id)
	}
	return k.managed(id, (*keyset.Manager).Delete)
}

func (k *Keyset) managed(id string, change func(*keyset.Manager, uint32) error) (*Keyset, error) {
	n, err := strconv.ParseUint(id, 10, 32)
	if err != nil || !k.has(id) {
		return nil, fmt.Errorf("%w %s is none of this keyset", ErrKey, id)
	}
	m := keyset.NewManagerFromHandle(k.cipher)
	if err := change(m, uint32(n)); err != nil {
		return nil, fmt.Errorf("seal: key %s: %w", id, err)
	}
	c, err := m.Handle()
	if err != nil {
		return nil, fmt.Errorf("seal: key %s: %w", id, err)
	}
	return &Keyset{c, k.hash}, nil
}

func (k *Keyset) has(id string) bool {
	for _, one := range k.Keys() {
		if one.ID == id {
			return true
		}
	}
	return false
}

func keyText(id uint32) string { return strconv.FormatUint(uint64(id), 10) }
