package schema

import "github.com/formwork-run/formwork/schema/formula"

// roleField is a role, by its reference "app.role".
type roleField struct{ idKind }

func (roleField) Info() Info { return idInfo(TypeRole, "String") }

func (roleField) FormulaType(f *Field, _ Forms) formula.Type {
	return oneOrMany(f, formula.Type{Kind: formula.String})
}
