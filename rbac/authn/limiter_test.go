package authn_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/storage/signal"
)

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	try := func(s *authn.Service, login, pw, addr string) (code string, wait int64) {
		_, err := s.Login(t.Context(), authn.Attempt{Login: login, Password: pw, Addr: addr})
		var f *fault.Error
		if errors.As(err, &f) {
			wait, _ = f.Params["retry_after"].(int64)
			return f.Code, wait
		}
		return "", 0
	}
	for i := range 5 {
		if code, _ := try(w.Service, "li", "wrong-password", ""); code != "auth.credentials" {
			t.Fatalf("try %d: %s", i, code)
		}
	}
	waits := []int64{1, 2, 4, 8}
	for _, want := range waits {
		code, wait := try(w.Service, "LI", password, "")
		if code != "auth.throttled" || wait != want {
			t.Fatalf("%s, wait %d, want %d: even the right password waits", code, wait, want)
		}
		w.clock.Advance(time.Duration(want) * time.Second)
		if code, _ := try(w.Service, "li", "wrong-password", ""); code != "auth.credentials" {
			t.Fatalf("after waiting: %s", code)
		}
	}
	if code, _ := try(w.node(authn.Config{Argon2: cheap}), "li", password, ""); code != "auth.throttled" {
		t.Errorf("another node lets him guess on: %q", code)
	}
	w.clock.Advance(15 * time.Minute)
	if code, _ := try(w.Service, "li", password, ""); code != "" {
		t.Fatalf("the longest wait is a quarter of an hour: %s", code)
	}
	if code, _ := try(w.Service, "li", "wrong-password", ""); code != "auth.credentials" {
		t.Error("after a success the count begins anew")
	}
}

func TestGuessingAtManyAccountsIsSlowedDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	s := w.node(authn.Config{Argon2: cheap, Limit: authn.Limit{PerAddr: 10}})
	code := ""
	for i := range 12 {
		// A right login in between gives back its own try only.
		if i == 5 {
			if _, err := s.Login(t.Context(), authn.Attempt{Login: "li", Password: password, Addr: "192.0.2.9"}); err != nil {
				t.Fatal(err)
			}
		}
		_, err := s.Login(t.Context(), authn.Attempt{Login: fmt.Sprint("user", i), Password: "x", Addr: "192.0.2.9"})
		code = fault.CodeOf(err)
		if want := i >= 10; (code == "auth.throttled") != want {
			t.Errorf("try %d: %s", i, code)
		}
	}
	if _, err := s.Login(t.Context(), authn.Attempt{Login: "li", Password: password, Addr: "192.0.2.10"}); err != nil {
		t.Errorf("another address: %v", err)
	}
}

func TestAnAddressWaitsAMinuteAtMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	s := w.node(authn.Config{Argon2: cheap, Limit: authn.Limit{PerAddr: 2}})
	for i := range 12 {
		w.clock.Advance(time.Minute)
		_, err := s.Login(t.Context(), authn.Attempt{Login: fmt.Sprint("user", i), Password: "x", Addr: "192.0.2.9"})
		if !fault.Is(err, "auth.credentials") {
			t.Fatalf("try %d after a minute: %v", i, err)
		}
	}
	if _, err := s.Login(t.Context(), authn.Attempt{Login: "li", Password: password, Addr: "192.0.2.9"}); !fault.Is(err, "auth.throttled") {
		t.Errorf("at once: %v", err)
	}
}

func TestTriesAtTheSameTimeAreCountedEach(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	var wg sync.WaitGroup
	var checked atomic.Int64
	for range 40 {
		wg.Go(func() {
			_, err := w.Login(t.Context(), authn.Attempt{Login: "li", Password: "wrong-password"})
			if fault.Is(err, "auth.credentials") {
				checked.Add(1)
			}
		})
	}
	wg.Wait()
	if n := checked.Load(); n > 5 || n == 0 {
		t.Errorf("%d passwords were tried at once, 5 are free", n)
	}
}

// Whoever is unlocked on one node may try again on every other one as soon as
// that follows the tenant's signal.
func TestUnlockingReachesOtherNodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	far := w.node(authn.Config{Argon2: cheap})
	try := func(pw string) error {
		_, err := far.Login(t.Context(), authn.Attempt{Login: "li", Password: pw})
		return err
	}
	for !fault.Is(try("wrong-password"), "auth.throttled") {
	}
	if err := w.Unlock(t.Context(), "li"); err != nil {
		t.Fatal(err)
	}
	now, err := signal.Read(t.Context(), w.place, signal.Sessions)
	if err != nil || now == far.Generation() {
		t.Fatalf("the other node is told nothing: %d, %v", now, err)
	}
	if err := far.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := try(password); err != nil {
		t.Errorf("after the signal: %v", err)
	}
}
