package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// SignatureHeader holds "t=<unix seconds>,v1=<hex HMAC-SHA256>" of a signed request.
const SignatureHeader = "X-Formwork-Signature"

// sign signs a request: its time, idempotency key, method, place and body.
func (c *Client) sign(r *http.Request, q Request) {
	r.Header.Del(SignatureHeader)
	if q.Secret == nil {
		return
	}
	at := strconv.FormatInt(c.now().Unix(), 10)
	r.Header.Set(SignatureHeader, "t="+at+",v1="+hex.EncodeToString(mac(q.Secret, at, q.Key, r.Method, r.URL.RequestURI(), q.Body)))
}

// mac signs the parts of a request, one per line, and then the body.
func mac(secret []byte, at, key, method, uri string, body []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(strings.Join([]string{at, key, method, uri, ""}, "\n")))
	h.Write(body)
	return h.Sum(nil)
}

// Verify is what a receiver does with a signed request, given its body: the
// signature must be made with the secret, and not be older than maxAge.
func Verify(secret []byte, r *http.Request, body []byte, now time.Time, maxAge time.Duration) error {
	bad := fault.New(fault.Unauthorized, "call.signature", "the signature is not right")
	stamp, sum, ok := strings.Cut(strings.TrimPrefix(r.Header.Get(SignatureHeader), "t="), ",v1=")
	at, err := strconv.ParseInt(stamp, 10, 64)
	given, hexErr := hex.DecodeString(sum)
	if !ok || err != nil || hexErr != nil {
		return bad
	}
	if !hmac.Equal(given, mac(secret, stamp, r.Header.Get("Idempotency-Key"), r.Method, r.URL.RequestURI(), body)) {
		return bad
	}
	if age := now.Sub(time.Unix(at, 0)); age > maxAge || age < -maxAge {
		return fault.New(fault.Unauthorized, "call.signature_old", "the signature is too old")
	}
	return nil
}
