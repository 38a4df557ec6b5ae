package filter

import (
	"strconv"
	"strings"
)

// MaxPath is the longest path in bytes.
const MaxPath = 500

// ValidPath reports whether a path can name a place in a document: segments
// divided by dots, none empty, none starting with "$", no NUL.
func ValidPath(path string) bool {
	if path == "" || len(path) > MaxPath || strings.IndexByte(path, 0) >= 0 {
		return false
	}
	for seg := range strings.SplitSeq(path, ".") {
		if seg == "" || seg[0] == '$' {
			return false
		}
	}
	return true
}

// ValidName reports whether a path may come from outside: every segment is
// [a-z_][a-z0-9_]* .
func ValidName(path string) bool {
	if !ValidPath(path) {
		return false
	}
	start := true
	for i := range len(path) {
		c := path[i]
		letter := c >= 'a' && c <= 'z' || c == '_'
		digit := c >= '0' && c <= '9'
		if c != '.' && !letter && (!digit || start) {
			return false
		}
		start = c == '.'
	}
	return true
}

// Lookup returns the one value at a path. found is false when it is missing;
// list tells that the path crosses a list or ends in one (then v is that list).
// A numeric segment selects an element of a list and does not count as crossing it.
func Lookup(doc map[string]any, path string) (v any, found, list bool) {
	v = doc
	for rest := path; ; {
		seg, tail, more := strings.Cut(rest, ".")
		switch x := v.(type) {
		case map[string]any:
			if v, found = x[seg]; !found {
				return nil, false, false
			}
		case []any:
			i, ok := index(seg)
			if !ok {
				return v, true, true
			}
			if i >= len(x) {
				return nil, false, false
			}
			v = x[i]
		default:
			return nil, false, false
		}
		if !more {
			_, list = v.([]any)
			return v, true, list
		}
		rest = tail
	}
}

// index reads a list position.
func index(seg string) (int, bool) {
	if seg == "" || len(seg) > 6 || seg[0] < '0' || seg[0] > '9' {
		return 0, false
	}
	i, err := strconv.Atoi(seg)
	return i, err == nil
}

// Candidates calls yield for every value a path reaches, until yield returns
// false: the value itself; for a list its elements and then the list as a whole;
// across a list what each element that is a map holds. missing is true where
// the path ends before its last segment. An empty path is the value itself.
func Candidates(v any, path string, yield func(v any, missing bool) bool) {
	var segs []string
	if path != "" {
		segs = strings.Split(path, ".")
	}
	walk(v, segs, yield)
}

func walk(v any, segs []string, yield func(any, bool) bool) bool {
	if len(segs) == 0 {
		return leaf(v, yield)
	}
	switch x := v.(type) {
	case map[string]any:
		child, ok := x[segs[0]]
		if !ok {
			return yield(nil, true)
		}
		return walk(child, segs[1:], yield)
	case []any:
		return walkList(x, segs, yield)
	}
	return yield(nil, true)
}

func walkList(list []any, segs []string, yield func(any, bool) bool) bool {
	if i, ok := index(segs[0]); ok {
		if i >= len(list) {
			return yield(nil, true)
		}
		return walk(list[i], segs[1:], yield)
	}
	for _, e := range list {
		// Only maps are entered: a list within a list is not crossed.
		if m, ok := e.(map[string]any); ok && !walk(m, segs, yield) {
			return false
		}
	}
	return true
}

func leaf(v any, yield func(any, bool) bool) bool {
	if list, ok := v.([]any); ok {
		for _, e := range list {
			if !yield(e, false) {
				return false
			}
		}
	}
	return yield(v, false)
}
