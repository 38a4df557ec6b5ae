// Package signal reads and bumps the generations in a tenant's one document of
// the collection "signals": what one node changes, all others see by polling it.
package signal

import (
	"context"
	"errors"
	"fmt"

	"github.com/formwork-run/formwork/storage"
)

// Where the generations are; each is an int64 field of the document.
const (
	Collection = "signals"
	ID         = "signals"

	Org      = "org"      // users, departments, roles
	Sessions = "sessions" // sessions, keys, passwords
)

// Bump raises a generation by one.
func Bump(ctx context.Context, t storage.Tenant, name string) error {
	col := t.Collection(Collection)
	inc := storage.Patch{Inc: map[string]any{name: int64(1)}}
	_, err := col.Patch(ctx, ID, storage.Guard{}, inc)
	if errors.Is(err, storage.ErrNotFound) {
		err = col.Insert(ctx, storage.Doc{storage.ID: ID, name: int64(1)})
		if errors.Is(err, storage.ErrDuplicate) { // another node was first
			_, err = col.Patch(ctx, ID, storage.Guard{}, inc)
		}
	}
	if err != nil {
		return fmt.Errorf("signal %s: %w", name, err)
	}
	return nil
}

// Read returns a generation, 0 before the first Bump.
func Read(ctx context.Context, t storage.Tenant, name string) (int64, error) {
	doc, err := t.Collection(Collection).Get(ctx, ID)
	if errors.Is(err, storage.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("signal %s: %w", name, err)
	}
	n, _ := doc[name].(int64)
	return n, nil
}
