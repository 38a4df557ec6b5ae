package ordjson

import "encoding/json"

// Append appends the compact text of the value. Arrays and objects are
// written from Keys and Items, so changed ones come out as changed.
func Append(dst []byte, v Value) []byte {
	switch v.Kind {
	case Null:
		return append(dst, "null"...)
	case String:
		return AppendString(dst, v.Text)
	case Array, Object:
		return appendContainer(dst, v)
	}
	return append(dst, v.Text...)
}

// Marshal is Append to an empty text.
func Marshal(v Value) json.RawMessage { return Append(nil, v) }

func appendContainer(dst []byte, v Value) []byte {
	open, end := byte('['), byte(']')
	if v.Kind == Object {
		open, end = '{', '}'
	}
	dst = append(dst, open)
	for i, x := range v.Items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if v.Kind == Object {
			dst = append(AppendString(dst, v.Keys[i]), ':')
		}
		dst = Append(dst, x)
	}
	return append(dst, end)
}

const hexDigits = "0123456789abcdef"

// AppendString appends a JSON string; only what JSON requires is escaped.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		from = i + 1
	}
	return append(append(dst, s[from:]...), '"')
}

// Any turns the value into Go values; number makes each number literal a value.
func Any(v Value, number func(string) any) any {
	switch v.Kind {
	case Bool:
		return v.True()
	case Number:
		return number(v.Text)
	case String:
		return v.Text
	case Array:
		out := make([]any, len(v.Items))
		for i, x := range v.Items {
			out[i] = Any(x, number)
		}
		return out
	case Object:
		out := make(map[string]any, len(v.Items))
		for i, x := range v.Items {
			out[v.Keys[i]] = Any(x, number)
		}
		return out
	}
	return nil
}
