package schema

// rollupField sums up the records of another form that point here. The server
// keeps it up to date.
type rollupField struct{ numberKind }

func (rollupField) Info() Info {
	i := numberInfo(TypeRollup)
	i.Given, i.Column = true, false
	return i
}

func (rollupField) settings() settings {
	return linkSettings("form", "match", "of", "fn", "where").with(scaleSetting, unitSetting, settings{
		"field": linkSettings("of")["of"],
		"index": valueSettings["index"],
	})
}

func (rollupField) finish(p problems, f *Field) {
	l := linkOf(f)
	if l.Fn == "" {
		l.Fn = "sum"
	}
	needLink(p, "form", l.Form, "match", l.Match)
	if l.Fn != "count" {
		needLink(p, "of", l.Field)
	}
}
