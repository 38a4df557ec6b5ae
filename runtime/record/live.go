package record

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/rbac"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// liveFields are the fields of a form that are computed from other records.
func liveFields(f *schema.Form) []*schema.Field {
	var out []*schema.Field
	for _, fd := range f.Fields {
		if fd.Link != nil && (fd.Type == schema.TypeRollup || fd.Type == schema.TypeLookup) {
			out = append(out, fd)
		}
	}
	return out
}

// rollup sums up the records that point to each of ids: one question to the
// store for all of them. It reads with the access of the app, not of the user.
func (s *Service) rollup(ctx context.Context, form *catalog.Form, f *schema.Field, ids []any, fc *formula.Context) (map[string]any, error) {
	l := f.Link
	if _, err := s.t.Form(l.Form); err != nil {
		return nil, nil // an optional app that is not installed
	}
	where := filter.And{filter.Cmp{Path: "state", Op: filter.Eq, Value: StateActive}, filter.Cmp{Path: "data." + l.Match, Op: filter.In, Value: ids}}
	if p := form.Filter(f.Key); p != nil {
		x, err := p.Filter(formula.FilterOptions{Path: schema.DocPath, Context: fc})
		if err != nil {
			return nil, fmt.Errorf("rollup %s.%s: %w", form.Ref(), f.Key, err)
		}
		where = append(where, x)
	}
	g := storage.Group{Where: where, By: []storage.GroupKey{{As: "id", Path: "data." + l.Match}}, Measures: measures(l)}
	rows, err := s.t.Records(l.Form).Aggregate(ctx, g)
	if err != nil {
		return nil, err
	}
	out := make(map[string]any, len(rows))
	for _, r := range rows {
		if id, ok := r["id"].(string); ok {
			out[id] = measured(l.Fn, r, f.Scale)
		}
	}
	return out, nil
}

func measures(l *schema.Link) []storage.Measure {
	path := "data." + l.Field
	switch l.Fn {
	case "count":
		return []storage.Measure{{As: "v", Fn: "count"}}
	case "avg":
		return []storage.Measure{{As: "sum", Fn: "sum", Path: path}, {As: "n", Fn: "count", Path: path}}
	}
	return []storage.Measure{{As: "v", Fn: l.Fn, Path: path}}
}

// measured reads a group's result as a number of the field's scale.
func measured(fn string, r storage.Row, scale int) any {
	v := asDecimal(r["v"])
	if fn == "avg" {
		sum, n := asDecimal(r["sum"]), asDecimal(r["n"])
		if sum == nil || n == nil {
			return nil
		}
		q, ok := sum.Quo(*n)
		if !ok {
			return nil
		}
		v = &q
	}
	if v == nil {
		return nil
	}
	if scale >= 0 {
		return v.Round(scale)
	}
	return *v
}

func asDecimal(v any) *decimal.Decimal {
	switch x := v.(type) {
	case decimal.Decimal:
		return &x
	case int64:
		d := decimal.FromInt(x)
		return &d
	}
	return nil
}

// loadRollups puts the present sums into the values of a change, so that
// formulas and checks see them and lists can be filtered by them.
func (c *Change) loadRollups(ctx context.Context) error {
	for _, f := range liveFields(c.Form.Def) {
		if f.Type != schema.TypeRollup {
			continue
		}
		found, err := c.s.rollup(ctx, c.Form, f, []any{c.ID()}, c.ctx)
		if err != nil {
			return err
		}
		if v := found[c.ID()]; v != nil {
			c.data[f.Key] = v
		} else {
			delete(c.data, f.Key)
		}
	}
	return nil
}

// live replaces, in rendered records of one form, the fields computed from
// other records by their present values.
func (v *Viewer) live(ctx context.Context, fc *formula.Context, shown []rendered) error {
	byForm := map[*catalog.Form][]rendered{}
	for _, r := range shown {
		byForm[r.rec.Form] = append(byForm[r.rec.Form], r)
	}
	var failed []error
	for form, list := range byForm {
		for _, f := range liveFields(form.Def) {
			switch f.Type {
			case schema.TypeRollup:
				failed = append(failed, v.liveRollup(ctx, fc, form, f, list))
			case schema.TypeLookup:
				failed = append(failed, v.liveLookup(ctx, form, f, list))
			}
		}
	}
	return errors.Join(failed...)
}

// rendered is a record with what its reader gets.
type rendered struct {
	rec *Record
	g   Rights
	out *Out
}

func (v *Viewer) liveRollup(ctx context.Context, fc *formula.Context, form *catalog.Form, f *schema.Field, list []rendered) error {
	ids := make([]any, 0, len(list))
	for _, r := range list {
		if r.g.Readable(f.Key) {
			ids = append(ids, r.rec.ID())
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := v.s.rollup(ctx, form, f, ids, fc)
	if err != nil {
		return err
	}
	for _, r := range list {
		delete(r.out.Data, f.Key)
		if val := v.value(r.rec, r.g, f, f.Key, found[r.rec.ID()]); val != nil {
			r.out.Data[f.Key] = val
		}
	}
	return nil
}

// liveLookup shows a field of the record that an own relation points to.
func (v *Viewer) liveLookup(ctx context.Context, form *catalog.Form, f *schema.Field, list []rendered) error {
	via := form.Def.Field(f.Link.Via)
	if via == nil || via.Relation == nil {
		return nil
	}
	target, err := v.s.t.Form(via.Relation.Form)
	if err != nil {
		return nil // an optional app that is not installed
	}
	other := target.Def.Field(f.Link.Field)
	if other == nil {
		return nil
	}
	want := map[string]bool{}
	for _, r := range list {
		for _, id := range texts(r.rec.Data()[via.Key]) {
			want[id] = true
		}
	}
	docs, err := v.s.many(ctx, via.Relation.Form, sortedKeys(want))
	if err != nil {
		return err
	}
	for _, r := range list {
		if !r.g.Readable(f.Key) {
			continue
		}
		for _, id := range texts(r.rec.Data()[via.Key]) {
			if val := object(docs[id], "data")[other.Key]; val != nil {
				r.out.Data[f.Key] = v.lookedUp(r.g, f, target, other, val)
				break
			}
		}
	}
	return nil
}

// lookedUp renders a value of another record. The right over the own field decides:
// whoever defines a lookup decides to show that value to whoever may read the lookup.
func (v *Viewer) lookedUp(g Rights, f *schema.Field, target *catalog.Form, other *schema.Field, val any) any {
	if g.Of(f.Key) == rbac.FieldMasked {
		return Mask(other, val)
	}
	v.refs(other, val)
	return target.EncodeValue(other.Key, val)
}

// lookup answers LOOKUP and ROLLUP of formulas: the field of the record of a
// form whose match field has the key, or — with fn — an aggregate of it over
// all such records. It reads with the access of the app, not of the user.
func (s *Service) lookup(ctx context.Context, form, match string, key any, field, fn string) (any, error) {
	target, err := s.t.Form(form)
	if err != nil {
		return nil, err
	}
	if f := target.FieldAt(field); f != nil && f.Sensitive {
		return nil, fault.Newf(fault.Invalid, "formula.sensitive", "%s of %s is sensitive: a formula of another form cannot look it up", field, form)
	}
	at, ok := schema.DocPath(match)
	from, ok2 := schema.DocPath(field)
	if !ok || !ok2 || key == nil {
		return nil, nil
	}
	where := filter.And{filter.Cmp{Path: "state", Op: filter.Eq, Value: StateActive}, filter.Cmp{Path: at, Op: filter.Eq, Value: key}}
	if fn == "" {
		page, err := s.t.Records(form).Find(ctx, storage.Query{Where: where, Sort: []filter.Sort{{Path: "created_at"}}, Limit: 1})
		if err != nil || len(page.Docs) == 0 {
			return nil, err
		}
		return valueAt(page.Docs[0], from), nil
	}
	l := &schema.Link{Field: field, Fn: fn}
	rows, err := s.t.Records(form).Aggregate(ctx, storage.Group{Where: where, Measures: measures(l)})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return measured(fn, rows[0], -1), nil
}

// valueAt reads "data.amount" or "title" of a document.
func valueAt(doc storage.Doc, path string) any {
	if name, ok := strings.CutPrefix(path, "data."); ok {
		return object(doc, "data")[name]
	}
	return doc[path]
}
