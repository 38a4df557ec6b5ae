package mongo

import (
	"context"
	"errors"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// DropAll removes every database of the store's prefix.
func (s *Store) DropAll(ctx context.Context) error {
	names, err := s.client.ListDatabaseNames(ctx, bson.D{})
	for _, name := range names {
		if strings.HasPrefix(name, s.opts.Prefix+"_") {
			err = errors.Join(err, s.client.Database(name).Drop(ctx))
		}
	}
	return err
}
