package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

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
// returns every problem: also those the drafts would cause in other apps. It
// changes nothing. Paths lead with the app where several are concerned.
func (c *Catalog) Check(_ context.Context, drafts ...AppDoc) (map[string]*App, []schema.Problem) {
	return c.check(c.Snapshot(), drafts)
}

func (c *Catalog) check(snap *Snapshot, drafts []AppDoc) (map[string]*App, []schema.Problem) {
	defs := map[string]stored{}
	for key, a := range snap.Apps {
		defs[key] = stored{def: a.Def, version: a.Version, at: a.PublishedAt, by: a.PublishedBy, note: a.Note}
	}
	var problems []schema.Problem
	for i := range drafts {
		key := drafts[i].Key
		def, ps := ParseApp(&drafts[i])
		ps = append(ps, missingApps(def, snap, drafts)...)
		if a := snap.Apps[key]; a != nil {
			ps = append(ps, changedTypes(a.Def, def)...)
		}
		problems = append(problems, inApp(key, ps)...)
		defs[key] = stored{def: def, version: defs[key].version + 1}
	}
	if schema.HasErrors(problems) {
		return nil, ofOne(drafts, problems)
	}
	apps, ps := compileAll(defs)
	if c.also != nil && !schema.HasErrors(ps) {
		ps = append(ps, c.also(apps)...)
	}
	out := make(map[string]*App, len(drafts))
	for i := range drafts {
		out[drafts[i].Key] = apps[drafts[i].Key]
	}
	return out, ofOne(drafts, append(problems, concerned(drafts, ps)...))
}

func missingApps(def *schema.App, snap *Snapshot, drafts []AppDoc) []schema.Problem {
	var out []schema.Problem
	for _, need := range def.Requires {
		if snap.Apps[need] == nil && !named(drafts, need) {
			out = append(out, schema.Problem{Path: "pack.yaml#/requires", Code: "missing_app",
				Message: "the app " + need + " must be installed first", Params: map[string]any{"app": need}})
		}
	}
	return out
}

// changedTypes refuses another type for a published field: records hold values
// of the old one.
func changedTypes(was, is *schema.App) []schema.Problem {
	var out []schema.Problem
	for _, f := range is.Forms {
		old := was.Form(f.Key)
		if old == nil {
			continue
		}
		for _, d := range schema.Diff(old, f) {
			if d.Kind == "type" {
				out = append(out, schema.Problem{Path: "forms/" + f.Key + "#/schema/properties/" + strings.ReplaceAll(d.Path, ".", "/items/properties/"),
					Code: "type_changed", Message: fmt.Sprintf("%s is published with the type %s: take a new key for the type %s", d.Path, d.Before, d.After),
					Params: map[string]any{"field": d.Path, "before": string(d.Before), "after": string(d.After)}})
			}
		}
	}
	return out
}

// concerned leaves out warnings about apps that nobody wants to publish now.
func concerned(drafts []AppDoc, ps []schema.Problem) []schema.Problem {
	return slices.DeleteFunc(ps, func(p schema.Problem) bool {
		app, _, _ := strings.Cut(p.Path, "/")
		return p.Warning && !named(drafts, app)
	})
}

// ofOne takes the app off the paths where only one is meant.
func ofOne(drafts []AppDoc, ps []schema.Problem) []schema.Problem {
	if len(drafts) != 1 {
		return ps
	}
	for i := range ps {
		ps[i].Path = strings.TrimPrefix(ps[i].Path, drafts[0].Key+"/")
	}
	return ps
}

func named(drafts []AppDoc, key string) bool {
	return slices.ContainsFunc(drafts, func(d AppDoc) bool { return d.Key == key })
}

func inApp(app string, ps []schema.Problem) []schema.Problem {
	out := make([]schema.Problem, len(ps))
	for i, p := range ps {
		p.Path = app + "/" + p.Path
		out[i] = p
	}
	return out
}

// maxRaces bounds how often a publication is done again because somebody else
// published in between.
const maxRaces = 5

// Publish freezes the drafts of the named apps as new versions and puts all of
// them in use by one write. It returns the version of each app. Problems that
// are errors, and records in the way of a unique value, stop it before anything
// is in use. A draft equal to the version in use is not published again.
func (c *Catalog) Publish(ctx context.Context, by, note string, apps ...string) (map[string]int64, []schema.Problem, error) {
	for try := 1; ; try++ {
		given, problems, err := c.publish(ctx, by, note, slices.Sorted(slices.Values(apps)))
		if !errors.Is(err, errRaced) {
			return given, problems, err
		}
		if try == maxRaces {
			return nil, nil, fault.New(fault.Conflict, "publish.busy", "others are publishing at the same time; try again").Because(err)
		}
		if _, err := c.Load(ctx); err != nil {
			return nil, nil, err
		}
	}
}

// errRaced: what was checked against is not what is published any more.
var errRaced = errors.New("catalog: somebody else published")

func (c *Catalog) publish(ctx context.Context, by, note string, apps []string) (map[string]int64, []schema.Problem, error) {
	snap := c.Snapshot()
	docs, err := c.drafts(ctx, apps)
	if err != nil {
		return nil, nil, err
	}
	compiled, problems := c.check(snap, docs)
	if schema.HasErrors(problems) {
		return nil, problems, fault.New(fault.Invalid, "publish.problems", "the definition has errors; nothing was published")
	}
	if err := c.prepare(ctx, snap, compiled); err != nil {
		return nil, problems, err
	}
	given := map[string]int64{}
	for i := range docs {
		n, err := c.freeze(ctx, snap, &docs[i], by, note)
		if err != nil {
			return nil, problems, err
		}
		given[docs[i].Key] = n
	}
	if err := c.release(ctx, snap, given, by); err != nil {
		return nil, problems, err
	}
	if _, err = c.Load(ctx); err != nil {
		return given, problems, err
	}
	return given, problems, c.finish(ctx, snap, compiled)
}

func (c *Catalog) drafts(ctx context.Context, apps []string) ([]AppDoc, error) {
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
func (c *Catalog) freeze(ctx context.Context, snap *Snapshot, d *AppDoc, by, note string) (int64, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:])
	n := int64(1)
	if a := snap.Apps[d.Key]; a != nil {
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
		// One that came to nothing before: the same text is the same version.
		if doc, err := c.versions().Get(ctx, versionID(d.Key, n)); err != nil || doc["digest"] == digest {
			return n, err
		}
	}
}

// release puts versions in use, if what is published is still what they were checked against.
func (c *Catalog) release(ctx context.Context, snap *Snapshot, versions map[string]int64, by string) error {
	set := map[string]any{"at": c.clock.Now(), "by": by}
	apps, changed := map[string]any{}, false
	for app, n := range versions {
		set["apps."+app], apps[app] = n, n
		changed = changed || snap.Apps[app] == nil || snap.Apps[app].Version != n
	}
	if !changed {
		return nil
	}
	if snap.Rev == 0 {
		err := c.releases().Insert(ctx, storage.Doc{storage.ID: releaseID, "apps": apps, "at": set["at"], "by": by})
		if errors.Is(err, storage.ErrDuplicate) {
			return errRaced
		}
		return err
	}
	_, err := c.releases().Patch(ctx, releaseID, storage.Guard{Rev: snap.Rev}, storage.Patch{Set: set})
	if errors.Is(err, storage.ErrConflict) {
		return errRaced
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
