// Package ordjson reads JSON for definitions and records: property order and
// number texts are kept, duplicate keys and deep nesting are refused.
package ordjson

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"null", "boolean", "number", "string", "array", "object"}

// String names the kind as JSON Schema does.
func (k Kind) String() string { return kindNames[k] }

// Value is one JSON value. It shares memory with the text it was read from.
type Value struct {
	Kind Kind
	// Text is the literal of a number, the decoded text of a string, "true" or
	// "false"; of an array or object that was parsed it is the source text.
	Text string
	// Keys are the property names of an object, in order; Items the values of
	// an array, or of an object beside Keys.
	Keys  []string
	Items []Value
}

// Get returns the property of an object.
func (v Value) Get(key string) (Value, bool) {
	for i, k := range v.Keys {
		if k == key {
			return v.Items[i], true
		}
	}
	return Value{}, false
}

// True reports whether the value is the literal true.
func (v Value) True() bool { return v.Kind == Bool && v.Text == "true" }

// Str makes a string value.
func Str(s string) Value { return Value{Kind: String, Text: s} }

// Num makes a number value from its JSON literal.
func Num(literal string) Value { return Value{Kind: Number, Text: literal} }

// Flag makes a boolean value.
func Flag(b bool) Value {
	if b {
		return Value{Kind: Bool, Text: "true"}
	}
	return Value{Kind: Bool, Text: "false"}
}

// List makes an array.
func List(items ...Value) Value { return Value{Kind: Array, Items: items} }

// Strings makes an array of strings.
func Strings(ss ...string) Value {
	v := Value{Kind: Array, Items: make([]Value, len(ss))}
	for i, s := range ss {
		v.Items[i] = Str(s)
	}
	return v
}

// Set returns the object with the property added or replaced; v itself is not changed.
func (v Value) Set(key string, x Value) Value {
	out := Value{Kind: Object, Keys: append([]string(nil), v.Keys...), Items: append([]Value(nil), v.Items...)}
	for i, k := range out.Keys {
		if k == key {
			out.Items[i] = x
			return out
		}
	}
	out.Keys, out.Items = append(out.Keys, key), append(out.Items, x)
	return out
}

// Without returns the object without the property.
func (v Value) Without(key string) Value {
	out := Value{Kind: Object}
	for i, k := range v.Keys {
		if k != key {
			out.Keys, out.Items = append(out.Keys, k), append(out.Items, v.Items[i])
		}
	}
	return out
}

// Merge returns the object with all properties of o set.
func (v Value) Merge(o Value) Value {
	for i, k := range o.Keys {
		v = v.Set(k, o.Items[i])
	}
	return v
}
