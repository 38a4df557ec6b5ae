package rbac_test

import "github.com/formwork-run/formwork/schema/formula"

// contractEnv is the type environment of the form contract.
func contractEnv() formula.Type {
	text := formula.Type{Kind: formula.String}
	texts := formula.Type{Kind: formula.List, Elem: &text}
	person, dept := formula.Type{Kind: formula.Person}, formula.Type{Kind: formula.Dept}
	depts := formula.Type{Kind: formula.List, Elem: &dept}
	row := func(fields map[string]formula.Type) formula.Type {
		return formula.Type{Kind: formula.Row, Fields: fields}
	}
	lines := row(map[string]formula.Type{"qty": {Kind: formula.Number}, "price": {Kind: formula.Number}})
	return row(map[string]formula.Type{
		"amount": {Kind: formula.Number}, "manager": person, "secret": text,
		"project": {Kind: formula.Record, Fields: map[string]formula.Type{"id": text, "pm": person}}, "lines": {Kind: formula.List, Elem: &lines},
		"sys":  row(map[string]formula.Type{"created_by": person, "created_at": {Kind: formula.DateTime}, "dept": dept}),
		"case": row(map[string]formula.Type{"state": text}),
		"USER": row(map[string]formula.Type{"id": person, "name": text, "dept": dept, "depts": depts, "roles": texts}),
	})
}
