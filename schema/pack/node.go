package pack

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindText
	kindList
	kindObject
)

// String names the kind in messages.
func (k kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a text", "a list", "a mapping"}[k]
}

// node is a value of a YAML file with its place. Numbers keep their text, so
// that 1.50 stays 1.50; objects keep their order.
type node struct {
	kind   kind
	text   string // bool, number, text
	items  []*node
	keys   []entry
	ptr    string
	line   int
	col    int
	plain  bool // a text whose source characters stand one after the other
	quoted bool
}

type entry struct {
	name  string
	value *node
	line  int
	col   int
}

// document is one YAML file.
type document struct {
	file string
	root *node
}

// get returns the value of a key, nil when absent.
func (n *node) get(key string) *node {
	for _, e := range n.keys {
		if e.name == key {
			return e.value
		}
	}
	return nil
}

// find walks a JSON pointer. When it leads nowhere it returns the nearest
// value above and exact is false.
func (n *node) find(ptr string) (at *node, exact bool) {
	ptr = strings.TrimPrefix(ptr, "/")
	if ptr == "" {
		return n, true
	}
	for _, token := range strings.Split(ptr, "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		next := n.child(token)
		if next == nil {
			return n, false
		}
		n = next
	}
	return n, true
}

func (n *node) child(token string) *node {
	if n.kind != kindList {
		return n.get(token)
	}
	if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.items) {
		return n.items[i]
	}
	return nil
}

// json writes the value, keys in the order of the file, numbers as written.
func (n *node) json() json.RawMessage {
	var b bytes.Buffer
	n.write(&b)
	return b.Bytes()
}

func (n *node) write(b *bytes.Buffer) {
	switch n.kind {
	case kindNull:
		b.WriteString("null")
	case kindBool, kindNumber:
		b.WriteString(n.text)
	case kindText:
		writeText(b, n.text)
	case kindList:
		b.WriteByte('[')
		for i, x := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			x.write(b)
		}
		b.WriteByte(']')
	case kindObject:
		b.WriteByte('{')
		for i, e := range n.keys {
			if i > 0 {
				b.WriteByte(',')
			}
			writeText(b, e.name)
			b.WriteByte(':')
			e.value.write(b)
		}
		b.WriteByte('}')
	}
}

// writeText writes a JSON string without escaping <, > and &, which formulas are full of.
func writeText(b *bytes.Buffer, s string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string into a buffer cannot fail
	b.Truncate(b.Len() - 1)
}
