package authn

import (
	"strings"
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B, for SHA-1; of its eight digits the last six.
func TestCodesAreThoseOfTheRFC(t *testing.T) {
	t.Parallel()
	secret := []byte("12345678901234567890")
	for unix, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924",
		2000000000: "69279037", 20000000000: "65353130"} {
		at := time.Unix(unix, 0)
		if got := totpCode(secret, counterAt(at)); got != want[2:] {
			t.Errorf("at %d: %s, want %s", unix, got, want[2:])
		}
		if _, ok := matchTOTP(secret, want[2:], at.Add(29*time.Second), 0); !ok {
			t.Errorf("at %d: half a minute later it is refused", unix)
		}
		if _, ok := matchTOTP(secret, want[2:], at.Add(90*time.Second), 0); ok {
			t.Errorf("at %d: one and a half minutes later it is taken", unix)
		}
		if _, ok := matchTOTP(secret, want[2:], at, counterAt(at)); ok {
			t.Errorf("at %d: it is taken twice", unix)
		}
	}
}

func TestRecoveryCodesAreMadeToBeTyped(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		c := newRecoveryCode()
		if len(c) != 14 || strings.ContainsAny(c, "il10o") || seen[c] || !isRecovery(plainCode(" "+strings.ToUpper(c))) {
			t.Fatalf("code %q", c)
		}
		seen[c] = true
	}
	if isRecovery("123456") {
		t.Error("a code of an app is taken for a recovery code")
	}
}

func TestTheAddressNamesIssuerAndAccount(t *testing.T) {
	t.Parallel()
	got := otpauth([]byte("12345678901234567890"), "Formwork", "李 四/x?")
	want := "otpauth://totp/Formwork:%E6%9D%8E%20%E5%9B%9B%2Fx%3F?algorithm=SHA1&digits=6&issuer=Formwork&period=30&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	svg, err := qrSVG(got)
	if err != nil || !strings.HasPrefix(svg, "<svg ") || strings.Count(svg, "M") < 100 {
		t.Errorf("%v: %.100s", err, svg)
	}
}
