package record

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// Get reads one record with the actor's rights on it. What he may not see is not found.
func (s *Service) Get(ctx context.Context, a *tenant.Actor, ref, id string) (*Record, Rights, error) {
	rec, err := s.Load(ctx, ref, id)
	if err != nil {
		return nil, Rights{}, err
	}
	g := RightsOn(a, rec)
	if !g.Visible || rec.State() == StateDeleted {
		return nil, Rights{}, NotFound()
	}
	return rec, g, nil
}

// Show renders one record in full, with names.
func (s *Service) Show(ctx context.Context, a *tenant.Actor, rec *Record) (*Out, error) {
	v, g := s.NewViewer(a), RightsOn(a, rec)
	out := v.Record(a, rec, g, true)
	if err := v.live(ctx, s.t.Context(a.Subject), []rendered{{rec, g, out}}); err != nil {
		return nil, err
	}
	d, err := v.Names(ctx)
	out.Display = d
	return out, err
}

// ByIDs reads several records of a form that the actor may see, by id.
func (s *Service) ByIDs(ctx context.Context, a *tenant.Actor, ref string, ids []string) (map[string]*Record, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, err
	}
	docs, err := s.many(ctx, ref, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*Record, len(docs))
	for id, doc := range docs {
		rec, err := s.wrap(ctx, form, doc)
		if err != nil {
			return nil, err
		}
		if RightsOn(a, rec).Visible {
			out[id] = rec
		}
	}
	return out, nil
}

// TookPart reports whether an actor had to do with any record of a form: he was
// asked in its flow, started it, or keeps a draft.
func (s *Service) TookPart(ctx context.Context, a *tenant.Actor, ref string) (bool, error) {
	if !a.Plan.Form(ref).Reaches(schema.OpView) {
		return false, nil
	}
	draft := filter.And{filter.Cmp{Path: "state", Op: filter.Eq, Value: StateDraft}, filter.Cmp{Path: "created_by", Op: filter.Eq, Value: a.User}}
	n, err := s.t.Records(ref).Count(ctx, filter.Or{filter.Cmp{Path: "acl.part", Op: filter.Eq, Value: a.User}, started(a), draft}, 1)
	return n > 0, err
}

// MayOpen reports whether a form exists for an actor: he may do something on it,
// or had to do with one of its records.
func (s *Service) MayOpen(ctx context.Context, a *tenant.Actor, form *catalog.Form) (bool, error) {
	plan := a.Plan.Form(form.Ref())
	if plan.Can(schema.OpView) || plan.Can(schema.OpCreate) || plan.Can(schema.OpImport) {
		return true, nil
	}
	return s.TookPart(ctx, a, form.Ref())
}

// optionsPage is how many records a picker gets at once.
const optionsPage = 20

// Option is a record that may be chosen in a relation field.
type Option struct {
	ID    string         `json:"id"`
	Title string         `json:"title"`
	Fill  map[string]any `json:"fill,omitempty"` // own field → value to be taken over
}

// Options lists what may be chosen in a relation field (or an option field fed
// by another form) of a record being filled: what the actor may see and the
// relation's filter lets pass.
func (s *Service) Options(ctx context.Context, a *tenant.Actor, ref, path, q, cursor string, data json.RawMessage) ([]Option, string, *Display, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, "", nil, err
	}
	f := form.FieldAt(path)
	open, err := s.fills(ctx, a, form, path)
	if err != nil {
		return nil, "", nil, err
	}
	if !open || f == nil || f.Relation == nil && f.OptionsFrom == nil {
		return nil, "", nil, fault.Newf(fault.NotFound, "field.unknown", "there is no relation field %s", path)
	}
	target := relationTarget(f)
	other, err := s.t.Form(target)
	if err != nil {
		return nil, "", nil, err
	}
	where := filter.And{s.visible(a, other, false)}
	if q != "" {
		asked, err := s.asked(a, other, ListInput{Query: q})
		if err != nil {
			return nil, "", nil, err
		}
		where = append(where, asked...)
	}
	x, err := s.relationFilter(a, form, path, data)
	if err != nil {
		return nil, "", nil, err
	}
	page, err := s.t.Records(target).Find(ctx, storage.Query{Where: filter.Simplify(append(where, x)), Limit: optionsPage, Cursor: cursor,
		Sort: []filter.Sort{{Path: "created_at", Desc: true}}})
	if err != nil {
		return nil, "", nil, pageError(err)
	}
	return s.asOptions(ctx, a, other, f, page)
}

// fills reports whether an actor may come to fill a field: he sees it as a
// creator or in some record, or he is asked in the form's flow.
func (s *Service) fills(ctx context.Context, a *tenant.Actor, form *catalog.Form, path string) (bool, error) {
	plan := a.Plan.Form(form.Ref())
	if plan.Fields(nil).Of(path) > rbac.FieldHidden || plan.Can(schema.OpView) {
		return true, nil
	}
	if form.Flow == nil {
		return false, nil
	}
	return s.TookPart(ctx, a, form.Ref())
}

func relationTarget(f *schema.Field) string {
	if f.Relation != nil {
		return f.Relation.Form
	}
	return f.OptionsFrom.Form
}

func (s *Service) relationFilter(a *tenant.Actor, form *catalog.Form, path string, data json.RawMessage) (filter.Expr, error) {
	prog := form.Filter(path)
	if prog == nil {
		return filter.True, nil
	}
	own := map[string]any{}
	if len(data) > 0 {
		// A half-filled form may hold values that are not right yet: those are blank to the filter.
		own, _ = form.Decode(data, s.t.IDs.New)
	}
	fc := s.t.Context(a.Subject)
	x, err := prog.Filter(formula.FilterOptions{Path: schema.DocPath, Context: fc,
		Vars: formula.Vars{"form": own, "USER": userVars(fc.User)}})
	if err != nil {
		return nil, fmt.Errorf("filter of %s.%s: %w", form.Ref(), path, err)
	}
	return x, nil
}

func (s *Service) asOptions(ctx context.Context, a *tenant.Actor, other *catalog.Form, f *schema.Field, page storage.Page) ([]Option, string, *Display, error) {
	v := s.NewViewer(a)
	out, given := make([]Option, 0, len(page.Docs)), map[string]bool{}
	for _, doc := range page.Docs {
		rec, err := s.wrap(ctx, other, doc)
		if err != nil {
			return nil, "", nil, err
		}
		g := RightsOn(a, rec)
		o := Option{ID: rec.ID(), Title: v.title(rec, g)}
		if f.OptionsFrom != nil {
			o = Option{}
			if g.Of(f.OptionsFrom.Field) >= rbac.FieldRead {
				o.ID = text(rec.Data(), f.OptionsFrom.Field)
				o.Title = o.ID
			}
		} else {
			o = v.fill(rec, g, f.Relation, o)
		}
		if o.ID != "" && !given[o.ID] {
			given[o.ID] = true
			out = append(out, o)
		}
	}
	d, err := v.Names(ctx)
	return out, page.Next, d, err
}

// fill adds what choosing the record takes over, and the field shown.
func (v *Viewer) fill(rec *Record, g Rights, rel *schema.Relation, o Option) Option {
	if f := rec.Form.Def.Field(rel.Display); f != nil && g.Readable(rel.Display) {
		if s, ok := v.value(rec, g, f, rel.Display, rec.Data()[rel.Display]).(string); ok {
			o.Title = s
		}
	}
	for own, from := range rel.Fill {
		f := rec.Form.Def.Field(from)
		if f == nil || g.Of(from) < rbac.FieldRead {
			continue // what is masked is nothing to be taken over
		}
		if o.Fill == nil {
			o.Fill = map[string]any{}
		}
		o.Fill[own] = v.value(rec, g, f, from, rec.Data()[from])
	}
	return o
}

// parseTime reads an instant of a filter: RFC 3339.
func parseTime(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	s, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("a time in RFC 3339 is needed")
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return nil, fmt.Errorf("%q is no time in RFC 3339", s)
	}
	return t.UTC().Truncate(time.Millisecond), nil
}
