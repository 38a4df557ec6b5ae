package authn_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/authn"
)

func TestSetup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	stale, err := w.SetupLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	link, err := w.SetupLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	good := authn.Setup{Login: "boss", Name: "Boss", Password: "correct horse"}
	if _, err := w.FinishSetup(ctx, stale, good); !fault.Is(err, "auth.link") {
		t.Errorf("the link before: %v", err)
	}
	if _, err := w.FinishSetup(ctx, link, authn.Setup{Login: "b o", Password: "correct horse"}); !fault.Is(err, "org.user") {
		t.Errorf("invalid input: %v", err)
	}
	if _, err := w.FinishSetup(ctx, link, authn.Setup{Login: "boss", Name: "Boss", Password: "short"}); !fault.Is(err, "auth.password") {
		t.Errorf("weak password: %v", err)
	}
	u, err := w.FinishSetup(ctx, link, good)
	if err != nil || !u.Admin {
		t.Fatalf("refused input must not use the link up: %v", err)
	}
	if _, err := w.Login(ctx, authn.Attempt{Login: "boss", Password: "correct horse"}); err != nil {
		t.Error(err)
	}
	if _, err := w.FinishSetup(ctx, link, authn.Setup{Login: "evil", Name: "x", Password: "correct horse"}); !fault.Is(err, "auth.setup_done") {
		t.Errorf("again: %v", err)
	}
	if _, err := w.SetupLink(ctx); !fault.Is(err, "auth.setup_done") {
		t.Errorf("another link: %v", err)
	}
}

func TestLinksWorkOnceAndForADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	ctx := t.Context()
	link, err := w.PasswordLink(ctx, "li")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var won atomic.Int64
	for range 8 {
		wg.Go(func() {
			if err := w.FinishPassword(ctx, link, "li", "another word"); err == nil {
				won.Add(1)
			} else if !fault.Is(err, "auth.link") {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("the link worked %d times", won.Load())
	}
	if _, err := w.Login(ctx, authn.Attempt{Login: "li", Password: "another word"}); err != nil {
		t.Error(err)
	}
	late, err := w.PasswordLink(ctx, "li")
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(24 * time.Hour)
	if err := w.FinishPassword(ctx, late, "li", "third word!"); !fault.Is(err, "auth.link") {
		t.Errorf("after a day: %v", err)
	}
	if _, err := w.PasswordLink(ctx, "nobody"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("for nobody: %v", err)
	}
}

// Whoever has no working link learns nothing of accounts and passwords.
func TestAPasswordLinkTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	ctx := t.Context()
	link, err := w.PasswordLink(ctx, "li")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{{"fwl.t.x.y", "li", "short"}, {"fwl.t.x.y", "nobody", "short"}, {link, "nobody", "short"}, {link + "x", "li", "short"}} {
		if err := w.FinishPassword(ctx, c[0], c[1], c[2]); !fault.Is(err, "auth.link") {
			t.Errorf("%v: %v", c, err)
		}
	}
	if err := w.FinishPassword(ctx, link, "li", "short"); !fault.Is(err, "auth.password") {
		t.Errorf("a weak password: %v", err)
	}
	if err := w.FinishPassword(ctx, link, "li", "another word"); err != nil {
		t.Errorf("the weak password used the link up: %v", err)
	}
}
