package authn_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/clock"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
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
		err := authn.CheckPassword(pw, "lisi.lisi", "李四")
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

func TestTenantOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"fws.a.b": "a", "fwk.a.b.c": "a", "fwl.x.y.z": "x", "fws..b": "", "fwx.a.b": "", "fws.a": "", "": ""} {
		if got, _ := authn.TenantOf(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
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
