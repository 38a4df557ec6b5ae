package schema

import "github.com/formwork-run/formwork/schema/formula"

// formulaReserved reports whether the formula language uses the word itself.
func formulaReserved(key string) bool { return formula.Reserved(key) }
