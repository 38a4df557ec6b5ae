package pack

import (
	"fmt"

	"github.com/formwork-run/formwork/schema"
	"github.com/goccy/go-yaml/token"
)

// checkTokens refuses what would cost the parser too much before it sees it:
// it recurses into nested values, and its time grows with the square of the
// keys of a mapping.
func checkTokens(file string, tokens token.Tokens) *schema.Problem {
	if len(tokens) > 6*MaxNodes {
		p := fileProblem(file, "yaml.too_many_values", "the file has more than %d values", MaxNodes)
		return &p
	}
	var g guard
	for _, t := range tokens {
		if code, message := g.refuse(t); code != "" {
			return &schema.Problem{
				Path: file + "#", Code: code, Message: message,
				Line: t.Position.Line, Column: t.Position.Column,
			}
		}
	}
	return nil
}

// guard follows the tokens of a file.
type guard struct {
	flow    int // open brackets and braces
	line    int
	entries int // "- " in this line
	maps    openMaps
}

func (g *guard) refuse(t *token.Token) (code, message string) {
	if t.Position.Line != g.line {
		g.line, g.entries = t.Position.Line, 0
	}
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		g.flow++
	case token.SequenceEndType, token.MappingEndType:
		g.flow--
	case token.SequenceEntryType:
		g.entries++
	case token.MappingKeyType:
		return "yaml.key", "keys written with ? are not allowed: a key is a plain text"
	}
	indented := g.flow == 0 && t.Type != token.CommentType && t.Position.IndentNum > 8*MaxDepth
	switch {
	case g.flow > MaxDepth || g.entries > MaxDepth || indented:
		return "yaml.too_deep", fmt.Sprintf("values are nested more than %d deep", MaxDepth)
	case g.flow == 0 && g.maps.tooMany(t):
		return "yaml.too_many_keys", fmt.Sprintf("a mapping has at most %d keys", MaxKeys)
	}
	return "", ""
}

// openMaps counts the keys of the block mappings a token stands in, by column.
type openMaps []struct{ column, keys int }

func (m *openMaps) tooMany(t *token.Token) bool {
	switch {
	case t.Type == token.SequenceEntryType:
		m.close(t.Position.Column)
	case t.Type == token.MappingValueType && t.Prev != nil:
		column := t.Prev.Position.Column
		m.close(column)
		if n := len(*m); n == 0 || (*m)[n-1].column < column {
			*m = append(*m, struct{ column, keys int }{column: column})
		}
		last := &(*m)[len(*m)-1]
		last.keys++
		return last.keys > MaxKeys
	}
	return false
}

// close forgets the mappings further right.
func (m *openMaps) close(column int) {
	n := len(*m)
	for n > 0 && (*m)[n-1].column > column {
		n--
	}
	*m = (*m)[:n]
}
