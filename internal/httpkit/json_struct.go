package httpkit

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// shape is how a type is written.
type shape struct {
	kind   reflect.Kind // Invalid: by encoding/json
	fields []shapeField // of a struct
}

type shapeField struct {
	index     int
	name      string // `"name":`
	omitEmpty bool
}

// shapes are worked out once per type: reflect.Type → *shape.
var shapes sync.Map

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	numeral       = reflect.TypeFor[json.Number]() // a string that encoding/json writes as a number
)

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := newShape(t)
	shapes.Store(t, s)
	return s
}

// newShape leaves to encoding/json what has its own way to be written, and what
// this package has none for.
func newShape(t reflect.Type) *shape {
	p := reflect.PointerTo(t)
	if t == numeral || t.Implements(marshaler) || t.Implements(textMarshaler) || p.Implements(marshaler) || p.Implements(textMarshaler) {
		return &shape{}
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int64, reflect.Int32, reflect.Interface, reflect.Pointer:
		return &shape{kind: t.Kind()}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return &shape{}
		}
		return &shape{kind: t.Kind()}
	case reflect.Struct:
		if fields, ok := fieldsOf(t); ok {
			return &shape{kind: t.Kind(), fields: fields}
		}
	}
	return &shape{}
}

// fieldsOf reads the tags of a plain struct; ok is false for one with embedded
// fields, repeated names, or options other than omitempty.
func fieldsOf(t reflect.Type) (out []shapeField, ok bool) {
	seen := map[string]bool{}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			return nil, false
		}
		tag := f.Tag.Get("json")
		if !f.IsExported() || tag == "-" {
			continue
		}
		name, opts, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		if opts != "" && opts != "omitempty" || seen[name] || strings.ContainsAny(name, "\"\\<>&") {
			return nil, false
		}
		seen[name] = true
		out = append(out, shapeField{index: i, name: `"` + name + `":`, omitEmpty: opts != ""})
	}
	return out, true
}

// typed writes what any does not know.
func (w *jsonWriter) typed(v any) error {
	r := reflect.ValueOf(v)
	return w.value(r, shapeOf(r.Type()))
}

func (w *jsonWriter) value(r reflect.Value, s *shape) error {
	switch s.kind {
	case reflect.Bool:
		w.b = strconv.AppendBool(w.b, r.Bool())
	case reflect.String:
		w.text(r.String())
	case reflect.Int, reflect.Int64, reflect.Int32:
		w.b = strconv.AppendInt(w.b, r.Int(), 10)
	case reflect.Interface, reflect.Pointer:
		if r.IsNil() {
			w.b = append(w.b, "null"...)
			return nil
		}
		if r.Kind() == reflect.Interface {
			return w.any(r.Elem().Interface())
		}
		return w.value(r.Elem(), shapeOf(r.Type().Elem()))
	case reflect.Slice:
		return w.slice(r)
	case reflect.Struct:
		return w.fields(r, s)
	default:
		return w.other(r)
	}
	return nil
}

// other writes the maps that any knows without reflection, and the rest by encoding/json.
func (w *jsonWriter) other(r reflect.Value) error {
	switch x := r.Interface().(type) {
	case map[string]any, map[string]string, map[string][]string:
		return w.any(x)
	default:
		return w.std(x)
	}
}

func (w *jsonWriter) slice(r reflect.Value) error {
	if r.IsNil() {
		w.b = append(w.b, "null"...)
		return nil
	}
	s := shapeOf(r.Type().Elem())
	w.b = append(w.b, '[')
	for i := range r.Len() {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if err := w.value(r.Index(i), s); err != nil {
			return err
		}
	}
	w.b = append(w.b, ']')
	return nil
}

func (w *jsonWriter) fields(r reflect.Value, s *shape) error {
	w.b = append(w.b, '{')
	first := true
	for i := range s.fields {
		f := &s.fields[i]
		v := r.Field(f.index)
		if f.omitEmpty && empty(v) {
			continue
		}
		if !first {
			w.b = append(w.b, ',')
		}
		first = false
		w.b = append(w.b, f.name...)
		if err := w.value(v, shapeOf(v.Type())); err != nil {
			return err
		}
	}
	w.b = append(w.b, '}')
	return nil
}

// empty is what encoding/json leaves out by omitempty.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
