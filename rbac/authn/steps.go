package authn

import (
	"context"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
)

// Sender is where a step of a login comes from.
type Sender struct {
	Addr  string
	Agent string
}

// proceed opens the session of a user who has proved his password, or says what
// is still needed: the second factor first, then a new password.
func (s *Service) proceed(ctx context.Context, user string, second bool, from Sender) (Issued, error) {
	need, err := s.missing(ctx, user, second)
	if err != nil {
		return Issued{}, err
	}
	if need == "" {
		return s.Start(ctx, user, from.Addr, from.Agent)
	}
	phc, err := s.hash(ctx, user)
	if err != nil {
		return Issued{}, err
	}
	text, until, err := s.issueTicket(ticket{User: user, Need: need, Second: second, Proof: digest(phc)[:16]})
	if err != nil {
		return Issued{}, err
	}
	return Issued{Identity: Identity{User: user, Expires: until}, Need: need, Ticket: text}, nil
}

func (s *Service) missing(ctx context.Context, user string, second bool) (string, error) {
	if !second {
		active, err := s.hasSecond(ctx, user)
		if err != nil {
			return "", err
		}
		if active {
			return NeedTOTP, nil
		}
		if s.SecondRequired(user) {
			return NeedEnrol, nil
		}
	}
	state, err := s.PasswordState(ctx, user)
	if err != nil {
		return "", err
	}
	if state.Must || !state.Expires.IsZero() && !s.now().Before(state.Expires) {
		return NeedPassword, nil
	}
	return "", nil
}

// SecondRequired reports whether the policy demands a second factor of a user.
func (s *Service) SecondRequired(user string) bool {
	u := s.d.Org.Snapshot().User(user)
	switch s.policy().TOTP.Required {
	case RequireAll:
		return u != nil
	case RequireAdmins:
		return u != nil && (u.Admin || len(u.Planes) > 0)
	}
	return false
}

// step proves a ticket, and that nothing has happened to the account since.
func (s *Service) step(ctx context.Context, text string, need ...string) (ticket, error) {
	t, err := s.readTicket(text, need...)
	if err != nil {
		return t, err
	}
	u := s.d.Org.Snapshot().User(t.User)
	phc, err := s.hash(ctx, t.User)
	if err != nil {
		return t, err
	}
	if u == nil || u.State != org.Active || digest(phc)[:16] != t.Proof {
		return ticket{}, invalidTicket()
	}
	return t, nil
}

// StepTOTP goes on with a login by a code of the second factor, or by a recovery
// code. A wrong or used code is auth.totp, names /code, and counts as a failure.
func (s *Service) StepTOTP(ctx context.Context, text, code string, from Sender) (Issued, error) {
	t, err := s.step(ctx, text, NeedTOTP)
	if err != nil {
		return Issued{}, err
	}
	if err := s.proveSecond(ctx, t.User, code, from.Addr); err != nil {
		return Issued{Identity: Identity{User: t.User}}, err
	}
	return s.proceed(ctx, t.User, true, from)
}

// StepEnrol begins the enrolment of a second factor that a login needs.
func (s *Service) StepEnrol(ctx context.Context, text string) (Enrolment, error) {
	t, err := s.step(ctx, text, NeedEnrol)
	if err != nil {
		return Enrolment{}, err
	}
	return s.BeginTOTP(ctx, t.User)
}

// StepEnrolled ends the enrolment by a first code and goes on with the login.
// The recovery codes are told here and nowhere else.
func (s *Service) StepEnrolled(ctx context.Context, text, code string, from Sender) (Issued, []string, error) {
	t, err := s.step(ctx, text, NeedEnrol)
	if err != nil {
		return Issued{}, nil, err
	}
	codes, err := s.ConfirmTOTP(ctx, t.User, code, from.Addr)
	if err != nil {
		return Issued{}, nil, err
	}
	issued, err := s.proceed(ctx, t.User, true, from)
	return issued, codes, err
}

// StepPassword goes on with a login by a new password in place of one that is too old.
func (s *Service) StepPassword(ctx context.Context, text, password string, from Sender) (Issued, error) {
	t, err := s.step(ctx, text, NeedPassword)
	if err != nil {
		return Issued{}, err
	}
	if err := s.checkNew(ctx, t.User, password); err != nil {
		return Issued{}, err
	}
	if same, err := s.isCurrent(ctx, t.User, password); err != nil || same {
		if err == nil {
			err = s.policy().Password.weak("reused", "this is the password that must be changed")
		}
		return Issued{}, err
	}
	if err := s.SetPassword(ctx, t.User, password); err != nil {
		return Issued{}, err
	}
	return s.proceed(ctx, t.User, t.Second, from)
}

func (s *Service) isCurrent(ctx context.Context, user, password string) (bool, error) {
	phc, err := s.hash(ctx, user)
	if err != nil || phc == "" {
		return false, err
	}
	ok, _, err := s.hasher.verify(ctx, phc, password)
	return ok, err
}

// PasswordState is what is known of a user's password.
type PasswordState struct {
	Set     bool      `json:"set"`
	Changed time.Time `json:"changed_at,omitzero"`
	Expires time.Time `json:"expires_at,omitzero"` // zero = never
	Must    bool      `json:"must_change"`         // at the next login
}

// PasswordState tells how old a user's password is.
func (s *Service) PasswordState(ctx context.Context, user string) (PasswordState, error) {
	doc, err := s.credentials(ctx, user)
	if err != nil || doc == nil {
		return PasswordState{}, err
	}
	out := PasswordState{Set: true, Changed: at(doc, "changed")}
	out.Must, _ = doc["must_change"].(bool)
	if days := s.policy().Password.MaxAgeDays; days > 0 {
		out.Expires = out.Changed.AddDate(0, 0, days)
	}
	return out, nil
}

// ExpirePassword makes a user choose a new password at his next login; one
// without a password is auth.no_password.
func (s *Service) ExpirePassword(ctx context.Context, user string) error {
	doc, err := s.credentials(ctx, user)
	if err != nil {
		return err
	}
	if doc == nil {
		return fault.New(fault.Refused, "auth.no_password", "he has no password yet: give him a link")
	}
	return s.mark(ctx, user, map[string]any{"must_change": true})
}
