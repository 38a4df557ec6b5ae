package sqlite

import (
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/storage"
)

// The JSON of a document: null, bool, string, list and map as they are, int64 as
// an integer, a decimal as {"$d":"12.50"}, a time as {"$t":<ms>}. Keys of
// documents never start with "$", so nothing else looks like these.

// encode writes a document without its own keys _id and _rev. It refuses what
// storage.Normalize refuses, naming the path.
func encode(doc storage.Doc) (string, error) {
	room, _ := rooms.Get().(*[]byte)
	e := encoder{buf: (*room)[:0]}
	defer func() {
		if cap(e.buf) <= maxRoom {
			*room = e.buf
			rooms.Put(room)
		}
	}()
	if err := e.doc(doc); err != nil {
		return "", err
	}
	if len(e.buf) > storage.MaxDocBytes {
		return "", tooLarge("document of %d bytes, more than %d", len(e.buf), storage.MaxDocBytes)
	}
	return string(e.buf), nil
}

// rooms are buffers that encode writes into before the text gets its own memory;
// one that grew beyond maxRoom is not kept.
var rooms = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

const maxRoom = 64 << 10

type encoder struct {
	buf   []byte
	depth int
}

func (e *encoder) doc(doc storage.Doc) error {
	e.buf = append(e.buf, '{')
	first := true
	for k, v := range doc {
		if k == storage.ID || k == storage.Rev {
			continue
		}
		if err := e.member(k, v, &first); err != nil {
			return err
		}
	}
	e.buf = append(e.buf, '}')
	return nil
}

func (e *encoder) member(k string, v any, first *bool) error {
	if err := storage.CheckKey(k); err != nil {
		return err
	}
	if !*first {
		e.buf = append(e.buf, ',')
	}
	*first = false
	e.str(k)
	e.buf = append(e.buf, ':')
	if err := e.value(v); err != nil {
		return within(k, err)
	}
	return nil
}

func (e *encoder) value(v any) error {
	switch x := v.(type) {
	case nil:
		e.buf = append(e.buf, "null"...)
	case bool:
		e.buf = strconv.AppendBool(e.buf, x)
	case string:
		if !utf8.ValidString(x) {
			return storage.Invalidf("text is not UTF-8")
		}
		e.str(x)
	case int64:
		e.buf = strconv.AppendInt(e.buf, x, 10)
	case int:
		e.buf = strconv.AppendInt(e.buf, int64(x), 10)
	case decimal.Decimal:
		return e.decimal(x)
	case time.Time:
		e.buf = append(e.buf, `{"$t":`...)
		e.buf = strconv.AppendInt(e.buf, x.UnixMilli(), 10)
		e.buf = append(e.buf, '}')
	case []any:
		return e.list(x)
	case map[string]any:
		return e.object(x)
	default:
		return storage.Invalidf("type %T cannot be stored", v)
	}
	return nil
}

func (e *encoder) decimal(d decimal.Decimal) error {
	if d.Overflow() {
		return storage.Invalidf("number too large")
	}
	e.buf = append(e.buf, `{"$d":"`...)
	e.buf = d.AppendTo(e.buf)
	e.buf = append(e.buf, `"}`...)
	return nil
}

func (e *encoder) enter() error {
	if e.depth++; e.depth > storage.MaxNesting {
		return storage.Invalidf("nested deeper than %d", storage.MaxNesting)
	}
	return nil
}

func (e *encoder) list(list []any) error {
	if err := e.enter(); err != nil {
		return err
	}
	e.buf = append(e.buf, '[')
	for i, v := range list {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if err := e.value(v); err != nil {
			return within(strconv.Itoa(i), err)
		}
	}
	e.buf = append(e.buf, ']')
	e.depth--
	return nil
}

func (e *encoder) object(m map[string]any) error {
	if err := e.enter(); err != nil {
		return err
	}
	e.buf = append(e.buf, '{')
	first := true
	for k, v := range m {
		if err := e.member(k, v, &first); err != nil {
			return err
		}
	}
	e.buf = append(e.buf, '}')
	e.depth--
	return nil
}

const hexDigits = "0123456789abcdef"

// str writes a JSON string; only what JSON requires is escaped.
func (e *encoder) str(s string) {
	e.buf = append(e.buf, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c > '\\' || c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		e.buf = append(e.buf, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			e.buf = append(e.buf, '\\', c)
		case '\n':
			e.buf = append(e.buf, '\\', 'n')
		default:
			e.buf = append(e.buf, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	e.buf = append(e.buf, s[start:]...)
	e.buf = append(e.buf, '"')
}
