package runtime

import (
	"context"
	"errors"
	"time"
)

// Reseal seals anew what lies under an old key, or was written before its field
// became sensitive. It gives how many documents it wrote.
func (s *Services) Reseal(ctx context.Context) (int, error) {
	if err := s.Vault.Sealer().Reload(); err != nil {
		return 0, err
	}
	var refs []string
	snap := s.Catalog.Snapshot()
	for _, app := range snap.AppKeys() {
		for _, f := range snap.Apps[app].Forms {
			refs = append(refs, f.Ref())
		}
	}
	n, err := s.Vault.Reseal(ctx, refs)
	m, err2 := s.Authn.Reseal(ctx)
	return n + m, errors.Join(err, err2)
}

// keepSealed follows a rotation of keys.
func (s *Services) keepSealed(ctx context.Context) error {
	n, err := s.Reseal(ctx)
	if n > 0 {
		s.Log.InfoContext(ctx, "sealed anew", "documents", n, "key", s.Vault.Primary())
	}
	return err
}

// headEvery is how often the head of the audit log's chain is written into the
// program's log, where it lies outside of the store.
const headEvery = time.Hour

// sealAudit chains the entries of the audit log.
func (h *Host) sealAudit(ctx context.Context, s *Services) error {
	if _, err := s.Audit.Seal(ctx); err != nil {
		return err
	}
	now := h.d.Clock.Now()
	if now.Sub(s.headLogged) < headEvery {
		return nil
	}
	head, err := s.Audit.Head(ctx)
	if err != nil || head.Seq == 0 {
		return err
	}
	s.headLogged = now
	s.Log.InfoContext(ctx, "audit head", "seq", head.Seq, "hash", head.Hash, "at", head.At)
	return nil
}
