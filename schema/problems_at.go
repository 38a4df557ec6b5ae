package schema

import (
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// problems gathers findings; it knows the place that is being read.
type problems struct {
	base string // "forms/contract#/schema"
	list *[]Problem
}

func newProblems(base string) problems { return problems{base: base, list: new([]Problem)} }

// at is the place one key deeper.
func (p problems) at(key string) problems {
	p.base += "/" + ordjson.Escape(key)
	return p
}

// index is the place of an element.
func (p problems) index(i int) problems { return p.at(strconv.Itoa(i)) }

// add reports an error here; params are key, value pairs.
func (p problems) add(code, msg string, params ...any) {
	f := issue("", code, msg, params...)
	*p.list = append(*p.list, Problem{Path: p.base, Code: code, Message: msg, Params: f.Params})
}

// warn reports what does not stop a publish.
func (p problems) warn(code, msg string, params ...any) {
	p.add(code, msg, params...)
	(*p.list)[len(*p.list)-1].Warning = true
}

// unknown reports a key that is none, with the nearest one that is.
func (p problems) unknown(key string, known []string) {
	if s := nearest(key, known); s != "" {
		p.at(key).add("unknown_key", "unknown key "+strconv.Quote(key)+"; did you mean "+strconv.Quote(s)+"?", "key", key, "suggestion", s)
		return
	}
	p.at(key).add("unknown_key", "unknown key "+strconv.Quote(key)+"; known are "+strings.Join(known, ", "), "key", key)
}
