package schema

import (
	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// subtableField is a list of rows; its columns are fields of their own and
// every row has an id.
type subtableField struct{}

func (subtableField) Info() Info {
	return Info{Type: TypeSubtable, In: "list of {id?, columns…}", Out: "list of {id, columns…}", Stored: "[]any of map with id",
		Formula: "List(Row)", Operators: opsExists}
}

func (subtableField) FormulaType(f *Field, forms Forms) formula.Type {
	t := RowType(f.Columns, forms)
	return formula.Type{Kind: formula.List, Elem: &t}
}

// RowType is the type of values of the fields: a record, or a row of a subtable.
func RowType(fields []*Field, forms Forms) formula.Type {
	t := formula.Type{Kind: formula.Row, Fields: make(map[string]formula.Type, len(fields)+1)}
	for _, c := range fields {
		if c.Type == TypeLookup {
			t.Fields[c.Key] = LookupType(c, fields, forms)
			continue
		}
		t.Fields[c.Key] = FormulaType(c, forms)
	}
	return t
}

func (subtableField) settings() settings {
	return itemSettings.with(settings{"summary": setSummary})
}

func setSummary(p problems, f *Field, v ordjson.Value) {
	if v.Kind != ordjson.Object {
		p.wrong("an object column → function", v)
		return
	}
	f.Summary = make(map[string]string, len(v.Keys))
	for i, k := range v.Keys {
		f.Summary[k] = readChoice(p.at(k), v.Items[i], "sum", "avg", "min", "max", "count")
	}
}

func (subtableField) finish(p problems, f *Field) {
	for col := range f.Summary {
		if c := fieldIn(f.Columns, col); c == nil {
			p.at("x-field").at("summary").at(col).add("unknown_field", "the subtable has no column "+col, "field", col)
		}
	}
	if f.MaxItems > 0 && f.MinItems > f.MaxItems {
		p.at("minItems").add("range", "minItems is greater than maxItems")
	}
}

func fieldIn(fields []*Field, key string) *Field {
	for _, f := range fields {
		if f.Key == key {
			return f
		}
	}
	return nil
}

func (subtableField) Fragment(f *Field) ordjson.Value {
	pairs := []any{"id", stringFragment(maxID)}
	var required []string
	for _, c := range f.Columns {
		pairs = append(pairs, c.Key, KindOf(c.Type).Fragment(c))
		if c.Required {
			required = append(required, c.Key)
		}
	}
	return arrayFragment(f, objectFragment(required, pairs...))
}

func (subtableField) decode(c *Codec, v ordjson.Value) (any, []fault.Field) {
	return c.decodeRows(v, nil)
}

func (subtableField) encode(c *Codec, v any) any {
	rows, ok := v.([]any)
	if !ok {
		return v
	}
	out := make([]any, 0, len(rows))
	for _, r := range rows {
		if row, ok := r.(map[string]any); ok {
			out = append(out, c.rows.Encode(row))
		}
	}
	return out
}
