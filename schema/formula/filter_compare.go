package formula

import (
	"time"

	"github.com/formwork-run/formwork/storage/filter"
)

var mirrored = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

var filterOps = map[string]filter.Op{
	"==": filter.Eq, "!=": filter.Ne, "<": filter.Lt, "<=": filter.Le, ">": filter.Gt, ">=": filter.Ge,
	"contains": filter.Contains, "starts": filter.Prefix, "ends": filter.Suffix,
}

// compare renders field op constant, either way round.
func (x *renderer) compare(n *node, op string, l, r *node) (filter.Expr, error) {
	if x.constant(l) {
		l, r, op = r, l, mirrored[op]
	}
	if !x.constant(r) {
		return nil, x.fail(n, "two fields of one record cannot be compared in a search; compare a field with a value")
	}
	v, err := x.value(r)
	if err != nil {
		return nil, err
	}
	return x.compareValue(n, op, l, v)
}

func (x *renderer) compareValue(n *node, op string, field *node, v any) (filter.Expr, error) {
	byDay := field.op == "day"
	if byDay {
		field = field.kids[0]
	}
	path, err := x.path(field)
	if err != nil {
		return nil, err
	}
	v = identity(v)
	if isBlank(v) {
		return filter.False, nil
	}
	if _, isList := v.([]any); isList { // lists are never equal
		return truthOver(op == "!=", path), nil
	}
	if byDay {
		return x.compareDay(n, op, path, v)
	}
	if op == "!=" {
		return allOf(filter.Cmp{Path: path, Op: filter.Ne, Value: v}, present(path)), nil
	}
	return filter.Cmp{Path: path, Op: filterOps[op], Value: v}, nil
}

// present holds when there is a value: comparisons with a blank are false, also !=.
func present(path string) filter.Expr { return filter.Cmp{Path: path, Op: filter.Ne, Value: nil} }

func truthOver(holds bool, path string) filter.Expr {
	if holds {
		return present(path)
	}
	return filter.False
}

// compareDay compares the calendar day of an instant: a day is the instants
// from its beginning to the beginning of the next.
func (x *renderer) compareDay(n *node, op, path string, v any) (filter.Expr, error) {
	text, _ := v.(string)
	m, ok := parseDate(text)
	if !ok {
		return nil, x.fail(n, "%q is no date", text)
	}
	begin := x.run.fromWall(m.wall)
	end := begin
	if m.prec == toDay { // a month or a year sorts before all its days and equals none
		end = x.run.fromWall(m.wall.AddDate(0, 0, 1))
	}
	at := func(op filter.Op, t time.Time) filter.Expr { return filter.Cmp{Path: path, Op: op, Value: t} }
	switch op {
	case "<":
		return at(filter.Lt, begin), nil
	case "<=":
		return at(filter.Lt, end), nil
	case ">":
		return at(filter.Ge, end), nil
	case ">=":
		return at(filter.Ge, begin), nil
	case "==":
		return allOf(at(filter.Ge, begin), at(filter.Lt, end)), nil
	}
	return anyOf(at(filter.Lt, begin), at(filter.Ge, end)), nil
}

// in renders field in constant list, and constant in list of the record.
func (x *renderer) in(n, item, list *node) (filter.Expr, error) {
	if !x.constant(list) {
		if !x.constant(item) {
			return nil, x.fail(n, "a field cannot be searched in another field of the same record")
		}
		return x.member(item, list)
	}
	v, err := x.value(list)
	if err != nil {
		return nil, err
	}
	values := x.run.distinct(x.run.values([]any{v}))
	for i := range values {
		values[i] = identity(values[i])
	}
	if len(values) == 0 {
		return filter.False, nil
	}
	if item.op == "day" {
		return x.onDays(n, item, values)
	}
	path, err := x.path(item)
	if err != nil {
		return nil, err
	}
	return filter.Cmp{Path: path, Op: filter.In, Value: values}, nil
}

func (x *renderer) member(item, list *node) (filter.Expr, error) {
	v, err := x.value(item)
	if err != nil {
		return nil, err
	}
	path, err := x.path(list)
	if err != nil {
		return nil, err
	}
	v = identity(v)
	if _, isList := v.([]any); isList || isBlank(v) {
		return filter.False, nil
	}
	return filter.Cmp{Path: path, Op: filter.Eq, Value: v}, nil
}

// maxDays bounds the days of one in over instants.
const maxDays = 100

func (x *renderer) onDays(n, item *node, days []any) (filter.Expr, error) {
	if len(days) > maxDays {
		return nil, x.fail(n, "more than %d days in one list", maxDays)
	}
	out := filter.Or{}
	for _, d := range days {
		e, err := x.compareValue(n, "==", item, d)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return anyOf(out...), nil
}

// textTest renders contains, starts and ends over a text field.
func (x *renderer) textTest(n *node) (filter.Expr, error) {
	field, part := n.kids[0], n.kids[1]
	if x.constant(field) || !x.constant(part) {
		return nil, x.fail(n, "only a field can be searched, for a constant text")
	}
	v, err := x.value(part)
	if err != nil {
		return nil, err
	}
	path, err := x.path(field)
	if err != nil {
		return nil, err
	}
	text, ok := identity(v).(string)
	if !ok || text == "" {
		return filter.False, nil
	}
	return filter.Cmp{Path: path, Op: filterOps[n.op], Value: text}, nil
}
