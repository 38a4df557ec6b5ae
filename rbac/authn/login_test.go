package authn_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/storage"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	got := w.login()
	id, err := w.Check(t.Context(), got.Token)
	if err != nil || id.User != "li" || id.Session != got.Session || id.Scopes != nil {
		t.Fatalf("%+v %v", id, err)
	}
	if tenant, ok := authn.TenantOf(got.Token); !ok || tenant != "t" {
		t.Errorf("tenant %q", tenant)
	}
	if _, err := w.org.CreateUser(t.Context(), org.User{ID: "wu", Login: "wu", Name: "x"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.org.CreateUser(t.Context(), org.User{ID: "guo", Login: "guo", Name: "x"}); err != nil {
		t.Fatal(err)
	}
	if err := w.SetPassword(t.Context(), "guo", password); err != nil {
		t.Fatal(err)
	}
	if err := w.org.Leave(t.Context(), "guo"); err != nil {
		t.Fatal(err)
	}
	// One answer for all of them: nobody learns which accounts there are.
	for _, a := range []authn.Attempt{{Login: "li", Password: "wrong-password"}, {Login: "nobody", Password: password},
		{Login: "guo", Password: password}, {Login: "wu", Password: ""}, {Login: "", Password: ""},
		{Login: "li", Password: strings.Repeat("x", 1<<20)}} {
		_, err := w.Login(t.Context(), a)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != "auth.credentials" || f.Kind != fault.Unauthorized {
			t.Errorf("%s: %v", a.Login, err)
		}
	}
}

func TestOldHashesAreRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	stronger := w.node(authn.Config{Argon2: authn.Argon2{Memory: 16, Time: 2, Threads: 1}})
	if _, err := stronger.Login(t.Context(), authn.Attempt{Login: "li", Password: password}); err != nil {
		t.Fatal(err)
	}
	doc, err := w.place.Collection(authn.CredentialsCollection).Get(t.Context(), "li")
	if err != nil {
		t.Fatal(err)
	}
	if hash, _ := doc["hash"].(string); !strings.HasPrefix(hash, "$argon2id$v=19$m=16,t=2,p=1$") {
		t.Errorf("hash %s", hash)
	}
	if _, err := w.Login(t.Context(), authn.Attempt{Login: "li", Password: password}); err != nil {
		t.Errorf("the old node must accept the new hash: %v", err)
	}
}

func TestDamagedHashesAreDefects(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	for _, hash := range []string{"plain", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAA$AAAA", "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAA", "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAA"} {
		_, err := w.place.Collection(authn.CredentialsCollection).Patch(t.Context(), "li", storage.Guard{}, storage.Patch{Set: map[string]any{"hash": hash}})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		if _, err := w.Login(t.Context(), authn.Attempt{Login: "li", Password: password}); fault.KindOf(err) != fault.Internal {
			t.Errorf("%s: %v", hash, err)
		}
	}
}

func TestPasswordPolicy(t *testing.T) {
	t.Parallel()
	for pw, code := range map[string]string{"": "min_length", "1234567": "min_length", "七个字的密码啊": "min_length",
		strings.Repeat("ab", 101): "max_length", "lisi.lisi": "same_as_login", "LISI.LISI": "same_as_login",
		"aaaaaaaaaa": "too_simple", "PassWord": "too_common", "formwork": "", "八个字的密码就行": "", "correct horse": ""} {
		err := authn.DefaultPolicy().Password.Check(pw, "lisi.lisi", "李四")
		var f *fault.Error
		got := ""
		if errors.As(err, &f) {
			got = f.Fields[0].Code
		}
		if got != code {
			t.Errorf("%q: %q, want %q", pw, got, code)
		}
	}
}

func TestChangePasswordNeedsTheOldOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	s := w.login()
	if err := w.ChangePassword(t.Context(), s.Identity, "wrong", "another word", ""); !fault.Is(err, "auth.old_password") {
		t.Errorf("wrong old password: %v", err)
	}
	if err := w.ChangePassword(t.Context(), s.Identity, password, "short", ""); !fault.Is(err, "auth.password") {
		t.Errorf("weak new password: %v", err)
	}
	if _, err := w.Login(t.Context(), authn.Attempt{Login: "li", Password: password}); err != nil {
		t.Errorf("the old password must still work: %v", err)
	}
	if err := w.SetPassword(t.Context(), "nobody", "another word"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nobody: %v", err)
	}
}
