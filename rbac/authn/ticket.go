package authn

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/ids"
)

// What a login may still need before it becomes a session.
const (
	NeedTOTP     = "totp"     // the code of his second factor
	NeedEnrol    = "enrol"    // a second factor, which he has not yet
	NeedPassword = "password" // a new password
)

// ticketLife is how long somebody may take for a step of his login.
const ticketLife = 10 * time.Minute

const ticketPrefix = "fwt"

// ticket is a login that got so far: whoever holds it has proved the password,
// and with Second also the second factor.
type ticket struct {
	User   string `json:"u"`
	Need   string `json:"n"`
	Second bool   `json:"t,omitempty"`
	Proof  string `json:"p"` // digest of the password's hash: another password ends the ticket
	Issued int64  `json:"i"` // Unix milliseconds
	Nonce  string `json:"r"`
}

func (s *Service) issueTicket(t ticket) (string, time.Time, error) {
	s.mu.RLock()
	signing := s.signing
	s.mu.RUnlock()
	now := s.now()
	t.Issued, t.Nonce = now.UnixMilli(), ids.Secret(9)
	raw, err := json.Marshal(t)
	if err != nil {
		return "", time.Time{}, err
	}
	body := strings.Join([]string{ticketPrefix, s.d.Tenant, signing.current, base64.RawURLEncoding.EncodeToString(raw)}, ".")
	return body + "." + mac(signing.keys[signing.current], body), now.Add(ticketLife), nil
}

func invalidTicket() error {
	return fault.New(fault.Unauthorized, "auth.ticket", "this step of the login is over: log in anew")
}

// readTicket proves a ticket for one of the steps.
func (s *Service) readTicket(text string, need ...string) (ticket, error) {
	var t ticket
	parts := strings.Split(text, ".")
	if len(text) > maxToken || len(parts) != 5 || parts[0] != ticketPrefix || parts[1] != s.d.Tenant {
		return t, invalidTicket()
	}
	s.mu.RLock()
	key := s.signing.keys[parts[2]]
	s.mu.RUnlock()
	body := text[:len(text)-len(parts[4])-1]
	if key == nil || !hmac.Equal([]byte(mac(key, body)), []byte(parts[4])) {
		return t, invalidTicket()
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[3])
	if err != nil || json.Unmarshal(raw, &t) != nil || s.now().Sub(time.UnixMilli(t.Issued)) > ticketLife {
		return ticket{}, invalidTicket()
	}
	for _, n := range need {
		if t.Need == n {
			return t, nil
		}
	}
	return ticket{}, invalidTicket()
}
