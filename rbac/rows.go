package rbac

import (
	"reflect"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// Paths of the stored record that the ranges are about.
const (
	pathCreator = "created_by"
	pathDept    = "dept"
	pathPart    = "acl.part"
	pathState   = "case.state"
)

// isFormula tells a row formula from the named ranges.
func isFormula(rows string) bool { return !schema.NamedRange(rows) }

// rowFilter is the group's range for a subject: rows and case states.
func (g *group) rowFilter(s *Subject, my MyResolver) (filter.Expr, error) {
	rows, err := g.rangeFilter(s, my)
	if err != nil {
		return nil, err
	}
	if len(g.def.When) == 0 {
		return rows, nil
	}
	return and(rows, anyOf(pathState, g.def.When)), nil
}

func (g *group) rangeFilter(s *Subject, my MyResolver) (filter.Expr, error) {
	switch rows := g.def.Rows; rows {
	case schema.RowsAll, "":
		return filter.True, nil
	case schema.RowsMine:
		return anyOf(pathCreator, []string{s.User}), nil
	case schema.RowsMyDept:
		return anyOf(pathDept, s.Depts), nil
	case schema.RowsMyDepts:
		return anyOf(pathDept, s.DeptsBelow), nil
	case schema.RowsHeaded:
		return anyOf(pathDept, s.Headed), nil
	case schema.RowsTookPart:
		return anyOf(pathPart, []string{s.User}), nil
	}
	if list, ok := strings.CutPrefix(g.def.Rows, schema.RowsDepts); ok {
		return anyOf(pathDept, namedDepts(s, list)), nil
	}
	var failed error // kept beside, so that its kind survives whatever wraps it
	x, err := g.formulaFilter(s, func(form, path string) ([]string, error) {
		ids, err := g.boundedMy(form, path, my)
		if err != nil {
			failed = err
		}
		return ids, err
	})
	if failed != nil {
		return nil, g.fail(failed)
	}
	if err != nil {
		return nil, g.fail(fault.New(fault.Refused, "access.rows", err.Error()))
	}
	return x, nil
}

func namedDepts(s *Subject, list string) []string {
	var ids []string
	for ref := range strings.SplitSeq(list, ",") {
		if ref = strings.TrimSpace(ref); ref != "" {
			ids = append(ids, s.deptID(ref))
		}
	}
	return ids
}

// boundedMy refuses a set that would be too large to ask for, instead of cutting it.
func (g *group) boundedMy(form, path string, my MyResolver) ([]string, error) {
	form = qualify(g.app, form)
	if my == nil {
		return nil, fault.Newf(fault.Internal, "access.my_missing", "MY(%q, %q) cannot be resolved here", form, path)
	}
	ids, err := my(form, path)
	if err != nil {
		return nil, err
	}
	if len(ids) > MaxMy {
		return nil, fault.Newf(fault.Refused, "access.my_too_large",
			"MY(%q, %q) names more than %d records", form, path, MaxMy)
	}
	return ids, nil
}

// fail names the group in an error of its row range, keeping its kind and code.
func (g *group) fail(err error) error {
	code, kind := fault.CodeOf(err), fault.KindOf(err)
	if code == "" {
		code = "access.rows"
	}
	return fault.Newf(kind, code, "access group %s.%s: rows cannot be resolved", g.app, g.def.Key).
		With("group", g.app+"."+g.def.Key).Because(err)
}

// anyOf holds when the value at path, or an element of it, is one of the values.
func anyOf(path string, values []string) filter.Expr {
	switch len(values) {
	case 0:
		return filter.False
	case 1:
		return filter.Cmp{Path: path, Op: filter.Eq, Value: values[0]}
	}
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	return filter.Cmp{Path: path, Op: filter.In, Value: list}
}

// namedIn holds when one of the member fields names the subject: in the record
// itself, or in the one that a relation of it points to.
func (g *group) namedIn(fields []string, s *Subject, my MyResolver) (filter.Expr, error) {
	var named []filter.Expr
	for _, f := range fields {
		if via, ok := g.via[f]; ok {
			ids, err := g.boundedMy(via.form, via.path, my)
			if err != nil {
				return nil, g.fail(err)
			}
			if path, ok := schema.DocPath(via.relation); ok {
				named = append(named, anyOf(path, ids))
			}
			continue
		}
		if path, ok := schema.DocPath(f); ok {
			named = append(named, filter.Cmp{Path: path, Op: filter.Eq, Value: s.User})
		}
	}
	return or(named...), nil
}

// isTrue and isFalse recognise the two constants in the forms they are built in.
func isTrue(x filter.Expr) bool {
	a, ok := x.(filter.And)
	return ok && len(a) == 0
}

func isFalse(x filter.Expr) bool {
	o, ok := x.(filter.Or)
	return ok && len(o) == 0
}

// and joins conditions, leaving out what does not change the result.
func and(xs ...filter.Expr) filter.Expr {
	var out filter.And
	for _, x := range xs {
		if isFalse(x) {
			return filter.False
		}
		if inner, ok := x.(filter.And); ok {
			out = append(out, inner...)
			continue
		}
		out = append(out, x)
	}
	if len(out) == 1 {
		return out[0]
	}
	if len(out) == 0 {
		return filter.True
	}
	return out
}

// or joins alternatives, leaving out what does not change the result and what is said twice.
func or(xs ...filter.Expr) filter.Expr {
	var out filter.Or
	for _, x := range xs {
		if isTrue(x) {
			return filter.True
		}
		inner, ok := x.(filter.Or)
		if !ok {
			inner = filter.Or{x}
		}
		for _, y := range inner {
			if !slices.ContainsFunc(out, func(z filter.Expr) bool { return reflect.DeepEqual(y, z) }) {
				out = append(out, y)
			}
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	if len(out) == 0 {
		return filter.False
	}
	return out
}
