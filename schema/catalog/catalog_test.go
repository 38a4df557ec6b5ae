package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

var ctx = context.Background()

type shop struct {
	*catalog.Catalog
	t     *testing.T
	store storage.Tenant
}

func newShop(t *testing.T) *shop {
	t.Helper()
	st, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close(ctx) })
	ten, err := st.Tenant("t")
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, store: ten}
	s.Catalog = s.node(nil)
	return s
}

// node is another node's catalog over the same store.
func (s *shop) node(also catalog.Checker) *catalog.Catalog {
	s.t.Helper()
	c, err := catalog.Open(ctx, s.store, clock.NewFake(time.Date(2024, 5, 14, 1, 0, 0, 0, time.UTC)), also)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// form is a form with properties and what comes behind its schema.
func form(key, props, rest string) catalog.KeyedDoc {
	return catalog.KeyedDoc{Key: key, Doc: json.RawMessage(`{"key":"` + key + `","schema":{"type":"object","properties":{` + props + `}}` + rest + `}`)}
}

func app(key string, forms ...catalog.KeyedDoc) catalog.AppDoc {
	return catalog.AppDoc{Key: key, Title: schema.Text{"en": key}, Forms: forms}
}

const (
	name   = `"name":{"type":"string"}`
	amount = `"amount":{"x-field":{"type":"money"}}`
)

func (s *shop) draft(d catalog.AppDoc) {
	s.t.Helper()
	have, _ := s.Draft(ctx, d.Key) // none: revision 0
	have.App = d
	if _, err := s.SaveDraft(ctx, have); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) publish(docs ...catalog.AppDoc) (map[string]int64, []schema.Problem, error) {
	s.t.Helper()
	keys := make([]string, len(docs))
	for i, d := range docs {
		s.draft(d)
		keys[i] = d.Key
	}
	return s.Publish(ctx, "root", "note", keys...)
}

func (s *shop) must(docs ...catalog.AppDoc) map[string]int64 {
	s.t.Helper()
	v, ps, err := s.publish(docs...)
	if err != nil {
		s.t.Fatalf("%v %v", err, ps)
	}
	return v
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("error %v, want %s", err, code)
	}
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	if _, err := s.Draft(ctx, "a"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no draft: %v", err)
	}
	rev, err := s.SaveDraft(ctx, catalog.Draft{App: app("a", form("f", "", "")), By: "ann"})
	if err != nil || rev != 1 {
		t.Fatal(rev, err)
	}
	_, err = s.SaveDraft(ctx, catalog.Draft{App: app("a")})
	refused(t, err, "draft.stale")
	if rev, err = s.SaveDraft(ctx, catalog.Draft{App: app("a"), Rev: 1, By: "bob"}); err != nil || rev != 2 {
		t.Fatal(rev, err)
	}
	_, err = s.SaveDraft(ctx, catalog.Draft{App: app("a"), Rev: 1})
	refused(t, err, "draft.stale")
	d, err := s.Draft(ctx, "a")
	if err != nil || d.Rev != 2 || d.By != "bob" || len(d.App.Forms) != 0 {
		t.Errorf("%+v %v", d, err)
	}
	_, err = s.SaveDraft(ctx, catalog.Draft{App: app("No Key")})
	refused(t, err, "app.key")
	_, err = s.SaveDraft(ctx, catalog.Draft{App: app("b"), Rev: 3})
	refused(t, err, "draft.stale")
	if _, _, err := s.Publish(ctx, "root", "", "none"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("publishing what is not there: %v", err)
	}
}

func TestPublish(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	other := s.node(nil)
	a1 := app("a", form("f", name, ""))
	if v := s.must(a1, app("b", form("g", `"f":{"x-field":{"type":"relation","form":"a.f"}}`, ""))); v["a"] != 1 || v["b"] != 1 {
		t.Errorf("versions %v", v)
	}
	if v := s.must(a1); v["a"] != 1 || len(docs(t, s, "versions")) != 2 {
		t.Errorf("the same draft again: %v, %d versions", v, len(docs(t, s, "versions")))
	}
	if v := s.must(app("a", form("f", name+","+amount, ""))); v["a"] != 2 {
		t.Errorf("versions %v", v)
	}
	snap := s.Snapshot()
	if f := snap.Form("a.f"); f == nil || f.Def.Field("amount") == nil || f.App.PublishedBy != "root" || f.App.Note != "note" {
		t.Errorf("in use: %+v", f)
	}
	if snap.Form("b.g") == nil || snap.Form("a.g") != nil || snap.Form("nope") != nil {
		t.Error("forms of the snapshot")
	}
	old, err := s.FormAt(ctx, "a", "f", 1)
	if err != nil || old.Def.Field("amount") != nil || old.App.Version != 1 {
		t.Errorf("version 1: %v %v", old, err)
	}
	if again, _ := s.FormAt(ctx, "a", "f", 1); again != old {
		t.Error("a version is compiled once")
	}
	if _, err := s.FormAt(ctx, "a", "f", 9); err == nil {
		t.Error("a version that is not there")
	}
	if changed, err := other.Load(ctx); !changed || err != nil || other.Snapshot().Form("a.f").App.Version != 2 {
		t.Errorf("another node: %v %v", changed, err)
	}
	if changed, err := other.Load(ctx); changed || err != nil {
		t.Errorf("nothing new: %v %v", changed, err)
	}
}

func docs(t *testing.T, s *shop, collection string) []storage.Doc {
	t.Helper()
	p, err := s.store.Collection(collection).Find(ctx, storage.Query{Limit: storage.MaxFindLimit})
	if err != nil {
		t.Fatal(err)
	}
	return p.Docs
}

func TestProblemsBlockEverything(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.must(app("base", form("p", name+","+amount, "")), app("cost", form("c", `"p":{"x-field":{"type":"relation","form":"base.p"}},"x":{"x-field":{"type":"money","formula":"p.amount"}}`, "")))
	for what, c := range map[string]struct {
		docs []catalog.AppDoc
		path string
		code string
	}{
		"a bad one beside a good one":     {[]catalog.AppDoc{app("good", form("f", name, "")), app("bad", form("f", `"x":{"x-field":{"type":"money","formula":"nope"}}`, ""))}, "bad/forms/f#/schema/properties/x/x-field/formula", "formula.unknown_name"},
		"what another app stands on":      {[]catalog.AppDoc{app("base", form("p", name, ""))}, "cost/forms/c#/schema/properties/x/x-field/formula", "formula.unknown_name"},
		"another type for the same field": {[]catalog.AppDoc{app("base", form("p", name+`,"amount":{"type":"string"}`, ""))}, "forms/p#/schema/properties/amount", "type_changed"},
		"a flow that is not there":        {[]catalog.AppDoc{app("x", form("f", name, `,"flow":"nope"`))}, "forms/f#/flow", "unknown_flow"},
		"an app that is not there": {[]catalog.AppDoc{func() catalog.AppDoc { d := app("x", form("f", name, "")); d.Requires = []string{"none"}; return d }()},
			"pack.yaml#/requires", "missing_app"},
	} {
		before := s.Snapshot().Rev
		_, ps, err := s.publish(c.docs...)
		refused(t, err, "publish.problems")
		found := false
		for _, p := range ps {
			found = found || p.Path == c.path && p.Code == c.code
		}
		if !found {
			t.Errorf("%s: no %s at %s among %+v", what, c.code, c.path, ps)
		}
		if _, err := s.Load(ctx); err != nil || s.Snapshot().Rev != before {
			t.Errorf("%s: something was published (%v)", what, err)
		}
	}
	s.node(nil) // and whoever starts now finds a release that compiles
}

func TestCheckersOfOthers(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Catalog = s.node(func(apps map[string]*catalog.App) []schema.Problem {
		if len(apps) == 2 {
			return []schema.Problem{{Path: "b/access#/groups/0", Code: "no", Message: "no"}}
		}
		return nil
	})
	s.must(app("a", form("f", name, "")))
	_, ps, err := s.publish(app("b", form("g", name, "")))
	refused(t, err, "publish.problems")
	if len(ps) != 1 || ps[0].Path != "access#/groups/0" {
		t.Errorf("problems %+v", ps)
	}
}

// TestTwoPublishers publish different things at the same time, on two nodes:
// both come into use, under numbers of their own.
func TestTwoPublishers(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.must(app("a", form("f", name, "")), app("b", form("f", name, "")))
	nodes := []*catalog.Catalog{s.node(nil), s.node(nil)}
	s.draft(app("a", form("f", name+","+amount, "")))
	s.draft(app("b", form("f", name+","+amount, "")))
	var wg sync.WaitGroup
	for i, n := range nodes {
		wg.Go(func() {
			if _, ps, err := n.Publish(ctx, "root", "", []string{"a", "b"}[i]); err != nil {
				t.Errorf("%v %v", err, ps)
			}
		})
	}
	wg.Wait()
	if _, err := s.Load(ctx); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"a.f", "b.f"} {
		if f := s.Snapshot().Form(ref); f.App.Version != 2 || f.Def.Field("amount") == nil {
			t.Errorf("%s is of version %d", ref, f.App.Version)
		}
	}
}

// TestStaleNodePublishes: what a node checks against may be old; it looks again
// before it puts anything in use.
func TestStaleNodePublishes(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.must(app("base", form("p", name+","+amount, "")))
	stale := s.node(nil)
	s.must(app("cost", form("c", `"p":{"x-field":{"type":"relation","form":"base.p"}},"x":{"x-field":{"type":"money","formula":"p.amount"}}`, "")))
	s.draft(app("base", form("p", name, ""))) // without what cost reads
	_, _, err := stale.Publish(ctx, "root", "", "base")
	refused(t, err, "publish.problems")
}

func TestUniqueInTheWay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	with := func(unique string) catalog.AppDoc {
		return app("a", form("f", name+`,"code":{"type":"string"}`, unique), form("g", name, `,"unique":[["name"]]`))
	}
	s.must(with(""))
	col := s.store.Collection("rec_a__f")
	record := func(id, code, state string) storage.Doc {
		d := storage.Doc{storage.ID: id, "state": "active", "data": map[string]any{"code": code}}
		if state != "" {
			d["case"] = map[string]any{"state": state}
		}
		return d
	}
	if err := col.Insert(ctx, record("r1", "x", ""), record("r2", "x", ""), record("r3", "y", ""), record("r4", "y", "rejected"), record("r5", "", "")); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.publish(with(`,"unique":[["code"]]`))
	refused(t, err, "publish.duplicates")
	var fe *fault.Error
	errors.As(err, &fe)
	if l := fmt.Sprint(fe.Params["records"]); !strings.Contains(l, "r1") || !strings.Contains(l, "r2") || strings.Contains(l, "r3") {
		t.Errorf("named: %v", l)
	}
	if s.Snapshot().Apps["a"].Version != 1 {
		t.Error("it was published all the same")
	}
	// What is in use still holds: the indexes it needs are there.
	if err := s.store.Collection("rec_a__g").Insert(ctx, storage.Doc{storage.ID: "1", "uniq": map[string]any{"name_u": "n"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Collection("rec_a__g").Insert(ctx, storage.Doc{storage.ID: "2", "uniq": map[string]any{"name_u": "n"}}); !errors.Is(err, storage.ErrDuplicate) {
		t.Errorf("a unique value of the version in use: %v", err)
	}
	if err := col.Delete(ctx, "r2", storage.Guard{}); err != nil {
		t.Fatal(err)
	}
	s.must(with(`,"unique":[["code"]]`))
	held := map[string]any{}
	for _, d := range docs(t, s, "rec_a__f") {
		u, _ := d["uniq"].(map[string]any)
		held[d[storage.ID].(string)] = u["code_u"]
	}
	if held["r1"] != "x" || held["r3"] != "y" || held["r4"] != nil || held["r5"] != nil {
		t.Errorf("values held: %v", held)
	}
	if err := col.Insert(ctx, storage.Doc{storage.ID: "r9", "uniq": map[string]any{"code_u": "x"}}); !errors.Is(err, storage.ErrDuplicate) {
		t.Errorf("the old records hold their values: %v", err)
	}
}

// TestOldVersionsAlwaysShow: what a version said about another app may not fit
// it any more; its records are shown all the same.
func TestOldVersionsAlwaysShow(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.must(app("base", form("p", name+","+amount, "")), app("cost", form("c", `"p":{"x-field":{"type":"relation","form":"base.p"}},"n":{"x-field":{"type":"money"}},"x":{"x-field":{"type":"money","formula":"p.amount"}},"y":{"x-field":{"type":"money","formula":"n * 2"}}`, "")))
	s.must(app("cost", form("c", `"p":{"x-field":{"type":"relation","form":"base.p"}}`, "")))
	s.must(app("base", form("p", name, "")))
	for _, c := range []*catalog.Catalog{s.Catalog, s.node(nil)} {
		f, err := c.FormAt(ctx, "cost", "c", 1)
		if err != nil || f.Def.Field("x") == nil {
			t.Fatalf("version 1: %v %v", f, err)
		}
		if got := f.Encode(map[string]any{"p": "id"}); got["p"] != "id" {
			t.Errorf("its values: %v", got)
		}
	}
}

func TestTooManyIndexes(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	var props []string
	for i := range storage.MaxIndexes {
		props = append(props, fmt.Sprintf(`"f%d":{"x-field":{"type":"text","index":true}}`, i))
	}
	_, ps, err := s.publish(app("a", form("f", strings.Join(props, ","), "")))
	refused(t, err, "publish.problems")
	if len(ps) != 1 || ps[0].Code != "too_many_indexes" {
		t.Errorf("problems %+v", ps)
	}
}
