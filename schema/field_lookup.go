package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// lookupField shows a field of the record that an own relation field points to; it is never stored.
type lookupField struct{}

func (lookupField) Info() Info {
	i := liveInfo(TypeLookup, "by target")
	i.Column = true
	return i
}

// FormulaType cannot know the relation field beside it; LookupType does.
func (lookupField) FormulaType(*Field, Forms) formula.Type { return formula.Type{} }

// LookupType is the type of a lookup field among the fields it stands with.
func LookupType(f *Field, beside []*Field, forms Forms) formula.Type {
	if f.Link == nil || forms == nil {
		return formula.Type{}
	}
	for _, via := range beside {
		if via.Key != f.Link.Via || via.Relation == nil {
			continue
		}
		target := forms(via.Relation.Form)
		if target == nil {
			break
		}
		if read := target.Field(f.Link.Field); read != nil {
			return oneOrMany(via, FormulaType(read, nil))
		}
	}
	return formula.Type{}
}

func (lookupField) settings() settings {
	return linkSettings("via", "of").with(settings{"field": linkSettings("of")["of"]})
}

func (lookupField) finish(p problems, f *Field) {
	needLink(p, "via", linkOf(f).Via, "of", f.Link.Field)
}

func (lookupField) Fragment(*Field) ordjson.Value { return ordjson.Flag(true) }

func (lookupField) decode(*Codec, ordjson.Value) (any, []fault.Field) { return nil, nil }
