package runtime_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/runtime"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/sqlite"
)

func store(t *testing.T) storage.Store {
	t.Helper()
	st, err := sqlite.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close(context.Background()) })
	return st
}

// node starts a host over a store, as one of several.
func node(t *testing.T, st storage.Store) *runtime.Host {
	t.Helper()
	h := runtime.NewHost(runtime.Deps{Store: st, Clock: clock.System{}, IDs: ids.UUID{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Authn: authn.Config{Argon2: authn.Argon2{Memory: 64, Time: 1, Threads: 1}}})
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close(context.Background()) })
	return h
}

// soon asks again until it is so.
func soon(t *testing.T, what string, ok func() bool) {
	t.Helper()
	limit := time.NewTimer(10 * time.Second) // two seconds, on a machine that is busy
	defer limit.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-limit.C:
			t.Fatalf("not in time: %s", what)
		case <-tick.C:
		}
	}
}

func text(s string) *string { return &s }

func TestSettingsHoldOnEveryNode(t *testing.T) {
	t.Parallel()
	st := store(t)
	a, b := node(t, st), node(t, st)
	one, err := a.Create(t.Context(), "one", "One")
	if err != nil {
		t.Fatal(err)
	}
	soon(t, "the other node opens the organisation", func() bool { return len(b.All()) == 1 })

	got, err := a.SetSettings(t.Context(), "one", runtime.SettingsPatch{Name: text("  Harbour  "), Zone: text("Europe/Berlin"), Host: text("FORMS.example.com")})
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Harbour" || got.Zone.String() != "Europe/Berlin" || got.Host != "forms.example.com" || got.Currency != "CNY" || got != one.Settings() {
		t.Errorf("here: %+v, %+v", got, one.Settings())
	}
	soon(t, "the other node knows the settings", func() bool {
		s := b.All()[0].Settings()
		return s.Name == "Harbour" && s.Zone.String() == "Europe/Berlin"
	})
	if _, err := b.Create(t.Context(), "two", ""); err != nil {
		t.Fatal(err)
	}
	if s, err := b.Find(t.Context(), "", "Forms.Example.com:8443"); err != nil || s.ID != "one" {
		t.Errorf("by host name: %v", err)
	}
	if _, err := b.Find(t.Context(), "", "elsewhere"); !fault.Is(err, "tenant.missing") {
		t.Errorf("by another host name: %v", err)
	}
}

func TestSettingsAreRefused(t *testing.T) {
	t.Parallel()
	h := node(t, store(t))
	for _, id := range []string{"one", "two"} {
		if _, err := h.Create(t.Context(), id, ""); err != nil {
			t.Fatal(err)
		}
	}
	set, err := h.SetSettings(t.Context(), "one", runtime.SettingsPatch{Host: text("one.example")})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, id string
		p        runtime.SettingsPatch
		code, at string
	}{
		{"no name", "one", runtime.SettingsPatch{Name: text(" ")}, "settings.invalid", "/name"},
		{"control characters", "one", runtime.SettingsPatch{Name: text("a\x00b")}, "settings.invalid", "/name"},
		{"unknown zone", "one", runtime.SettingsPatch{Zone: text("Moon/Base")}, "settings.invalid", "/zone"},
		{"the machine's zone", "one", runtime.SettingsPatch{Zone: text("Local")}, "settings.invalid", "/zone"},
		{"a path as zone", "one", runtime.SettingsPatch{Zone: text("../../etc/passwd")}, "settings.invalid", "/zone"},
		{"currency", "one", runtime.SettingsPatch{Currency: text("yuan")}, "settings.invalid", "/currency"},
		{"language", "one", runtime.SettingsPatch{Lang: text("tlh")}, "settings.invalid", "/lang"},
		{"host with a port", "one", runtime.SettingsPatch{Host: text("a.example:80")}, "settings.invalid", "/host"},
		{"host of another", "two", runtime.SettingsPatch{Host: text("one.example")}, "settings.duplicate", "/host"},
		{"stale", "one", runtime.SettingsPatch{Rev: set.Rev - 1, Name: text("x")}, "settings.stale", ""},
		{"unknown organisation", "three", runtime.SettingsPatch{Name: text("x")}, "tenant.unknown", ""},
	}
	for _, tt := range tests {
		_, err := h.SetSettings(t.Context(), tt.id, tt.p)
		if !fault.Is(err, tt.code) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if f, ok := err.(*fault.Error); tt.at != "" && (!ok || len(f.Fields) != 1 || f.Fields[0].Path != tt.at) {
			t.Errorf("%s names %v", tt.name, err)
		}
	}
	if _, err := h.SetSettings(t.Context(), "one", runtime.SettingsPatch{Host: text("")}); err != nil {
		t.Error(err)
	}
	if _, err := h.SetSettings(t.Context(), "two", runtime.SettingsPatch{Host: text("one.example")}); err != nil {
		t.Errorf("a host name that was given up: %v", err)
	}
	if _, err := h.Create(t.Context(), "../x", ""); !fault.Is(err, "tenant.id") {
		t.Errorf("a bad id: %v", err)
	}
}
