package authn_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	open := func(w *world, token string) bool {
		_, err := w.Check(w.t.Context(), token)
		if err != nil && !fault.Is(err, "auth.session") {
			w.t.Fatal(err)
		}
		return err == nil
	}
	tests := []struct {
		name string
		do   func(w *world, s authn.Issued)
		want bool
	}{
		{"used every hour", func(w *world, s authn.Issued) {
			for range 30 {
				w.clock.Advance(time.Hour)
				if !open(w, s.Token) {
					w.t.Fatal("ended while used")
				}
			}
		}, true},
		{"not used for twelve hours", func(w *world, _ authn.Issued) { w.clock.Advance(12 * time.Hour) }, false},
		{"used to the end of its life", func(w *world, s authn.Issued) {
			for range 14 * 24 {
				w.clock.Advance(time.Hour)
				_, _ = w.Check(w.t.Context(), s.Token)
			}
		}, false},
		{"logged out", func(w *world, s authn.Issued) {
			if err := w.End(w.t.Context(), s.Session); err != nil {
				w.t.Fatal(err)
			}
		}, false},
		{"all ended", func(w *world, _ authn.Issued) {
			if err := w.EndAll(w.t.Context(), "li", ""); err != nil {
				w.t.Fatal(err)
			}
		}, false},
		{"all others ended", func(w *world, s authn.Issued) {
			if err := w.EndAll(w.t.Context(), "li", s.Session); err != nil {
				w.t.Fatal(err)
			}
		}, true},
		{"password set anew", func(w *world, _ authn.Issued) {
			if err := w.SetPassword(w.t.Context(), "li", "another word"); err != nil {
				w.t.Fatal(err)
			}
		}, false},
		{"password changed in it", func(w *world, s authn.Issued) {
			if err := w.ChangePassword(w.t.Context(), s.Identity, password, "another word", ""); err != nil {
				w.t.Fatal(err)
			}
		}, true},
		{"password changed in another", func(w *world, _ authn.Issued) {
			if err := w.ChangePassword(w.t.Context(), w.login().Identity, password, "another word", ""); err != nil {
				w.t.Fatal(err)
			}
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).withLi()
			s := w.login()
			tt.do(w, s)
			if got := open(w, s.Token); got != tt.want {
				t.Errorf("open %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRevocationReachesOtherNodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	other := w.node(authn.Config{Argon2: cheap})
	s := w.login()
	if _, err := other.Check(t.Context(), s.Token); err != nil {
		t.Fatal("a session of one node must hold on all:", err)
	}
	if err := w.End(t.Context(), s.Session); err != nil {
		t.Fatal(err)
	}
	before := other.Generation()
	if err := other.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if other.Generation() == before {
		t.Error("the generation does not tell that something was revoked")
	}
	if _, err := other.Check(t.Context(), s.Token); !fault.Is(err, "auth.session") {
		t.Errorf("ended on the other node: %v", err)
	}
	// A node that starts afterwards knows it too.
	if _, err := w.node(authn.Config{Argon2: cheap}).Check(t.Context(), s.Token); !fault.Is(err, "auth.session") {
		t.Errorf("ended before the node started: %v", err)
	}
}

// What is used on one node is not idle on the other.
func TestUseIsSharedBetweenNodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	other := w.node(authn.Config{Argon2: cheap})
	s := w.login()
	if _, err := other.Check(t.Context(), s.Token); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		w.clock.Advance(time.Hour)
		if _, err := w.Check(t.Context(), s.Token); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := other.Check(t.Context(), s.Token); err != nil {
		t.Errorf("unused here, used there: %v", err)
	}
}

// countingTenant counts the reads and writes of a store.
type countingTenant struct {
	storage.Tenant
	calls *atomic.Int64
}

type countingCollection struct {
	storage.Collection
	calls *atomic.Int64
}

func (c countingTenant) Collection(name string) storage.Collection {
	return countingCollection{c.Tenant.Collection(name), c.calls}
}

func (c countingCollection) Get(ctx context.Context, id string) (storage.Doc, error) {
	c.calls.Add(1)
	return c.Collection.Get(ctx, id)
}

func (c countingCollection) Find(ctx context.Context, q storage.Query) (storage.Page, error) {
	c.calls.Add(1)
	return c.Collection.Find(ctx, q)
}

func (c countingCollection) Patch(ctx context.Context, id string, g storage.Guard, p storage.Patch) (storage.Doc, error) {
	c.calls.Add(1)
	return c.Collection.Patch(ctx, id, g, p)
}

func TestRequestsNeedNoStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	calls := &atomic.Int64{}
	w.place = countingTenant{w.place, calls}
	node := w.node(authn.Config{Argon2: cheap})
	s := w.login()
	_, key, err := w.CreateKey(t.Context(), authn.NewKey{Name: "k", User: "li", Scopes: []string{"*:*"}})
	if err != nil {
		t.Fatal(err)
	}
	use := func() {
		for _, text := range []string{s.Token, key} {
			if _, err := node.Authenticate(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	use()
	before := calls.Load()
	for range 100 {
		w.clock.Advance(100 * time.Millisecond)
		use()
	}
	if n := calls.Load() - before; n != 0 {
		t.Errorf("%d calls of the store for 200 requests within ten seconds", n)
	}
}

func TestSessionsAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	first := w.login()
	w.clock.Advance(time.Hour)
	second := w.login()
	got, err := w.Sessions(t.Context(), "li")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].ID != second.Session || got[1].ID != first.Session || got[0].Addr != "192.0.2.1" || got[0].Agent != "test" {
		t.Errorf("%+v", got)
	}
	w.clock.Advance(11*time.Hour + time.Minute)
	if got, _ = w.Sessions(t.Context(), "li"); len(got) != 1 {
		t.Errorf("a session that idled is not open: %+v", got)
	}
}

func TestCSRF(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	a, b := w.login(), w.login()
	id, err := w.Check(t.Context(), a.Token)
	if err != nil {
		t.Fatal(err)
	}
	if !authn.CheckCSRF(id, a.CSRF) || authn.CheckCSRF(id, b.CSRF) || authn.CheckCSRF(id, "") || authn.CheckCSRF(authn.Identity{}, "") {
		t.Error("only the session's own token may pass")
	}
	if strings.Contains(a.CSRF, a.Session) || a.CSRF == a.Session {
		t.Error("the token must not follow from what lists of sessions show")
	}
}

func BenchmarkCheck(b *testing.B) {
	c := clock.NewFake(time.Date(2030, 5, 1, 8, 0, 0, 0, time.UTC))
	store, err := sqlite.Open(b.Context(), sqlite.Options{Dir: b.TempDir(), Now: c.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = store.Close(context.Background()) }()
	place, _ := store.Tenant("t")
	people, err := org.Open(b.Context(), org.Deps{Tenant: "t", Store: place, Clock: c, IDs: ids.UUID{}})
	if err != nil {
		b.Fatal(err)
	}
	s, err := authn.Open(b.Context(), authn.Deps{Tenant: "t", Store: place, Org: people, Clock: c, IDs: ids.UUID{}, Config: authn.Config{Argon2: cheap}})
	if err != nil {
		b.Fatal(err)
	}
	issued, err := s.Start(b.Context(), "li", "", "")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Check(b.Context(), issued.Token); err != nil {
			b.Fatal(err)
		}
	}
}
