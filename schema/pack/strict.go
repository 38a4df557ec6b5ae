package pack

import (
	"slices"
	"strings"
	"time"

	"github.com/formwork-run/formwork/schema"
)

// reader takes values out of a document; every mismatch is a problem with its place.
type reader struct {
	doc      *document
	problems []schema.Problem
}

func (r *reader) fail(n *node, code, format string, args ...any) {
	r.problems = append(r.problems, r.doc.problem(n, code, format, args...))
}

// want reports whether the value is of the kind; if not it says so.
func (r *reader) want(n *node, k kind) bool {
	if n.kind != k {
		r.fail(n, "type", "expected %s, found %s", k, n.kind)
		return false
	}
	return true
}

// keys says what to do with the value of each key an object may have.
type keys map[string]func(n *node)

// object reads an object strictly: an unknown key is a problem that lists the known ones.
func (r *reader) object(n *node, k keys) bool {
	if !r.want(n, kindObject) {
		return false
	}
	for _, e := range n.keys {
		read, ok := k[e.name]
		if !ok {
			p := r.doc.problem(e.value, "unknown_key", "unknown key %q; known here: %s", e.name, known(k))
			p.Line, p.Column = e.line, e.col
			r.problems = append(r.problems, p)
			continue
		}
		read(e.value)
	}
	return true
}

func known(k keys) string {
	names := make([]string, 0, len(k))
	for name := range k {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// required says that a key must be there.
func (r *reader) required(n *node, names ...string) {
	for _, name := range names {
		if n.kind == kindObject && n.get(name) == nil {
			r.fail(n, "required", "%q is missing", name)
		}
	}
}

func (r *reader) text(to *string) func(*node) {
	return func(n *node) {
		if n.kind == kindNumber { // a version such as 1.0, a code such as 5401
			*to = n.text
			return
		}
		if r.want(n, kindText) {
			*to = n.text
		}
	}
}

func (r *reader) flag(to *bool) func(*node) {
	return func(n *node) {
		if r.want(n, kindBool) {
			*to = n.text == "true"
		}
	}
}

func (r *reader) int(to *int) func(*node) {
	return func(n *node) {
		if !r.want(n, kindNumber) {
			return
		}
		v, ok := 0, len(n.text) <= 9
		for _, c := range n.text {
			ok = ok && c >= '0' && c <= '9'
			v = v*10 + int(c-'0')
		}
		if !ok {
			r.fail(n, "type", "expected a whole number from 0, found %s", n.text)
			return
		}
		*to = v
	}
}

func (r *reader) texts(to *[]string) func(*node) {
	return func(n *node) {
		if !r.want(n, kindList) {
			return
		}
		out := make([]string, 0, len(n.items))
		for _, item := range n.items {
			var s string
			r.text(&s)(item)
			out = append(out, s)
		}
		*to = out
	}
}

// each reads a list.
func (r *reader) each(read func(n *node)) func(*node) {
	return func(n *node) {
		if !r.want(n, kindList) {
			return
		}
		for _, item := range n.items {
			read(item)
		}
	}
}

// pairs reads an object with free keys.
func (r *reader) pairs(read func(name string, n *node)) func(*node) {
	return func(n *node) {
		if !r.want(n, kindObject) {
			return
		}
		for _, e := range n.keys {
			read(e.name, e.value)
		}
	}
}

// localised reads a text in one or several languages; a plain text is stored under "".
func (r *reader) localised(to *schema.Text) func(*node) {
	return func(n *node) {
		if n.kind == kindText {
			*to = schema.Plain(n.text)
			return
		}
		t := schema.Text{}
		r.pairs(func(lang string, v *node) {
			if !schema.IsLanguageTag(lang) {
				r.fail(v, "text.language", "%q is not a language tag such as zh-CN or en", lang)
				return
			}
			var s string
			r.text(&s)(v)
			t[lang] = s
		})(n)
		*to = t
	}
}

// when reads a moment: a day (it then means 09:00 there) or RFC 3339.
func (r *reader) when(to *When) func(*node) {
	return func(n *node) {
		if !r.want(n, kindText) {
			return
		}
		if day, err := time.Parse(time.DateOnly, n.text); err == nil {
			*to = When{day: day, isDay: true}
			return
		}
		at, err := time.Parse(time.RFC3339, n.text)
		if err != nil {
			r.fail(n, "when", "expected a day such as 2026-03-01 or a time such as 2026-03-01T09:30:00+08:00, found %q", n.text)
			return
		}
		*to = When{day: at}
	}
}

// oneOf reads a text out of a set.
func (r *reader) oneOf(to *string, allowed ...string) func(*node) {
	return func(n *node) {
		if !r.want(n, kindText) {
			return
		}
		if !slices.Contains(allowed, n.text) {
			r.fail(n, "value", "%q is not allowed here; choose one of %s", n.text, strings.Join(allowed, ", "))
			return
		}
		*to = n.text
	}
}
