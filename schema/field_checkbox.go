package schema

// checkboxField is any number of options, all shown at once.
type checkboxField struct{ listKind }

func (checkboxField) Info() Info { return listInfo(TypeCheckbox) }
