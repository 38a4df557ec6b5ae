package runtime

import (
	"context"
	"errors"
)

// EndAccount ends whatever lets somebody in who has left: his sessions, and the API
// keys that act as him. They stay ended if he comes back.
func (s *Services) EndAccount(ctx context.Context, user string) error {
	err := s.Authn.EndAll(ctx, user, "")
	keys, failed := s.Authn.Keys(ctx, user)
	err = errors.Join(err, failed)
	for _, k := range keys {
		err = errors.Join(err, s.Authn.RevokeKey(ctx, k.ID))
	}
	return err
}
