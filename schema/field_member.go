package schema

import "github.com/formwork-run/formwork/schema/formula"

// memberField is a person, by user id.
type memberField struct{ idKind }

func (memberField) Info() Info { return idInfo(TypeMember, "Person") }

func (memberField) FormulaType(f *Field, _ Forms) formula.Type {
	return oneOrMany(f, formula.Type{Kind: formula.Person})
}
