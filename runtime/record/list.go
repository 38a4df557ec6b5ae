package record

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// MaxPage is the most records of one answer.
const MaxPage = 200

// totalCap bounds a counted total; beyond it "more than" is shown.
const totalCap = 1000

// ListInput selects records.
type ListInput struct {
	Filter json.RawMessage // JSON AST over field names, values in wire form
	Where  string          // a condition as a formula over the record, beside Filter
	Sort   string          // "-amount,name"
	Query  string          // quick search
	View   string          // key of a view: its filter is added, its sort is the default
	Drafts bool            // only the actor's own drafts
	Limit  int             // 0 = 50, at most MaxPage
	Cursor string
	Total  bool // count matches, at most totalCap

	export bool // what leaves the program: see Export
}

// ListOut is one page.
type ListOut struct {
	Items   []*Out   `json:"items"`
	Next    string   `json:"next_cursor,omitempty"`
	Total   *int     `json:"total,omitempty"` // totalCap+1 means more than totalCap
	Display *Display `json:"display"`
}

// List gives one page of the records that the actor may see.
func (s *Service) List(ctx context.Context, a *tenant.Actor, ref string, in ListInput) (*ListOut, error) {
	form, q, err := s.query(a, ref, in)
	if err != nil {
		return nil, err
	}
	page, err := s.t.Records(ref).Find(ctx, q)
	if err != nil {
		return nil, pageError(err)
	}
	v := s.NewViewer(a)
	out := &ListOut{Items: make([]*Out, 0, len(page.Docs)), Next: page.Next}
	found, err := s.page(ctx, a, form, page.Docs)
	if err != nil {
		return nil, err
	}
	shown := make([]rendered, 0, len(found))
	for _, l := range found {
		shown = append(shown, rendered{l.rec, l.g, v.Record(a, l.rec, l.g, false)})
		out.Items = append(out.Items, shown[len(shown)-1].out)
	}
	if err := v.live(ctx, s.t.Context(a.Subject), shown); err != nil {
		return nil, err
	}
	if in.export {
		veilSensitive(a, shown)
	}
	if in.Total {
		n, err := s.t.Records(ref).Count(ctx, q.Where, totalCap)
		if err != nil {
			return nil, err
		}
		out.Total = &n
	}
	out.Display, err = v.Names(ctx)
	return out, err
}

// pageError says that a page was asked for by a cursor that is none of its list.
func pageError(err error) error {
	if errors.Is(err, storage.ErrInvalid) {
		return fault.New(fault.Malformed, "list.cursor", "this cursor belongs to another list").Because(err)
	}
	return err
}

// query turns what is asked, within what the actor may see, into a store query.
func (s *Service) query(a *tenant.Actor, ref string, in ListInput) (*catalog.Form, storage.Query, error) {
	form, err := s.t.Form(ref)
	if err != nil {
		return nil, storage.Query{}, err
	}
	q := storage.Query{Limit: in.Limit, Cursor: in.Cursor, Fields: listedLean}
	if q.Limit <= 0 {
		q.Limit = storage.DefaultLimit
	}
	if q.Limit > MaxPage && !in.export {
		return nil, q, fault.Newf(fault.Malformed, "list.limit", "limit is at most %d", MaxPage)
	}
	where := filter.And{s.visible(a, form, in.Drafts)}
	if in.export {
		where = append(where, a.Plan.Form(ref).Scope(schema.OpExport))
	}
	asked, err := s.asked(a, form, in)
	if err != nil {
		return nil, q, err
	}
	q.Where = filter.Simplify(append(where, asked...))
	q.Sort, err = s.sort(a, form, in)
	return form, q, err
}

// visible is the filter of what the actor may see: his groups' rows, and the
// records he took part in.
func (s *Service) visible(a *tenant.Actor, form *catalog.Form, drafts bool) filter.Expr {
	plan := a.Plan.Form(form.Ref())
	if !plan.Reaches(schema.OpView) {
		return filter.False
	}
	if drafts {
		return filter.And{filter.Cmp{Path: "state", Op: filter.Eq, Value: StateDraft}, filter.Cmp{Path: "created_by", Op: filter.Eq, Value: a.User}}
	}
	scope := plan.Scope(schema.OpView)
	if form.Flow != nil {
		scope = filter.Or{scope, filter.Cmp{Path: "acl.part", Op: filter.Eq, Value: a.User}, started(a)}
	}
	return filter.And{filter.Cmp{Path: "state", Op: filter.Eq, Value: StateActive}, scope}
}

// asked are the conditions of the request: filter, view, quick search.
func (s *Service) asked(a *tenant.Actor, form *catalog.Form, in ListInput) ([]filter.Expr, error) {
	var out []filter.Expr
	if len(in.Filter) > 0 {
		x, err := filter.Parse(in.Filter)
		if err != nil {
			return nil, fault.New(fault.Malformed, "list.filter", err.Error()).At(fault.Field{Path: "/filter", Code: "filter", Message: err.Error()})
		}
		if x, err = (asking{form, sees(a, form, in.Drafts)}).expr(x); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	if in.Where != "" {
		x, err := s.whereFilter(a, form, in.Where, in.Drafts)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	if in.View != "" {
		x, err := s.viewFilter(a, form, in.View, in.Drafts)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	if strings.TrimSpace(in.Query) != "" {
		see := sees(a, form, in.Drafts)
		out = append(out, searchFilter(form.Def, in.Query, func(path string) (filter.Expr, bool) {
			x := see.scope(path)
			return x, x != nil
		}))
	}
	return out, nil
}

func (s *Service) viewFilter(a *tenant.Actor, form *catalog.Form, key string, drafts bool) (filter.Expr, error) {
	view := form.View(key)
	if view == nil {
		return nil, fault.Newf(fault.NotFound, "view.unknown", "there is no view %s", key)
	}
	if view.Filter == nil {
		return filter.True, nil
	}
	return s.condition(a, form, view.Filter, drafts)
}

// whereFilter compiles a condition written as a formula.
func (s *Service) whereFilter(a *tenant.Actor, form *catalog.Form, src string, drafts bool) (filter.Expr, error) {
	p, errs := formula.Compile(src, form.Env, formula.Type{Kind: formula.Bool})
	if len(errs) > 0 {
		return nil, fault.New(fault.Malformed, "list.where", errs[0].Message).
			At(fault.Field{Path: "/where", Code: "formula." + errs[0].Code, Message: errs[0].Message})
	}
	return s.condition(a, form, p, drafts)
}

// condition renders a formula over the record as a filter, within what the actor may read.
func (s *Service) condition(a *tenant.Actor, form *catalog.Form, p *formula.Program, drafts bool) (filter.Expr, error) {
	fc := s.t.Context(a.Subject)
	x, err := p.Filter(formula.FilterOptions{Path: schema.DocPath, Context: fc, Vars: formula.Vars{"USER": userVars(fc.User)}})
	if err != nil {
		return nil, fault.New(fault.Malformed, "list.where", "this condition cannot be searched by").Because(err)
	}
	return asking{form, sees(a, form, drafts)}.stored(x)
}

func userVars(u formula.User) map[string]any {
	many := func(l []string) []any {
		out := make([]any, len(l))
		for i, s := range l {
			out[i] = s
		}
		return out
	}
	return map[string]any{"id": u.ID, "name": u.Name, "dept": u.Dept, "depts": many(u.Depts), "roles": many(u.Roles)}
}

// sort reads the order; a field that some of the actor's groups hide cannot be sorted by.
func (s *Service) sort(a *tenant.Actor, form *catalog.Form, in ListInput) ([]filter.Sort, error) {
	keys := strings.FieldsFunc(in.Sort, func(r rune) bool { return r == ',' || r == ' ' })
	asked := len(keys) > 0
	if v := form.View(in.View); v != nil && !asked {
		keys = v.Def.Sort
	}
	if len(keys) > storage.MaxSortFields {
		return nil, fault.Newf(fault.Malformed, "list.sort", "at most %d sort keys", storage.MaxSortFields)
	}
	see := sees(a, form, in.Drafts)
	out := make([]filter.Sort, 0, len(keys))
	for _, k := range keys {
		name, desc := strings.CutPrefix(k, "-")
		path, err := see.sortPath(name)
		if err != nil && !asked {
			continue // the view shows itself in another order to whoever may not use this one
		}
		if err != nil {
			return nil, err
		}
		out = append(out, filter.Sort{Path: path, Desc: desc})
	}
	if len(out) == 0 {
		out = append(out, filter.Sort{Path: "created_at", Desc: true})
	}
	return out, nil
}

func (x sight) sortPath(name string) (string, error) {
	refuse := func(code, text string) error {
		return fault.New(fault.Malformed, code, text).At(fault.Field{Path: "/sort", Code: code, Message: text, Params: map[string]any{"field": name}})
	}
	path, ok := schema.DocPath(name)
	if !ok {
		return "", refuse("unknown_field", "there is no field "+name)
	}
	if path == "title" {
		for _, dep := range x.form.TitleDeps() {
			if !x.sorts(dep) {
				return "", refuse("sort_forbidden", "you may not see in all records what their titles are made of, so you cannot sort by them")
			}
		}
	}
	switch {
	case path == "case.nodes" || path == "case.handlers":
		return "", refuse("not_sortable", "records cannot be sorted by "+name)
	case !strings.HasPrefix(path, "data."):
		return path, nil
	}
	f := x.form.Def.Field(name)
	if f == nil || x.scope(name) == nil {
		return "", refuse("unknown_field", "there is no field "+name)
	}
	if !f.Sortable() {
		return "", refuse("not_sortable", "records cannot be sorted by "+name)
	}
	if !x.sorts(name) {
		return "", refuse("sort_forbidden", "you may not see "+name+" in all records, so you cannot sort by it")
	}
	return path, nil
}
