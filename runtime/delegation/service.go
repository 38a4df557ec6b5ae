package delegation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Service keeps the delegations of one tenant.
type Service struct {
	t     *tenant.Tenant
	fresh fresh
}

// New makes the service.
func New(t *tenant.Tenant) *Service { return &Service{t: t} }

func (s *Service) docs() storage.Collection { return s.t.Store.Collection(Collection) }

// Of tells who stands in for a user in a form at a time, "" when nobody does. A
// delegate who has left stands in for nobody. What another node has changed holds
// within a second.
func (s *Service) Of(ctx context.Context, user, ref string, at time.Time) (string, error) {
	l, err := s.recall(ctx, user)
	if err != nil {
		return "", err
	}
	for i := range l {
		d := &l[i]
		if d.at(at) == Active && d.covers(ref) && d.Delegate != user && s.active(d.Delegate) {
			return d.Delegate, nil
		}
	}
	return "", nil
}

func (s *Service) active(user string) bool {
	u := s.t.Org.Snapshot().User(user)
	return u != nil && u.State == org.Active
}

// List gives the delegations of a user, the latest first.
func (s *Service) List(ctx context.Context, user string) ([]Delegation, error) {
	l, _, err := s.read(ctx, user)
	return s.shown(l), err
}

// All gives the delegations of everybody, by the latest beginning; at most
// storage.MaxFindLimit people's.
func (s *Service) All(ctx context.Context) ([]Delegation, error) { return s.find(ctx, nil) }

// StandingFor gives the delegations, not ended, in which a user is the delegate.
func (s *Service) StandingFor(ctx context.Context, user string) ([]Delegation, error) {
	l, err := s.find(ctx, filter.ElemMatch{Path: "items", X: filter.Cmp{Path: "delegate", Op: filter.Eq, Value: user}})
	return slices.DeleteFunc(l, func(d Delegation) bool { return d.Delegate != user || d.State == Ended }), err
}

func (s *Service) find(ctx context.Context, where filter.Expr) ([]Delegation, error) {
	page, err := s.docs().Find(ctx, storage.Query{Where: where, Limit: storage.MaxFindLimit})
	if err != nil {
		return nil, err
	}
	var out []Delegation
	for _, doc := range page.Docs {
		out = append(out, listOf(doc)...)
	}
	return s.shown(out), nil
}

// shown fills in the states and sorts.
func (s *Service) shown(l []Delegation) []Delegation {
	now := s.t.Clock.Now()
	for i := range l {
		l[i].State = l[i].at(now)
	}
	slices.SortStableFunc(l, func(a, b Delegation) int { return b.From.Compare(a.From) })
	if l == nil {
		l = []Delegation{}
	}
	return l
}

// Input is a delegation as somebody fills it; nil keeps what is there.
type Input struct {
	Rev      int64      `json:"rev"` // of the one that is changed; 0 = not checked
	User     string     `json:"user"`
	Delegate *string    `json:"delegate"`
	From     *time.Time `json:"from"`
	Until    *time.Time `json:"until"`
	Forms    *[]string  `json:"forms"`
	Note     *string    `json:"note"`
}

func (in Input) over(d *Delegation) {
	if in.Delegate != nil {
		d.Delegate = *in.Delegate
	}
	if in.From != nil {
		d.From = in.From.UTC().Truncate(time.Millisecond)
	}
	if in.Until != nil {
		d.Until = in.Until.UTC().Truncate(time.Millisecond)
	}
	if in.Forms != nil {
		d.Forms = *in.Forms
	}
	if in.Note != nil {
		d.Note = strings.TrimSpace(*in.Note)
	}
}

// Add makes a delegation: everybody his own, administrators anybody's. One that
// would overlap another of the same person is delegation.overlap.
func (s *Service) Add(ctx context.Context, a *tenant.Actor, in Input) (Delegation, error) {
	now := s.t.Clock.Now()
	d := Delegation{User: in.User, From: now, Forms: []string{}, CreatedAt: now, CreatedBy: a.User}
	if d.User == "" {
		d.User = a.User
	}
	if d.User != a.User && !a.Admin {
		return d, fault.New(fault.Forbidden, "delegation.not_yours", "only administrators may delegate for somebody else")
	}
	in.over(&d)
	d.ID = d.User + separator + s.t.IDs.New()
	return s.save(ctx, d.User, d.ID, func(*Delegation) (*Delegation, error) { return &d, s.check(&d, now) })
}

// Change changes one that has not ended. When it has begun, its beginning stays.
func (s *Service) Change(ctx context.Context, a *tenant.Actor, id string, in Input) (Delegation, error) {
	user, err := s.mine(a, id)
	if err != nil {
		return Delegation{}, err
	}
	now := s.t.Clock.Now()
	return s.save(ctx, user, id, func(was *Delegation) (*Delegation, error) {
		switch {
		case was == nil:
			return nil, notFound()
		case was.at(now) == Ended:
			return nil, fault.New(fault.Refused, "delegation.ended", "this delegation has ended")
		case in.Rev != 0 && in.Rev != was.Rev:
			return nil, fault.New(fault.Conflict, "delegation.stale", "somebody else changed this delegation").With("rev", was.Rev)
		}
		d := *was
		in.over(&d)
		d.Rev++
		if was.at(now) == Active && !d.From.Equal(was.From) {
			return nil, invalid(fault.Field{Path: "/from", Code: "begun", Message: "it has begun already"})
		}
		return &d, s.check(&d, now)
	})
}

// End ends a delegation now; one that has not begun is taken away. Tasks that
// the delegate has by then stay with him.
func (s *Service) End(ctx context.Context, a *tenant.Actor, id string) error {
	user, err := s.mine(a, id)
	if err != nil {
		return err
	}
	now := s.t.Clock.Now()
	_, err = s.save(ctx, user, id, func(was *Delegation) (*Delegation, error) {
		switch {
		case was == nil:
			return nil, notFound()
		case was.at(now) == Planned:
			return nil, nil
		}
		d := *was
		if was.at(now) == Active {
			d.EndedAt = &now
			d.Rev++
		}
		return &d, nil
	})
	return err
}

// Leave ends what a user who has left delegated, and what was delegated to him.
func (s *Service) Leave(ctx context.Context, user string) error {
	own, err := s.List(ctx, user)
	if err != nil {
		return err
	}
	others, err := s.StandingFor(ctx, user)
	if err != nil {
		return err
	}
	system := &tenant.Actor{}
	system.Admin = true
	for _, d := range append(own, others...) {
		if d.State == Ended {
			continue
		}
		if err := s.End(ctx, system, d.ID); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	return nil
}

// separator stands between the user and the rest of an id.
const separator = "~"

// mine finds whose delegation an id is; to others than him and administrators it is not there.
func (s *Service) mine(a *tenant.Actor, id string) (user string, err error) {
	i := strings.LastIndex(id, separator)
	if i < 0 || id[:i] != a.User && !a.Admin {
		return "", notFound()
	}
	return id[:i], nil
}

func notFound() error {
	return fault.New(fault.NotFound, "delegation.not_found", "there is no such delegation")
}

// maxTries bounds how often a write that lost a race is made again.
const maxTries = 8

// save changes one delegation of a user, nil when it is new, into what change
// gives, nil to take it away.
func (s *Service) save(ctx context.Context, user, id string, change func(*Delegation) (*Delegation, error)) (Delegation, error) {
	for try := 1; ; try++ {
		d, err := s.saveOnce(ctx, user, id, change)
		if !errors.Is(err, storage.ErrConflict) && !errors.Is(err, storage.ErrDuplicate) || try == maxTries {
			return d, err
		}
	}
}

func (s *Service) saveOnce(ctx context.Context, user, id string, change func(*Delegation) (*Delegation, error)) (Delegation, error) {
	l, rev, err := s.read(ctx, user)
	if err != nil {
		return Delegation{}, err
	}
	i := slices.IndexFunc(l, func(d Delegation) bool { return d.ID == id })
	var was *Delegation
	if i >= 0 {
		was = &l[i]
	}
	now, err := change(was)
	if err != nil {
		return Delegation{}, err
	}
	if i >= 0 {
		l = slices.Delete(slices.Clone(l), i, i+1)
	}
	if now == nil {
		return Delegation{}, s.write(ctx, user, rev, l)
	}
	if err := s.alone(now, l); err != nil {
		return Delegation{}, err
	}
	if err := s.write(ctx, user, rev, append(l, *now)); err != nil {
		return Delegation{}, err
	}
	return s.shown([]Delegation{*now})[0], nil
}

// alone refuses a second delegate at the same time for the same form.
func (s *Service) alone(d *Delegation, others []Delegation) error {
	now := s.t.Clock.Now()
	for i := range others {
		o := &others[i]
		if d.at(now) != Ended && o.at(now) != Ended && d.overlaps(o) {
			return fault.New(fault.Conflict, "delegation.overlap", "there is another delegation at that time").
				With("id", o.ID).With("from", o.From).With("until", o.Until).
				At(fault.Field{Path: "/from", Code: "overlap", Message: "there is another delegation at that time"})
		}
	}
	return nil
}
