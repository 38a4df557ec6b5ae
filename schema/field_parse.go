package schema

import (
	"slices"
	"strconv"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// schema reads the draft-07 schema of the form and its fields.
func (r formReader) schema(p problems, v ordjson.Value) {
	before := len(*p.list)
	checkSchema(p, v)
	if v.Kind != ordjson.Object || hasErrorsSince(p, before) {
		return
	}
	r.f.Schema = ordjson.Marshal(v)
	if t, ok := v.Get("type"); ok && t.Text != "object" {
		p.at("type").add("type", "a form's schema is of type object")
	}
	props, _ := v.Get("properties")
	if len(props.Keys) == 0 {
		p.add("empty", "the form has no fields")
	}
	fr := fieldReader{form: r, root: v}
	r.f.Fields = fr.fields(p.at("properties"), props, false)
	fr.required(p, v, r.f.Fields)
	if n := len(r.f.Fields); n > maxFields {
		p.at("properties").add("too_large", "more than "+strconv.Itoa(maxFields)+" fields", "max", maxFields)
	}
}

func hasErrorsSince(p problems, n int) bool { return HasErrors((*p.list)[n:]) }

// fieldReader reads the properties of a form's schema.
type fieldReader struct {
	form formReader
	root ordjson.Value
}

func (r fieldReader) fields(p problems, props ordjson.Value, column bool) []*Field {
	out := make([]*Field, 0, len(props.Keys))
	names := map[string]string{}
	for i, key := range props.Keys {
		checkKey(p.at(key), key, column)
		f := r.field(p.at(key), key, props.Items[i], column)
		for _, n := range []string{key, f.Name} {
			if other, taken := names[n]; taken && other != key {
				p.at(key).add("duplicate", "the name "+strconv.Quote(n)+" belongs to the field "+other, "field", other)
			} else if n != "" {
				names[n] = key
			}
		}
		out = append(out, f)
	}
	return out
}

// reservedKeys are names that formulas use for something else.
var reservedKeys = []string{"sys", "case", "form"}

func checkKey(p problems, key string, column bool) {
	switch {
	case !keyPattern.MatchString(key):
		p.add("key", "a key is a lower-case letter, then up to 39 letters, digits or _: "+strconv.Quote(key), "key", key)
	case isReserved(key, column):
		p.add("reserved", "the word "+key+" has a meaning of its own in formulas and cannot be a key", "key", key)
	}
}

func isReserved(key string, column bool) bool {
	return slices.Contains(reservedKeys, key) || column && key == "id" || formulaReserved(key)
}

func (r fieldReader) field(p problems, key string, v ordjson.Value, column bool) *Field {
	f := &Field{Key: key, Scale: -1, Schema: ordjson.Marshal(v)}
	x, _ := v.Get("x-field")
	if t, ok := x.Get("type"); ok {
		f.Type = FieldType(readString(p.at("x-field").at("type"), t))
		r.checkType(p.at("x-field").at("type"), f.Type, column)
	} else {
		f.Plain = true
		plainType(f, r.root, v)
		if column && !KindOf(f.Type).Info().Column {
			f.Type = TypeJSON
		}
	}
	k := KindOf(f.Type)
	if k == nil {
		return f
	}
	r.annotations(p, f, v)
	r.standard(p, k, f, v)
	r.settings(p, k, f, x)
	if f.Type == TypeSubtable {
		r.columns(p, f, v)
	}
	if fin, ok := k.(finisher); ok && !f.Plain {
		fin.finish(p, f)
	}
	r.form.qualify(f)
	r.defaultValue(p, f)
	return f
}

func (r fieldReader) checkType(p problems, t FieldType, column bool) {
	k := KindOf(t)
	switch {
	case k == nil:
		names := make([]string, len(kinds))
		for i, k := range kinds {
			names[i] = string(k.Info().Type)
		}
		s := nearest(string(t), names)
		msg := "unknown field type " + strconv.Quote(string(t))
		if s != "" {
			msg += "; did you mean " + s + "?"
		}
		p.add("unknown_type", msg, "type", string(t), "suggestion", s)
	case column && !k.Info().Column:
		p.add("column_type", "a field of type "+string(t)+" cannot be a column of a subtable", "type", string(t))
	}
}

// annotations reads title, description, readOnly and default.
func (r fieldReader) annotations(p problems, f *Field, v ordjson.Value) {
	if t, ok := v.Get("title"); ok {
		f.Title = readText(p.at("title"), t)
	}
	if d, ok := v.Get("description"); ok {
		f.Help = readText(p.at("description"), d)
	}
	if ro, ok := v.Get("readOnly"); ok {
		f.Readonly = ro.True()
	}
	if d, ok := v.Get("default"); ok && d.Kind != ordjson.Null {
		f.Default = d
	}
}

// standard takes over the draft-07 keywords that field types enforce themselves.
func (r fieldReader) standard(p problems, k Kind, f *Field, v ordjson.Value) {
	if f.Plain {
		v = deref(r.root, v)
	}
	allowed := k.settings()
	for keyword, setting := range standardSettings {
		x, ok := v.Get(keyword)
		set := allowed[setting]
		if !ok || set == nil || f.Type == TypeSerial || f.Plain && !plainCovers(f, keyword) {
			continue
		}
		if keyword == "maxItems" && x.Text == "0" {
			continue // stays with the schema: 0 would mean no limit
		}
		set(p.at(keyword), f, x)
	}
	if !f.Plain && f.Options == nil && f.OptionsFrom == nil && allowed["options"] != nil {
		if texts, ok := enumTexts(v); ok {
			f.Options = plainOptions(texts)
		}
	}
}

// standardSettings are the keywords that mean the same as an x-field setting.
var standardSettings = map[string]string{
	"minimum": "min", "maximum": "max", "maxLength": "maxLength", "pattern": "pattern", "minItems": "minItems", "maxItems": "maxItems",
}

// plainCovers reports whether a field of an imported schema takes the keyword
// over: plainType has already read those of texts and lists.
func plainCovers(f *Field, keyword string) bool {
	return f.Type == TypeNumber && (keyword == "minimum" || keyword == "maximum")
}

func (r fieldReader) settings(p problems, k Kind, f *Field, x ordjson.Value) {
	p = p.at("x-field")
	if x.Kind == ordjson.Null && len(x.Keys) == 0 {
		if len(f.Title) == 0 {
			f.Title = Plain(cmpOr(f.Name, f.Key))
		}
		return
	}
	if x.Kind != ordjson.Object {
		p.wrong("an object", x)
		return
	}
	allowed := commonSettings.with(k.settings())
	for i, name := range x.Keys {
		if set := allowed[name]; set != nil {
			set(p.at(name), f, x.Items[i])
			continue
		}
		p.unknown(name, sortedKeys(allowed))
	}
	if len(f.Title) == 0 {
		f.Title = Plain(cmpOr(f.Name, f.Key))
	}
	if f.Computed() && (f.DefaultExpr != "" || f.Default != nil) {
		p.at("default").add("conflict", "a computed field has no default")
	}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (r fieldReader) columns(p problems, f *Field, v ordjson.Value) {
	if f.Plain {
		v = deref(r.root, v)
	}
	items, _ := v.Get("items")
	if f.Plain {
		items = deref(r.root, items)
	}
	props, _ := items.Get("properties")
	p = p.at("items")
	if len(props.Keys) == 0 {
		p.add("empty", "the subtable has no columns")
	}
	f.Columns = r.fields(p.at("properties"), props, true)
	r.required(p, items, f.Columns)
}

// required lifts the schema's "required" out: it holds only for fields that
// are shown and may be edited. A property that may be null is never required.
func (r fieldReader) required(p problems, v ordjson.Value, fields []*Field) {
	list, _ := v.Get("required")
	for i, n := range list.Items {
		f := fieldIn(fields, n.Text)
		for _, x := range fields {
			if f == nil && x.Name == n.Text {
				f = x
			}
		}
		if f == nil {
			p.at("required").index(i).add("unknown_field", "there is no field "+n.Text, "field", n.Text)
			continue
		}
		f.Required = !f.Plain || !allowsNull(r.root, f)
	}
}

func allowsNull(root ordjson.Value, f *Field) bool {
	v, err := ordjson.Parse(f.Schema, maxDefinitionDepth)
	if err != nil {
		return false
	}
	if t, _ := deref(root, v).Get("type"); t.Kind == ordjson.Array {
		return slices.ContainsFunc(t.Items, func(x ordjson.Value) bool { return x.Text == "null" })
	}
	for _, k := range []string{"anyOf", "oneOf"} {
		list, _ := v.Get(k)
		for _, x := range list.Items {
			if t, _ := x.Get("type"); t.Text == "null" {
				return true
			}
		}
	}
	return false
}

// defaultValue turns the default from JSON into the stored value.
func (r fieldReader) defaultValue(p problems, f *Field) {
	v, ok := f.Default.(ordjson.Value)
	if !ok {
		return
	}
	f.Default = nil
	if _, own := mustGet(f.Schema, "x-field").Get("default"); own {
		p = p.at("x-field")
	}
	p = p.at("default")
	x, errs := NewCodec(f).decode(v)
	for _, e := range errs {
		if f.Plain {
			p.warn("default", "the default is ignored: "+e.Message, "path", e.Path)
			continue
		}
		p.add("default", "the default does not fit the field: "+e.Message, "path", e.Path)
	}
	if len(errs) == 0 {
		f.Default = x
	}
}

func mustGet(raw []byte, key string) ordjson.Value {
	v, _ := ordjson.Parse(raw, maxDefinitionDepth)
	x, _ := v.Get(key)
	return x
}
