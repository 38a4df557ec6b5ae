package filter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/formwork-run/formwork/internal/decimal"
)

// MaxJSON is the longest JSON form of a filter in bytes.
const MaxJSON = 1 << 20

// opElem is how ElemMatch is written in JSON: {"path":"lines","op":"elem","value":{…}}.
const opElem = "elem"

// Parse reads a filter from outside, in its JSON form:
//
//	{"and":[…]}  {"or":[…]}  {"not":{…}}
//	{"path":"amount","op":"ge","value":"12.5"}
//	{"path":"lines","op":"elem","value":{…}}
//
// Anything else in it — another key, a key twice, an operator of a database, a
// path that is not [a-z_][a-z0-9_]* segments, what Check refuses — is an error
// that names the place. Values are null, bools, strings, exact numbers
// (decimal.Decimal) and, for in and all, lists of these; giving them the type of
// their field is the caller's part, with Map. Empty input and null give nil.
func Parse(raw json.RawMessage) (Expr, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if len(raw) > MaxJSON {
		return nil, problem("", "filter.too_large", fmt.Sprintf("more than %d bytes", MaxJSON))
	}
	p := &parser{dec: json.NewDecoder(bytes.NewReader(raw))}
	p.dec.UseNumber()
	e, err := p.expr("", 1)
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, problem("", "filter.malformed", "something follows the filter")
	}
	return e, Check(e)
}

type parser struct {
	dec   *json.Decoder
	nodes int
}

// node collects the keys of one object of the JSON form.
type node struct {
	seen     map[string]bool
	list     []Expr
	inner    Expr
	path, op string
	value    any
}

func (p *parser) expr(at string, depth int) (Expr, error) {
	if err := p.open(at, '{'); err != nil {
		return nil, err
	}
	return p.body(at, depth)
}

// body reads an object whose "{" has been read.
func (p *parser) body(at string, depth int) (Expr, error) {
	p.nodes++
	if depth > MaxDepth {
		return nil, problem(at, "filter.too_deep", fmt.Sprintf("nested deeper than %d", MaxDepth))
	}
	if p.nodes > MaxNodes {
		return nil, problem(at, "filter.too_large", fmt.Sprintf("more than %d conditions", MaxNodes))
	}
	n := node{seen: map[string]bool{}}
	for p.dec.More() {
		if err := p.member(&n, at, depth); err != nil {
			return nil, err
		}
	}
	if _, err := p.token(at); err != nil {
		return nil, err
	}
	return n.build(at)
}

func (p *parser) member(n *node, at string, depth int) (err error) {
	key, err := p.text(at)
	if err != nil {
		return err
	}
	if n.seen[key] {
		return problem(at, "filter.malformed", fmt.Sprintf("%q stands twice", clip(key)))
	}
	n.seen[key] = true
	switch key {
	case "and", "or":
		n.list, err = p.exprs(at+"/"+key, depth)
	case "not":
		n.inner, err = p.expr(at+"/not", depth+1)
	case "path":
		n.path, err = p.text(at + "/path")
	case "op":
		n.op, err = p.text(at + "/op")
	case "value":
		n.value, err = p.value(at+"/value", depth)
	default:
		return problem(at, "filter.malformed", fmt.Sprintf("%q is not known here", clip(key)))
	}
	return err
}

func (n *node) build(at string) (Expr, error) {
	switch {
	case n.only("and"):
		return And(n.list), nil
	case n.only("or"):
		return Or(n.list), nil
	case n.only("not"):
		return Not{n.inner}, nil
	case len(n.seen) == 3 && n.seen["path"] && n.seen["op"] && n.seen["value"]:
		return n.condition(at)
	}
	return nil, problem(at, "filter.malformed", `neither {"and"}, {"or"}, {"not"} nor {"path","op","value"}`)
}

func (n *node) only(key string) bool { return len(n.seen) == 1 && n.seen[key] }

func (n *node) condition(at string) (Expr, error) {
	if n.path != "" && !ValidName(n.path) {
		return nil, problem(at+"/path", "filter.path", fmt.Sprintf("%q is not a path", clip(n.path)))
	}
	inner, isExpr := n.value.(Expr)
	switch {
	case n.op == opElem && isExpr:
		return ElemMatch{n.path, inner}, nil
	case n.op == opElem:
		return nil, problem(at+"/value", "filter.value", "elem needs a condition")
	case isExpr:
		return nil, problem(at+"/value", "filter.value", "an object is no value to compare with")
	}
	return Cmp{n.path, Op(n.op), n.value}, nil
}

func (p *parser) exprs(at string, depth int) ([]Expr, error) {
	if err := p.open(at, '['); err != nil {
		return nil, err
	}
	list := []Expr{}
	for p.dec.More() {
		e, err := p.expr(at+"/"+strconv.Itoa(len(list)), depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	_, err := p.token(at)
	return list, err
}

// value reads a value; an object is read as a condition, for elem.
func (p *parser) value(at string, depth int) (any, error) {
	t, err := p.token(at)
	if err != nil {
		return nil, err
	}
	switch x := t.(type) {
	case json.Delim:
		if x == '{' {
			return p.body(at, depth+1)
		}
		return p.values(at)
	case json.Number:
		return parseNumber(x, at)
	}
	return t, nil
}

func (p *parser) values(at string) (any, error) {
	list := []any{}
	for p.dec.More() {
		if len(list) == MaxValues {
			return nil, problem(at, "filter.too_large", fmt.Sprintf("more than %d values", MaxValues))
		}
		here := at + "/" + strconv.Itoa(len(list))
		v, err := p.token(here)
		if err != nil {
			return nil, err
		}
		if _, nested := v.(json.Delim); nested {
			return nil, problem(here, "filter.value", "a list or map is no value to compare with")
		}
		if num, ok := v.(json.Number); ok {
			if v, err = parseNumber(num, here); err != nil {
				return nil, err
			}
		}
		list = append(list, v)
	}
	_, err := p.token(at)
	return list, err
}

func parseNumber(n json.Number, at string) (any, error) {
	d, err := decimal.Parse(string(n))
	if err != nil {
		return nil, problem(at, "filter.value", fmt.Sprintf("%s is not a number of this system", clip(string(n))))
	}
	return d, nil
}

func (p *parser) token(at string) (json.Token, error) {
	t, err := p.dec.Token()
	if err != nil {
		return nil, problem(at, "filter.malformed", "not JSON: "+clip(err.Error()))
	}
	return t, nil
}

func (p *parser) open(at string, want json.Delim) error {
	t, err := p.token(at)
	if err != nil {
		return err
	}
	if t != want {
		return problem(at, "filter.malformed", "expected "+want.String())
	}
	return nil
}

func (p *parser) text(at string) (string, error) {
	t, err := p.token(at)
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", problem(at, "filter.malformed", "expected a text")
	}
	return s, nil
}
