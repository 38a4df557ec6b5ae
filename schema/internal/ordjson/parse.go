package ordjson

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// Error says why a text is refused. Code is syntax, depth or duplicate.
type Error struct {
	Code   string
	Offset int    // byte offset
	Path   string // JSON pointer of the value being read
	Msg    string
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("%s at byte %d (%s)", e.Msg, e.Offset, e.Path)
}

type parser struct {
	s     string
	i     int
	depth int
	keys  []string
	items []Value
}

// parsers keep the stacks that children are gathered on.
var parsers = sync.Pool{New: func() any { return &parser{keys: make([]string, 0, 32), items: make([]Value, 0, 32)} }}

// maxKept bounds the stacks that a parser keeps for the next text.
const maxKept = 256

// release gives the parser back, holding nothing of the text.
func (p *parser) release() {
	if cap(p.keys) > maxKept || cap(p.items) > maxKept {
		return
	}
	clear(p.keys[:cap(p.keys)])
	clear(p.items[:cap(p.items)])
	*p = parser{keys: p.keys[:0], items: p.items[:0]}
	parsers.Put(p)
}

// Parse reads one JSON value. Nesting deeper than maxDepth, duplicate keys,
// invalid UTF-8 and anything RFC 8259 does not allow are refused with an *Error.
func Parse(raw []byte, maxDepth int) (Value, error) {
	p, _ := parsers.Get().(*parser)
	defer p.release()
	p.s, p.depth = string(raw), maxDepth
	if !utf8.ValidString(p.s) {
		return Value{}, p.fail("syntax", "the text is not UTF-8")
	}
	v, err := p.value()
	if err != nil {
		return Value{}, err
	}
	p.space()
	if p.i < len(p.s) {
		return Value{}, p.fail("syntax", "text after the value")
	}
	return v, nil
}

func (p *parser) fail(code, msg string) *Error { return &Error{Code: code, Offset: p.i, Msg: msg} }

func (p *parser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

func (p *parser) value() (Value, *Error) {
	p.space()
	if p.i >= len(p.s) {
		return Value{}, p.fail("syntax", "unexpected end")
	}
	switch c := p.s[p.i]; {
	case c == '"':
		s, err := p.str()
		return Value{Kind: String, Text: s}, err
	case c == '{' || c == '[':
		return p.container(c)
	case c == 't':
		return p.word("true", Bool)
	case c == 'f':
		return p.word("false", Bool)
	case c == 'n':
		return p.word("null", Null)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	return Value{}, p.fail("syntax", "unexpected character "+strconv.QuoteRune(rune(p.s[p.i])))
}

func (p *parser) word(w string, k Kind) (Value, *Error) {
	if !strings.HasPrefix(p.s[p.i:], w) {
		return Value{}, p.fail("syntax", "unexpected word")
	}
	p.i += len(w)
	return Value{Kind: k, Text: w}, nil
}

func (p *parser) digits() bool {
	start := p.i
	for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' {
		p.i++
	}
	return p.i > start
}

func (p *parser) at(c byte) bool { return p.i < len(p.s) && p.s[p.i] == c }

func (p *parser) number() (Value, *Error) {
	start := p.i
	if p.at('-') {
		p.i++
	}
	ok := true
	if p.at('0') {
		p.i++
	} else {
		ok = p.digits()
	}
	if ok && p.at('.') {
		p.i++
		ok = p.digits()
	}
	if ok && (p.at('e') || p.at('E')) {
		p.i++
		if p.at('+') || p.at('-') {
			p.i++
		}
		ok = p.digits()
	}
	if !ok {
		return Value{}, p.fail("syntax", "malformed number")
	}
	return Value{Kind: Number, Text: p.s[start:p.i]}, nil
}

func (p *parser) str() (string, *Error) {
	start := p.i + 1
	for i := start; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '"':
			p.i = i + 1
			return p.s[start:i], nil
		case c == '\\':
			return p.escaped(start, i)
		case c < 0x20:
			p.i = i
			return "", p.fail("syntax", "control character in a string")
		}
	}
	p.i = len(p.s)
	return "", p.fail("syntax", "unterminated string")
}

// escaped continues a string that has escapes, from the first one at i.
func (p *parser) escaped(start, i int) (string, *Error) {
	b := append(make([]byte, 0, i-start+16), p.s[start:i]...)
	for p.i = i; p.i < len(p.s); {
		switch c := p.s[p.i]; {
		case c == '"':
			p.i++
			return string(b), nil
		case c == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			b = utf8.AppendRune(b, r)
		case c < 0x20:
			return "", p.fail("syntax", "control character in a string")
		default:
			b = append(b, c)
			p.i++
		}
	}
	return "", p.fail("syntax", "unterminated string")
}

func (p *parser) escape() (rune, *Error) {
	if p.i+1 >= len(p.s) {
		return 0, p.fail("syntax", "unterminated string")
	}
	c := p.s[p.i+1]
	if c == 'u' {
		return p.unicode()
	}
	k := strings.IndexByte(`"\/bfnrt`, c)
	if k < 0 {
		return 0, p.fail("syntax", "unknown escape")
	}
	p.i += 2
	return rune("\"\\/\b\f\n\r\t"[k]), nil
}

// unicode reads \uXXXX, and a surrogate pair as one rune; half a pair is refused.
func (p *parser) unicode() (rune, *Error) {
	r, ok := p.hex4(p.i)
	if !ok {
		return 0, p.fail("syntax", "malformed \\u escape")
	}
	if !utf16.IsSurrogate(r) {
		p.i += 6
		return r, nil
	}
	if low, ok := p.hex4(p.i + 6); ok {
		if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
			p.i += 12
			return full, nil
		}
	}
	return 0, p.fail("syntax", "half of a surrogate pair")
}

func (p *parser) hex4(at int) (rune, bool) {
	if at+6 > len(p.s) || p.s[at] != '\\' || p.s[at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[at+2:at+6], 16, 32)
	return rune(n), err == nil
}

// container reads an array or object. Children are gathered on a shared stack
// and copied once, so that a small document costs few allocations.
func (p *parser) container(open byte) (Value, *Error) {
	if p.depth == 0 {
		return Value{}, p.fail("depth", "nested too deeply")
	}
	p.depth--
	defer func() { p.depth++ }()
	start, mark, kmark := p.i, len(p.items), len(p.keys)
	kind, end := Array, byte(']')
	if open == '{' {
		kind, end = Object, '}'
	}
	p.i++
	p.space()
	for n := 0; !p.at(end); n++ {
		if err := p.member(kind, n); err != nil {
			return Value{}, err
		}
		p.space()
	}
	p.i++
	v := Value{Kind: kind, Text: p.s[start:p.i]}
	v.Items = append(make([]Value, 0, len(p.items)-mark), p.items[mark:]...)
	p.items = p.items[:mark]
	if kind == Object {
		v.Keys = append(make([]string, 0, len(p.keys)-kmark), p.keys[kmark:]...)
		p.keys = p.keys[:kmark]
		if k, dup := duplicate(v.Keys); dup {
			return Value{}, p.fail("duplicate", "the key "+strconv.Quote(k)+" stands twice").under("/" + Escape(k))
		}
	}
	return v, nil
}

func (p *parser) member(kind Kind, n int) *Error {
	if n > 0 {
		if !p.at(',') {
			return p.fail("syntax", "expected a comma")
		}
		p.i++
		p.space()
	}
	seg := ""
	if kind == Object {
		if !p.at('"') {
			return p.fail("syntax", "expected a key")
		}
		k, err := p.str()
		if err != nil {
			return err
		}
		p.space()
		if !p.at(':') {
			return p.fail("syntax", "expected a colon")
		}
		p.i++
		p.keys = append(p.keys, k)
		seg = k
	}
	v, err := p.value()
	if err != nil {
		if kind == Array {
			seg = strconv.Itoa(n)
		}
		return err.under("/" + Escape(seg))
	}
	p.items = append(p.items, v)
	return nil
}

func (e *Error) under(seg string) *Error {
	e.Path = seg + e.Path
	return e
}

func duplicate(keys []string) (string, bool) {
	if len(keys) <= 16 {
		for i, k := range keys {
			for _, o := range keys[:i] {
				if k == o {
					return k, true
				}
			}
		}
		return "", false
	}
	seen := make(map[string]struct{}, len(keys))
	for _, k := range keys {
		if _, ok := seen[k]; ok {
			return k, true
		}
		seen[k] = struct{}{}
	}
	return "", false
}

// Escape makes a key a segment of a JSON pointer.
func Escape(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}
