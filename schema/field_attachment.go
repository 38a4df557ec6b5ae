package schema

// attachmentField is a list of files.
type attachmentField struct{ fileKind }

func (attachmentField) Info() Info { return fileInfo(TypeAttachment) }
