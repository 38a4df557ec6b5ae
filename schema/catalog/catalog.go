// Package catalog keeps definitions on the store: drafts that are edited,
// versions that never change, and the release that says which version is in
// use. What runs is an immutable compiled Snapshot, swapped atomically.
package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// releaseID is the one document that says which version of each app is in use:
// several apps are switched by one write.
const releaseID = "current"

// Catalog is the definitions of one tenant. It is safe for concurrent use.
type Catalog struct {
	store storage.Tenant
	clock clock.Clock
	also  Checker

	current atomic.Pointer[Snapshot]
	mu      sync.Mutex // one load at a time
	old     sync.Map   // "app@n" → *App, versions that are no longer current
}

// Checker holds compiled apps, by key, against rules that this package does not
// know (access). An error of it stops a publication.
type Checker func(apps map[string]*App) []schema.Problem

// Snapshot is what is published now; immutable.
type Snapshot struct {
	Rev  int64 // revision of the release document it was made from
	Apps map[string]*App
}

// Form finds the current version of a form by "app.form", nil when there is none.
func (s *Snapshot) Form(ref string) *Form {
	for i := range ref {
		if ref[i] == '.' {
			if a := s.Apps[ref[:i]]; a != nil {
				return a.Forms[ref[i+1:]]
			}
			return nil
		}
	}
	return nil
}

// AppKeys lists the apps, sorted.
func (s *Snapshot) AppKeys() []string {
	keys := make([]string, 0, len(s.Apps))
	for k := range s.Apps {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Open loads what is published. also may be nil.
func Open(ctx context.Context, store storage.Tenant, clk clock.Clock, also Checker) (*Catalog, error) {
	c := &Catalog{store: store, clock: clk, also: also}
	c.current.Store(&Snapshot{Apps: map[string]*App{}})
	if _, err := c.Load(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Snapshot returns what is published now.
func (c *Catalog) Snapshot() *Snapshot { return c.current.Load() }

func (c *Catalog) defs() storage.Collection     { return c.store.Collection("defs") }
func (c *Catalog) versions() storage.Collection { return c.store.Collection("versions") }
func (c *Catalog) releases() storage.Collection { return c.store.Collection("releases") }

// Load reads the release and, when it changed, compiles and swaps the
// snapshot. It reports whether the snapshot changed.
func (c *Catalog) Load(ctx context.Context) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rel, err := c.releases().Get(ctx, releaseID)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	cur := c.current.Load()
	rev, _ := rel[storage.Rev].(int64)
	if rev == cur.Rev {
		return false, nil
	}
	apps, err := c.loadRelease(ctx, rel, cur)
	if err != nil {
		return false, err
	}
	c.current.Store(&Snapshot{Rev: rev, Apps: apps})
	return true, nil
}

func (c *Catalog) loadRelease(ctx context.Context, rel storage.Doc, cur *Snapshot) (map[string]*App, error) {
	listed, _ := rel["apps"].(map[string]any)
	defs := map[string]stored{}
	for key, v := range listed {
		n, _ := v.(int64)
		if a := cur.Apps[key]; a != nil && a.Version == n {
			defs[key] = stored{def: a.Def, version: n, at: a.PublishedAt, by: a.PublishedBy, note: a.Note}
			continue
		}
		s, err := c.readVersion(ctx, key, n)
		if err != nil {
			return nil, err
		}
		defs[key] = s
	}
	// A form of another app that changed may change the types this app sees: compile all anew.
	apps, ps := compileAll(defs)
	if schema.HasErrors(ps) {
		return nil, fmt.Errorf("catalog: release %v does not compile any more: %s at %s", listed, ps[0].Message, ps[0].Path)
	}
	return apps, nil
}

// compileAll compiles apps that belong together. Paths of problems lead with
// the app: "cost/forms/contract#/rules/0".
func compileAll(defs map[string]stored) (map[string]*App, []schema.Problem) {
	find := finder(defs)
	apps := make(map[string]*App, len(defs))
	var problems []schema.Problem
	for _, key := range slices.Sorted(maps.Keys(defs)) {
		s := defs[key]
		a, ps := compile(s.def, s.version, find)
		a.PublishedAt, a.PublishedBy, a.Note = s.at, s.by, s.note
		apps[key] = a
		problems = append(problems, inApp(key, ps)...)
	}
	return apps, problems
}

// stored is a version as read, before it is compiled.
type stored struct {
	def     *schema.App
	version int64
	at      time.Time
	by      string
	note    string
}

func finder(defs map[string]stored) resolver {
	return func(ref string) *schema.Form {
		for _, s := range defs {
			for _, f := range s.def.Forms {
				if f.Ref() == ref {
					return f
				}
			}
		}
		return nil
	}
}

func versionID(app string, n int64) string { return fmt.Sprintf("%s@%d", app, n) }

func (c *Catalog) readVersion(ctx context.Context, app string, n int64) (stored, error) {
	doc, err := c.versions().Get(ctx, versionID(app, n))
	if err != nil {
		return stored{}, fmt.Errorf("catalog: version %s: %w", versionID(app, n), err)
	}
	text, _ := doc["doc"].(string)
	var ad AppDoc
	if err := json.Unmarshal([]byte(text), &ad); err != nil {
		return stored{}, fmt.Errorf("catalog: version %s: %w", versionID(app, n), err)
	}
	def, ps := ParseApp(&ad)
	if schema.HasErrors(ps) {
		return stored{}, fmt.Errorf("catalog: version %s: %s at %s", versionID(app, n), ps[0].Message, ps[0].Path)
	}
	s := stored{def: def, version: n}
	s.at, _ = doc["at"].(time.Time)
	s.by, _ = doc["by"].(string)
	s.note, _ = doc["note"].(string)
	return s, nil
}

// FormAt returns a form in a given version of its app: the one a record was
// written with. Versions never change, so it is compiled once and kept. What it
// says about forms of other apps is read by what these are now; a formula that
// does not fit them any more is left out, so that old records always show.
func (c *Catalog) FormAt(ctx context.Context, app, form string, version int64) (*Form, error) {
	snap := c.Snapshot()
	if a := snap.Apps[app]; a != nil && a.Version == version {
		return a.form(form)
	}
	id := versionID(app, version)
	if a, ok := c.old.Load(id); ok {
		return a.(*App).form(form)
	}
	s, err := c.readVersion(ctx, app, version)
	if err != nil {
		return nil, err
	}
	a := compileOld(s.def, version, func(ref string) *schema.Form {
		if f := snap.Form(ref); f != nil {
			return f.Def
		}
		return nil
	})
	c.old.Store(id, a)
	return a.form(form)
}

func (a *App) form(key string) (*Form, error) {
	if f := a.Forms[key]; f != nil {
		return f, nil
	}
	return nil, fault.Newf(fault.NotFound, "form.unknown", "there is no form %s.%s", a.Def.Key, key)
}
