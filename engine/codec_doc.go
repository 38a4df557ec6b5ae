package engine

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// doc builds a stored document that leaves out whatever is zero.
type doc map[string]any

func (d doc) text(k, v string) {
	if v != "" {
		d[k] = v
	}
}

func (d doc) int(k string, v int) {
	if v != 0 {
		d[k] = int64(v)
	}
}

func (d doc) flag(k string, v bool) {
	if v {
		d[k] = true
	}
}

func (d doc) time(k string, v time.Time) {
	if !v.IsZero() {
		d[k] = v
	}
}

func (d doc) list(k string, n int, at func(int) any) {
	if n == 0 {
		return
	}
	out := make([]any, n)
	for i := range out {
		out[i] = at(i)
	}
	d[k] = out
}

// lists keeps lists of texts by key as one list of [key, texts…], in the order of the keys,
// because a key may hold a dot ("field:project.pm"), which no stored key may.
func (d doc) lists(k string, m map[string][]string) {
	keys := slices.Sorted(maps.Keys(m))
	d.list(k, len(keys), func(i int) any { return texts(append([]string{keys[i]}, m[keys[i]]...)) })
}

// undoc reads a stored document; the first value of a wrong type is kept as the error.
type undoc struct {
	err error
}

func (u *undoc) wrong(path string, v any) {
	if u.err == nil {
		u.err = fault.Newf(fault.Internal, "case.unreadable", "the stored case has a %T at %q", v, path)
	}
}

func (u *undoc) text(d map[string]any, k string) string {
	v, ok := d[k]
	if !ok || v == nil {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		u.wrong(k, v)
	}
	return s
}

func (u *undoc) int(d map[string]any, k string) int {
	switch v := d[k].(type) {
	case nil:
		return 0
	case int64:
		return int(v)
	case int:
		return v
	default:
		u.wrong(k, v)
		return 0
	}
}

func (u *undoc) flag(d map[string]any, k string) bool {
	v, ok := d[k]
	if !ok || v == nil {
		return false
	}
	b, ok := v.(bool)
	if !ok {
		u.wrong(k, v)
	}
	return b
}

func (u *undoc) time(d map[string]any, k string) time.Time {
	v, ok := d[k]
	if !ok || v == nil {
		return time.Time{}
	}
	t, ok := v.(time.Time)
	if !ok {
		u.wrong(k, v)
	}
	return t.UTC()
}

func (u *undoc) list(d map[string]any, k string) []any {
	v, ok := d[k]
	if !ok || v == nil {
		return nil
	}
	l, ok := v.([]any)
	if !ok {
		u.wrong(k, v)
	}
	return l
}

// docs reads a list of documents.
func (u *undoc) docs(d map[string]any, k string) []map[string]any {
	items := u.list(d, k)
	out := make([]map[string]any, 0, len(items))
	for i, v := range items {
		m, ok := v.(map[string]any)
		if !ok {
			u.wrong(fmt.Sprintf("%s.%d", k, i), v)
			return nil
		}
		out = append(out, m)
	}
	return out
}

// strings turns a list of texts back; an empty one is nil.
func (u *undoc) strings(items []any, k string) []string {
	var out []string
	for i, v := range items {
		s, ok := v.(string)
		if !ok {
			u.wrong(fmt.Sprintf("%s.%d", k, i), v)
			return nil
		}
		out = append(out, s)
	}
	return out
}

// lists reads what doc.lists wrote; none is nil.
func (u *undoc) lists(d map[string]any, k string) map[string][]string {
	var out map[string][]string
	for _, item := range u.list(d, k) {
		pair, _ := item.([]any)
		words := u.strings(pair, k)
		if len(words) == 0 {
			u.wrong(k, item)
			return nil
		}
		if out == nil {
			out = map[string][]string{}
		}
		out[words[0]] = some(words[1:])
	}
	return out
}

// doc reads a document within a document; nil when there is none.
func (u *undoc) doc(d map[string]any, k string) map[string]any {
	v, ok := d[k]
	if !ok || v == nil {
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		u.wrong(k, v)
	}
	return m
}
