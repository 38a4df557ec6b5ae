package authn_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/authn"
	"github.com/formwork-run/formwork/rbac/org"
)

// box is a vault of tests: it keeps places, and hides nothing.
type box struct{ key string }

func (b box) Seal(_ context.Context, plain []byte, about ...string) (string, error) {
	return b.key + "|" + strings.Join(about, "/") + "|" + hex.EncodeToString(plain), nil
}

func (b box) Open(text string, about ...string) ([]byte, error) {
	parts := strings.Split(text, "|")
	if len(parts) != 3 || parts[1] != strings.Join(about, "/") {
		return nil, errors.New("box: sealed elsewhere")
	}
	return hex.DecodeString(parts[2])
}

func (b box) Hash(texts ...string) (string, error) {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:]), nil
}
func (b box) KeyOf(text string) string { return strings.Split(text, "|")[0] }
func (b box) Primary() string          { return b.key }

// strict is a world whose policy is p, with a vault.
func strict(t *testing.T, p authn.Policy) *world {
	t.Helper()
	w := newWorld(t)
	s, err := authn.Open(t.Context(), authn.Deps{Tenant: "t", Store: w.place, Org: w.org, Clock: w.clock, Config: authn.Config{Argon2: cheap},
		Policy: func() authn.Policy { return p }, Vault: box{"1"}})
	if err != nil {
		t.Fatal(err)
	}
	w.Service = s
	return w
}

var from = authn.Sender{Addr: "192.0.2.1", Agent: "test"}

// codeOf is what an authenticator app shows.
func (w *world) codeOf(secret string) string {
	w.t.Helper()
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		w.t.Fatal(err)
	}
	h := hmac.New(sha1.New, raw)
	_ = binary.Write(h, binary.BigEndian, w.clock.Now().Unix()/30)
	sum := h.Sum(nil)
	at := sum[19] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

func (w *world) enrol(user string) (secret string, recovery []string) {
	w.t.Helper()
	e, err := w.BeginTOTP(w.t.Context(), user)
	if err != nil {
		w.t.Fatal(err)
	}
	codes, err := w.ConfirmTOTP(w.t.Context(), user, w.codeOf(e.Secret), "")
	if err != nil || len(codes) != 10 {
		w.t.Fatalf("%d recovery codes, %v", len(codes), err)
	}
	return e.Secret, codes
}

func TestALoginAsksForTheSecondFactor(t *testing.T) {
	t.Parallel()
	w := strict(t, authn.DefaultPolicy()).withLi()
	secret, recovery := w.enrol("li")
	got := w.login()
	if got.Need != authn.NeedTOTP || got.Token != "" || got.Ticket == "" {
		t.Fatalf("the login answers %+v", got)
	}
	if _, err := w.Check(t.Context(), got.Ticket); err == nil {
		t.Error("the ticket passes for a session")
	}
	if _, err := w.StepTOTP(t.Context(), got.Ticket, w.codeOf(secret), from); !fault.Is(err, "auth.totp") {
		t.Errorf("the code of the enrolment was taken again: %v", err)
	}
	w.clock.Advance(30 * time.Second)
	in, err := w.StepTOTP(t.Context(), got.Ticket, w.codeOf(secret), from)
	if err != nil || in.Token == "" {
		t.Fatalf("%+v, %v", in, err)
	}
	if id, err := w.Check(t.Context(), in.Token); err != nil || id.User != "li" {
		t.Errorf("the session: %+v, %v", id, err)
	}
	if _, err := w.StepTOTP(t.Context(), w.login().Ticket, w.codeOf(secret), from); !fault.Is(err, "auth.totp") {
		t.Errorf("a code was taken twice: %v", err)
	}
	if _, err := w.StepTOTP(t.Context(), w.login().Ticket, strings.ToUpper(recovery[3]), from); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	if _, err := w.StepTOTP(t.Context(), w.login().Ticket, recovery[3], from); !fault.Is(err, "auth.totp") {
		t.Errorf("a recovery code twice: %v", err)
	}
	if state, err := w.Second(t.Context(), "li"); err != nil || !state.Active || state.Left != 9 {
		t.Errorf("state %+v, %v", state, err)
	}
}

func TestACodeIsTakenOnceByManyAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := strict(t, authn.DefaultPolicy()).withLi()
	secret, _ := w.enrol("li")
	ticket := w.login().Ticket
	w.clock.Advance(time.Minute)
	code := w.codeOf(secret)
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for range 5 {
		wg.Go(func() {
			if _, err := w.StepTOTP(t.Context(), ticket, code, from); err == nil {
				mu.Lock()
				taken++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if taken != 1 {
		t.Errorf("taken %d times", taken)
	}
}

func TestTicketsAreOfTheirStepTimeAndAccount(t *testing.T) {
	t.Parallel()
	w := strict(t, authn.DefaultPolicy()).withLi()
	secret, _ := w.enrol("li")
	ticket := w.login().Ticket
	session := func() error { _, err := w.StepTOTP(t.Context(), ticket, w.codeOf(secret), from); return err }
	for what, bad := range map[string]string{"nothing": "", "altered": ticket[:len(ticket)-2] + "xx", "of another tenant": strings.Replace(ticket, "fwt.t.", "fwt.u.", 1)} {
		if _, err := w.StepTOTP(t.Context(), bad, w.codeOf(secret), from); !fault.Is(err, "auth.ticket") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := w.StepPassword(t.Context(), ticket, "another one 1", from); !fault.Is(err, "auth.ticket") {
		t.Errorf("a ticket for another step: %v", err)
	}
	w.clock.Advance(11 * time.Minute)
	if err := session(); !fault.Is(err, "auth.ticket") {
		t.Errorf("after eleven minutes: %v", err)
	}
	ticket = w.login().Ticket
	w.clock.Advance(time.Minute)
	if err := w.SetPassword(t.Context(), "li", "a new password"); err != nil {
		t.Fatal(err)
	}
	if err := session(); !fault.Is(err, "auth.ticket") {
		t.Errorf("after the password was changed: %v", err)
	}
}

func TestThePolicyDemandsASecondFactor(t *testing.T) {
	t.Parallel()
	p := authn.DefaultPolicy()
	p.TOTP.Required = authn.RequireAdmins
	w := strict(t, p).withLi()
	if got := w.login(); got.Need != "" {
		t.Errorf("who is no administrator needs %s", got.Need)
	}
	if _, err := w.org.CreateUser(t.Context(), org.User{ID: "boss", Login: "boss", Name: "Boss", Admin: true}); err != nil {
		t.Fatal(err)
	}
	if err := w.SetPassword(t.Context(), "boss", "correct horse"); err != nil {
		t.Fatal(err)
	}
	got, err := w.Login(t.Context(), authn.Attempt{Login: "boss", Password: "correct horse"})
	if err != nil || got.Need != authn.NeedEnrol {
		t.Fatalf("%+v, %v", got, err)
	}
	e, err := w.StepEnrol(t.Context(), got.Ticket)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.StepEnrolled(t.Context(), got.Ticket, "000000", from); !fault.Is(err, "auth.totp") {
		t.Errorf("a wrong first code: %v", err)
	}
	in, codes, err := w.StepEnrolled(t.Context(), got.Ticket, w.codeOf(e.Secret), from)
	if err != nil || in.Token == "" || len(codes) != 10 {
		t.Fatalf("%+v, %d codes, %v", in, len(codes), err)
	}
	if n, err := w.Reseal(t.Context()); n != 0 || err != nil {
		t.Errorf("resealed %d, %v", n, err)
	}
}

func TestPasswordsGrowOld(t *testing.T) {
	t.Parallel()
	p := authn.DefaultPolicy()
	p.Password = authn.PasswordPolicy{MinLength: 8, MaxAgeDays: 30, History: 2}
	w := strict(t, p).withLi()
	w.clock.Advance(31 * 24 * time.Hour)
	got := w.login()
	if got.Need != authn.NeedPassword {
		t.Fatalf("%+v", got)
	}
	if _, err := w.StepPassword(t.Context(), got.Ticket, password, from); fieldOf(err) != "reused" {
		t.Errorf("the same password: %v", err)
	}
	in, err := w.StepPassword(t.Context(), got.Ticket, "second secret", from)
	if err != nil || in.Token == "" {
		t.Fatalf("%+v, %v", in, err)
	}
	if _, err := w.StepPassword(t.Context(), got.Ticket, "third secret", from); !fault.Is(err, "auth.ticket") {
		t.Errorf("the ticket again: %v", err)
	}
	id, err := w.Check(t.Context(), in.Token)
	if err != nil {
		t.Fatal(err)
	}
	for _, reused := range []string{"second secret", password} {
		if err := w.ChangePassword(t.Context(), id, "second secret", reused, ""); fieldOf(err) != "reused" {
			t.Errorf("%s: %v", reused, err)
		}
	}
	if err := w.ChangePassword(t.Context(), id, "wrong", password, ""); !fault.Is(err, "auth.old_password") {
		t.Errorf("without the present password it tells the old ones: %v", err)
	}
	if err := w.ChangePassword(t.Context(), id, "second secret", "third secret", ""); err != nil {
		t.Fatal(err)
	}
	if err := w.ChangePassword(t.Context(), id, "third secret", password, ""); err != nil {
		t.Errorf("the one before the last two: %v", err)
	}
	if err := w.ExpirePassword(t.Context(), "li"); err != nil {
		t.Fatal(err)
	}
	if got := w.login(); got.Need != authn.NeedPassword {
		t.Errorf("after it was ended: %+v", got)
	}
}

func fieldOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) && len(f.Fields) > 0 {
		return f.Fields[0].Code
	}
	return ""
}

func TestClassesOfCharacters(t *testing.T) {
	t.Parallel()
	for password, classes := range map[string]int{"abcdefgh": 1, "abcdEFGH": 2, "abcdEF12": 3, "abcdEF1!": 4, "密码abcde1": 3} {
		for want := range 5 {
			err := authn.PasswordPolicy{MinLength: 8, Classes: want}.Check(password, "x", "y")
			if (err == nil) != (want <= classes) {
				t.Errorf("%s needs %d classes: %v", password, want, err)
			}
		}
	}
	if err := (authn.PasswordPolicy{MinLength: 12}).Check("abcdefghijk", "x", "y"); fieldOf(err) != "min_length" {
		t.Errorf("too short: %v", err)
	}
}

func TestTooManyFailuresLockAnAccount(t *testing.T) {
	t.Parallel()
	p := authn.DefaultPolicy()
	p.Lockout.After = 3
	w := strict(t, p).withLi()
	try := func(login, pw string) error {
		_, err := w.Login(t.Context(), authn.Attempt{Login: login, Password: pw, Addr: "192.0.2.9"})
		return err
	}
	for _, login := range []string{"li", "nobody"} {
		for n, want := range []string{"auth.credentials", "auth.credentials", "auth.locked", "auth.locked"} {
			if err := try(login, "wrong"); !fault.Is(err, want) {
				t.Errorf("%s, failure %d: %v", login, n+1, err)
			}
		}
	}
	if err := try("li", password); !fault.Is(err, "auth.locked") {
		t.Errorf("the right password opens a locked account: %v", err)
	}
	if at, err := w.Locked(t.Context(), "li"); err != nil || at.IsZero() {
		t.Errorf("locked %v, %v", at, err)
	}
	if err := w.Unlock(t.Context(), "li"); err != nil {
		t.Fatal(err)
	}
	if err := try("li", password); err != nil {
		t.Errorf("after unlocking: %v", err)
	}
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	var n authn.Networks
	if !n.Has("192.0.2.1") {
		t.Error("no list lets nobody in")
	}
	for _, text := range []string{"203.0.113.0/24", "2001:db8::/32", "198.51.100.7"} {
		p, err := authn.ParseNetwork(text)
		if err != nil {
			t.Fatal(err)
		}
		n = append(n, p)
	}
	for addr, want := range map[string]bool{"203.0.113.9": true, "203.0.114.9": false, "198.51.100.7": true, "198.51.100.8": false,
		"2001:db8::5": true, "2001:db9::5": false, "::ffff:203.0.113.9": true, "": false, "203.0.113.9, 1.1.1.1": false} {
		if n.Has(addr) != want {
			t.Errorf("%s: %t", addr, !want)
		}
	}
	for _, bad := range []string{"", "x", "1.2.3", "1.2.3.4/33", "::ffff:1.2.3.4/96", "fe80::1%eth0"} {
		if p, err := authn.ParseNetwork(bad); err == nil {
			t.Errorf("%q is read as %v", bad, p)
		}
	}
}
