package tenant

import (
	"context"
	"fmt"

	"github.com/formwork-run/formwork/storage"
)

func fields(paths ...string) []storage.IndexField {
	out := make([]storage.IndexField, len(paths))
	for i, p := range paths {
		if p[0] == '-' {
			out[i] = storage.IndexField{Path: p[1:], Desc: true, Scale: -1}
			continue
		}
		out[i] = storage.IndexField{Path: p, Scale: -1}
	}
	return out
}

// indexes declares those of the collections that belong to no form. (Users,
// departments, roles, sessions and keys declare their own.)
func (t *Tenant) indexes(ctx context.Context) error {
	declared := map[string][]storage.Index{
		"versions": {{Fields: fields("app", "-n")}},
		"tasks":    {{Fields: fields("assignee", "box", "-at")}, {Fields: fields("assignee", "box", "rank")}}, // those of a record begin with its id
		"jobs":     {{Fields: fields("state", "at")}},
		"history":  {{Fields: fields("record", "-at")}},
		"caselog":  {{Fields: fields("record", "at")}},
		// Those of a record begin with its id; late are the few that were written long after the act.
		"audit":      {{Fields: fields("-at")}, {Fields: fields("late"), Sparse: true}},
		"auditchain": {{Fields: fields("-n")}},
		"notices":    {{Fields: fields("to", "-at")}},
		"drafts":     {{Fields: fields("user", "-at")}},
		"files":      {{Fields: fields("state", "at")}},
		"comments":   {{Fields: fields("record", "at")}},
		"trash":      {{Fields: fields("form", "-deleted_at")}},
		"flowfacts":  {{Fields: fields("form", "kind", "-ended")}},
		// Exports and imports: those of a person, their turn, the rows of an import.
		"transfers":     {{Fields: fields("by", "state")}, {Fields: fields("at")}},
		"transferqueue": {{Fields: fields("state", "at")}},
		"transferrows":  {{Fields: fields("job", "state", "n")}},
		"workrows":      {{Fields: fields("until"), Expire: true}},
		"workplans":     {{Fields: fields("until"), Expire: true}},
	}
	for name, ix := range declared {
		if err := t.Store.Collection(name).Indexes(ctx, ix...); err != nil {
			return fmt.Errorf("indexes of %s: %w", name, err)
		}
	}
	return nil
}
