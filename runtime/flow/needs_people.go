package flow

import (
	"context"
	"slices"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
)

// standIn tells who stands in for a user in this flow now, by a delegation of a period.
func (s *Service) standIn(ctx context.Context, c *record.Change, user string) ([]string, error) {
	d, err := s.delegations.Of(ctx, user, c.Ref(), c.Context().Now)
	if err != nil || d == "" {
		return nil, err
	}
	return []string{d}, nil
}

// byFormula evaluates a formula that gives people. What is no active user is left out.
func (s *Service) byFormula(c *record.Change, src string) ([]string, error) {
	p := c.Form.Flow.FormulaOf(src)
	if p == nil {
		return nil, fault.Newf(fault.Internal, "flow.formula", "the formula %q was not compiled with its flow", src)
	}
	v, err := p.Eval(c.Context(), c.Vars())
	if err != nil {
		return nil, fault.New(fault.Refused, "people.failed", "the formula that says whom to ask cannot be evaluated").With("formula", src).Because(err)
	}
	return s.t.Org.Snapshot().ActiveOf(idList(v)), nil
}

// ofGroup lists the members of an access group of the app as far as they are
// named: "everyone" names nobody in particular and adds nobody.
func (s *Service) ofGroup(ctx context.Context, c *record.Change, key string) ([]string, error) {
	groups := c.Form.App.Def.Access.Groups
	i := slices.IndexFunc(groups, func(g schema.GroupDef) bool { return g.Key == key })
	if i < 0 {
		return nil, nil
	}
	var out []string
	for _, m := range groups[i].Members {
		users, err := s.ofMember(ctx, c, m)
		if err != nil {
			return nil, err
		}
		for _, u := range users {
			if !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
	}
	return s.t.Org.Snapshot().ActiveOf(out), nil
}

func (s *Service) ofMember(ctx context.Context, c *record.Change, m schema.MemberDef) ([]string, error) {
	snap := s.t.Org.Snapshot()
	switch {
	case m.User != "":
		return s.who(ctx, c, schema.Who{Users: []string{m.User}})
	case m.Role != "":
		return snap.Holders(qualified(c.Form.App.Def.Key, m.Role)), nil
	case m.Field != "":
		return s.fieldIDs(ctx, c, m.Field)
	case m.Dept != "":
		depts := []string{snap.DeptID(m.Dept)}
		if m.Children {
			depts = snap.Below(depts[0])
		}
		var out []string
		for _, d := range depts {
			out = append(out, snap.Members(d)...)
		}
		return out, nil
	}
	return nil, nil
}

// qualified completes "role" or "form" to "app.role".
func qualified(app, ref string) string {
	for i := range ref {
		if ref[i] == '.' {
			return ref
		}
	}
	return app + "." + ref
}
