package schema

// textField is one line of text.
type textField struct{ textKind }

func (textField) Info() Info { return textInfo(TypeText) }
