package delegation_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/delegation"
	"github.com/formwork-run/formwork/runtime/internal/kit"
)

func fieldsOf(err error) []fault.Field {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

func world(t *testing.T) (*kit.World, *delegation.Service) {
	t.Helper()
	w := kit.Lab(t)
	return w, delegation.New(w.Services.Tenant)
}

// input is a delegation by days after the start of the world.
func input(delegate string, from, until int, forms ...string) delegation.Input {
	a, b := kit.Start.AddDate(0, 0, from), kit.Start.AddDate(0, 0, until)
	if forms == nil {
		forms = []string{}
	}
	return delegation.Input{Delegate: &delegate, From: &a, Until: &b, Forms: &forms}
}

func TestOf(t *testing.T) {
	t.Parallel()
	w, s := world(t)
	ctx := context.Background()
	for _, in := range []delegation.Input{input("amy", 1, 3), input("bob", 3, 5, "lab"), input("carl", 5, 7, "lab.order")} {
		if _, err := s.Add(ctx, w.As("ann"), in); err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		name, user, form string
		days             float64
		want             string
	}{
		{"not yet", "ann", "lab.order", 0.5, ""},
		{"from its beginning", "ann", "lab.order", 1, "amy"},
		{"until its end, which is the next one's beginning", "ann", "lab.order", 3, "bob"},
		{"any form of the app", "ann", "lab.item", 4, "bob"},
		{"no other app", "ann", "labour.item", 4, ""},
		{"the form", "ann", "lab.order", 6, "carl"},
		{"no other form", "ann", "lab.item", 6, ""},
		{"afterwards", "ann", "lab.order", 7, ""},
		{"nobody else", "bob", "lab.order", 2, ""},
	}
	for _, c := range cases {
		got, err := s.Of(ctx, c.user, c.form, kit.Start.Add(time.Duration(c.days*24*float64(time.Hour))))
		if err != nil || got != c.want {
			t.Errorf("%s: %q %v, want %q", c.name, got, err, c.want)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	w, s := world(t)
	ctx := context.Background()
	if _, err := s.Add(ctx, w.As("ann"), input("amy", 1, 5, "lab.order")); err != nil {
		t.Fatal(err)
	}
	ended := input("amy", -3, -1)
	forBob := input("amy", 1, 2)
	forBob.User = "bob"
	cases := []struct {
		name, by string
		in       delegation.Input
		code, at string
	}{
		{"the same time and form", "ann", input("bob", 4, 6, "lab.order"), "delegation.overlap", "/from"},
		{"the app of the form", "ann", input("bob", 0, 2, "lab"), "delegation.overlap", "/from"},
		{"everything", "ann", input("bob", 2, 3), "delegation.overlap", "/from"},
		{"himself", "ann", input("ann", 10, 11), "delegation.invalid", "/delegate"},
		{"nobody", "ann", input("", 10, 11), "delegation.invalid", "/delegate"},
		{"a stranger", "ann", input("zoe", 10, 11), "delegation.invalid", "/delegate"},
		{"backwards", "ann", input("bob", 11, 10), "delegation.invalid", "/until"},
		{"the past", "ann", ended, "delegation.invalid", "/until"},
		{"for ever", "ann", input("bob", 10, 1000), "delegation.invalid", "/until"},
		{"no such form", "ann", input("bob", 10, 11, "lab.nothing"), "delegation.invalid", "/forms/0"},
		{"for somebody else", "ann", forBob, "delegation.not_yours", ""},
	}
	for _, c := range cases {
		_, err := s.Add(ctx, w.As(c.by), c.in)
		var at string
		if f := fieldsOf(err); len(f) > 0 {
			at = f[0].Path
		}
		if !fault.Is(err, c.code) || at != c.at {
			t.Errorf("%s: %v at %q, want %s at %q", c.name, err, at, c.code, c.at)
		}
	}
	if _, err := s.Add(ctx, w.As("root"), forBob); err != nil {
		t.Errorf("an administrator for somebody else: %v", err)
	}
	if _, err := s.Add(ctx, w.As("ann"), input("bob", 2, 3, "lab.item")); err != nil {
		t.Errorf("another form at the same time: %v", err)
	}
}

func TestChangeAndEnd(t *testing.T) {
	t.Parallel()
	w, s := world(t)
	ctx := context.Background()
	d, err := s.Add(ctx, w.As("ann"), input("amy", 0, 5))
	if err != nil || d.State != delegation.Active {
		t.Fatalf("%+v %v", d, err)
	}
	if _, err := s.Change(ctx, w.As("eve"), d.ID, input("eve", 0, 5)); !fault.Is(err, "delegation.not_found") {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := s.Change(ctx, w.As("ann"), d.ID, input("amy", 1, 5)); !fault.Is(err, "delegation.invalid") {
		t.Errorf("the beginning of one that has begun: %v", err)
	}
	bob := "bob"
	got, err := s.Change(ctx, w.As("ann"), d.ID, delegation.Input{Delegate: &bob})
	if err != nil || got.Delegate != "bob" || got.Rev != d.Rev+1 {
		t.Errorf("change: %+v %v", got, err)
	}
	if _, err := s.Change(ctx, w.As("ann"), d.ID, delegation.Input{Rev: 99, Delegate: &bob}); !fault.Is(err, "delegation.stale") {
		t.Errorf("an old revision: %v", err)
	}
	if l, err := s.StandingFor(ctx, "bob"); err != nil || len(l) != 1 {
		t.Errorf("bob stands in for %v %v", l, err)
	}
	if err := s.End(ctx, w.As("ann"), d.ID); err != nil {
		t.Fatal(err)
	}
	l, err := s.List(ctx, "ann")
	if err != nil || len(l) != 1 || l[0].State != delegation.Ended || l[0].EndedAt == nil {
		t.Errorf("after its end: %+v %v", l, err)
	}
	if _, err := s.Change(ctx, w.As("ann"), d.ID, delegation.Input{Delegate: &bob}); !fault.Is(err, "delegation.ended") {
		t.Errorf("change of one that has ended: %v", err)
	}
	planned, err := s.Add(ctx, w.As("ann"), input("amy", 2, 3))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.End(ctx, w.As("root"), planned.ID); err != nil {
		t.Fatal(err)
	}
	if l, _ := s.List(ctx, "ann"); len(l) != 1 {
		t.Errorf("one that never began is kept: %+v", l)
	}
}

// Of two that overlap and are made at the same instant one is made.
func TestOverlapAtTheSameInstant(t *testing.T) {
	t.Parallel()
	w, s := world(t)
	var wg sync.WaitGroup
	var made atomic.Int32
	ann := w.As("ann")
	for range 16 {
		wg.Go(func() {
			_, err := s.Add(context.Background(), ann, input("amy", 1, 2))
			switch {
			case err == nil:
				made.Add(1)
			case !fault.Is(err, "delegation.overlap"):
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("%d were made", made.Load())
	}
}

func TestLeave(t *testing.T) {
	t.Parallel()
	w, s := world(t)
	ctx := context.Background()
	for by, to := range map[string]string{"ann": "amy", "bob": "ann", "carl": "bob"} {
		if _, err := s.Add(ctx, w.As(by), input(to, 0, 5)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Leave(ctx, "ann"); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string]string{"ann": "", "bob": "", "carl": "bob"} {
		if got, err := s.Of(ctx, user, "lab.order", kit.Start.Add(time.Hour)); got != want || err != nil {
			t.Errorf("%s: %q %v, want %q", user, got, err, want)
		}
	}
}
