package app_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/formwork-run/formwork/internal/app"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// The tests look into the store beside the API, to see that what was refused
// changed nothing and that what was done was done once.

func documents(ctx context.Context, col storage.Collection, where filter.Expr) ([]storage.Doc, error) {
	var out []storage.Doc
	q := storage.Query{Where: where, Limit: storage.MaxFindLimit}
	for {
		page, err := col.Find(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Docs...)
		if page.Next == "" {
			return out, nil
		}
		q.Cursor = page.Next
	}
}

// titles gives the records of a form by id.
func titles(ctx context.Context, s *runtime.Services, form string) map[string]string {
	out := map[string]string{}
	docs, _ := documents(ctx, s.Store.Collection(catalog.RecordCollection(form)), nil) // nothing found is noticed by whoever asks
	for _, d := range docs {
		out[d[storage.ID].(string)], _ = d["title"].(string)
	}
	return out
}

// state is everything the tenants keep that a refused request must not change:
// per collection the documents and their revisions.
type state map[string]map[string]int64

// failures are what a refusal is allowed to leave: that it was refused.
var failures = map[any]bool{"login.failed": true, "login.locked": true, "login.refused": true}

// volatile are collections that requests touch whatever comes of them.
var volatile = map[string]bool{"sessions": true, "throttle": true, "credentials": true, "signals": true, "revocations": true, "auditchain": true, "vault": true}

func (w *world) state(t *testing.T) state {
	t.Helper()
	ctx, out := context.Background(), state{}
	for _, id := range []string{app.DefaultTenant, other} {
		ten, err := w.st.Tenant(id)
		if err != nil {
			t.Fatal(err)
		}
		names, err := ten.Collections(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if volatile[name] {
				continue
			}
			docs, err := documents(ctx, ten.Collection(name), nil)
			if err != nil {
				t.Fatal(err)
			}
			revs := map[string]int64{}
			for _, d := range docs {
				if failures[d["action"]] {
					continue
				}
				if strings.HasPrefix(name, "rec_") {
					revs[d[storage.ID].(string)], _ = d["rev"].(int64) // _rev moves when effects are cleared beside requests
					continue
				}
				revs[d[storage.ID].(string)], _ = d[storage.Rev].(int64)
			}
			out[id+"/"+name] = revs
		}
	}
	return out
}

// unchanged fails when the stores differ from what they were.
func (w *world) unchanged(t *testing.T, before state) {
	t.Helper()
	after := w.state(t)
	for name, revs := range after {
		if !maps.Equal(before[name], revs) {
			for id, rev := range revs {
				if before[name][id] != rev {
					t.Errorf("%s %s was revision %d and is %d", name, id, before[name][id], rev)
				}
			}
		}
	}
	for name, revs := range before {
		for id := range revs {
			if _, ok := after[name][id]; !ok {
				t.Errorf("%s %s is gone", name, id)
			}
		}
	}
}
