package tenant

import (
	"context"
	"errors"
	"time"

	"github.com/formwork-run/formwork/storage"
)

// Signals by which a node tells the others what changed.
const (
	SignalDefs     = "defs"     // something was published
	SignalOrg      = "org"      // users, departments, roles
	SignalAccess   = "access"   // records that decide access
	SignalSessions = "sessions" // a session or key was revoked
)

const signalsID = "signals"

// PollEvery is how often a node reads the signals: what changes on one node
// holds on all within two seconds.
const PollEvery = time.Second

// signals are the generations a node has acted on.
type signals struct{ defs, org, access, sessions int64 }

// Signal bumps generations in the tenant's signal document.
func (t *Tenant) Signal(ctx context.Context, names ...string) error {
	inc := map[string]any{}
	for _, n := range names {
		inc[n] = int64(1)
	}
	col := t.Store.Collection("signals")
	_, err := col.Patch(ctx, signalsID, storage.Guard{}, storage.Patch{Inc: inc})
	if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	doc := storage.Doc{storage.ID: signalsID}
	for k, v := range inc {
		doc[k] = v
	}
	err = col.Insert(ctx, doc)
	if errors.Is(err, storage.ErrDuplicate) {
		_, err = col.Patch(ctx, signalsID, storage.Guard{}, storage.Patch{Inc: inc})
	}
	return err
}

// Poll reads the signals once and acts on what changed. OnSessions is called
// when a session was revoked somewhere.
func (t *Tenant) Poll(ctx context.Context, onSessions func(context.Context) error) error {
	t.reload.Lock()
	defer t.reload.Unlock()
	doc, err := t.Store.Collection("signals").Get(ctx, signalsID)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := &signals{defs: gen(doc, SignalDefs), org: gen(doc, SignalOrg), access: gen(doc, SignalAccess), sessions: gen(doc, SignalSessions)}
	was := t.seen.Load()
	if *now == *was {
		return nil
	}
	if err := t.follow(ctx, was, now); err != nil {
		return err
	}
	if now.sessions != was.sessions && onSessions != nil {
		if err := onSessions(ctx); err != nil {
			return err
		}
	}
	t.seen.Store(now)
	return nil
}

// follow reloads whatever is behind the generations that moved.
func (t *Tenant) follow(ctx context.Context, was, now *signals) error {
	if now.defs != was.defs {
		if _, err := t.Catalog.Load(ctx); err != nil {
			return err
		}
		if err := t.Refresh(ctx); err != nil {
			return err
		}
	}
	if now.org != was.org {
		if err := t.Org.Load(ctx); err != nil {
			return err
		}
	}
	if now.org != was.org || now.access != was.access {
		t.forgetPlans()
	}
	return nil
}

func gen(doc storage.Doc, name string) int64 {
	n, _ := doc[name].(int64)
	return n
}

// Changed acts at once on this node on what the caller has just changed, and
// tells the other nodes.
func (t *Tenant) Changed(ctx context.Context, names ...string) error {
	t.reload.Lock()
	for _, n := range names {
		was, now := &signals{}, &signals{}
		switch n {
		case SignalDefs:
			now.defs = 1
		case SignalOrg:
			now.org = 1
		case SignalAccess:
			now.access = 1
		}
		if err := t.follow(ctx, was, now); err != nil {
			t.reload.Unlock()
			return err
		}
	}
	t.reload.Unlock()
	return t.Signal(ctx, names...)
}
