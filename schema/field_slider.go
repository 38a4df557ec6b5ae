package schema

// sliderField is a number picked on a scale from min (0) to max (100).
type sliderField struct{ numberKind }

func (sliderField) Info() Info { return numberInfo(TypeSlider) }

func (sliderField) finish(p problems, f *Field) {
	f.Scale = max(f.Scale, 0)
	if f.Min == "" {
		f.Min = "0"
	}
	if f.Max == "" {
		f.Max = "100"
	}
	checkBounds(p, f)
}
