package tenant

import (
	"context"
	"maps"
	"time"

	"github.com/formwork-run/formwork/storage/signal"
)

// Signals by which a node tells the others what changed.
const (
	SignalDefs     = signal.Defs     // something was published
	SignalOrg      = signal.Org      // users, departments, roles
	SignalAccess   = signal.Access   // records that decide access
	SignalSessions = signal.Sessions // a session or key was revoked
)

// PollEvery is how often a node reads the signals: what changes on one node
// holds on all within two seconds.
const PollEvery = time.Second

// generations are those a node has acted on, by signal.
type generations map[string]int64

// Signal bumps generations in the tenant's signal document.
func (t *Tenant) Signal(ctx context.Context, names ...string) error {
	return signal.Bump(ctx, t.Store, names...)
}

// Poll reads the signals once and acts on what changed. onSessions is called
// when a session was revoked somewhere. What fails is tried again by the next Poll.
func (t *Tenant) Poll(ctx context.Context, onSessions func(context.Context) error) error {
	t.reload.Lock()
	defer t.reload.Unlock()
	now, err := signal.All(ctx, t.Store)
	if err != nil || maps.Equal(now, t.seen) {
		return err
	}
	moved := map[string]bool{}
	for name, n := range now {
		moved[name] = n != t.seen[name]
	}
	if err := t.follow(ctx, moved); err != nil {
		return err
	}
	if moved[SignalSessions] && onSessions != nil {
		if err := onSessions(ctx); err != nil {
			return err
		}
	}
	t.seen = now
	return nil
}

// follow reloads whatever is behind the signals that moved.
func (t *Tenant) follow(ctx context.Context, moved map[string]bool) error {
	if moved[SignalDefs] {
		if _, err := t.Catalog.Load(ctx); err != nil {
			return err
		}
		if err := t.Refresh(ctx); err != nil {
			return err
		}
	}
	if moved[SignalOrg] {
		if err := t.Org.Load(ctx); err != nil {
			return err
		}
	}
	if moved[signal.Calendars] {
		if err := t.Calendars.Load(ctx); err != nil {
			return err
		}
	}
	if moved[SignalOrg] || moved[SignalAccess] {
		t.forgetPlans()
	}
	return nil
}

// Changed acts at once on this node on what the caller has just changed, and
// tells the other nodes. They are told even if this node cannot follow yet: it
// tries again when it polls.
func (t *Tenant) Changed(ctx context.Context, names ...string) error {
	if err := t.Signal(ctx, names...); err != nil {
		return err
	}
	moved := map[string]bool{}
	for _, n := range names {
		moved[n] = true
	}
	t.reload.Lock()
	defer t.reload.Unlock()
	return t.follow(ctx, moved)
}
