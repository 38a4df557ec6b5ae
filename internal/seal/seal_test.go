package seal_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/internal/seal"
)

func keyset(t *testing.T) *seal.Keyset {
	t.Helper()
	k, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sealer(t *testing.T, k *seal.Keyset) *seal.Sealer {
	t.Helper()
	s, err := seal.New(k)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustSeal(t *testing.T, s *seal.Sealer, plain string, about ...string) string {
	t.Helper()
	out, err := s.Seal([]byte(plain), about...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAValueOpensOnlyWhereItWasSealed(t *testing.T) {
	t.Parallel()
	s := seal.Memory()
	text := mustSeal(t, s, "440301199001011234", "t", "base.person", "r1", "idcard")
	if strings.Contains(text, "44030") {
		t.Fatal("the text shows the value")
	}
	if mustSeal(t, s, "440301199001011234", "t", "base.person", "r1", "idcard") == text {
		t.Error("sealed twice, the same value looks the same")
	}
	got, err := s.Open(text, "t", "base.person", "r1", "idcard")
	if err != nil || string(got) != "440301199001011234" {
		t.Fatalf("Open = %q, %v", got, err)
	}
	flipped := []byte(text)
	flipped[len(flipped)/2] ^= 1
	for name, try := range map[string]struct {
		text  string
		about []string
	}{
		"another tenant": {text, []string{"u", "base.person", "r1", "idcard"}},
		"another record": {text, []string{"t", "base.person", "r2", "idcard"}},
		"another field":  {text, []string{"t", "base.person", "r1", "phone"}},
		"names shifted":  {text, []string{"t", "base.person", "r1i", "dcard"}},
		"altered":        {string(flipped), []string{"t", "base.person", "r1", "idcard"}},
		"cut":            {text[:len(text)-4], []string{"t", "base.person", "r1", "idcard"}},
		"nothing":        {"", []string{"t", "base.person", "r1", "idcard"}},
		"not base64":     {"!!", []string{"t", "base.person", "r1", "idcard"}},
	} {
		if _, err := s.Open(try.text, try.about...); !errors.Is(err, seal.ErrSealed) && !errors.Is(err, seal.ErrUnknownKey) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestRotationOpensWhatOldKeysSealed(t *testing.T) {
	t.Parallel()
	first := keyset(t)
	a := sealer(t, first)
	old := mustSeal(t, a, "x", "p")
	prepared, id, err := first.Prepared()
	if err != nil {
		t.Fatal(err)
	}
	if sealer(t, prepared).Primary() != first.Primary() {
		t.Error("a prepared key seals already")
	}
	second, err := prepared.Promoted(id)
	if err != nil {
		t.Fatal(err)
	}
	b := sealer(t, second)
	now := mustSeal(t, b, "y", "p")
	if seal.KeyOf(old) != first.Primary() || seal.KeyOf(now) != id {
		t.Errorf("keys of the texts: %s, %s", seal.KeyOf(old), seal.KeyOf(now))
	}
	if got, err := b.Open(old, "p"); err != nil || string(got) != "x" {
		t.Errorf("the new keyset opens the old text: %q, %v", got, err)
	}
	if _, err := a.Open(now, "p"); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("the old keyset opens the new text: %v", err)
	}
	if got, err := sealer(t, prepared).Open(now, "p"); err != nil || string(got) != "y" {
		t.Errorf("a node that only knows the prepared key: %q, %v", got, err)
	}
	if _, err := second.Removed(id); !errors.Is(err, seal.ErrKey) {
		t.Errorf("the primary key was removed: %v", err)
	}
	third, err := second.Removed(first.Primary())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sealer(t, third).Open(old, "p"); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("a removed key opens: %v", err)
	}
	if _, err := third.Promoted("77"); !errors.Is(err, seal.ErrKey) {
		t.Errorf("a key that is not there: %v", err)
	}
}

func TestHashesOutliveRotation(t *testing.T) {
	t.Parallel()
	k := keyset(t)
	next, _, err := k.Prepared()
	if err != nil {
		t.Fatal(err)
	}
	a, b, other := sealer(t, k), sealer(t, next), seal.Memory()
	hash := func(s *seal.Sealer, parts ...string) string {
		h, err := s.Hash(parts...)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	one := hash(a, "t", "f", "13800001234")
	if one != hash(b, "t", "f", "13800001234") {
		t.Error("rotation changed a hash")
	}
	if one == hash(other, "t", "f", "13800001234") || one == hash(a, "t", "f", "13800001235") || one == hash(a, "tf", "", "13800001234") {
		t.Error("different things hash alike")
	}
	fa, _ := a.Fingerprint()
	fb, _ := b.Fingerprint()
	fo, _ := other.Fingerprint()
	if fa != fb || fa == fo || fa == "" {
		t.Errorf("fingerprints %s %s %s", fa, fb, fo)
	}
}

func TestTheFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "keys", "keyset.json")
	k := keyset(t)
	if _, err := seal.FromFile(name); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("no file: %v", err)
	}
	if err := seal.Save(name, k, true); err != nil {
		t.Fatal(err)
	}
	if err := seal.Save(name, k, true); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second fresh keyset: %v", err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	s, err := seal.FromFile(name)
	if err != nil {
		t.Fatal(err)
	}
	prepared, id, err := k.Prepared()
	if err != nil {
		t.Fatal(err)
	}
	next, err := prepared.Promoted(id)
	if err != nil {
		t.Fatal(err)
	}
	if err := seal.Save(name, next, false); err != nil {
		t.Fatal(err)
	}
	later := info.ModTime().Add(time.Second)
	if err := os.Chtimes(name, later, later); err != nil {
		t.Fatal(err)
	}
	foreign := mustSeal(t, sealer(t, next), "z", "p")
	if got, err := s.Open(foreign, "p"); err != nil || string(got) != "z" {
		t.Errorf("a key that came to the file: %q, %v", got, err)
	}
	if s.Primary() != id {
		t.Errorf("primary %s, want %s", s.Primary(), id)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.FromFile(name); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file that others may read: %v", err)
	}
}

func TestDamagedKeysetsAreRefusedWithoutQuotingThem(t *testing.T) {
	t.Parallel()
	good, err := keyset(t).Text()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "{}", "secretsecret", `{"aes256gcm":{},"hmac":{}}`, strings.Replace(string(good), "hmac", "hmak", 1)} {
		_, err := seal.FromText(text)
		if err == nil {
			t.Errorf("%q was taken for a keyset", text)
			continue
		}
		if strings.Contains(err.Error(), "secretsecret") {
			t.Errorf("the error quotes the text: %v", err)
		}
	}
	if _, err := seal.FromText(string(good)); err != nil {
		t.Errorf("a good one: %v", err)
	}
}

func TestSignersBelongToTheirPurpose(t *testing.T) {
	t.Parallel()
	s := seal.Memory()
	a, err := s.Signer("audit", "t")
	if err != nil {
		t.Fatal(err)
	}
	same, _ := s.Signer("audit", "t")
	other, _ := s.Signer("audit", "u")
	if !a.Equal(same) || a.Equal(other) {
		t.Error("a purpose and a key do not belong together")
	}
}
