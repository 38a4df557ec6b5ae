package authn

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/storage"
)

// What a credential text begins with; the tenant comes next, so that a request
// finds its tenant: "fws.<tenant>.<key>.<claims>.<signature>".
const (
	sessionPrefix = "fws"
	keyPrefix     = "fwk"
	linkPrefix    = "fwl"
)

// maxToken bounds what is looked at before anything is known about the sender.
const maxToken = 2048

// TenantOf names the tenant a session token, API key or link claims to belong
// to. The claim is proved only by that tenant's Service.
func TenantOf(text string) (tenant string, ok bool) {
	if len(text) > maxToken {
		return "", false
	}
	parts := strings.SplitN(text, ".", 3)
	if len(parts) != 3 || parts[1] == "" {
		return "", false
	}
	switch parts[0] {
	case sessionPrefix, keyPrefix, linkPrefix:
		return parts[1], true
	}
	return "", false
}

// claims are what a session token says.
type claims struct {
	User    string `json:"u"`
	Secret  string `json:"s"`
	Issued  int64  `json:"i"` // Unix milliseconds
	Expires int64  `json:"x"`
}

// id is the session's id: what the store knows it by, which is not what proves it.
func (c claims) id() string { return digest(c.Secret) }

// signingKeys are a tenant's keys: one signs, all verify, so that a rotation ends no session.
type signingKeys struct {
	current string
	keys    map[string][]byte
	proved  *proved
}

const signingID = "signing"

// loadSigning reads the keys and makes the first one.
func (s *Service) loadSigning(ctx context.Context) (signingKeys, error) {
	col := s.d.Store.Collection(secretsCollection)
	doc, err := col.Get(ctx, signingID)
	if errors.Is(err, storage.ErrNotFound) {
		first := storage.Doc{storage.ID: signingID, "current": "k1", "keys": []any{newSigningKey("k1", s.now())}}
		if err = col.Insert(ctx, first); err == nil || errors.Is(err, storage.ErrDuplicate) {
			doc, err = col.Get(ctx, signingID) // another node may have been first
		}
	}
	if err != nil {
		return signingKeys{}, fmt.Errorf("authn: signing keys: %w", err)
	}
	return readSigning(doc)
}

func readSigning(doc storage.Doc) (signingKeys, error) {
	out := signingKeys{current: str(doc, "current"), keys: map[string][]byte{}, proved: newProved()}
	list, _ := doc["keys"].([]any)
	for _, k := range list {
		m, _ := k.(map[string]any)
		raw, err := base64.RawURLEncoding.DecodeString(str(m, "key"))
		if err != nil || len(raw) < 32 {
			return out, fault.New(fault.Internal, "auth.signing_key", "a signing key of this tenant is damaged")
		}
		out.keys[str(m, "id")] = raw
	}
	if out.keys[out.current] == nil {
		return out, fault.New(fault.Internal, "auth.signing_key", "the signing key of this tenant is missing")
	}
	return out, nil
}

func newSigningKey(id string, now time.Time) map[string]any {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return map[string]any{"id": id, "key": base64.RawURLEncoding.EncodeToString(raw), "created": now}
}

// RotateSigningKey signs new sessions with a new key from now on. Keys that can
// have signed no session that is still open are removed.
func (s *Service) RotateSigningKey(ctx context.Context) error {
	col := s.d.Store.Collection(secretsCollection)
	doc, err := col.Get(ctx, signingID)
	if err != nil {
		return fmt.Errorf("authn: signing keys: %w", err)
	}
	old := s.now().Add(-s.d.Config.Absolute)
	next := newSigningKey("k"+ids.Secret(6), s.now())
	keys := []any{next}
	// A key was in use until the next newer one was made; the list is newest first.
	until := s.now()
	list, _ := doc["keys"].([]any)
	for _, k := range list {
		m, _ := k.(map[string]any)
		if until.After(old) {
			keys = append(keys, k)
		}
		until = at(m, "created")
	}
	rev, _ := doc[storage.Rev].(int64)
	set := storage.Patch{Set: map[string]any{"current": next["id"], "keys": keys}}
	if _, err := col.Patch(ctx, signingID, storage.Guard{Rev: rev}, set); err != nil {
		return fmt.Errorf("authn: signing keys: %w", err)
	}
	if err := s.changed(ctx); err != nil {
		return err
	}
	return s.Load(ctx)
}

func (k signingKeys) sign(tenant string, c claims) (string, error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	body := strings.Join([]string{sessionPrefix, tenant, k.current, base64.RawURLEncoding.EncodeToString(raw)}, ".")
	return body + "." + mac(k.keys[k.current], body), nil
}

// verify gives the claims of a token that this tenant signed.
func (k signingKeys) verify(tenant, token string) (claims, bool) {
	var c claims
	parts := strings.Split(token, ".")
	if len(token) > maxToken || len(parts) != 5 || parts[0] != sessionPrefix || parts[1] != tenant {
		return c, false
	}
	key := k.keys[parts[2]]
	body := token[:len(token)-len(parts[4])-1]
	if key == nil || !hmac.Equal([]byte(mac(key, body)), []byte(parts[4])) {
		return c, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[3])
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return c, false
	}
	return c, true
}

func mac(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// digest is what the store keeps of a secret of ours: they are random and
// long, so that a plain hash cannot be turned round.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
