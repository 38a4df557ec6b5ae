package schema

// radioField is one option, all shown at once.
type radioField struct{ choiceKind }

func (radioField) Info() Info { return choiceInfo(TypeRadio) }
