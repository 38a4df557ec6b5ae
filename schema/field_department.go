package schema

import "github.com/formwork-run/formwork/schema/formula"

// departmentField is a department, by id.
type departmentField struct{ idKind }

func (departmentField) Info() Info { return idInfo(TypeDepartment, "Dept") }

func (departmentField) FormulaType(f *Field, _ Forms) formula.Type {
	return oneOrMany(f, formula.Type{Kind: formula.Dept})
}
