package app_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
	"github.com/formwork-run/formwork/storage/sqlite"
)

// pair is two programs over one store, as behind a balancer.
type pair struct {
	a, b *node
	st   *sqlite.Store
}

func twoNodes(t *testing.T, first storage.Store, st *sqlite.Store, later time.Duration) pair {
	t.Helper()
	a, err := startNode(first)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	s := services(t, a)
	if err := errors.Join(publish(ctx, s, "base", "lab"), people(ctx, s)); err != nil {
		t.Fatal(err)
	}
	b, err := startNode(st, func(o *app.Options) { o.Clock = ahead(later) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(a.stop(), b.stop(), st.Close(ctx)); err != nil {
			t.Error(err)
		}
	})
	return pair{a, b, st}
}

// ahead is the machine's clock, some time on.
type ahead time.Duration

func (d ahead) Now() time.Time {
	return time.Now().Add(time.Duration(d)).UTC().Truncate(time.Millisecond)
}

func services(t *testing.T, n *node) *runtime.Services {
	t.Helper()
	s, err := n.Host.Tenant(context.Background(), app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func memory(t *testing.T) *sqlite.Store {
	t.Helper()
	st, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func (n *node) token(t *testing.T, who string) string {
	t.Helper()
	tok, err := login(n.base, who)
	if err != nil {
		t.Fatalf("%s: %v", who, err)
	}
	return tok
}

// What changes on one node holds on the other: definitions, roles, sessions.
// The guard is tenant.Poll; without the host's poll loop each of these times out.
func TestTwoNodesFollowEachOther(t *testing.T) {
	t.Parallel()
	st := memory(t)
	p := twoNodes(t, st, st, 0)
	li, admin, wu := p.a.token(t, "li"), p.a.token(t, "admin"), p.a.token(t, "wu")
	ask := func(n *node, tok, path string) reply { return send(t, n.base, tok, "GET", path, nil) }

	t.Run("publish", func(t *testing.T) {
		ask(p.b, li, "/api/v1/forms/lab.item").want(t, 200, "")
		send(t, p.a.base, admin, "POST", "/api/builder/v1/packs/import", labZip(t, "forms/item.yaml", "en: Note}", "en: Remark}"), "Content-Type", "application/zip").want(t, 200, "")
		eventually(t, "the other node serves version 2", func() bool { return ask(p.b, li, "/api/v1/forms/lab.item").int("version") == 2 })
	})
	t.Run("role", func(t *testing.T) {
		const path = "/api/v1/forms/lab.item"
		ask(p.b, wu, path).want(t, 404, "form.unknown")
		s := services(t, p.a)
		role := *s.Org.Snapshot().Role("base.cost_engineer")
		role.Holders = append(append([]org.Holder(nil), role.Holders...), org.Holder{User: "wu"})
		if err := errors.Join(s.Org.SetRole(context.Background(), role), s.Changed(context.Background(), tenant.SignalOrg)); err != nil {
			t.Fatal(err)
		}
		ask(p.a, wu, path).want(t, 200, "") // here at once
		eventually(t, "wu has his role on the other node", func() bool { return ask(p.b, wu, path).code == 200 })
	})
	t.Run("session", func(t *testing.T) {
		tok := p.a.token(t, "zhou")
		ask(p.b, tok, "/api/v1/me").want(t, 200, "")
		send(t, p.a.base, tok, "DELETE", "/api/v1/session", nil).want(t, 204, "")
		ask(p.a, tok, "/api/v1/me").want(t, 401, "auth.session")
		eventually(t, "the session is over on the other node", func() bool { return ask(p.b, tok, "/api/v1/me").code == 401 })
	})
	t.Run("user who left", func(t *testing.T) {
		tok := p.a.token(t, "sun")
		ask(p.b, tok, "/api/v1/me").want(t, 200, "")
		s := services(t, p.a)
		if err := errors.Join(s.Org.Leave(context.Background(), "sun"), s.Changed(context.Background(), tenant.SignalOrg)); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the user is out on the other node", func() bool { return ask(p.b, tok, "/api/v1/me").code == 401 })
	})
}

// A task is decided once, whichever nodes its people are on. The guard is the
// compare-and-set of record's Change.write: with the stored revision read again
// just before Replace, both win within a few rounds.
func TestTwoNodesDecideATaskOnce(t *testing.T) {
	t.Parallel()
	st := memory(t)
	p := twoNodes(t, st, st, 0)
	li, zhao, chen := p.a.token(t, "li"), p.a.token(t, "zhao"), p.b.token(t, "chen")
	for range 20 {
		id := send(t, p.a.base, li, "POST", "/api/v1/forms/lab.req/records", map[string]any{"data": map[string]any{"subject": unique("race ")}}).want(t, 201, "").text("id")
		var both sync.WaitGroup
		answers := make([]reply, 2)
		for i, x := range []struct {
			n    *node
			tok  string
			task string
		}{{p.a, zhao, "1"}, {p.b, chen, "2"}} {
			both.Add(1)
			go func() {
				defer both.Done()
				answers[i] = send(t, x.n.base, x.tok, "POST", "/api/v1/tasks/lab.req."+id+"."+x.task+"/approve", map[string]any{"rev": 1})
			}()
		}
		both.Wait()
		won := 0
		for _, r := range answers {
			switch {
			case r.code == 200:
				won++
			case r.code != 409 || r.text("code") != "task.not_open" || r.text("params.by") == "":
				t.Errorf("the loser is told %d %s", r.code, clip(string(r.raw)))
			}
		}
		if won != 1 {
			t.Fatalf("%d decisions of one task", won)
		}
	}
}

// broken is a store in which adding to some collections fails while it is armed:
// a process that dies between its write and its effects.
type broken struct {
	storage.Store
	armed *atomic.Bool
}

func (s broken) Tenant(id string) (storage.Tenant, error) {
	t, err := s.Store.Tenant(id)
	return brokenTenant{t, s.armed}, err
}

type brokenTenant struct {
	storage.Tenant
	armed *atomic.Bool
}

func (t brokenTenant) Collection(name string) storage.Collection {
	switch name {
	case "tasks", "notices", "audit":
		return brokenCollection{t.Tenant.Collection(name), t.armed}
	}
	return t.Tenant.Collection(name)
}

type brokenCollection struct {
	storage.Collection
	armed *atomic.Bool
}

var errBroken = errors.New("the process is gone")

func (c brokenCollection) Insert(ctx context.Context, docs ...storage.Doc) error {
	if c.armed.Load() {
		return errBroken
	}
	return c.Collection.Insert(ctx, docs...)
}

func (c brokenCollection) Patch(ctx context.Context, id string, g storage.Guard, p storage.Patch) (storage.Doc, error) {
	if c.armed.Load() {
		return nil, errBroken
	}
	return c.Collection.Patch(ctx, id, g, p)
}

// Effects that a dead node left are finished by another, and no effect is doubled,
// however often it is swept. Without Services.Sweep the task never reaches its
// people; with ids that are not derived from the effect, rows are doubled.
func TestTwoNodesFinishWhatTheOtherLeft(t *testing.T) {
	t.Parallel()
	st := memory(t)
	armed := &atomic.Bool{}
	p := twoNodes(t, broken{st, armed}, st, time.Hour)
	li, zhao, zhang := p.a.token(t, "li"), p.a.token(t, "zhao"), p.a.token(t, "zhang")
	submit := func() string {
		return send(t, p.a.base, li, "POST", "/api/v1/forms/lab.req/records", map[string]any{"data": map[string]any{"subject": unique("left ")}}).want(t, 201, "").text("id")
	}
	approve := func(tok, id, task string) {
		send(t, p.a.base, tok, "POST", "/api/v1/tasks/lab.req."+id+"."+task+"/approve", map[string]any{"rev": 1}).want(t, 200, "")
	}
	armed.Store(true)
	half, whole := submit(), submit()
	if r := send(t, p.a.base, zhao, "GET", "/api/v1/tasks?box=todo", nil).want(t, 200, ""); len(r.list("items")) != 0 {
		t.Fatalf("the effects were not left: %s", clip(string(r.raw)))
	}
	approve(zhao, half, "1") // the record decides, not its rows
	approve(zhao, whole, "1")
	approve(zhang, whole, "3")
	armed.Store(false)
	s := services(t, p.b)
	for range 3 {
		if err := s.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	zhang, li = p.b.token(t, "zhang"), p.b.token(t, "li")
	r := send(t, p.b.base, zhang, "GET", "/api/v1/tasks?box=todo", nil).want(t, 200, "")
	if len(r.list("items")) != 1 || r.text("items.0.record") != half {
		t.Errorf("zhang's tasks: %s", clip(string(r.raw)))
	}
	r = send(t, p.b.base, li, "GET", "/api/v1/notices", nil).want(t, 200, "")
	if len(r.list("items")) != 1 || r.text("items.0.record") != whole || r.text("items.0.event") != "approved" {
		t.Errorf("li's notices: %s", clip(string(r.raw)))
	}
	for id, acts := range map[string]int{half: 2, whole: 3} {
		eventually(t, "the log is complete", func() bool { return len(found(t, st, "audit", id)) == acts })
		once(t, st, id)
		eventually(t, "the outbox is empty", func() bool {
			doc, err := s.Store.Collection(catalog.RecordCollection("lab.req")).Get(context.Background(), id)
			return err == nil && doc["outbox"] == nil && doc["due"] == nil
		})
	}
}

// found are the documents of a collection about a record.
func found(t *testing.T, st storage.Store, collection, record string) []storage.Doc {
	t.Helper()
	ten, err := st.Tenant(app.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := documents(context.Background(), ten.Collection(collection), filter.Cmp{Path: "record", Op: filter.Eq, Value: record})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// once checks that what follows from a record was done once: each act is logged
// once, each person told once of an event, each revision in the history once.
func once(t *testing.T, st storage.Store, record string) {
	t.Helper()
	for collection, keys := range map[string][]string{"audit": {"action", "task", "by"}, "notices": {"to", "event", "node"}, "history": {"rev"}, "tasks": {"n"}} {
		seen := map[string]bool{}
		for _, d := range found(t, st, collection, record) {
			what := ""
			for _, k := range keys {
				what += "|" + text(d[k])
			}
			if seen[what] {
				t.Errorf("%s of %s: %s is there twice", collection, record, what)
			}
			seen[what] = true
		}
	}
}

func text(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case int64:
		return itoa(x)
	}
	return ""
}
