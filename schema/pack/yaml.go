package pack

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/formwork-run/formwork/schema"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parseYAML reads one YAML file into a tree with places. What would make a
// definition mean something else than it seems to is refused: anchors, aliases,
// merge keys, tags, several documents, duplicate keys, numbers that JSON does not have.
func parseYAML(file string, src []byte) (*document, []schema.Problem) {
	if p := checkText(file, src); p != nil {
		return nil, []schema.Problem{*p}
	}
	tokens := lexer.Tokenize(string(src))
	if p := checkTokens(file, tokens); p != nil {
		return nil, []schema.Problem{*p}
	}
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, []schema.Problem{syntaxProblem(file, err)}
	}
	c := converter{doc: &document{file: file}}
	body, p := singleBody(file, f)
	if p != nil {
		return nil, []schema.Problem{*p}
	}
	c.doc.root = c.convert(body, "", 0)
	return c.doc, c.problems
}

func checkText(file string, src []byte) *schema.Problem {
	var p schema.Problem
	switch {
	case len(src) > MaxYAML:
		p = fileProblem(file, "file.too_large", "the file has %d bytes, more than %d", len(src), MaxYAML)
	case !utf8.Valid(src):
		p = fileProblem(file, "file.encoding", "the file is not UTF-8")
		p.Line, p.Column = invalidAt(src)
	case strings.IndexByte(string(src), 0) >= 0:
		p = fileProblem(file, "file.encoding", "the file contains a NUL character")
	default:
		return nil
	}
	return &p
}

// invalidAt gives line and column of the first byte that is not UTF-8.
func invalidAt(src []byte) (line, col int) {
	line, col = 1, 1
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return line, col
		}
		col++
		if r == '\n' {
			line, col = line+1, 1
		}
		i += n
	}
	return line, col
}

func syntaxProblem(file string, err error) schema.Problem {
	p := fileProblem(file, "yaml.syntax", "this is not valid YAML")
	var ye yaml.Error
	if errors.As(err, &ye) { // not err.Error(): it prints the source, slowly
		p.Message += ": " + firstLine(ye.GetMessage())
		if t := ye.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
		}
	}
	return p
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

func singleBody(file string, f *ast.File) (ast.Node, *schema.Problem) {
	var body ast.Node
	for _, d := range f.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			p := fileProblem(file, "yaml.documents", "a file holds one YAML document; write several files")
			setPlace(&p, d.Body)
			return nil, &p
		}
		body = d.Body
	}
	if body == nil {
		p := fileProblem(file, "yaml.empty", "the file is empty")
		return nil, &p
	}
	return body, nil
}

func setPlace(p *schema.Problem, n ast.Node) {
	if t := n.GetToken(); t != nil && t.Position != nil {
		p.Line, p.Column = t.Position.Line, t.Position.Column
	}
}

// converter turns goccy's tree into ours.
type converter struct {
	doc      *document
	count    int
	problems []schema.Problem
}

func (c *converter) refuse(n ast.Node, ptr, code, format string, args ...any) {
	p := schema.Problem{Path: c.doc.file + "#" + ptr, Code: code, Message: fmt.Sprintf(format, args...)}
	setPlace(&p, n)
	if len(c.problems) < 100 {
		c.problems = append(c.problems, p)
	}
}

// convert never returns nil; what it refuses becomes null.
func (c *converter) convert(n ast.Node, ptr string, depth int) *node {
	out := &node{ptr: ptr}
	if t := n.GetToken(); t != nil && t.Position != nil {
		out.line, out.col = t.Position.Line, t.Position.Column
	}
	c.count++
	switch {
	case depth > MaxDepth:
		c.refuse(n, ptr, "yaml.too_deep", "values are nested more than %d deep", MaxDepth)
		return out
	case c.count > MaxNodes:
		if c.count == MaxNodes+1 {
			c.refuse(n, ptr, "yaml.too_many_values", "the file has more than %d values", MaxNodes)
		}
		return out
	}
	switch x := n.(type) {
	case *ast.MappingNode:
		c.object(out, x.Values, depth)
	case *ast.MappingValueNode:
		c.object(out, []*ast.MappingValueNode{x}, depth)
	case *ast.SequenceNode:
		out.kind = kindList
		for i, v := range x.Values {
			out.items = append(out.items, c.convert(v, index(ptr, i), depth+1))
		}
	default:
		c.scalar(out, n)
	}
	return out
}

func (c *converter) object(out *node, values []*ast.MappingValueNode, depth int) {
	out.kind = kindObject
	if len(values) > 0 {
		if t := values[0].Key.GetToken(); t != nil && t.Position != nil {
			out.line, out.col = t.Position.Line, t.Position.Column
		}
	}
	seen := make(map[string]int, len(values))
	for _, v := range values {
		name, ok := c.key(v, out.ptr)
		if !ok {
			continue
		}
		pos := v.Key.GetToken().Position
		if first, dup := seen[name]; dup {
			c.refuse(v.Key, pointer(out.ptr, name), "yaml.duplicate_key", "%q is already given in line %d", name, first)
			continue
		}
		seen[name] = pos.Line
		value := c.convert(v.Value, pointer(out.ptr, name), depth+1)
		out.keys = append(out.keys, entry{name: name, value: value, line: pos.Line, col: pos.Column})
	}
}

func (c *converter) key(v *ast.MappingValueNode, ptr string) (string, bool) {
	switch k := v.Key.(type) {
	case *ast.StringNode:
		return k.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return k.GetToken().Value, true
	case *ast.MergeKeyNode:
		c.refuse(v.Key, ptr, "yaml.alias", "merge keys are not allowed: a pack file says everything it means")
	default:
		c.refuse(v.Key, ptr, "yaml.key", "a key is a plain text")
	}
	return "", false
}

// jsonNumber is what a number may look like; the text is kept as it is.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$`)

func (c *converter) scalar(out *node, n ast.Node) {
	switch x := n.(type) {
	case *ast.NullNode:
	case *ast.BoolNode:
		out.kind, out.text = kindBool, "false"
		if x.Value {
			out.text = "true"
		}
	case *ast.IntegerNode, *ast.FloatNode:
		out.kind, out.text = kindNumber, n.GetToken().Value
		if !jsonNumber.MatchString(out.text) {
			c.refuse(n, out.ptr, "yaml.number", "%s is ambiguous: write a decimal number, or quote it if it is a text", out.text)
			out.text = "0"
		}
	case *ast.StringNode:
		out.kind, out.text = kindText, x.Value
		t := x.GetToken()
		out.quoted = t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType
		out.plain = !strings.Contains(t.Origin, "\\") && !strings.Contains(t.Value, "'") && !strings.Contains(strings.TrimSpace(t.Origin), "\n")
	case *ast.LiteralNode:
		out.kind, out.text = kindText, x.Value.Value
	case *ast.AnchorNode, *ast.AliasNode:
		c.refuse(n, out.ptr, "yaml.alias", "anchors and aliases are not allowed: a pack file says everything it means")
	case *ast.TagNode:
		c.refuse(n, out.ptr, "yaml.tag", "tags such as %s are not allowed", n.GetToken().Value)
	case *ast.InfinityNode, *ast.NanNode:
		c.refuse(n, out.ptr, "yaml.number", "%s is not a number here; quote it if it is a text", n.GetToken().Value)
	default:
		c.refuse(n, out.ptr, "yaml.value", "this kind of value is not allowed")
	}
}
