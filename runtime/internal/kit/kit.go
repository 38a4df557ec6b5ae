// Package kit gives the tests of the runtime a small world: one organisation
// with the app "lab", some people, and a clock that stands still. Production
// code never imports it.
package kit

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/internal/seal"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/pack"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

// T is what the kit needs of a test.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(f func())
	TempDir() string
}

//go:embed lab
var lab embed.FS

// World is one organisation in memory.
type World struct {
	*runtime.Services
	Host  *runtime.Host
	Clock *clock.Fake
	Mem   *sqlite.Store
	Seal  *seal.Sealer
	t     T
}

// Start is the time at which a world begins: a Tuesday morning in Shanghai.
var Start = time.Date(2024, 5, 14, 1, 0, 0, 0, time.UTC)

// Quiet throws the log away; FORMWORK_TEST_LOG shows it.
func Quiet() *slog.Logger {
	if os.Getenv("FORMWORK_TEST_LOG") != "" {
		return slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(io.Discard, nil))
}

// Empty is a world without an app, with the people of People.
func Empty(t T) *World {
	t.Helper()
	mem, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatalf("store: %v", err)
	}
	return On(t, mem)
}

// On is Empty over a store of the caller's, which it closes at the end.
func On(t T, mem *sqlite.Store) *World {
	t.Helper()
	var err error
	w := &World{Clock: clock.NewFake(Start), Mem: mem, Seal: seal.Memory(), t: t}
	t.Cleanup(func() { _ = mem.Close(context.Background()) }) // it is thrown away
	w.Host = w.Node(t)
	if w.Services, err = w.Host.Ensure(context.Background(), "t"); err != nil {
		t.Fatalf("tenant: %v", err)
	}
	w.People(People())
	return w
}

// Node is another node over the same store and clock. It does no work beside requests by itself.
func (w *World) Node(t T) *runtime.Host {
	t.Helper()
	h := runtime.NewHost(runtime.Deps{Store: w.Mem, Clock: w.Clock, IDs: ids.UUID{}, Log: Quiet(), Seal: w.Seal})
	t.Cleanup(func() {
		if err := h.Close(context.Background()); err != nil && !errors.Is(err, storage.ErrClosed) {
			t.Fatalf("close: %v", err)
		}
	})
	return h
}

// Lab is a world with the app "lab".
func Lab(t T) *World {
	t.Helper()
	w := Empty(t)
	w.Publish(LabFiles())
	return w
}

// Files are the files of a pack.
type Files map[string]string

// LabFiles are those of the app "lab".
func LabFiles() Files {
	out := Files{}
	err := fs.WalkDir(lab, "lab", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := lab.ReadFile(path)
		out[strings.TrimPrefix(path, "lab/")] = string(raw)
		return err
	})
	if err != nil {
		panic(err) // embedded: it is there
	}
	return out
}

// Edit replaces a text in a file, which must be there once.
func (f Files) Edit(t T, file, old, now string) Files {
	t.Helper()
	if strings.Count(f[file], old) != 1 {
		t.Fatalf("%s holds %q %d times", file, old, strings.Count(f[file], old))
	}
	f[file] = strings.Replace(f[file], old, now, 1)
	return f
}

// Doc reads the files as an app.
func (f Files) Doc(t T, installed ...*schema.App) (catalog.AppDoc, []schema.RoleDef) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range f {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatalf("%v", err)
		}
	}
	p, problems := pack.Read(os.DirFS(dir), installed...)
	if schema.HasErrors(problems) {
		t.Fatalf("the pack has errors: %v", problems)
	}
	d, err := catalog.Document(p.App)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return *d, p.App.Access.Roles
}

// Publish puts the apps of packs in use, all at once.
func (w *World) Publish(packs ...Files) {
	w.t.Helper()
	if problems, err := w.TryPublish(packs...); err != nil {
		w.t.Fatalf("publish: %v %v", err, problems)
	}
}

// TryPublish is Publish that may fail.
func (w *World) TryPublish(packs ...Files) ([]schema.Problem, error) {
	w.t.Helper()
	ctx := context.Background()
	var installed []*schema.App
	for _, a := range w.Catalog.Snapshot().Apps {
		installed = append(installed, a.Def)
	}
	var keys []string
	for _, f := range packs {
		doc, roles := f.Doc(w.t, installed...)
		w.SaveDraft(doc)
		if err := w.Org.DeclareRoles(ctx, doc.Key, roles); err != nil {
			w.t.Fatalf("roles: %v", err)
		}
		keys = append(keys, doc.Key)
	}
	if _, problems, err := w.Catalog.Publish(ctx, "root", "test", keys...); err != nil {
		return problems, err
	}
	return nil, w.Changed(ctx, tenant.SignalDefs)
}

// SaveDraft replaces the draft of an app.
func (w *World) SaveDraft(doc catalog.AppDoc) {
	w.t.Helper()
	d, _ := w.Catalog.Draft(context.Background(), doc.Key) // none: revision 0
	d.App, d.By = doc, "root"
	if _, err := w.Catalog.SaveDraft(context.Background(), d); err != nil {
		w.t.Fatalf("draft: %v", err)
	}
}

// People are: ann and amy, clerks; bob, a project manager; carl and cora, legal;
// dora and dan, finance; hugo, head of their department; kim, keeper; rita, reader;
// arc, archivist; eve, nobody; root, administrator.
func People() org.Batch {
	user := func(id, dept string) org.User {
		return org.User{ID: id, Login: id, Name: strings.ToUpper(id[:1]) + id[1:], State: org.Active, Depts: []string{dept}}
	}
	b := org.Batch{
		Depts: []org.Dept{{ID: "hq", Name: "总部"}, {ID: "works", Name: "工程部", Parent: "hq", Heads: []string{"hugo"}}, {ID: "site", Name: "工地", Parent: "works"}},
		Roles: []org.Role{role("lab.clerk", "ann", "amy"), role("lab.legal", "carl", "cora"), role("lab.finance", "dora", "dan"),
			role("lab.keeper", "kim"), role("lab.reader", "rita")},
	}
	for id, dept := range map[string]string{"ann": "works", "amy": "site", "bob": "works", "carl": "hq", "cora": "hq", "dora": "hq", "dan": "hq",
		"hugo": "works", "kim": "hq", "rita": "site", "arc": "hq", "eve": "hq", "root": "hq"} {
		u := user(id, dept)
		u.Admin = id == "root"
		b.Users = append(b.Users, u)
	}
	return b
}

func role(id string, users ...string) org.Role {
	r := org.Role{ID: id, Title: schema.Text{"zh-CN": id}}
	for _, u := range users {
		r.Holders = append(r.Holders, org.Holder{User: u})
	}
	return r
}

// People changes the organisation.
func (w *World) People(b org.Batch) {
	w.t.Helper()
	ctx := context.Background()
	if err := errors.Join(w.Org.Apply(ctx, b), w.Changed(ctx, tenant.SignalOrg)); err != nil {
		w.t.Fatalf("people: %v", err)
	}
}

// As is a user with his rights of this moment.
func (w *World) As(user string) *tenant.Actor {
	w.t.Helper()
	a, err := w.Actor(context.Background(), user)
	if err != nil {
		w.t.Fatalf("actor %s: %v", user, err)
	}
	return a
}

// JSON makes the wire form of a value.
func JSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // a test gave what is no JSON
	}
	return raw
}

// M is an object.
type M = map[string]any

// Create makes a record and submits it.
func (w *World) Create(user, form string, data M) *record.Record {
	w.t.Helper()
	rec, err := w.TryCreate(user, form, data, true)
	if err != nil {
		w.t.Fatalf("create %s by %s: %v", form, user, err)
	}
	return rec
}

// TryCreate is Create that may fail; submit false makes a draft.
func (w *World) TryCreate(user, form string, data M, submit bool) (*record.Record, error) {
	w.t.Helper()
	rec, _, err := w.Records.Create(context.Background(), w.As(user), w.Flow, form, record.CreateInput{Data: JSON(data), Submit: submit})
	return rec, err
}

// Stored reads a record as it is kept.
func (w *World) Stored(form, id string) storage.Doc {
	w.t.Helper()
	d, err := w.Services.Tenant.Records(form).Get(context.Background(), id)
	if err != nil {
		w.t.Fatalf("%s %s: %v", form, id, err)
	}
	return d
}

// Docs reads a whole collection, at most storage.MaxFindLimit documents.
func (w *World) Docs(collection string) []storage.Doc {
	w.t.Helper()
	page, err := w.Store.Collection(collection).Find(context.Background(), storage.Query{Limit: storage.MaxFindLimit})
	if err != nil {
		w.t.Fatalf("%s: %v", collection, err)
	}
	return page.Docs
}

// Set makes the "set" of a patch.
func Set(data M) record.Patch {
	p := record.Patch{Set: map[string]json.RawMessage{}}
	for k, v := range data {
		p.Set[k] = JSON(v)
	}
	return p
}

// Rows makes the rows of a change of a subtable.
func Rows(rows ...M) []json.RawMessage {
	out := make([]json.RawMessage, len(rows))
	for i, r := range rows {
		out[i] = JSON(r)
	}
	return out
}
