package schema

import (
	"encoding/json"
	"slices"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// Change is one difference between two versions of a form.
type Change struct {
	// Path is a field ("amount", "lines.qty"), or a part of the form: "title",
	// "layout", "rules", "checks", "unique", "indexes", "buttons", "flow".
	Path string `json:"path"`
	// Kind is added, removed, type (the field type changed) or changed.
	Kind string `json:"kind"`
	// Before and After are the field types, where Path is a field.
	Before FieldType `json:"before,omitempty"`
	After  FieldType `json:"after,omitempty"`
}

// Diff lists what differs between two versions of a form: fields in the order
// of b, then those removed, then the other parts.
func Diff(a, b *Form) []Change {
	out := diffFields("", a.Fields, b.Fields)
	was, is := a.parts(), b.parts()
	for i, part := range is {
		if was[i].json != part.json {
			out = append(out, Change{Path: part.name, Kind: "changed"})
		}
	}
	return out
}

func diffFields(prefix string, a, b []*Field) []Change {
	var out []Change
	for _, f := range b {
		old := fieldIn(a, f.Key)
		switch {
		case old == nil:
			out = append(out, Change{Path: prefix + f.Key, Kind: "added", After: f.Type})
		case old.Type != f.Type:
			out = append(out, Change{Path: prefix + f.Key, Kind: "type", Before: old.Type, After: f.Type})
		case f.Type == TypeSubtable:
			if string(withoutItems(old)) != string(withoutItems(f)) {
				out = append(out, Change{Path: prefix + f.Key, Kind: "changed", Before: old.Type, After: f.Type})
			}
			out = append(out, diffFields(prefix+f.Key+".", old.Columns, f.Columns)...)
		case string(old.Schema) != string(f.Schema) || old.Required != f.Required:
			out = append(out, Change{Path: prefix + f.Key, Kind: "changed", Before: old.Type, After: f.Type})
		}
	}
	for _, f := range a {
		if !slices.ContainsFunc(b, func(x *Field) bool { return x.Key == f.Key }) {
			out = append(out, Change{Path: prefix + f.Key, Kind: "removed", Before: f.Type})
		}
	}
	return out
}

func withoutItems(f *Field) json.RawMessage {
	v, err := ordjson.Parse(f.Schema, maxDefinitionDepth)
	if err != nil {
		return f.Schema
	}
	return ordjson.Marshal(v.Without("items"))
}

type formPart struct{ name, json string }

// parts gives the text of the parts of a form beside its fields.
func (f *Form) parts() []formPart {
	v, _ := ordjson.Parse(f.MarshalCanonical(), maxDefinitionDepth)
	schema, _ := v.Get("schema")
	out := []formPart{{"schema", string(ordjson.Marshal(schema.Without("properties").Without("required")))}}
	for _, k := range []string{"title", "titleFormula", "layout", "rules", "checks", "unique", "indexes", "buttons", "flow", "offline"} {
		x, _ := v.Get(k)
		out = append(out, formPart{k, string(ordjson.Marshal(x))})
	}
	return out
}
