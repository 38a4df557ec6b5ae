package schema

import (
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// relationField points to a record of another form, or with multiple to several.
type relationField struct{ idKind }

func (relationField) Info() Info { return idInfo(TypeRelation, "Record") }

func (relationField) settings() settings {
	text := func(set func(r *Relation, s string)) setter {
		return func(p problems, f *Field, v ordjson.Value) { set(relationOf(f), readString(p, v)) }
	}
	return idKind{}.settings().with(settings{
		"form":    text(func(r *Relation, s string) { r.Form = s }),
		"display": text(func(r *Relation, s string) { r.Display = s }),
		"tree":    text(func(r *Relation, s string) { r.Tree = s }),
		"filter":  func(p problems, f *Field, v ordjson.Value) { relationOf(f).Filter = readFormula(p, v) },
		"fill":    setFill,
	})
}

func relationOf(f *Field) *Relation {
	if f.Relation == nil {
		f.Relation = &Relation{}
	}
	return f.Relation
}

func setFill(p problems, f *Field, v ordjson.Value) {
	if v.Kind != ordjson.Object {
		p.wrong("an object own field → field of the chosen record", v)
		return
	}
	r := relationOf(f)
	r.Fill = make(map[string]string, len(v.Keys))
	for i, k := range v.Keys {
		r.Fill[k] = readString(p.at(k), v.Items[i])
	}
}

func (relationField) finish(p problems, f *Field) {
	if relationOf(f).Form == "" {
		p.at("x-field").add("missing", "a relation needs the form it points to", "setting", "form")
	}
	if f.Multiple && len(f.Relation.Fill) > 0 {
		p.at("x-field").at("fill").add("conflict", "a relation to several records cannot fill fields")
	}
}

// FormulaType is a record whose fields formulas reach by a dot. The fields of
// records that those point to are known too, but no further: forms may point
// at each other in circles.
func (relationField) FormulaType(f *Field, forms Forms) formula.Type {
	return oneOrMany(f, recordType(f.Relation, forms, 2))
}

func recordType(r *Relation, forms Forms, depth int) formula.Type {
	t := formula.Type{Kind: formula.Record}
	if r == nil {
		return t
	}
	t.Form = r.Form
	if depth == 0 {
		return t
	}
	target := forms(r.Form)
	if target == nil {
		return t
	}
	t.Fields = make(map[string]formula.Type, len(target.Fields))
	for _, x := range target.Fields {
		switch {
		case x.Type == TypeRelation:
			t.Fields[x.Key] = oneOrMany(x, recordType(x.Relation, forms, depth-1))
		case x.Type == TypeLookup || x.Type == TypeReverse || x.Type == TypeSubtable:
			// What is computed live, and the rows, are not reached through a relation.
		default:
			t.Fields[x.Key] = FormulaType(x, nil)
		}
	}
	return t
}
