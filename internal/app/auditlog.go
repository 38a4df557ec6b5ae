package app

import (
	"context"
	"fmt"
	"io"

	"github.com/formwork-run/formwork/runtime/audit"
)

// HeadLine is the head of an organisation's audit log as a command shows it.
type HeadLine struct {
	Tenant string `json:"tenant"`
	audit.Head
}

// VerifyAudit reads the audit log and its chain through, and gives their head;
// the error names the first line that is not what was sealed. want are heads
// that were kept elsewhere.
func (o *Offline) VerifyAudit(ctx context.Context, tenantID string, want ...audit.Expected) (HeadLine, error) {
	s, err := o.tenant(ctx, tenantID)
	if err != nil {
		return HeadLine{}, err
	}
	head, err := s.Audit.Verify(ctx, want...)
	if err != nil {
		return HeadLine{}, fmt.Errorf("the audit log of %s is broken: %w", s.ID, err)
	}
	return HeadLine{s.ID, head}, nil
}

// AuditHead gives the head of an organisation's audit log. With seal, what is
// old enough is sealed before.
func (o *Offline) AuditHead(ctx context.Context, tenantID string, seal bool) (HeadLine, error) {
	s, err := o.tenant(ctx, tenantID)
	if err != nil {
		return HeadLine{}, err
	}
	if seal {
		if _, err := s.Audit.Seal(ctx); err != nil {
			return HeadLine{}, err
		}
	}
	head, err := s.Audit.Head(ctx)
	return HeadLine{s.ID, head}, err
}

// ExportAudit writes the entries of a query, oldest first, and logs that it did.
func (o *Offline) ExportAudit(ctx context.Context, tenantID string, w io.Writer, format string, q audit.Query) (int, error) {
	s, err := o.tenant(ctx, tenantID)
	if err != nil {
		return 0, err
	}
	n, err := s.Audit.Export(ctx, w, format, q, 0)
	if err != nil {
		return n, err
	}
	return n, s.Audit.Note(ctx, commandLine, "audit.exported", "", map[string]any{"format": format, "entries": int64(n)})
}

// Unlock lets a locked user try again.
func (o *Offline) Unlock(ctx context.Context, tenantID, login string) error {
	s, u, err := o.user(ctx, tenantID, login)
	if err != nil {
		return err
	}
	if err := s.Authn.Unlock(ctx, u.ID); err != nil {
		return err
	}
	return s.Audit.Note(ctx, commandLine, "user.unlocked", "", map[string]any{"user": u.ID, "login": u.Login})
}

// RemoveTOTP takes a user's second factor away.
func (o *Offline) RemoveTOTP(ctx context.Context, tenantID, login string) error {
	s, u, err := o.user(ctx, tenantID, login)
	if err != nil {
		return err
	}
	if err := s.Authn.RemoveTOTP(ctx, u.ID); err != nil {
		return err
	}
	return s.Audit.Note(ctx, commandLine, "totp.removed", "", map[string]any{"user": u.ID, "login": u.Login})
}

// OpenNetworks lets an organisation be reached from everywhere again: the way
// back for whoever moved to another network.
func (o *Offline) OpenNetworks(ctx context.Context, tenantID string) error {
	s, err := o.tenant(ctx, tenantID)
	if err != nil {
		return err
	}
	if err := o.host.OpenNetworks(ctx, s.ID); err != nil {
		return err
	}
	return s.Audit.Note(ctx, commandLine, "settings.changed", "", map[string]any{"addresses": "all"})
}
