// Package vault keeps sensitive values as ciphertext wherever they rest. It
// wraps the collections that hold values of records: what is written through
// them is sealed, what is read is opened, and conditions on sealed fields are
// asked by their keyed hashes. The services above see plain values only.
//
// A stored record holds a stand-in at "data.<field>" and the ciphertext at
// "sealed.f.<field>"; of a row, at "sealed.rows.<subtable>[i].<column>". ADR 16
// says why.
package vault

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/seal"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// Sealed is the key of a document under which its ciphertexts stand.
const Sealed = "sealed"

// Collection holds what the vault knows of itself: the fingerprint of the
// keyset, and how far forms are sealed.
const Collection = "vault"

// Forms finds the version of a form that is in use, nil when there is none.
type Forms func(ref string) *schema.Form

// Vault seals and opens for one tenant. It is safe for concurrent use.
type Vault struct {
	seal   *seal.Sealer
	tenant string
	store  storage.Tenant
	forms  Forms
	owned  atomic.Bool // the fingerprint in the store is ours
}

// New makes the vault of a tenant over its store.
func New(s *seal.Sealer, tenant string, store storage.Tenant, forms Forms) *Vault {
	return &Vault{seal: s, tenant: tenant, store: store, forms: forms}
}

// Sealer is what the vault seals with.
func (v *Vault) Sealer() *seal.Sealer { return v.seal }

// fingerprintID is the document that names the keyset of a tenant.
const fingerprintID = "keyset"

// Check refuses a keyset that is not the one the tenant's values were sealed
// with: what would be written could not be read by the others, nor theirs by us.
func (v *Vault) Check(ctx context.Context) error {
	doc, err := v.store.Collection(Collection).Get(ctx, fingerprintID)
	if errors.Is(err, storage.ErrNotFound) {
		return nil // nothing was ever sealed
	}
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	own, err := v.seal.Fingerprint()
	if err != nil {
		return err
	}
	if doc["fingerprint"] != own {
		return fault.Newf(fault.Internal, "vault.keyset", "the data of %s were sealed with the keyset %v, and this one is %s: give the program the right one by FORMWORK_KEYSET_FILE or FORMWORK_KEYSET",
			v.tenant, doc["fingerprint"], own)
	}
	v.owned.Store(true)
	return nil
}

// own leaves the keyset's fingerprint before the first value is sealed.
func (v *Vault) own(ctx context.Context) error {
	if v.owned.Load() {
		return nil
	}
	print, err := v.seal.Fingerprint()
	if err != nil {
		return err
	}
	err = v.store.Collection(Collection).Insert(ctx, storage.Doc{storage.ID: fingerprintID, "fingerprint": print})
	if err != nil && !errors.Is(err, storage.ErrDuplicate) {
		return fmt.Errorf("vault: %w", err)
	}
	return v.Check(ctx)
}

// Seal seals a value for a place within the tenant.
func (v *Vault) Seal(ctx context.Context, plain []byte, about ...string) (string, error) {
	if err := v.own(ctx); err != nil {
		return "", err
	}
	return v.seal.Seal(plain, append([]string{v.tenant}, about...)...)
}

// Open opens what was sealed for the same place of the tenant. What cannot be
// opened is an internal fault (vault.damaged): its text never tells a value.
func (v *Vault) Open(text string, about ...string) ([]byte, error) {
	plain, err := v.seal.Open(text, append([]string{v.tenant}, about...)...)
	if err != nil {
		return nil, fault.Newf(fault.Internal, "vault.damaged", "a sealed value cannot be opened: %v", about).Because(err)
	}
	return plain, nil
}

// Hash is the keyed hash of texts within the tenant.
func (v *Vault) Hash(texts ...string) (string, error) {
	return v.seal.Hash(append([]string{v.tenant}, texts...)...)
}

// KeyOf is the id of the key that sealed a text.
func (v *Vault) KeyOf(text string) string { return seal.KeyOf(text) }

// Primary is the id of the key that seals now.
func (v *Vault) Primary() string { return v.seal.Primary() }

// opaque stands in for a value of which nothing but its presence may be known.
const opaque = "*"

// standIn is what the store holds in place of a value: its keyed hash, or
// nothing but that it is there.
func (v *Vault) standIn(f *schema.Field, form, path string, val any) (string, error) {
	if !f.Hashed() {
		return opaque, nil
	}
	text := ""
	switch x := val.(type) {
	case string:
		text = x
	case decimal.Decimal:
		text = x.Key()
	default:
		raw, err := Encode(val)
		if err != nil {
			return "", err
		}
		text = string(raw)
	}
	return v.Hash("value", form, path, text)
}
