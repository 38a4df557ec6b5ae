package authn_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

func TestTokensThatAreNotOursAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	good := w.login().Token
	parts := strings.Split(good, ".")
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"u":"admin","s":"x","i":0,"x":99999999999999}`))
	swap := func(i int, s string) string {
		p := append([]string(nil), parts...)
		p[i] = s
		return strings.Join(p, ".")
	}
	for name, token := range map[string]string{
		"empty": "", "text": "abc", "cut": good[:len(good)-1], "longer": good + "A", "other tenant": swap(1, "u"),
		"other key": swap(2, "k2"), "other claims": swap(3, forged), "no signature": swap(4, ""),
		"one part more": good + ".x", "huge": good + strings.Repeat("A", 5000), "other kind": swap(0, "fwk"),
	} {
		if _, err := w.Check(t.Context(), token); fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := w.Authenticate(t.Context(), token); fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("%s as whatever: %v", name, err)
		}
	}
}

func TestTheStoreHoldsNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	issued := w.login()
	_, key, err := w.CreateKey(t.Context(), authn.NewKey{Name: "k", User: "li", Scopes: []string{"*:*"}})
	if err != nil {
		t.Fatal(err)
	}
	link, err := w.PasswordLink(t.Context(), "li")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	names, err := w.place.Collections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		page, err := w.place.Collection(name).Find(t.Context(), storage.Query{Where: filter.True})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&all, name, page.Docs)
	}
	raw, _ := base64.RawURLEncoding.DecodeString(strings.Split(issued.Token, ".")[3])
	_, secret, _ := strings.Cut(string(raw), `"s":"`)
	secrets := map[string]string{"password": password, "session": secret[:20], "csrf": issued.CSRF,
		"key": key[strings.LastIndex(key, ".")+1:], "link": link[strings.LastIndex(link, ".")+1:]}
	for name, s := range secrets {
		// The login of the demo's people is no secret; nothing here is called formwork.
		if strings.Contains(all.String(), s) {
			t.Errorf("the store holds the %s", name)
		}
	}
	if !strings.Contains(all.String(), "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Error("the hash is no PHC string")
	}
}

func TestSigningKeysRotate(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withLi()
	old := w.login()
	if err := w.RotateSigningKey(t.Context()); err != nil {
		t.Fatal(err)
	}
	fresh := w.login()
	if strings.Split(old.Token, ".")[2] == strings.Split(fresh.Token, ".")[2] {
		t.Error("the new session is signed with the old key")
	}
	for _, token := range []string{old.Token, fresh.Token} {
		if _, err := w.Check(t.Context(), token); err != nil {
			t.Errorf("a rotation ends no session: %v", err)
		}
	}
	w.clock.Advance(15 * 24 * time.Hour)
	for range 2 {
		if err := w.RotateSigningKey(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	doc, err := w.place.Collection("authn").Get(t.Context(), "signing")
	if err != nil {
		t.Fatal(err)
	}
	// The first key is out of use for longer than any session; the second was in use until now.
	if keys, _ := doc["keys"].([]any); len(keys) != 3 {
		t.Errorf("%d keys are kept", len(keys))
	}
}

func TestTenantOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"fws.a.b": "a", "fwk.a.b.c": "a", "fwl.x.y.z": "x", "fws..b": "", "fwx.a.b": "", "fws.a": "", "": ""} {
		if got, _ := authn.TenantOf(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
