package schema

// percentField is a share: 15 % is 0.15. The scale is that of the share, four places without one.
type percentField struct{ numberKind }

func (percentField) Info() Info { return numberInfo(TypePercent) }

func (percentField) finish(p problems, f *Field) {
	if f.Scale < 0 {
		f.Scale = 4
	}
	checkBounds(p, f)
}
