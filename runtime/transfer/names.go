package transfer

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac/org"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
)

// maxKnown bounds the names that a parser remembers.
const maxKnown = 20_000

// named reads people, departments, roles and related records by what they are called.
func (p *parser) named(ctx context.Context, f *schema.Field, cell string) (any, *RowError, error) {
	if !f.Multiple {
		got, err := p.find(ctx, f, cell)
		if err != nil || got.err != nil {
			return nil, got.err, err
		}
		return got.id, nil, nil
	}
	whole, err := p.find(ctx, f, cell)
	if err != nil {
		return nil, nil, err
	}
	if whole.err == nil {
		return []any{whole.id}, nil, nil
	}
	var out []any
	for _, part := range parts(cell) {
		got, err := p.find(ctx, f, part)
		if err != nil || got.err != nil {
			return nil, got.err, err
		}
		out = append(out, got.id)
	}
	return out, nil, nil
}

// find remembers what it found.
func (p *parser) find(ctx context.Context, f *schema.Field, name string) (found, error) {
	key := string(f.Type) + "\x00" + name
	if f.Relation != nil {
		key = f.Relation.Form + "\x00" + key
	}
	if got, ok := p.known[key]; ok {
		return got, nil
	}
	got, err := p.look(ctx, f, name)
	if err == nil && len(p.known) < maxKnown {
		p.known[key] = got
	}
	return got, err
}

func (p *parser) look(ctx context.Context, f *schema.Field, name string) (found, error) {
	switch f.Type {
	case schema.TypeMember:
		return p.person(name)
	case schema.TypeDepartment:
		if id := p.s.t.Org.Snapshot().DeptID(strings.ReplaceAll(name, " / ", "/")); id != "" {
			return found{id: id}, nil
		}
		return found{err: wrong("unknown_department", "there is no such department, or several have this name: write its path")}, nil
	case schema.TypeRole:
		return p.role(name), nil
	}
	return p.related(ctx, f.Relation.Form, name)
}

// person finds somebody by id, login, or a name that he alone has.
func (p *parser) person(name string) (found, error) {
	snap := p.s.t.Org.Snapshot()
	if u := snap.User(name); u != nil && u.State == org.Active {
		return found{id: u.ID}, nil
	}
	if u := snap.ByLogin(name); u != nil && u.State == org.Active {
		return found{id: u.ID}, nil
	}
	ids := map[string]bool{}
	q := org.Search{Q: name, Limit: org.MaxPage}
	for {
		page, err := snap.Users(q)
		if err != nil {
			return found{}, err
		}
		for _, u := range page.Items {
			if strings.EqualFold(u.Name, name) {
				ids[u.ID] = true
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return oneOf(ids, "unknown_member", "there is no such person", "several people have this name: write the login"), nil
		}
	}
}

func oneOf(ids map[string]bool, code, none, several string) found {
	if len(ids) > 1 {
		return found{err: wrong("ambiguous", several)}
	}
	for id := range ids {
		return found{id: id}
	}
	return found{err: wrong(code, none)}
}

func (p *parser) role(name string) found {
	ids := map[string]bool{}
	for _, r := range p.s.t.Org.Snapshot().AllRoles() {
		if r.ID == name {
			return found{id: name}
		}
		for _, t := range r.Title {
			if strings.EqualFold(t, name) {
				ids[r.ID] = true
			}
		}
	}
	return oneOf(ids, "unknown_role", "there is no such role", "several roles have this name: write the id")
}

// related finds a record that the actor sees by its title, by a unique field of
// one column, or by its id.
func (p *parser) related(ctx context.Context, ref, name string) (found, error) {
	form := p.s.formOrNone(ref)
	if form == nil {
		return found{err: wrong("relation_missing", "there is no such record")}, nil
	}
	paths := []string{"sys.title"}
	for _, u := range form.Def.Unique {
		if len(u) == 1 {
			paths = append(paths, u[0])
		}
	}
	for _, path := range append(paths, recordID) {
		got, err := p.s.matching(ctx, p.a, ref, path, name)
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				return found{}, err
			}
			continue // it is not there for him, or cannot be compared with this text
		}
		if len(got) > 0 {
			ids := map[string]bool{}
			for _, r := range got {
				ids[r.ID] = true
			}
			return oneOf(ids, "", "", "several records have this title: write a unique value"), nil
		}
	}
	return found{err: wrong("relation_missing", "there is no such record, or you may not see it")}, nil
}

// formOrNone is nil for a form of an optional app that is not installed.
func (s *Service) formOrNone(ref string) *catalog.Form {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil
	}
	return form
}

// equal is the condition that a field has a wire value.
func equal(path string, v any) json.RawMessage {
	raw, err := json.Marshal(map[string]any{"path": path, "op": "eq", "value": v})
	if err != nil {
		return json.RawMessage("{}") // refused as a filter
	}
	return raw
}

func listOf(path string, v any) record.ListInput {
	return record.ListInput{Filter: equal(path, v), Limit: 2}
}

// matching are at most two records that the actor sees and that have a value.
func (s *Service) matching(ctx context.Context, a *tenant.Actor, ref, path string, v any) ([]*record.Out, error) {
	out, err := s.records.List(ctx, a, ref, listOf(path, v))
	if err != nil {
		return nil, err
	}
	return out.Items, nil
}
