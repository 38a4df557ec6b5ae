// Package tenant holds what every service of one organisation shares: its
// documents, what is published, its organisation, its compiled access, and the
// signals by which equal nodes tell each other what changed.
package tenant

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/internal/seal"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/calendar"
	"github.com/formwork-run/formwork/runtime/vault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage"
)

// Tenant is one organisation on this node. It is safe for concurrent use.
type Tenant struct {
	ID      string
	Store   storage.Tenant
	Catalog *catalog.Catalog
	Org     *org.Service
	// Vault seals sensitive values: Records, History and Trash go through it.
	Vault *vault.Vault
	// Calendars are the working calendars of the organisation.
	Calendars *calendar.Service
	Clock     clock.Clock
	IDs       ids.Source
	Log       *slog.Logger

	settings atomic.Pointer[Settings]
	access   atomic.Pointer[access]
	reload   sync.Mutex  // guards seen, and one reload at a time
	seen     generations // those acted on
}

// access is one generation of compiled access with the plans made from it.
type access struct {
	engine *rbac.Engine
	mine   map[string]bool // forms whose records decide access
	plans  sync.Map        // user id → *rbac.Plan
}

// Deps are what a tenant is made of.
type Deps struct {
	ID       string
	Store    storage.Tenant
	Clock    clock.Clock
	IDs      ids.Source
	Log      *slog.Logger
	Settings Settings
	// Seal keeps sensitive values; nil = keys that live as long as the process.
	Seal *seal.Sealer
}

// Open loads definitions, organisation and access of a tenant.
func Open(ctx context.Context, d Deps) (*Tenant, error) {
	t := &Tenant{ID: d.ID, Store: d.Store, Clock: d.Clock, IDs: d.IDs, Log: d.Log}
	t.settings.Store(&d.Settings)
	if d.Seal == nil {
		d.Seal = seal.Memory()
	}
	t.Vault = vault.New(d.Seal, d.ID, d.Store, t.published)
	if err := t.Vault.Check(ctx); err != nil {
		return nil, err
	}
	if err := t.indexes(ctx); err != nil {
		return nil, err
	}
	var err error
	if t.Catalog, err = catalog.Open(ctx, d.Store, d.Clock, t.checkAccess); err != nil {
		return nil, err
	}
	if t.Org, err = org.Open(ctx, org.Deps{Tenant: d.ID, Store: d.Store, Clock: d.Clock, IDs: d.IDs}); err != nil {
		return nil, err
	}
	if t.Calendars, err = calendar.Open(ctx, d.Store, func() *time.Location { return t.Settings().Zone }); err != nil {
		return nil, err
	}
	return t, t.Refresh(ctx)
}

// Refresh rebuilds the compiled access from what is published now and forgets
// all plans.
func (t *Tenant) Refresh(context.Context) error {
	engine, problems := rbac.NewEngine(sources(t.Catalog.Snapshot().Apps))
	if schema.HasErrors(problems) {
		return fault.Newf(fault.Internal, "access.invalid", "access does not compile: %s at %s", problems[0].Message, problems[0].Path)
	}
	mine := map[string]bool{}
	for _, form := range engine.MyForms() {
		mine[form] = true
	}
	t.access.Store(&access{engine: engine, mine: mine})
	return nil
}

// forgetPlans makes every plan be built anew from the same definitions.
func (t *Tenant) forgetPlans() {
	for {
		was := t.access.Load()
		if t.access.CompareAndSwap(was, &access{engine: was.engine, mine: was.mine}) {
			return // else Refresh was faster, and its plans are new
		}
	}
}

// Form returns the current version of a form, or not found.
func (t *Tenant) Form(ref string) (*catalog.Form, error) {
	if f := t.Catalog.Snapshot().Form(ref); f != nil {
		return f, nil
	}
	return nil, NoForm(ref)
}

// Records is the collection of a form's records, with its sensitive values in
// the clear; they are sealed where they rest.
func (t *Tenant) Records(ref string) storage.Collection {
	return t.Vault.Records(t.Store.Collection(catalog.RecordCollection(ref)), ref, t.published(ref))
}

// History is the collection of the changes of records, Trash that of deleted
// ones, both sealed alike.
func (t *Tenant) History() storage.Collection {
	return t.Vault.History(t.Store.Collection("history"))
}

// Trash is the collection of deleted records.
func (t *Tenant) Trash() storage.Collection { return t.Vault.Trash(t.Store.Collection("trash")) }

// published is the definition of a form in use, nil when there is none.
func (t *Tenant) published(ref string) *schema.Form {
	if f := t.Catalog.Snapshot().Form(ref); f != nil {
		return f.Def
	}
	return nil
}

// Context is the formula context of an acting subject.
func (t *Tenant) Context(s rbac.Subject) *formula.Context {
	c := &formula.Context{Now: t.Clock.Now(), Zone: t.Settings().Zone, Lang: s.Lang,
		Person: t.Org.Attr, Dept: t.Org.DeptAttr, NewID: t.IDs.New, Random: random, Holiday: t.Calendars.Holiday}
	c.User = formula.User{ID: s.User, Name: s.Name, Depts: s.Depts, Roles: s.Roles}
	if len(s.Depts) > 0 {
		c.User.Dept = s.Depts[0]
	}
	return c
}
