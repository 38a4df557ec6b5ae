package authn

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238 as every authenticator app speaks it; HMAC does not rest on collisions
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// RFC 6238 as all authenticator apps speak it: HMAC-SHA-1, 30 seconds, 6 digits.
const (
	totpStep   = 30 * time.Second
	totpDigits = 6
	totpSecret = 20 // bytes
	totpSkew   = 1  // steps a clock may be off, either way
)

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// counterAt is the number of the time step of a moment.
func counterAt(t time.Time) int64 { return t.Unix() / int64(totpStep/time.Second) }

// totpCode is the code of a time step.
func totpCode(secret []byte, counter int64) string {
	h := hmac.New(sha1.New, secret)
	_ = binary.Write(h, binary.BigEndian, counter) // a hash takes everything
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	n := binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff
	return fmt.Sprintf("%0*d", totpDigits, n%1_000_000)
}

// matchTOTP finds the step whose code it is, among those around now and after last.
func matchTOTP(secret []byte, code string, now time.Time, last int64) (counter int64, ok bool) {
	for c := counterAt(now) - totpSkew; c <= counterAt(now)+totpSkew; c++ {
		if c > last && subtle.ConstantTimeCompare([]byte(totpCode(secret, c)), []byte(code)) == 1 {
			counter, ok = c, true
		}
	}
	return counter, ok
}

func newTOTPSecret() []byte {
	raw := make([]byte, totpSecret)
	_, _ = rand.Read(raw)
	return raw
}

// otpauth is the address that an authenticator app reads out of a QR code.
func otpauth(secret []byte, issuer, account string) string {
	label := url.PathEscape(issuer + ":" + account)
	q := url.Values{"secret": {base32Text.EncodeToString(secret)}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return "otpauth://totp/" + label + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// Recovery codes: ten of 60 random bits, "k3f9-x2pq-7mta".
const (
	recoveryCodes = 10
	recoveryGroup = 4
	recoveryChars = "abcdefghjkmnpqrstuvwxyz23456789x" // no i, l, o, 0, 1; 32 of them
)

func newRecoveryCode() string {
	raw := make([]byte, 3*recoveryGroup)
	_, _ = rand.Read(raw)
	var b strings.Builder
	for i, c := range raw {
		if i > 0 && i%recoveryGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(recoveryChars[c&31])
	}
	return b.String()
}

// plainCode is a code without what people put between its characters.
func plainCode(code string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(code)))
}

// isRecovery tells a recovery code from a code of an app.
func isRecovery(plain string) bool { return len(plain) == 3*recoveryGroup }

// secondKey is how failures of a second factor are counted: apart from those of
// the password, which is right by then.
func secondKey(user string) string { return "\x00totp:" + user }
