package record

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage/filter"
)

// asking turns conditions over field names into conditions over stored records,
// each limited to the records in which its field may be read.
type asking struct {
	form *catalog.Form
	see  sight
}

// expr reads a filter from outside: names become paths, values those of their fields.
func (q asking) expr(e filter.Expr) (filter.Expr, error) {
	switch x := e.(type) {
	case filter.And:
		list, err := q.list(x)
		return filter.And(list), err
	case filter.Or:
		list, err := q.list(x)
		return filter.Or(list), err
	case filter.Not:
		inner, err := q.expr(x.X)
		return filter.Not{X: inner}, err
	case filter.ElemMatch:
		return q.rows(x)
	case filter.Cmp:
		return q.cmp(x)
	}
	return e, nil
}

func (q asking) list(l []filter.Expr) ([]filter.Expr, error) {
	out := make([]filter.Expr, len(l))
	for i, e := range l {
		x, err := q.expr(e)
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return out, nil
}

func (q asking) cmp(c filter.Cmp) (filter.Expr, error) {
	if strings.HasPrefix(c.Path, "sys.") || strings.HasPrefix(c.Path, "case.") {
		return q.system(c)
	}
	scope := q.scope(c.Path)
	if scope == nil {
		return nil, unknownField(c.Path)
	}
	if err := q.sealed(c.Path, c.Op); err != nil {
		return nil, err
	}
	v, err := filterValue(q.form, c)
	if err != nil {
		return nil, err
	}
	return filter.And{filter.Cmp{Path: "data." + c.Path, Op: c.Op, Value: v}, scope}, nil
}

// sealed refuses what a sensitive field cannot be asked: the store knows no
// more of it than which values are equal.
func (q asking) sealed(path string, op filter.Op) error {
	f := q.form.FieldAt(path)
	if f == nil || !f.Sensitive || slices.Contains(f.Operators(), op) {
		return nil
	}
	text := path + " is kept encrypted: it can only be compared for equality"
	return fault.New(fault.Malformed, "list.sealed", text).
		At(fault.Field{Path: "/filter", Code: "sealed", Message: text, Params: map[string]any{"field": path}})
}

// scope is nil for a field that is not there for the actor.
func (q asking) scope(path string) filter.Expr {
	if q.form.FieldAt(path) == nil {
		return nil
	}
	return q.see.scope(path)
}

// rows reads a condition over the rows of a subtable: it holds where all the
// columns it names may be read.
func (q asking) rows(e filter.ElemMatch) (filter.Expr, error) {
	f := q.form.FieldAt(e.Path)
	scope := q.scope(e.Path)
	if f == nil || scope == nil {
		return nil, unknownField(e.Path)
	}
	if f.Type != schema.TypeSubtable {
		return nil, badFilter(e.Path + " is no subtable")
	}
	scopes := filter.And{scope}
	inner, err := filter.Map(e.X, func(c filter.Cmp) (filter.Expr, error) {
		path := e.Path + "." + c.Path
		scope := q.scope(path)
		if scope == nil {
			return nil, unknownField(path)
		}
		scopes = append(scopes, scope)
		if err := q.sealed(path, c.Op); err != nil {
			return nil, err
		}
		v, err := filterValue(q.form, filter.Cmp{Path: path, Op: c.Op, Value: c.Value})
		c.Value = v
		return c, err
	})
	if err != nil {
		return nil, asFault(err)
	}
	return append(filter.And{filter.ElemMatch{Path: "data." + e.Path, X: inner}}, scopes...), nil
}

// system maps a comparison of a system field. A title is as secret as the
// fields it is made of.
func (q asking) system(c filter.Cmp) (filter.Expr, error) {
	path, ok := schema.DocPath(c.Path)
	if !ok {
		return nil, unknownField(c.Path)
	}
	c.Path = path
	if path == "created_at" || path == "updated_at" {
		t, err := parseTime(c.Value)
		if err != nil {
			return nil, badValue(path, err)
		}
		c.Value = t
	}
	return q.titled(c)
}

func (q asking) titled(c filter.Cmp) (filter.Expr, error) {
	if c.Path != "title" {
		return c, nil
	}
	scope := q.see.titleScope()
	if scope == nil {
		return filter.False, nil
	}
	return filter.And{c, scope}, nil
}

// stored limits the comparisons of a filter that is over stored records already.
func (q asking) stored(e filter.Expr) (filter.Expr, error) {
	return filter.Map(e, func(c filter.Cmp) (filter.Expr, error) {
		name, isData := strings.CutPrefix(c.Path, "data.")
		if !isData {
			return q.titled(c)
		}
		scope := q.see.scope(name)
		if scope == nil {
			return filter.False, nil
		}
		return filter.And{c, scope}, q.sealed(name, c.Op)
	})
}

// filterValue reads the value of one comparison as its field would.
func filterValue(form *catalog.Form, c filter.Cmp) (any, error) {
	switch c.Op {
	case filter.Exists, filter.Contains, filter.Prefix, filter.Suffix:
		return c.Value, nil
	}
	if c.Value == nil {
		return nil, nil
	}
	if l, ok := c.Value.([]any); ok && (c.Op == filter.In || c.Op == filter.All) {
		out := make([]any, len(l))
		for i, x := range l {
			v, err := form.FilterValue(c.Path, x)
			if err != nil {
				return nil, badValue(c.Path, err)
			}
			out[i] = v
		}
		return out, nil
	}
	v, err := form.FilterValue(c.Path, c.Value)
	if err != nil {
		return nil, badValue(c.Path, err)
	}
	return v, nil
}

func unknownField(name string) error {
	return fault.Newf(fault.Malformed, "list.field", "there is no field %s", name).
		At(fault.Field{Path: "/filter", Code: "unknown_field", Message: "there is no field " + name, Params: map[string]any{"field": name}})
}

func badValue(path string, err error) error {
	return fault.Newf(fault.Malformed, "list.value", "the value compared with %s is not right: %v", path, err).
		At(fault.Field{Path: "/filter", Code: "type", Message: err.Error(), Params: map[string]any{"field": path}})
}

func badFilter(text string) error {
	return fault.New(fault.Malformed, "list.filter", text).At(fault.Field{Path: "/filter", Code: "filter", Message: text})
}

// asFault keeps an error of ours and makes one of the filter package ours.
func asFault(err error) error {
	if fault.CodeOf(err) != "" && fault.KindOf(err) != fault.Internal {
		return err
	}
	return badFilter(err.Error())
}
