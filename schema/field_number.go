package schema

// numberField is a number; without a scale its decimal places are not limited.
type numberField struct{ numberKind }

func (numberField) Info() Info { return numberInfo(TypeNumber) }
