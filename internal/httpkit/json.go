package httpkit

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
)

// JSON is json.Marshal for answers: byte for byte the same, in less time. What
// answers are made of — maps of any, lists, plain structs — is written straight
// into a buffer; for everything else it asks encoding/json.
func JSON(v any) ([]byte, error) {
	w, _ := writers.Get().(*jsonWriter)
	defer w.release()
	if err := w.any(v); err != nil {
		return nil, err
	}
	return bytes.Clone(w.b), nil
}

// jsonWriter appends values to a buffer.
type jsonWriter struct {
	b    []byte
	keys []string // of the maps that are open
}

var writers = sync.Pool{New: func() any { return &jsonWriter{b: make([]byte, 0, 4<<10), keys: make([]string, 0, 64)} }}

// maxWriter bounds the buffer that is kept for the next answer.
const maxWriter = 256 << 10

func (w *jsonWriter) release() {
	if cap(w.b) > maxWriter {
		return
	}
	clear(w.keys[:cap(w.keys)])
	*w = jsonWriter{b: w.b[:0], keys: w.keys[:0]}
	writers.Put(w)
}

func (w *jsonWriter) any(v any) error {
	switch x := v.(type) {
	case nil:
		w.b = append(w.b, "null"...)
	case string:
		w.text(x)
	case bool:
		w.b = strconv.AppendBool(w.b, x)
	case int:
		w.b = strconv.AppendInt(w.b, int64(x), 10)
	case int64:
		w.b = strconv.AppendInt(w.b, x, 10)
	case map[string]any:
		return object(w, x, (*jsonWriter).any)
	case []any:
		return list(w, x, (*jsonWriter).any)
	case map[string]string:
		return object(w, x, (*jsonWriter).str)
	case []string:
		return list(w, x, (*jsonWriter).str)
	case map[string][]string:
		return object(w, x, (*jsonWriter).strs)
	default:
		return w.typed(v)
	}
	return nil
}

func (w *jsonWriter) str(s string) error    { w.text(s); return nil }
func (w *jsonWriter) strs(l []string) error { return list(w, l, (*jsonWriter).str) }

// std leaves a value to encoding/json.
func (w *jsonWriter) std(v any) error {
	raw, err := json.Marshal(v)
	w.b = append(w.b, raw...)
	return err
}

// object writes a map in the order of its keys, as encoding/json does.
func object[V any](w *jsonWriter, m map[string]V, value func(*jsonWriter, V) error) error {
	if m == nil {
		w.b = append(w.b, "null"...)
		return nil
	}
	start := len(w.keys)
	for k := range m {
		w.keys = append(w.keys, k)
	}
	keys := w.keys[start:]
	slices.Sort(keys)
	w.b = append(w.b, '{')
	for i, k := range keys {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.text(k)
		w.b = append(w.b, ':')
		if err := value(w, m[k]); err != nil {
			return err
		}
	}
	w.b = append(w.b, '}')
	w.keys = w.keys[:start]
	return nil
}

func list[V any](w *jsonWriter, l []V, value func(*jsonWriter, V) error) error {
	if l == nil {
		w.b = append(w.b, "null"...)
		return nil
	}
	w.b = append(w.b, '[')
	for i, v := range l {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if err := value(w, v); err != nil {
			return err
		}
	}
	w.b = append(w.b, ']')
	return nil
}
