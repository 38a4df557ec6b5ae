package storage

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage/filter"
)

// MaxNesting is how deep lists and maps of one document may nest.
const MaxNesting = 100

// Invalidf is an ErrInvalid with its text.
func Invalidf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// CheckTenant refuses an id that is not [a-z0-9_-]{1,40}.
func CheckTenant(id string) error {
	ok := len(id) >= 1 && len(id) <= 40
	for i := range len(id) {
		c := id[i]
		ok = ok && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-')
	}
	if !ok {
		return Invalidf("tenant id %.60q", id)
	}
	return nil
}

// CheckCollection refuses a name that is not [a-z][a-z0-9_]{0,80}.
func CheckCollection(name string) error {
	ok := len(name) >= 1 && len(name) <= 81 && name[0] >= 'a' && name[0] <= 'z'
	for i := range len(name) {
		c := name[i]
		ok = ok && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_')
	}
	if !ok {
		return Invalidf("collection name %.100q", name)
	}
	return nil
}

// CheckID refuses an _id that is empty, longer than MaxKeyLength, not UTF-8, or holds NUL.
func CheckID(id string) error {
	if id == "" || len(id) > MaxKeyLength || !utf8.ValidString(id) || strings.IndexByte(id, 0) >= 0 {
		return Invalidf("_id %.60q", id)
	}
	return nil
}

// CheckKey refuses a key of a map that is empty, not UTF-8, starts with "$", or holds a dot or NUL.
func CheckKey(key string) error {
	ok, ascii := key != "" && key[0] != '$', true
	for i := range len(key) { // one pass: every key of every document comes here
		c := key[i]
		ok = ok && c != '.' && c != 0
		ascii = ascii && c < utf8.RuneSelf
	}
	if !ok || !ascii && !utf8.ValidString(key) {
		return Invalidf("key %.60q", key)
	}
	return nil
}

// DocID returns the document's _id, checked.
func DocID(doc Doc) (string, error) {
	id, ok := doc[ID].(string)
	if !ok {
		return "", Invalidf("_id is not a string")
	}
	return id, CheckID(id)
}

// Normalize returns a deep copy of a value in exactly the types of Doc: int
// becomes int64, times are cut to UTC milliseconds. Anything else, and a key
// that CheckKey refuses, is ErrInvalid naming the path.
func Normalize(v any) (any, error) { return normalize(v, "", 0) }

func normalize(v any, at string, depth int) (any, error) {
	switch x := v.(type) {
	case nil, bool, int64:
		return x, nil
	case int:
		return int64(x), nil
	case string:
		if !utf8.ValidString(x) {
			return nil, Invalidf("%s: text is not UTF-8", at)
		}
		return x, nil
	case decimal.Decimal:
		if x.Overflow() {
			return nil, Invalidf("%s: number too large", at)
		}
		return x, nil
	case time.Time:
		return time.UnixMilli(x.UnixMilli()).UTC(), nil
	case []any:
		return normalizeList(x, at, depth+1)
	case map[string]any:
		return normalizeMap(x, at, depth+1)
	}
	return nil, Invalidf("%s: type %T cannot be stored", at, v)
}

func normalizeList(list []any, at string, depth int) (any, error) {
	if depth > MaxNesting {
		return nil, Invalidf("%s: nested deeper than %d", at, MaxNesting)
	}
	out := make([]any, len(list))
	for i, e := range list {
		n, err := normalize(e, at+"/"+strconv.Itoa(i), depth)
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	return out, nil
}

func normalizeMap(m map[string]any, at string, depth int) (any, error) {
	if depth > MaxNesting {
		return nil, Invalidf("%s: nested deeper than %d", at, MaxNesting)
	}
	out := make(map[string]any, len(m))
	for k, e := range m {
		if err := CheckKey(k); err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		n, err := normalize(e, at+"/"+k, depth)
		if err != nil {
			return nil, err
		}
		out[k] = n
	}
	return out, nil
}

// CheckWhere refuses a malformed condition with ErrInvalid.
func CheckWhere(e filter.Expr) error {
	if err := filter.Valid(e); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

// Check refuses a malformed query and returns its limit, which is never 0.
func (q Query) Check() (limit int, err error) {
	limit = q.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	if limit < 0 || limit > MaxFindLimit {
		return 0, Invalidf("limit %d is not in 0–%d", q.Limit, MaxFindLimit)
	}
	if len(q.Sort) > MaxSortFields {
		return 0, Invalidf("more than %d sort keys", MaxSortFields)
	}
	if err := filter.ValidSort(q.Sort); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	for _, f := range q.Fields {
		if !filter.ValidPath(f) {
			return 0, Invalidf("field %.60q", f)
		}
	}
	return limit, CheckWhere(q.Where)
}

// Check refuses a malformed aggregation and returns its limit, which is never 0.
func (g Group) Check() (limit int, err error) {
	limit = g.Limit
	if limit == 0 {
		limit = MaxGroups
	}
	if limit < 0 || limit > MaxGroups {
		return 0, Invalidf("limit %d is not in 0–%d", g.Limit, MaxGroups)
	}
	names := map[string]bool{}
	for _, k := range g.By {
		if err := checkName(names, k.As, k.Path); err != nil {
			return 0, err
		}
		if err := k.check(); err != nil {
			return 0, err
		}
	}
	for _, m := range g.Measures {
		if err := m.check(names); err != nil {
			return 0, err
		}
	}
	return limit, CheckWhere(g.Where)
}

func checkName(names map[string]bool, as, path string) error {
	if CheckKey(as) != nil || names[as] {
		return Invalidf("name %.60q of a group column", as)
	}
	names[as] = true
	if !filter.ValidPath(path) {
		return Invalidf("path %.60q of group column %q", path, as)
	}
	return nil
}

func (k GroupKey) check() error {
	switch k.Grain {
	case "", "year", "quarter", "month", "week", "day", "hour":
	default:
		return Invalidf("grain %.20q", k.Grain)
	}
	if _, err := time.LoadLocation(k.Zone); err != nil {
		return Invalidf("zone %.60q", k.Zone)
	}
	return nil
}

func (m Measure) check(names map[string]bool) error {
	switch m.Fn {
	case "count":
		if m.Path == "" {
			return checkName(names, m.As, ID)
		}
	case "sum", "min", "max", "countDistinct":
	default:
		return Invalidf("measure %.20q", m.Fn)
	}
	return checkName(names, m.As, m.Path)
}
