package sqlite

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

// fields is a tree of the paths wanted from a document; nil wants everything.
type fields struct {
	all  bool
	kids map[string]*fields
}

// wanted builds the tree of some dotted paths.
func wanted(paths ...string) *fields {
	root := &fields{}
	for _, p := range paths {
		root.add(p)
	}
	return root
}

func (f *fields) add(path string) {
	at := f
	for seg := range strings.SplitSeq(path, ".") {
		if at.all {
			return
		}
		if at.kids == nil {
			at.kids = map[string]*fields{}
		}
		// A position in a list needs the whole list to count in.
		if seg[0] >= '0' && seg[0] <= '9' {
			at.all = true
			return
		}
		next := at.kids[seg]
		if next == nil {
			next = &fields{}
			at.kids[seg] = next
		}
		at = next
	}
	at.all = true
}

func (f *fields) whole() bool { return f == nil || f.all }

func (f *fields) kid(name string) (*fields, bool) {
	if f.whole() {
		return nil, true
	}
	k, ok := f.kids[name]
	return k, ok
}

// decode reads what encode wrote. Strings share the memory of s. want limits
// the result to some paths, as a projection.
func decode(s string, want *fields) (storage.Doc, error) {
	d, _ := decoders.Get().(*decoder)
	defer d.release()
	d.s = s
	d.space()
	if d.peek() != '{' {
		return nil, d.broken()
	}
	v, err := d.object(want)
	if err != nil {
		return nil, err
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, d.broken()
	}
	return doc, nil
}

// decodeList reads a JSON list that encoder.list wrote.
func decodeList(s string) ([]any, error) {
	d, _ := decoders.Get().(*decoder)
	defer d.release()
	d.s = s
	if d.peek() != '[' {
		return nil, d.broken()
	}
	list, err := d.list(nil)
	if err == nil && d.i != len(s) {
		err = d.broken()
	}
	return list, err
}

type decoder struct {
	s     string
	i     int
	depth int

	// What has been read of the open maps and lists: each gets its memory when it
	// ends and its size is known.
	members  []member
	elements []any
}

type member struct {
	key   string
	value any
}

var decoders = sync.Pool{New: func() any { return &decoder{members: make([]member, 0, 64), elements: make([]any, 0, 64)} }}

// maxKept bounds the room a decoder keeps for the next document.
const maxKept = 256

// release gives the decoder back, holding nothing of the document.
func (d *decoder) release() {
	if cap(d.members) > maxKept || cap(d.elements) > maxKept {
		return
	}
	clear(d.members[:cap(d.members)])
	clear(d.elements[:cap(d.elements)])
	*d = decoder{members: d.members[:0], elements: d.elements[:0]}
	decoders.Put(d)
}

func (d *decoder) broken() error {
	return fmt.Errorf("storage: stored document is damaged at byte %d", d.i)
}

func (d *decoder) space() {
	for d.i < len(d.s) && (d.s[d.i] == ' ' || d.s[d.i] == '\n' || d.s[d.i] == '\t' || d.s[d.i] == '\r') {
		d.i++
	}
}

func (d *decoder) peek() byte {
	if d.i < len(d.s) {
		return d.s[d.i]
	}
	return 0
}

func (d *decoder) value(want *fields) (any, error) {
	d.space()
	switch c := d.peek(); c {
	case '"':
		return d.str()
	case '{':
		return d.object(want)
	case '[':
		list, err := d.list(want)
		return list, err
	case 't':
		return true, d.word("true")
	case 'f':
		return false, d.word("false")
	case 'n':
		return nil, d.word("null")
	}
	return d.integer()
}

func (d *decoder) word(w string) error {
	if !strings.HasPrefix(d.s[d.i:], w) {
		return d.broken()
	}
	d.i += len(w)
	return nil
}

func (d *decoder) integer() (int64, error) {
	start := d.i
	for d.i < len(d.s) && (d.s[d.i] >= '0' && d.s[d.i] <= '9' || d.s[d.i] == '-') {
		d.i++
	}
	n, err := strconv.ParseInt(d.s[start:d.i], 10, 64)
	if err != nil {
		return 0, d.broken()
	}
	return n, nil
}

func (d *decoder) str() (string, error) {
	start := d.i + 1
	end := strings.IndexByte(d.s[start:], '"')
	if end < 0 {
		return "", d.broken()
	}
	text := d.s[start : start+end]
	if n := strings.IndexByte(text, '\\'); n >= 0 {
		d.i = start + n
		return d.escaped(start)
	}
	d.i = start + end + 1
	return text, nil
}

func (d *decoder) escaped(start int) (string, error) {
	out := []byte(d.s[start:d.i])
	for d.i < len(d.s) {
		c := d.s[d.i]
		d.i++
		switch c {
		case '"':
			return string(out), nil
		case '\\':
			r, err := d.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
	}
	return "", d.broken()
}

func (d *decoder) escape() (rune, error) {
	c := d.peek()
	d.i++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'n':
		return '\n', nil
	case 'u':
		if d.i+4 > len(d.s) {
			return 0, d.broken()
		}
		n, err := strconv.ParseUint(d.s[d.i:d.i+4], 16, 16)
		d.i += 4
		if err != nil {
			return 0, d.broken()
		}
		return rune(n), nil
	}
	return 0, d.broken()
}

func (d *decoder) list(want *fields) ([]any, error) {
	if d.depth++; d.depth > 2*storage.MaxNesting {
		return nil, d.broken()
	}
	d.i++
	start := len(d.elements)
	for first := true; ; first = false {
		d.space()
		if d.peek() == ']' {
			d.i++
			d.depth--
			out := make([]any, len(d.elements)-start)
			copy(out, d.elements[start:])
			d.elements = d.elements[:start]
			return out, nil
		}
		if !first {
			if err := d.word(","); err != nil {
				return nil, err
			}
			d.space()
		}
		if err := d.element(want); err != nil {
			return nil, err
		}
	}
}

// element adds one element; under a projection only maps have the wanted fields.
func (d *decoder) element(want *fields) error {
	if !want.whole() && d.peek() != '{' {
		return d.skip()
	}
	v, err := d.value(want)
	if err != nil || !want.whole() && !isMap(v) {
		return err
	}
	d.elements = append(d.elements, v)
	return nil
}

func isMap(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

func (d *decoder) object(want *fields) (any, error) {
	if d.depth++; d.depth > 2*storage.MaxNesting {
		return nil, d.broken()
	}
	d.i++
	if strings.HasPrefix(d.s[d.i:], `"$`) {
		return d.typed()
	}
	start := len(d.members)
	for first := true; ; first = false {
		d.space()
		if d.peek() == '}' {
			d.i++
			d.depth--
			return d.taken(start), nil
		}
		if !first {
			if err := d.word(","); err != nil {
				return nil, err
			}
			d.space()
		}
		if err := d.member(want); err != nil {
			return nil, err
		}
	}
}

// taken makes a map of the members read since start. The document's own gets room
// for _id and _rev.
func (d *decoder) taken(start int) map[string]any {
	list, more := d.members[start:], 0
	if d.depth == 0 {
		more = 2
	}
	out := make(map[string]any, len(list)+more)
	for _, m := range list {
		out[m.key] = m.value
	}
	d.members = d.members[:start]
	return out
}

func (d *decoder) member(want *fields) error {
	if d.peek() != '"' {
		return d.broken()
	}
	key, err := d.str()
	if err != nil {
		return err
	}
	d.space()
	if err := d.word(":"); err != nil {
		return err
	}
	kid, ok := want.kid(key)
	if !ok {
		return d.skip()
	}
	v, err := d.value(kid)
	if err != nil {
		return err
	}
	// A wanted field below a plain value is not there.
	if !kid.whole() {
		switch v.(type) {
		case map[string]any, []any:
		default:
			return nil
		}
	}
	d.members = append(d.members, member{key, v})
	return nil
}

// typed reads {"$d":"…"} or {"$t":…}, standing behind the brace.
func (d *decoder) typed() (any, error) {
	d.depth--
	switch {
	case strings.HasPrefix(d.s[d.i:], `"$d":"`):
		d.i += len(`"$d":"`)
		end := strings.IndexByte(d.s[d.i:], '"')
		if end < 0 {
			return nil, d.broken()
		}
		v, err := parseDecimal(d.s[d.i : d.i+end])
		if err != nil {
			return nil, d.broken()
		}
		d.i += end + 1
		return v, d.word("}")
	case strings.HasPrefix(d.s[d.i:], `"$t":`):
		d.i += len(`"$t":`)
		ms, err := d.integer()
		if err != nil {
			return nil, err
		}
		return time.UnixMilli(ms).UTC(), d.word("}")
	}
	return nil, d.broken()
}

// parseDecimal is decimal.Parse with a short cut for what fits an int64, which
// is nearly everything and saves most of the time of decoding a record.
func parseDecimal(s string) (decimal.Decimal, error) {
	digits := s
	if digits != "" && digits[0] == '-' {
		digits = digits[1:]
	}
	n, scale, point := int64(0), 0, false
	for i := range len(digits) {
		c := digits[i]
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + int64(c-'0')
			if point {
				scale++
			}
		case c == '.' && !point:
			point = true
		default:
			return decimal.Parse(s)
		}
	}
	if len(digits) == 0 || len(digits) > 18 {
		return decimal.Parse(s)
	}
	if len(digits) < len(s) {
		n = -n
	}
	return decimal.FromScaled(n, scale), nil
}

// skip passes over one value.
func (d *decoder) skip() error {
	d.space()
	depth := 0
	for d.i < len(d.s) {
		switch d.s[d.i] {
		case '"':
			if err := d.skipText(); err != nil {
				return err
			}
			if depth == 0 {
				return nil
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return nil
			}
			if depth--; depth == 0 {
				d.i++
				return nil
			}
		case ',':
			if depth == 0 {
				return nil
			}
		}
		d.i++
	}
	return d.broken()
}

func (d *decoder) skipText() error {
	for d.i++; ; {
		n := strings.IndexByte(d.s[d.i:], '"')
		if n < 0 {
			return d.broken()
		}
		d.i += n + 1
		if !escapedAt(d.s, d.i-1) {
			return nil
		}
	}
}

// escapedAt tells that the character at i stands behind an odd number of backslashes.
func escapedAt(s string, i int) bool {
	n := 0
	for i > n && s[i-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}
