package schema

// selectField is one option out of a list that opens.
type selectField struct{ choiceKind }

func (selectField) Info() Info { return choiceInfo(TypeSelect) }
