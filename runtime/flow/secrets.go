package flow

import (
	"context"
	"errors"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// SecretsCollection holds the secrets that sign calls, sealed.
const SecretsCollection = "secrets"

// Limits of secrets.
const (
	MinSecret  = 8    // bytes
	MaxSecret  = 4096 // bytes
	MaxSecrets = 200
)

// Secret is a secret without its value: that is never shown again.
type Secret struct {
	Name      string    `json:"name"`
	UpdatedAt time.Time `json:"updated_at"`
	UpdatedBy string    `json:"updated_by"`
}

var secretName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (s *Service) secretDocs() storage.Collection { return s.t.Store.Collection(SecretsCollection) }

// Secrets lists the secrets there are, by name.
func (s *Service) Secrets(ctx context.Context) ([]Secret, error) {
	page, err := s.secretDocs().Find(ctx, storage.Query{Sort: []filter.Sort{{Path: storage.ID}}, Limit: MaxSecrets, Fields: []string{"at", "by"}})
	if err != nil {
		return nil, err
	}
	out := make([]Secret, 0, len(page.Docs))
	for _, d := range page.Docs {
		x := Secret{}
		x.Name, _ = d[storage.ID].(string)
		x.UpdatedAt, _ = d["at"].(time.Time)
		x.UpdatedBy, _ = d["by"].(string)
		out = append(out, x)
	}
	return out, nil
}

// SetSecret makes or replaces a secret; calls use it from their next try.
func (s *Service) SetSecret(ctx context.Context, a *tenant.Actor, name, value string) error {
	if !secretName.MatchString(name) {
		return secretInvalid("/name", "pattern", "a name has 1 to 40 lower case letters, digits and _")
	}
	if len(value) < MinSecret || len(value) > MaxSecret || !utf8.ValidString(value) {
		return secretInvalid("/value", "length", "a secret has 8 to 4096 bytes")
	}
	sealed, err := s.t.Vault.Seal(ctx, []byte(value), "secret", name)
	if err != nil {
		return err
	}
	set := map[string]any{"sealed": sealed, "at": s.t.Clock.Now(), "by": a.User}
	_, err = s.secretDocs().Patch(ctx, name, storage.Guard{}, storage.Patch{Set: set})
	if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	n, err := s.secretDocs().Count(ctx, nil, MaxSecrets)
	if err != nil {
		return err
	}
	if n >= MaxSecrets {
		return fault.Newf(fault.Refused, "secret.too_many", "there are %d secrets already", n).With("max", MaxSecrets)
	}
	doc := storage.Doc{storage.ID: name}
	for k, v := range set {
		doc[k] = v
	}
	err = s.secretDocs().Insert(ctx, doc)
	if errors.Is(err, storage.ErrDuplicate) {
		_, err = s.secretDocs().Patch(ctx, name, storage.Guard{}, storage.Patch{Set: set})
	}
	return err
}

func secretInvalid(path, code, text string) error {
	return fault.New(fault.Invalid, "secret.invalid", "this secret cannot be kept").At(fault.Field{Path: path, Code: code, Message: text})
}

// DeleteSecret removes a secret; calls that name it fail from then on.
func (s *Service) DeleteSecret(ctx context.Context, name string) error {
	err := s.secretDocs().Delete(ctx, name, storage.Guard{})
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrInvalid) {
		return fault.New(fault.NotFound, "secret.not_found", "there is no such secret")
	}
	return err
}

// secret reads the value of a secret for a call.
func (s *Service) secret(ctx context.Context, name string) ([]byte, error) {
	doc, err := s.secretDocs().Get(ctx, name)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, fault.Newf(fault.Refused, "call.secret", "there is no secret %s", name).With("name", name)
	}
	if err != nil {
		return nil, err
	}
	sealed, _ := doc["sealed"].(string)
	return s.t.Vault.Open(sealed, "secret", name)
}
