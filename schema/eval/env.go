package eval

import (
	"maps"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/formula"
)

func kind(k formula.Kind) formula.Type { return formula.Type{Kind: k} }

func listOf(k formula.Kind) formula.Type {
	t := kind(k)
	return formula.Type{Kind: formula.List, Elem: &t}
}

func row(fields map[string]formula.Type) formula.Type {
	return formula.Type{Kind: formula.Row, Fields: fields}
}

// sysType and caseType are the system names of every record.
func sysType() formula.Type {
	return row(map[string]formula.Type{
		"id": kind(formula.String), "title": kind(formula.String), "version": kind(formula.Number), "dept": kind(formula.Dept),
		"created_by": kind(formula.Person), "created_at": kind(formula.DateTime),
		"updated_by": kind(formula.Person), "updated_at": kind(formula.DateTime),
	})
}

func caseType() formula.Type {
	return row(map[string]formula.Type{
		"state": kind(formula.String), "nodes": listOf(formula.String), "handlers": listOf(formula.Person), "result": kind(formula.String),
	})
}

// Env is the type environment of formulas over records of a form; forms finds
// the forms its relations point to and may be nil.
func Env(def *schema.Form, forms schema.Forms) formula.Type {
	env := schema.RowType(def.Fields, forms)
	env.Fields["sys"], env.Fields["case"] = sysType(), caseType()
	return env
}

// rowEnv is what the formulas of a subtable see.
func rowEnv(columns []*schema.Field, record formula.Type, forms schema.Forms) formula.Type {
	env := schema.RowType(columns, forms)
	env.Fields["form"] = record
	env.Fields["sys"], env.Fields["case"] = record.Fields["sys"], record.Fields["case"]
	return env
}

// FilterEnv is what filters over records of another form see (of a relation, of
// options, of a rollup): the fields of those records, and the record being
// filled, whose environment is filling, as "form".
func FilterEnv(target *schema.Form, filling formula.Type) formula.Type {
	env := Env(target, nil)
	env.Fields = maps.Clone(env.Fields)
	env.Fields["form"] = filling
	return env
}
