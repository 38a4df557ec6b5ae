package storage

import (
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage/filter"
)

// maxPad bounds how far a Set beyond the end of a list fills it with null.
const maxPad = 10_000

// Check refuses a patch with a bad path, two entries of which one is at, above
// or below the place of the other, or one on the store's own keys.
func (p Patch) Check() error {
	var paths []string
	for path := range p.Set {
		paths = append(paths, path)
	}
	paths = append(paths, p.Unset...)
	for path, by := range p.Inc {
		switch by.(type) {
		case int, int64, decimal.Decimal:
		default:
			return Invalidf("inc %.60q by a %T", path, by)
		}
		paths = append(paths, path)
	}
	for path := range p.Push {
		paths = append(paths, path)
	}
	for path := range p.Pull {
		paths = append(paths, path)
	}
	return checkPaths(paths)
}

func checkPaths(paths []string) error {
	seen := make(map[string]bool, len(paths))
	for _, path := range paths {
		if !filter.ValidPath(path) || path == ID || path == Rev ||
			strings.HasPrefix(path, ID+".") || strings.HasPrefix(path, Rev+".") {
			return Invalidf("patch of %.60q", path)
		}
		if seen[path] {
			return Invalidf("patch touches %.60q twice", path)
		}
		seen[path] = true
	}
	for _, path := range paths {
		for i := range len(path) {
			if path[i] == '.' && seen[path[:i]] {
				return Invalidf("patch touches %.60q and %.60q", path[:i], path)
			}
		}
	}
	return nil
}

// Apply changes doc in place as the patch says. It is the reference for stores
// that cannot do it themselves. A change that the document's shape does not
// allow (a path through a text, Push on a number) is ErrInvalid; doc is then
// half changed and must be thrown away.
func (p Patch) Apply(doc Doc) error {
	if err := p.Check(); err != nil {
		return err
	}
	for path, v := range p.Set {
		if err := set(doc, path, v); err != nil {
			return err
		}
	}
	for _, path := range p.Unset {
		unset(doc, path)
	}
	for path, by := range p.Inc {
		if err := inc(doc, path, by); err != nil {
			return err
		}
	}
	for path, values := range p.Push {
		if err := push(doc, path, values); err != nil {
			return err
		}
	}
	for path, values := range p.Pull {
		if err := pull(doc, path, values); err != nil {
			return err
		}
	}
	return nil
}

func set(doc Doc, path string, v any) error {
	n, err := normalize(v, "/"+strings.ReplaceAll(path, ".", "/"), 0)
	if err != nil {
		return err
	}
	for seg := range strings.SplitSeq(path, ".") {
		if err := CheckKey(seg); err != nil {
			return err
		}
	}
	_, err = put(doc, strings.Split(path, "."), n, path)
	return err
}

// put returns the container after the change, since appending moves a list.
func put(at any, segs []string, v any, path string) (any, error) {
	if len(segs) == 0 {
		return v, nil
	}
	switch x := at.(type) {
	case map[string]any:
		child, ok := x[segs[0]]
		if !ok && len(segs) > 1 {
			child = map[string]any{}
		}
		n, err := put(child, segs[1:], v, path)
		x[segs[0]] = n
		return x, err
	case []any:
		return putList(x, segs, v, path)
	}
	return at, Invalidf("patch of %q: %q cannot be set within a %T", path, segs[0], at)
}

func putList(list []any, segs []string, v any, path string) (any, error) {
	i, err := strconv.Atoi(segs[0])
	if err != nil || i < 0 || i > len(list)+maxPad {
		return list, Invalidf("patch of %q: %q is no position in a list of %d", path, segs[0], len(list))
	}
	var child any
	if i < len(list) {
		child = list[i]
	} else if len(segs) > 1 {
		child = map[string]any{}
	}
	n, err := put(child, segs[1:], v, path)
	for len(list) <= i {
		list = append(list, nil)
	}
	list[i] = n
	return list, err
}

// unset removes a key; an element of a list becomes null, so that the others keep their places.
func unset(doc Doc, path string) {
	parent, last := any(doc), path
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		parent, last = at(doc, path[:i]), path[i+1:]
	}
	switch x := parent.(type) {
	case map[string]any:
		delete(x, last)
	case []any:
		if i, err := strconv.Atoi(last); err == nil && i >= 0 && i < len(x) {
			x[i] = nil
		}
	}
}

// at follows a path without crossing lists; nil when it leads nowhere.
func at(doc Doc, path string) any {
	var v any = doc
	for seg := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[seg]
		case []any:
			i, err := strconv.Atoi(seg)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func inc(doc Doc, path string, by any) error {
	v, found, _ := filter.Lookup(doc, path)
	sum := by
	if found {
		var err error
		if sum, err = add(v, by, path); err != nil {
			return err
		}
	}
	return set(doc, path, sum)
}

func add(a, b any, path string) (any, error) {
	x, xInt := asInt(a)
	y, yInt := asInt(b)
	if xInt && yInt {
		if sum := x + y; (sum > x) == (y > 0) {
			return sum, nil
		}
		return nil, Invalidf("inc of %q: beyond int64", path)
	}
	dx, ok := asDecimal(a)
	if !ok {
		return nil, Invalidf("inc of %q: a %T is no number", path, a)
	}
	dy, _ := asDecimal(b)
	return dx.Add(dy), nil
}

func asInt(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case int:
		return int64(n), true
	}
	return 0, false
}

func asDecimal(v any) (decimal.Decimal, bool) {
	if n, ok := asInt(v); ok {
		return decimal.FromInt(n), true
	}
	d, ok := v.(decimal.Decimal)
	return d, ok
}

func push(doc Doc, path string, values []any) error {
	list, err := listAt(doc, path, "push to")
	if err != nil {
		return err
	}
	// A list of its own: appending must not write into memory the caller still holds.
	return set(doc, path, append(slices.Clip(list), values...))
}

func pull(doc Doc, path string, values []any) error {
	list, err := listAt(doc, path, "pull from")
	if err != nil || list == nil {
		return err
	}
	kept := make([]any, 0, len(list))
	for _, e := range list {
		if !slices.ContainsFunc(values, func(v any) bool { return filter.Equal(e, v) }) {
			kept = append(kept, e)
		}
	}
	return set(doc, path, kept)
}

func listAt(doc Doc, path, verb string) ([]any, error) {
	v, found, _ := filter.Lookup(doc, path)
	if !found {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, Invalidf("%s %q: a %T is no list", verb, path, v)
	}
	return list, nil
}
