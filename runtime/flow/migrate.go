package flow

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/jobs"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// JobMigrate is the kind of the jobs that move running cases to the version in use; RunMigrate handles it.
const JobMigrate = "flow.migrate"

// Limits of a migration.
const (
	MaxMigrate   = 1000 // cases that are named
	migratePage  = 100
	maxUnmoved   = 100 // cases that are named in the result
	previewLimit = 200
)

// MigratePreview lists running cases of older versions and where they would stand.
type MigratePreview struct {
	To      int64           `json:"to"` // the version in use
	Items   []Migrating     `json:"items"`
	Next    string          `json:"next_cursor,omitempty"`
	Display *record.Display `json:"display,omitempty"`
}

// Migrating is one case before it is moved.
type Migrating struct {
	Case     string     `json:"case"`
	Title    string     `json:"title,omitempty"` // if the reader may see the record
	From     int64      `json:"from"`
	At       []NodeName `json:"at"` // where it stands
	Fits     bool       `json:"fits"`
	Stands   []NodeName `json:"stands"` // where it would stand
	Problems []Misfit   `json:"problems"`
}

// Misfit is what keeps a case from being moved.
type Misfit struct {
	Code  string `json:"code"` // node_missing, node_type, block_changed, mode_changed, case.…
	Text  string `json:"text"`
	Node  string `json:"node,omitempty"`
	Title string `json:"title,omitempty"`
}

// PreviewMigration looks at running cases of older versions of a form's flow, or
// at those named. It changes nothing.
func (s *Service) PreviewMigration(ctx context.Context, a *tenant.Actor, app, form string, cases []string, cursor string, limit int) (*MigratePreview, error) {
	now, err := s.migrated(app, form)
	if err != nil {
		return nil, err
	}
	var recs []*record.Record
	out := &MigratePreview{To: now.App.Version, Items: []Migrating{}}
	if len(cases) > 0 {
		recs, err = s.named(ctx, now, cases)
	} else {
		recs, out.Next, err = s.records.Page(ctx, now.Ref(), olderCases(now, cursor, min(max(limit, 0), previewLimit)))
	}
	if err != nil {
		return nil, err
	}
	v := s.records.NewViewer(a)
	for _, rec := range recs {
		out.Items = append(out.Items, migrating(v, a, rec, now))
	}
	out.Display, err = v.Names(ctx)
	return out, err
}

// migrated finds a form with a flow in the version in use.
func (s *Service) migrated(app, form string) (*catalog.Form, error) {
	if s.t.Catalog.Snapshot().Apps[app] == nil {
		return nil, fault.Newf(fault.NotFound, "app.unknown", "there is no app %s", app)
	}
	ref := app + "." + strings.TrimPrefix(form, app+".")
	f, err := s.t.Form(ref)
	if err != nil {
		return nil, err
	}
	if f.Flow == nil {
		return nil, fault.Newf(fault.Refused, "flow.none", "form %s has no flow", ref)
	}
	return f, nil
}

// olderCases selects the running cases whose record is of another version.
func olderCases(now *catalog.Form, cursor string, limit int) storage.Query {
	states := []any{string(engine.Running), string(engine.Returned), string(engine.Suspended)}
	if limit == 0 {
		limit = migratePage
	}
	return storage.Query{Where: filter.And{filter.Cmp{Path: "case.state", Op: filter.In, Value: states},
		filter.Cmp{Path: "version", Op: filter.Ne, Value: now.App.Version}}, Sort: []filter.Sort{{Path: "created_at"}}, Limit: limit, Cursor: cursor}
}

// named reads the cases of one form by their ids.
func (s *Service) named(ctx context.Context, form *catalog.Form, cases []string) ([]*record.Record, error) {
	if len(cases) > MaxMigrate {
		return nil, fault.Newf(fault.Malformed, "migrate.too_many", "at most %d cases are named", MaxMigrate).With("max", MaxMigrate)
	}
	var out []*record.Record
	for _, id := range cases {
		ref, rec, err := ParseCase(id)
		if err != nil || ref != form.Ref() {
			return nil, fault.Newf(fault.NotFound, "case.not_found", "there is no case %s of %s", id, form.Ref())
		}
		r, err := s.records.Load(ctx, ref, rec)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func migrating(v *record.Viewer, a *tenant.Actor, rec *record.Record, now *catalog.Form) Migrating {
	x := Migrating{Case: rec.Ref() + "." + rec.ID(), From: int64(rec.Case.Version), At: []NodeName{}, Stands: []NodeName{}, Problems: []Misfit{}}
	if g := record.RightsOn(a, rec); g.Visible {
		x.Title = v.Record(a, rec, g, false).Title
	}
	if rec.Form.Flow == nil {
		x.Problems = append(x.Problems, misfit(rec.Form, v.Lang, "flow.none"))
		return x
	}
	for _, n := range rec.Case.OpenNodes() {
		x.At = append(x.At, NodeName{n, titleOf(rec.Form, n, v.Lang)})
	}
	ok, stands, problems := now.Flow.Fits(rec.Form.Flow, rec.Case)
	x.Fits = ok
	for _, n := range stands {
		x.Stands = append(x.Stands, NodeName{n, titleOf(now, n, v.Lang)})
	}
	for _, p := range problems {
		x.Problems = append(x.Problems, misfit(rec.Form, v.Lang, p))
	}
	return x
}

// misfit says in words what is in the way; a problem is "code:node".
func misfit(form *catalog.Form, lang, problem string) Misfit {
	code, node, _ := strings.Cut(problem, ":")
	m := Misfit{Code: code, Node: node, Text: word(lang, "migrate."+code, code)}
	if node != "" && form.Flow != nil {
		m.Title = titleOf(form, node, lang)
	}
	return m
}

// Migration is a job that moves cases, with how far it is.
type Migration struct {
	Job       string     `json:"job"`
	Form      string     `json:"form"`
	To        int64      `json:"to"`
	State     string     `json:"state"` // queued, running, done
	Total     int        `json:"total"` // cases looked at in the end; while it runs, those named or found at the start
	Done      int        `json:"done"`
	Moved     int        `json:"moved"`
	Skipped   int        `json:"skipped"`  // those that do not fit, or had ended
	Problems  []Unmoved  `json:"problems"` // of the first hundred skipped
	By        string     `json:"by"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

// Unmoved is a case that was not moved, and why.
type Unmoved struct {
	Case string `json:"case"`
	Code string `json:"code"`
	Text string `json:"text"`
}

func (s *Service) migrations() storage.Collection { return s.t.Store.Collection("migrations") }

// StartMigration queues a job that moves the named cases, or all running cases
// of older versions, to the version in use. Who does not fit stays where he is.
func (s *Service) StartMigration(ctx context.Context, a *tenant.Actor, app, form string, cases []string) (*Migration, error) {
	now, err := s.migrated(app, form)
	if err != nil {
		return nil, err
	}
	if _, err := s.named(ctx, now, cases); err != nil {
		return nil, err
	}
	total := len(cases)
	if total == 0 {
		if total, err = s.t.Records(now.Ref()).Count(ctx, olderCases(now, "", 1).Where, 0); err != nil {
			return nil, err
		}
	}
	id := s.t.IDs.New()
	doc := storage.Doc{storage.ID: id, "form": now.Ref(), "to": now.App.Version, "state": "queued", "total": int64(total), "by": a.User,
		"cases": texts(cases), "named": len(cases) > 0, "started_at": s.t.Clock.Now(), "done": int64(0), "moved": int64(0), "skipped": int64(0), "problems": []any{}}
	if err := s.migrations().Insert(ctx, doc); err != nil {
		return nil, err
	}
	if s.queue == nil {
		return nil, errors.New("flow: there is nothing that takes jobs")
	}
	if err := s.queue.Add(ctx, jobs.Job{ID: id, Kind: JobMigrate, At: s.t.Clock.Now(), Payload: map[string]any{"migration": id}}); err != nil {
		return nil, err
	}
	return migrationOf(doc), nil
}

// Migration reads how far a job is.
func (s *Service) Migration(ctx context.Context, app, id string) (*Migration, error) {
	doc, err := s.migrations().Get(ctx, id)
	ref, _ := doc["form"].(string)
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) || err == nil && !strings.HasPrefix(ref, app+".") {
		return nil, fault.New(fault.NotFound, "migrate.not_found", "there is no such migration")
	}
	if err != nil {
		return nil, err
	}
	return migrationOf(doc), nil
}

func migrationOf(d storage.Doc) *Migration {
	m := &Migration{To: int64Of(d["to"]), Total: intOf(d["total"]), Done: intOf(d["done"]), Moved: intOf(d["moved"]), Skipped: intOf(d["skipped"]), Problems: []Unmoved{}}
	m.Job, _ = d[storage.ID].(string)
	m.Form, _ = d["form"].(string)
	m.State, _ = d["state"].(string)
	m.By, _ = d["by"].(string)
	m.StartedAt, _ = d["started_at"].(time.Time)
	if t, ok := d["ended_at"].(time.Time); ok {
		m.EndedAt = &t
	}
	l, _ := d["problems"].([]any)
	for _, x := range l {
		p, _ := x.(map[string]any)
		u := Unmoved{}
		u.Case, _ = p["case"].(string)
		u.Code, _ = p["code"].(string)
		u.Text, _ = p["text"].(string)
		m.Problems = append(m.Problems, u)
	}
	return m
}

// RunMigrate handles jobs of kind JobMigrate. It notes where it is after every
// page, so that a process that dies is followed by one that goes on there; a
// case that was moved already is left alone.
func (s *Service) RunMigrate(ctx context.Context, j jobs.Job) error {
	id, _ := j.Payload["migration"].(string)
	doc, err := s.migrations().Get(ctx, id)
	if err != nil {
		return err
	}
	for doc["state"] != "done" {
		if doc, err = s.migrateSome(ctx, doc); err != nil {
			return err
		}
	}
	return nil
}

// migrateSome moves the next page of cases and notes it.
func (s *Service) migrateSome(ctx context.Context, doc storage.Doc) (storage.Doc, error) {
	m := migrationOf(doc)
	form, err := s.t.Form(m.Form)
	if err != nil {
		return nil, err
	}
	cases, after, err := s.nextCases(ctx, form, doc)
	if err != nil {
		return nil, err
	}
	problems, _ := doc["problems"].([]any)
	inc := map[string]any{"done": int64(len(cases)), "moved": int64(0), "skipped": int64(0)}
	for _, id := range cases {
		err := s.migrateOne(ctx, m, id)
		switch {
		case err == nil:
			inc["moved"] = inc["moved"].(int64) + 1
		case errors.Is(err, errNotMoved) || !mayHelp(err):
			inc["skipped"] = inc["skipped"].(int64) + 1
			if len(problems) < maxUnmoved {
				problems = append(problems, map[string]any{"case": id, "code": fault.CodeOf(err), "text": s.because(err)})
			}
		default:
			return nil, err
		}
	}
	set := map[string]any{"problems": problems, "state": "running", "after": after}
	if after == "" {
		set["state"], set["ended_at"] = "done", s.t.Clock.Now()
	}
	id, _ := doc[storage.ID].(string)
	rev, _ := doc[storage.Rev].(int64)
	return s.migrations().Patch(ctx, id, storage.Guard{Rev: rev}, storage.Patch{Set: set, Inc: inc})
}

// nextCases are the ids of the next cases, and where those behind them begin: ""
// when there are none.
func (s *Service) nextCases(ctx context.Context, form *catalog.Form, doc storage.Doc) (cases []string, after string, err error) {
	last, _ := doc["after"].(string)
	if doc["named"] == true {
		all := slices.Sorted(slices.Values(idList(doc["cases"])))
		at := 0
		for at < len(all) && all[at] <= last {
			at++
		}
		cases = all[at:min(at+migratePage, len(all))]
		if at+migratePage < len(all) {
			after = cases[len(cases)-1]
		}
		return cases, after, nil
	}
	q := olderCases(form, "", migratePage)
	q.Sort, q.Fields = []filter.Sort{{Path: storage.ID}}, []string{storage.ID}
	if last != "" { // what could not be moved stays where it is: those behind it are next
		q.Where = filter.And{q.Where, filter.Cmp{Path: storage.ID, Op: filter.Gt, Value: last}}
	}
	page, err := s.t.Records(form.Ref()).Find(ctx, q)
	if err != nil {
		return nil, "", err
	}
	for _, d := range page.Docs {
		cases = append(cases, form.Ref()+"."+d[storage.ID].(string))
	}
	if page.Next != "" {
		after, _ = page.Docs[len(page.Docs)-1][storage.ID].(string)
	}
	return cases, after, nil
}

// errNotMoved: the case is where it should be already, or has ended.
var errNotMoved = fault.New(fault.Refused, "migrate.nothing", "the case has ended, or is of this version already")

// migrateOne moves one case and its record to the version in use, in the name of
// the administrator who began it.
func (s *Service) migrateOne(ctx context.Context, m *Migration, caseID string) error {
	ref, id, err := ParseCase(caseID)
	if err != nil {
		return err
	}
	a, err := s.t.AppActor(ctx, m.By, nil)
	if err != nil {
		return err
	}
	_, err = s.records.Apply(ctx, a, ref, id, "migrate", func(c *record.Change) error {
		now, err := s.t.Form(ref)
		if err != nil {
			return err
		}
		if !c.HasCase() || c.Case.State.Final() || c.Form.Flow == nil || now.Flow == nil || int64(c.Case.Version) == now.App.Version {
			return errNotMoved
		}
		old := c.Form.Flow
		c.Record = &record.Record{Doc: maps.Clone(c.Doc), Form: now, Case: c.Case}
		c.Doc["version"] = now.App.Version
		cmd := engine.Command{Kind: engine.CmdMigrate, Admin: true, Version: int(now.App.Version)}
		err = s.decide(ctx, c, cmd, func(cmd engine.Command) (engine.Case, []engine.Effect, []engine.Need, error) {
			return now.Flow.Migrate(old, c.Case, cmd)
		})
		if err == nil {
			c.Emit(record.EffectAudit, map[string]any{"action": "case.migrate"})
		}
		return err
	})
	return err
}
