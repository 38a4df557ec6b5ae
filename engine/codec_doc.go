package engine

import (
	"fmt"
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
