package sqlite

import (
	"context"
	"errors"

	"github.com/formwork-run/formwork/storage"
)

// Aggregate implements storage.Collection.
func (c *collection) Aggregate(context.Context, storage.Group) ([]storage.Row, error) {
	return nil, errors.New("TODO")
}
