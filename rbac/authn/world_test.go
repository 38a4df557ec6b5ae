package authn_test

import (
	"context"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

// cheap are hash parameters for tests: what is tested is not how long it takes.
var cheap = authn.Argon2{Memory: 8, Time: 1, Threads: 1}

const password = "formwork"

// world is one tenant with the user li, on one clock; node opens another node on it.
type world struct {
	t     *testing.T
	clock *clock.Fake
	place storage.Tenant
	org   *org.Service
	*authn.Service
}

func newWorld(t *testing.T) *world {
	t.Helper()
	c := clock.NewFake(time.Date(2030, 5, 1, 8, 0, 0, 0, time.UTC))
	store, err := sqlite.Open(t.Context(), sqlite.Options{Dir: t.TempDir(), Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.Background()) })
	place, err := store.Tenant("t")
	if err != nil {
		t.Fatal(err)
	}
	people, err := org.Open(t.Context(), org.Deps{Tenant: "t", Store: place, Clock: c, IDs: &ids.Sequence{Prefix: "u"}})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: c, place: place, org: people}
	w.Service = w.node(authn.Config{Argon2: cheap})
	return w
}

// withLi adds the user li and his password.
func (w *world) withLi() *world {
	w.t.Helper()
	if _, err := w.org.CreateUser(w.t.Context(), org.User{ID: "li", Login: "li", Name: "李四"}); err != nil {
		w.t.Fatal(err)
	}
	if err := w.SetPassword(w.t.Context(), "li", password); err != nil {
		w.t.Fatal(err)
	}
	return w
}

func (w *world) node(c authn.Config) *authn.Service {
	w.t.Helper()
	s, err := authn.Open(w.t.Context(), authn.Deps{Tenant: "t", Store: w.place, Org: w.org, Clock: w.clock,
		IDs: &ids.Sequence{Prefix: "a"}, Config: c})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) login() authn.Issued {
	w.t.Helper()
	got, err := w.Login(w.t.Context(), authn.Attempt{Login: "LI ", Password: password, Addr: "192.0.2.1", Agent: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}
