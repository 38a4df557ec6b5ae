package org

import (
	"cmp"
	"encoding/base64"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
)

// Page is one page of a picker.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next_cursor,omitempty"` // "" on the last page
}

// sortKey orders people as a reader of Chinese expects: by pinyin, then name, then id.
type sortKey struct{ pinyin, name, id string }

func (k sortKey) compare(o sortKey) int {
	return cmp.Or(cmp.Compare(k.pinyin, o.pinyin), cmp.Compare(k.name, o.name), cmp.Compare(k.id, o.id))
}

func normalQuery(q string) string { return strings.ToLower(strings.TrimSpace(q)) }

func byID[V, T any](ids []string, from map[string]*V, item func(*V) T) Page[T] {
	out := Page[T]{Items: []T{}}
	for _, id := range ids[:min(len(ids), MaxPage)] {
		if v := from[id]; v != nil {
			out.Items = append(out.Items, item(v))
		}
	}
	return out
}

// page takes one page of a sorted list, after the place the cursor names.
// What joins or leaves between two pages neither repeats nor skips the rest.
func page[V, T any](q Search, all []V, key func(V) sortKey, item func(V) (T, bool)) (Page[T], error) {
	limit := q.Limit
	if limit <= 0 {
		limit = DefaultPage
	}
	limit = min(limit, MaxPage)
	after, err := readCursor(q.Cursor)
	if err != nil {
		return Page[T]{}, err
	}
	out := Page[T]{Items: []T{}}
	var last sortKey
	for _, v := range all {
		if q.Cursor != "" && key(v).compare(after) <= 0 {
			continue
		}
		it, ok := item(v)
		if !ok {
			continue
		}
		if len(out.Items) == limit {
			out.Next = writeCursor(last)
			break
		}
		out.Items, last = append(out.Items, it), key(v)
	}
	return out, nil
}

func writeCursor(k sortKey) string {
	return base64.RawURLEncoding.EncodeToString([]byte(k.pinyin + "\x00" + k.name + "\x00" + k.id))
}

func readCursor(s string) (sortKey, error) {
	if s == "" {
		return sortKey{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.Split(string(raw), "\x00")
	if err != nil || len(parts) != 3 {
		return sortKey{}, fault.New(fault.Malformed, "cursor", "this cursor is not one of ours").
			At(fault.Field{Path: "/cursor", Code: "cursor", Message: "not a cursor of this list"})
	}
	return sortKey{parts[0], parts[1], parts[2]}, nil
}
