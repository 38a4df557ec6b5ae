package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// reverseField lists the records of another form that point here; it is never stored.
type reverseField struct{}

func liveInfo(t FieldType, formulaType string) Info {
	return Info{Type: t, In: "– (ignored)", Out: "computed live", Stored: "never", Formula: formulaType, Live: true}
}

func (reverseField) Info() Info { return liveInfo(TypeReverse, "List(Record)") }

func (reverseField) FormulaType(f *Field, _ Forms) formula.Type {
	t := formula.Type{Kind: formula.Record}
	if f.Link != nil {
		t.Form = f.Link.Form
	}
	return formula.Type{Kind: formula.List, Elem: &t}
}

// linkSettings are the settings of the types computed from other records.
func linkSettings(names ...string) settings {
	all := settings{
		"form":  func(p problems, f *Field, v ordjson.Value) { linkOf(f).Form = readString(p, v) },
		"match": func(p problems, f *Field, v ordjson.Value) { linkOf(f).Match = readString(p, v) },
		"via":   func(p problems, f *Field, v ordjson.Value) { linkOf(f).Via = readString(p, v) },
		"of":    func(p problems, f *Field, v ordjson.Value) { linkOf(f).Field = readString(p, v) },
		"where": func(p problems, f *Field, v ordjson.Value) { linkOf(f).Where = readFormula(p, v) },
		"fn": func(p problems, f *Field, v ordjson.Value) {
			linkOf(f).Fn = readChoice(p, v, "sum", "count", "min", "max", "avg")
		},
	}
	out := settings{}
	for _, n := range names {
		out[n] = all[n]
	}
	return out
}

func linkOf(f *Field) *Link {
	if f.Link == nil {
		f.Link = &Link{}
	}
	return f.Link
}

// needLink reports settings of a link that are missing.
func needLink(p problems, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			p.at("x-field").add("missing", "the setting "+pairs[i]+" is missing", "setting", pairs[i])
		}
	}
}

func (reverseField) settings() settings { return linkSettings("form", "match", "where") }

func (reverseField) finish(p problems, f *Field) {
	needLink(p, "form", linkOf(f).Form, "match", f.Link.Match)
}

func (reverseField) Fragment(*Field) ordjson.Value { return ordjson.Flag(true) }

func (reverseField) decode(*Codec, ordjson.Value) (any, []fault.Field) { return nil, nil }
