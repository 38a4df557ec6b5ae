package authn_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/authn"
)

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	ctx := t.Context()
	k, text, err := w.CreateKey(ctx, authn.NewKey{Name: "ERP", User: "li", Scopes: []string{"cost.contract:read"}, Expires: w.clock.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	id, err := w.Authenticate(ctx, text)
	if err != nil || id.User != "li" || id.Key != k.ID || id.Session != "" || authn.CheckCSRF(id, "") {
		t.Fatalf("%+v %v", id, err)
	}
	keys, err := w.Keys(ctx, "li")
	if err != nil || len(keys) != 1 || keys[0].Name != "ERP" || !keys[0].Used.Equal(w.clock.Now()) {
		t.Errorf("%+v %v", keys, err)
	}
	other := w.node(authn.Config{Argon2: cheap})
	if _, err := other.CheckKey(ctx, text); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{"secret": text[:len(text)-1] + "!", "id": strings.Replace(text, k.ID, "nobody", 1),
		"empty id": strings.Replace(text, k.ID, "", 1), "tenant": strings.Replace(text, ".t.", ".u.", 1), "short": "fwk.t." + k.ID} {
		if _, err := w.CheckKey(ctx, bad); !fault.Is(err, "auth.key_invalid") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.RevokeKey(ctx, k.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CheckKey(ctx, text); !fault.Is(err, "auth.key_invalid") {
		t.Errorf("revoked: %v", err)
	}
	if err := other.Load(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := other.CheckKey(ctx, text); !fault.Is(err, "auth.key_invalid") {
		t.Errorf("revoked elsewhere: %v", err)
	}
	if err := w.RevokeKey(ctx, k.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("revoked twice: %v", err)
	}
}

func TestAPIKeysExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	_, text, err := w.CreateKey(t.Context(), authn.NewKey{Name: "x", User: "li", Scopes: []string{"*:*"}, Expires: w.clock.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Hour - time.Millisecond)
	if _, err := w.CheckKey(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Millisecond)
	if _, err := w.CheckKey(t.Context(), text); !fault.Is(err, "auth.key_invalid") {
		t.Errorf("over: %v", err)
	}
}

func TestInvalidKeysAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	_, _, err := w.CreateKey(t.Context(), authn.NewKey{Name: " ", User: "nobody", Scopes: []string{"*:*", "$where:*", "a.b.c:view"}, Expires: w.clock.Now()})
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatal(err)
	}
	var got []string
	for _, x := range f.Fields {
		got = append(got, x.Path+" "+x.Code)
	}
	if diff := cmp.Diff([]string{"/name length", "/user unknown", "/scopes/1 pattern", "/scopes/2 pattern", "/expires_at past"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		scope, where, op string
		want             bool
	}{
		{"*:*", "cost.contract", "delete", true},
		{"*:*", authn.AreaAdmin, "users", false},
		{"admin:*", authn.AreaAdmin, "users", true},
		{"admin:*", "cost.contract", "view", false},
		{"cost:*", "cost.contract", "edit", true},
		{"cost:*", "base.project", "view", false},
		{"cost.contract:read", "cost.contract", "export", true},
		{"cost.contract:read", "cost.contract", "edit", false},
		{"cost.contract:read", "cost.party", "view", false},
		{"cost.contract:create", "cost.contract", "create", true},
		{"*:view", "base.project", "view", true},
		{"admin:*", "admin.thing", "view", true}, // an app may be called admin; its forms are not the area
	}
	for _, tt := range tests {
		id := authn.Identity{User: "li", Key: "k", Scopes: []string{tt.scope}}
		if got := id.Permits(tt.where, tt.op); got != tt.want {
			t.Errorf("%s: %s %s %v", tt.scope, tt.where, tt.op, got)
		}
	}
	if !(authn.Identity{User: "li", Session: "s"}).Permits(authn.AreaAdmin, "users") {
		t.Error("a session is limited by the user's rights only")
	}
	if (authn.Identity{User: "li", Key: "k"}).Permits("cost.contract", "view") {
		t.Error("a key without scopes reaches nothing")
	}
}
