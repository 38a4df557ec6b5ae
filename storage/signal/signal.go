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

	Defs     = "defs"     // something was published
	Org      = "org"      // users, departments, roles
	Access   = "access"   // records that decide access
	Sessions = "sessions" // sessions, keys, passwords

	Calendars = "calendars" // working calendars
)

// Bump raises generations by one, all in one write.
func Bump(ctx context.Context, t storage.Tenant, names ...string) error {
	if len(names) == 0 {
		return nil
	}
	col := t.Collection(Collection)
	inc, first := map[string]any{}, storage.Doc{storage.ID: ID}
	for _, n := range names {
		inc[n], first[n] = int64(1), int64(1)
	}
	_, err := col.Patch(ctx, ID, storage.Guard{}, storage.Patch{Inc: inc})
	if errors.Is(err, storage.ErrNotFound) {
		err = col.Insert(ctx, first)
		if errors.Is(err, storage.ErrDuplicate) { // another node was first
			_, err = col.Patch(ctx, ID, storage.Guard{}, storage.Patch{Inc: inc})
		}
	}
	if err != nil {
		return fmt.Errorf("signal %v: %w", names, err)
	}
	return nil
}

// Read returns a generation, 0 before the first Bump.
func Read(ctx context.Context, t storage.Tenant, name string) (int64, error) {
	all, err := All(ctx, t)
	return all[name], err
}

// All returns every generation by name; what was never bumped is absent.
func All(ctx context.Context, t storage.Tenant) (map[string]int64, error) {
	doc, err := t.Collection(Collection).Get(ctx, ID)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("signals: %w", err)
	}
	out := make(map[string]int64, len(doc))
	for name, v := range doc {
		if n, ok := v.(int64); ok && name != storage.Rev {
			out[name] = n
		}
	}
	return out, nil
}
