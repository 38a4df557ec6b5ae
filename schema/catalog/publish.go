package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sort"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// Draft is an app as it is edited.
type Draft struct {
	App AppDoc
	// Rev is the draft's revision: 0 for a draft that does not exist yet.
	Rev int64
	By  string
}

// Draft reads the draft of an app; fault.NotFound when there is none.
func (c *Catalog) Draft(ctx context.Context, app string) (Draft, error) {
	doc, err := c.defs().Get(ctx, app)
	if errors.Is(err, storage.ErrNotFound) {
		return Draft{}, fault.Newf(fault.NotFound, "app.unknown", "there is no app %s", app)
	}
	if err != nil {
		return Draft{}, err
	}
	var d Draft
	text, _ := doc["doc"].(string)
	if err := json.Unmarshal([]byte(text), &d.App); err != nil {
		return Draft{}, fmt.Errorf("catalog: draft %s: %w", app, err)
	}
	d.Rev, _ = doc[storage.Rev].(int64)
	d.By, _ = doc["by"].(string)
	return d, nil
}

// SaveDraft stores a draft based on revision d.Rev and returns the new revision;
// fault.Conflict "draft.stale" when somebody saved in between. Nothing is
// checked here but the key: an unfinished definition may be kept.
func (c *Catalog) SaveDraft(ctx context.Context, d Draft) (int64, error) {
	if !schema.ValidKey(d.App.Key) {
		return 0, fault.Newf(fault.Invalid, "app.key", "%q is no key: lower-case letters, digits and _, at most 40", d.App.Key)
	}
	text, err := json.Marshal(d.App)
	if err != nil {
		return 0, err
	}
	doc := storage.Doc{storage.ID: d.App.Key, "doc": string(text), "by": d.By, "at": c.clock.Now()}
	if d.Rev == 0 {
		err = c.defs().Insert(ctx, doc)
		if errors.Is(err, storage.ErrDuplicate) {
			return 0, stale(d.App.Key)
		}
		return 1, err
	}
	doc[storage.Rev] = d.Rev
	rev, err := c.defs().Replace(ctx, doc)
	if errors.Is(err, storage.ErrConflict) || errors.Is(err, storage.ErrNotFound) {
		return 0, stale(d.App.Key)
	}
	return rev, err
}

func stale(app string) error {
	return fault.Newf(fault.Conflict, "draft.stale", "the draft of %s was changed by somebody else", app)
}

// Check parses and compiles drafts together against what is published, and
// returns every problem. It changes nothing.
func (c *Catalog) Check(_ context.Context, drafts ...AppDoc) (map[string]*App, []schema.Problem) {
	defs := map[string]stored{}
	for key, a := range c.Snapshot().Apps {
		defs[key] = stored{def: a.Def, version: a.Version}
	}
	var problems []schema.Problem
	for i := range drafts {
		def, ps := ParseApp(&drafts[i])
		problems = append(problems, inApp(drafts[i].Key, len(drafts) > 1, ps)...)
		for _, need := range def.Requires {
			if defs[need].def == nil && !named(drafts, need) {
				problems = append(problems, schema.Problem{Path: "pack.yaml#/requires", Code: "missing_app",
					Message: "the app " + need + " must be installed first", Params: map[string]any{"app": need}})
			}
		}
		defs[def.Key] = stored{def: def, version: defs[def.Key].version + 1}
	}
	if schema.HasErrors(problems) {
		return nil, problems
	}
	out := map[string]*App{}
	for i := range drafts {
		key := drafts[i].Key
		a, ps := compile(defs[key].def, defs[key].version, finder(defs))
		problems = append(problems, inApp(key, len(drafts) > 1, ps)...)
		out[key] = a
	}
	return out, problems
}

func named(drafts []AppDoc, key string) bool {
	for i := range drafts {
		if drafts[i].Key == key {
			return true
		}
	}
	return false
}

func inApp(app string, several bool, ps []schema.Problem) []schema.Problem {
	if !several {
		return ps
	}
	out := make([]schema.Problem, len(ps))
	for i, p := range ps {
		p.Path = app + "/" + p.Path
		out[i] = p
	}
	return out
}

// Publish freezes the drafts of the named apps as new versions and puts all of
// them in use by one write. It returns the version of each app. Problems that
// are errors stop it before anything is written. A draft equal to the version
// in use is not published again.
func (c *Catalog) Publish(ctx context.Context, by, note string, apps ...string) (map[string]int64, []schema.Problem, error) {
	docs, err := c.drafts(ctx, apps)
	if err != nil {
		return nil, nil, err
	}
	compiled, problems := c.Check(ctx, docs...)
	if schema.HasErrors(problems) {
		return nil, problems, fault.New(fault.Invalid, "publish.problems", "the definition has errors; nothing was published")
	}
	given := map[string]int64{}
	for i := range docs {
		n, err := c.freeze(ctx, &docs[i], by, note)
		if err != nil {
			return nil, problems, err
		}
		given[docs[i].Key] = n
		if err := c.index(ctx, compiled[docs[i].Key]); err != nil {
			return nil, problems, err
		}
	}
	if err := c.release(ctx, given, by); err != nil {
		return nil, problems, err
	}
	_, err = c.Load(ctx)
	return given, problems, err
}

func (c *Catalog) drafts(ctx context.Context, apps []string) ([]AppDoc, error) {
	sort.Strings(apps)
	docs := make([]AppDoc, 0, len(apps))
	for _, key := range apps {
		d, err := c.Draft(ctx, key)
		if err != nil {
			return nil, err
		}
		docs = append(docs, d.App)
	}
	return docs, nil
}

// freeze writes the next version of an app and returns its number. Numbers are
// taken by inserting: two publishers never share one.
func (c *Catalog) freeze(ctx context.Context, d *AppDoc, by, note string) (int64, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:])
	n := int64(1)
	if a := c.Snapshot().Apps[d.Key]; a != nil {
		n = a.Version
		if doc, err := c.versions().Get(ctx, versionID(d.Key, n)); err == nil && doc["digest"] == digest {
			return n, nil
		}
		n++
	}
	for ; ; n++ {
		err := c.versions().Insert(ctx, storage.Doc{storage.ID: versionID(d.Key, n), "app": d.Key, "n": n,
			"doc": string(text), "digest": digest, "by": by, "note": note, "at": c.clock.Now()})
		if !errors.Is(err, storage.ErrDuplicate) {
			return n, err
		}
	}
}

// index makes the indexes of every form of an app. A unique index in the way of
// existing records stops the publish, naming them.
func (c *Catalog) index(ctx context.Context, a *App) error {
	for _, f := range a.Forms {
		err := c.store.Collection(RecordCollection(f.Ref())).Indexes(ctx, Indexes(f)...)
		var dup *storage.DuplicateError
		if errors.As(err, &dup) {
			return fault.Newf(fault.Duplicate, "publish.duplicates", "records of %s share a value that is to be unique: %v", f.Ref(), dup.Others).Because(err)
		}
		if err != nil {
			return fmt.Errorf("indexes of %s: %w", f.Ref(), err)
		}
	}
	return nil
}

func (c *Catalog) release(ctx context.Context, versions map[string]int64, by string) error {
	set := map[string]any{"at": c.clock.Now(), "by": by}
	for app, n := range versions {
		set["apps."+app] = n
	}
	_, err := c.releases().Patch(ctx, releaseID, storage.Guard{}, storage.Patch{Set: set})
	if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	apps := map[string]any{}
	for app, n := range versions {
		apps[app] = n
	}
	err = c.releases().Insert(ctx, storage.Doc{storage.ID: releaseID, "apps": apps, "at": c.clock.Now(), "by": by})
	if errors.Is(err, storage.ErrDuplicate) {
		_, err = c.releases().Patch(ctx, releaseID, storage.Guard{}, storage.Patch{Set: set})
	}
	return err
}

// RecordCollection names the collection of a form's records.
func RecordCollection(ref string) string {
	b := []byte("rec_")
	for i := range ref {
		if ref[i] == '.' {
			b = append(b, '_', '_')
			continue
		}
		b = append(b, ref[i])
	}
	return string(b)
}
