// Package seal encrypts values at rest and hashes them by a key, with Google's
// Tink: AES-256-GCM with associated data, and HMAC-SHA256 as a keyed hash.
//
// A Keyset holds several encryption keys of which one, the primary, seals; all
// of them open. Its hash key is made once and never changes: what was hashed
// must be found again. Whoever has the store but not the keyset learns from a
// sealed value its length, and from a hash which values are equal.
//
// It is the only importer of tink-crypto/tink-go.
package seal
