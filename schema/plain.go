package schema

import (
	"slices"
	"strconv"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// maxRefChain bounds the references followed to find a field's type.
const maxRefChain = 16

// deref follows local references of a property's schema, and takes the only
// alternative beside null of an anyOf or oneOf. The result only helps to choose
// a field type: the schema itself stays and is enforced.
func deref(root, v ordjson.Value) ordjson.Value {
	for range maxRefChain {
		if ref, ok := v.Get("$ref"); ok {
			target, found := resolvePointer(root, ref.Text)
			if !found {
				return ordjson.Value{}
			}
			v = target
			continue
		}
		only, ok := onlyAlternative(v)
		if !ok {
			return v
		}
		v = only
	}
	return ordjson.Value{}
}

func onlyAlternative(v ordjson.Value) (only ordjson.Value, ok bool) {
	if _, typed := v.Get("type"); typed {
		return v, false
	}
	for _, k := range []string{"anyOf", "oneOf"} {
		list, found := v.Get(k)
		if !found || list.Kind != ordjson.Array {
			continue
		}
		n := 0
		for _, x := range list.Items {
			if t, _ := x.Get("type"); t.Text != "null" {
				only = x
				n++
			}
		}
		return only, n == 1
	}
	return v, false
}

// plainType chooses the field type for a schema without x-field.type and
// fills the settings its keywords give.
func plainType(f *Field, root, v ordjson.Value) {
	s := deref(root, v)
	switch schemaType(s) {
	case "string":
		plainString(f, s)
	case "number":
		f.Type = TypeNumber
	case "integer":
		f.Type, f.Scale = TypeNumber, 0
	case "boolean":
		f.Type = TypeSwitch
	case "array":
		plainArray(f, root, s)
	default:
		f.Type = TypeJSON
	}
}

// schemaType is the one type a schema allows beside null, "" when there are several.
func schemaType(s ordjson.Value) string {
	t, typed := s.Get("type")
	if !typed {
		if _, ok := enumTexts(s); ok {
			return "string"
		}
		return ""
	}
	if t.Kind == ordjson.String {
		return t.Text
	}
	one := ""
	for _, x := range t.Items {
		switch {
		case x.Text == "null":
		case one == "":
			one = x.Text
		default:
			return ""
		}
	}
	return one
}

// enumTexts gives the choices of an enum of different, non-empty texts (and null).
func enumTexts(s ordjson.Value) ([]string, bool) {
	e, ok := s.Get("enum")
	if !ok || e.Kind != ordjson.Array {
		return nil, false
	}
	var out []string
	for _, x := range e.Items {
		if x.Kind == ordjson.Null {
			continue
		}
		if x.Kind != ordjson.String || x.Text == "" || slices.Contains(out, x.Text) {
			return nil, false
		}
		out = append(out, x.Text)
	}
	return out, len(out) > 0
}

func plainOptions(texts []string) []Option {
	out := make([]Option, len(texts))
	for i, s := range texts {
		out[i] = Option{Value: s, Text: Plain(s)}
	}
	return out
}

func plainString(f *Field, s ordjson.Value) {
	f.Type = TypeText
	if texts, ok := enumTexts(s); ok {
		f.Type, f.Options = TypeSelect, plainOptions(texts)
		return
	}
	format, _ := s.Get("format")
	switch format.Text {
	case "email":
		f.Type = TypeEmail
	case "uri":
		f.Type = TypeURL
	case "date":
		f.Type, f.Precision = TypeDate, "day"
	case "date-time":
		f.Type, f.Precision = TypeDate, "second"
	default:
		f.MaxLength = countOf(s, "maxLength", MaxText)
		if p, ok := s.Get("pattern"); ok {
			f.Pattern = p.Text
		}
		if f.MaxLength > 500 {
			f.Type = TypeTextarea
		}
	}
}

// countOf reads a count keyword; 0 when it is absent or beyond the limit.
func countOf(s ordjson.Value, keyword string, limit int) int {
	v, _ := s.Get(keyword)
	n, err := strconv.Atoi(v.Text)
	if err != nil || n < 0 || n > limit {
		return 0
	}
	return n
}

func plainArray(f *Field, root, s ordjson.Value) {
	f.Type = TypeJSON
	items, ok := s.Get("items")
	if !ok || items.Kind != ordjson.Object {
		return
	}
	item := deref(root, items)
	switch schemaType(item) {
	case "string":
		if texts, ok := enumTexts(item); ok {
			f.Type, f.Options = TypeMultiSelect, plainOptions(texts)
		}
	case "object":
		if rowSchema(item) {
			f.Type = TypeSubtable
		}
	}
	if f.Type != TypeJSON {
		f.MinItems, f.MaxItems = countOf(s, "minItems", MaxRows), countOf(s, "maxItems", MaxRows)
	}
}

// rowSchema reports whether the objects of a schema can be rows: their
// properties are named, and no keyword brings in others.
func rowSchema(item ordjson.Value) bool {
	props, ok := item.Get("properties")
	if !ok || len(props.Keys) == 0 {
		return false
	}
	for _, k := range item.Keys {
		switch k {
		case "type", "properties", "required", "title", "description", "default", "examples", "$comment", "minProperties", "maxProperties":
		case "additionalProperties":
			if v, _ := item.Get(k); v.Kind != ordjson.Bool {
				return false
			}
		default:
			return false
		}
	}
	return true
}
