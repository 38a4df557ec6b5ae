package flow

import (
	"context"
	"strings"

	"github.com/formwork-run/formwork/engine"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
)

// answer resolves one question of the engine.
func (s *Service) answer(ctx context.Context, c *record.Change, n engine.Need) ([]string, error) {
	switch n.Kind {
	case "admins":
		return s.t.Org.Admins(), nil
	case "manager":
		return s.t.Org.Manager(n.User), nil
	}
	q := org.Query{Who: n.Who, App: c.Form.App.Def.Key, Initiator: c.Case.Initiator, Dept: c.Case.Dept}
	if field := n.Who.Field + n.Who.DeptField; field != "" { // one of them at most is set
		found, err := s.fieldIDs(ctx, c, field)
		if err != nil {
			return nil, err
		}
		q.IDs = found
	}
	return s.t.Org.Resolve(q)
}

// fieldIDs reads the ids in a field of the record, or in a field of the record
// that a relation points to ("project.pm").
func (s *Service) fieldIDs(ctx context.Context, c *record.Change, path string) ([]string, error) {
	rel, field, dotted := strings.Cut(path, ".")
	if !dotted {
		return ids(c.Values()[path]), nil
	}
	f := c.Form.Def.Field(rel)
	if f == nil || f.Relation == nil {
		return nil, nil
	}
	var out []string
	for _, id := range ids(c.Values()[rel]) {
		other, err := s.records.Load(ctx, f.Relation.Form, id)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ids(other.Data()[field])...)
	}
	return out, nil
}

func ids(v any) []string {
	switch x := v.(type) {
	case string:
		return []string{x}
	case []any:
		var out []string
		for _, e := range x {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// missing reports whether a field that a node requires is blank: nobody is
// passed over there automatically.
func missing(c *record.Change, node string) bool {
	n := c.Form.Flow.Def.Node(node)
	if n == nil {
		return false
	}
	for _, path := range n.Fields.Require {
		if schema.IsBlank(c.Values()[path]) {
			return true
		}
	}
	return false
}
