package schema

// multiselectField is any number of options out of a list that opens.
type multiselectField struct{ listKind }

func (multiselectField) Info() Info { return listInfo(TypeMultiSelect) }
