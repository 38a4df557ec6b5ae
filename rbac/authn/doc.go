// Package authn finds out who is asking: local accounts with passwords,
// sessions, API keys, one-time links. What they may do is decided elsewhere.
//
// The store never holds a secret that could be used: passwords as argon2id,
// session and key secrets as SHA-256. A session token is signed with a key of
// the tenant, so that a request is decided in memory; what was revoked is
// known from a set that follows the tenant's signal "sessions".
package authn
