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
	case engine.NeedAdmins:
		return s.t.Org.Admins(), nil
	case engine.NeedManager:
		return s.t.Org.Manager(n.User), nil
	case engine.NeedActive:
		return s.t.Org.Snapshot().ActiveOf(n.Users), nil
	case engine.NeedDelegate:
		return s.standIn(ctx, c, n.User)
	case engine.NeedDue:
		return s.due(ctx, c, n)
	case engine.NeedLeft:
		return s.left(ctx, c, n)
	case engine.NeedFormula:
		return s.byFormula(c, n.Who.Formula)
	}
	return s.who(ctx, c, n.Who)
}

// who finds the people of one source.
func (s *Service) who(ctx context.Context, c *record.Change, w schema.Who) ([]string, error) {
	switch {
	case w.Group != "":
		return s.ofGroup(ctx, c, w.Group)
	case w.Formula != "":
		return s.byFormula(c, w.Formula)
	}
	q := org.Query{Who: w, App: c.Form.App.Def.Key, Initiator: c.Case.Initiator, Dept: c.Case.Dept}
	if field := w.Field + w.DeptField; field != "" { // one of them at most is set
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
		return idList(c.Values()[path]), nil
	}
	f := c.Form.Def.Field(rel)
	if f == nil || f.Relation == nil {
		return nil, nil
	}
	var out []string
	for _, id := range idList(c.Values()[rel]) {
		other, err := s.records.Load(ctx, f.Relation.Form, id)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, idList(other.Data()[field])...)
	}
	return out, nil
}

func idList(v any) []string {
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
