package jsonschema

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// annotations say nothing about validity. $id, and $schema, are left out too:
// they could only change what references mean.
var annotations = []string{"$schema", "$id", "$comment", "title", "description", "default", "examples", "readOnly", "writeOnly", "contentMediaType", "contentEncoding"}

// schemaMaps are keywords whose value maps names, which are no keywords, to schemas.
var schemaMaps = []string{"properties", "patternProperties", "definitions", "$defs", "dependencies"}

// original is where the whole schema of the form stands in the reduced one;
// references lead there, because what they mean must not be reduced.
const original = "x-original"

// reduce takes out what the fields check: their types, bounds and options, the
// names of properties, and "required" of the record and of rows. What is left
// speaks of original property names.
func reduce(f *schema.Form, root ordjson.Value) ordjson.Value {
	r := reducer{root: root, names: map[string]string{}}
	for _, x := range f.Fields {
		if x.Name != "" && x.Name != schema.Extra {
			r.names[x.Key] = x.Name
		}
	}
	out := ordjson.Value{Kind: ordjson.Object}
	for i, k := range root.Keys {
		switch {
		case slices.Contains(annotations, k), strings.HasPrefix(k, "x-"), k == "type", k == "required", k == "definitions", k == "$defs", k == "properties":
		case k == "additionalProperties" && root.Items[i].Kind == ordjson.Bool && (root.Items[i].True() || extraOf(f) == ""):
			// without an extra field, names that are no fields are refused when decoding
		default:
			out = out.Set(k, r.keyword(k, root.Items[i]))
		}
	}
	props, _ := root.Get("properties")
	if props = r.properties(f.Fields, props, len(out.Keys) > 0); len(props.Keys) > 0 {
		out = out.Set("properties", props)
	}
	if r.refs {
		out = out.Set("definitions", ordjson.Value{}.Set(original, r.originalSchema(f)))
	}
	return out
}

type reducer struct {
	root  ordjson.Value
	names map[string]string // key → original name of renamed fields
	refs  bool              // a reference was met
}

func nameOf(f *schema.Field) string {
	if f.Name != "" {
		return f.Name
	}
	return f.Key
}

// properties reduces the schemas of fields. With all, fields that need no
// schema are named too, so that additionalProperties knows them.
func (r *reducer) properties(fields []*schema.Field, props ordjson.Value, all bool) ordjson.Value {
	out := ordjson.Value{Kind: ordjson.Object}
	for _, f := range fields {
		v, ok := props.Get(f.Key)
		if !ok || f.Name == schema.Extra {
			continue
		}
		if v = r.field(f, v); len(v.Keys) > 0 || all {
			out = out.Set(nameOf(f), v)
		}
	}
	return out
}

// field keeps the keywords that the field's type does not enforce.
func (r *reducer) field(f *schema.Field, v ordjson.Value) ordjson.Value {
	out := ordjson.Value{Kind: ordjson.Object}
	if _, ok := v.Get("$ref"); ok || f.Plain && viaAlternative(v) {
		return r.clean(v).Without("x-field")
	}
	for i, k := range v.Keys {
		x := v.Items[i]
		switch {
		case slices.Contains(annotations, k), strings.HasPrefix(k, "x-"):
		case k == "items" && f.Type == schema.TypeSubtable:
			if rows := r.rows(f, x); len(rows.Keys) > 0 {
				out = out.Set(k, rows)
			}
		case covered(f, v, k):
		default:
			out = out.Set(k, r.keyword(k, x))
		}
	}
	return out
}

// viaAlternative reports whether the field type came from an anyOf or oneOf.
func viaAlternative(v ordjson.Value) bool {
	_, typed := v.Get("type")
	_, any := v.Get("anyOf")
	_, one := v.Get("oneOf")
	return !typed && (any || one)
}

func (r *reducer) rows(f *schema.Field, items ordjson.Value) ordjson.Value {
	out := ordjson.Value{Kind: ordjson.Object}
	if _, ok := items.Get("$ref"); ok {
		return out
	}
	props, _ := items.Get("properties")
	if props = r.properties(f.Columns, props, false); len(props.Keys) > 0 {
		out = out.Set("properties", props)
	}
	for i, k := range items.Keys {
		switch k {
		case "type", "required", "properties", "additionalProperties":
		default:
			if !slices.Contains(annotations, k) && !strings.HasPrefix(k, "x-") {
				out = out.Set(k, r.keyword(k, items.Items[i]))
			}
		}
	}
	return out
}

// covered reports whether the field's own checks do all the keyword demands.
func covered(f *schema.Field, v ordjson.Value, k string) bool {
	if !f.Plain {
		return slices.Contains(ownKeywords, k) && f.Covers(k)
	}
	switch f.Type {
	case schema.TypeText, schema.TypeTextarea:
		return k == "type" || k == "maxLength" && f.MaxLength > 0 || k == "pattern"
	case schema.TypeSelect:
		return k == "type" || k == "enum"
	case schema.TypeEmail, schema.TypeURL, schema.TypeDate:
		return k == "type" || k == "format"
	case schema.TypeNumber:
		return k == "type" || k == "minimum" || k == "maximum"
	case schema.TypeSwitch:
		return k == "type"
	case schema.TypeMultiSelect, schema.TypeSubtable:
		items, _ := v.Get("items")
		_, ref := items.Get("$ref")
		return k == "type" || k == "minItems" && f.MinItems > 0 || k == "maxItems" && f.MaxItems > 0 || k == "items" && !ref
	}
	return false
}

var ownKeywords = []string{"type", "minimum", "maximum", "maxLength", "pattern", "minItems", "maxItems", "enum"}

// keyword cleans the schemas within a keyword's value.
func (r *reducer) keyword(k string, v ordjson.Value) ordjson.Value {
	switch {
	case k == "const" || k == "enum":
		return v
	case k == "$ref":
		r.refs = true
		return ordjson.Str("#/definitions/" + original + r.rename(strings.TrimPrefix(v.Text, "#")))
	case slices.Contains(schemaMaps, k):
		out := ordjson.Value{Kind: ordjson.Object}
		for i, name := range v.Keys {
			out = out.Set(name, r.clean(v.Items[i]))
		}
		return out
	}
	return r.clean(v)
}

// rename turns the key of a renamed field in a pointer back into its name.
func (r *reducer) rename(ptr string) string {
	rest, ok := strings.CutPrefix(ptr, "/properties/")
	if !ok {
		return ptr
	}
	key, tail, _ := strings.Cut(rest, "/")
	name, renamed := r.names[key]
	if !renamed {
		return ptr
	}
	if tail != "" {
		tail = "/" + tail
	}
	return "/properties/" + pointerFragment(name) + tail
}

// clean takes annotations out of a schema, at any depth, and sets references right.
func (r *reducer) clean(v ordjson.Value) ordjson.Value {
	switch v.Kind {
	case ordjson.Array:
		out := ordjson.List()
		for _, x := range v.Items {
			out.Items = append(out.Items, r.clean(x))
		}
		return out
	case ordjson.Object:
		if ref, ok := v.Get("$ref"); ok {
			return ordjson.Value{}.Set("$ref", r.keyword("$ref", ref)) // beside $ref nothing counts in draft-07
		}
		out := ordjson.Value{Kind: ordjson.Object}
		for i, k := range v.Keys {
			if !slices.Contains(annotations, k) && !strings.HasPrefix(k, "x-") {
				out = out.Set(k, r.keyword(k, v.Items[i]))
			}
		}
		return out
	}
	return v
}

// originalSchema is the whole schema with the properties under their original names.
func (r *reducer) originalSchema(f *schema.Form) ordjson.Value {
	v := r.clean(r.root)
	props, _ := v.Get("properties")
	named := ordjson.Value{Kind: ordjson.Object}
	for _, x := range f.Fields {
		p, ok := props.Get(x.Key)
		if !ok || x.Name == schema.Extra {
			continue
		}
		if items, ok := p.Get("items"); ok && x.Type == schema.TypeSubtable {
			cols, _ := items.Get("properties")
			back := ordjson.Value{Kind: ordjson.Object}
			for _, c := range x.Columns {
				if col, ok := cols.Get(c.Key); ok {
					back = back.Set(nameOf(c), col)
				}
			}
			p = p.Set("items", items.Set("properties", back))
		}
		named = named.Set(nameOf(x), p)
	}
	return v.Set("properties", named)
}
