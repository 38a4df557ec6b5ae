package formula

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
)

// Limits of a formula's text and tree.
const (
	MaxSource  = 10_000 // code points
	MaxNodes   = 1_000
	MaxDepth   = 200
	maxNesting = 100 // brackets within brackets
)

// parse turns the text into expr's syntax tree. Number literals reach expr as
// zeros of the same length: it would make floats of them and refuses long
// ones; the checker reads them from the text.
func parse(src string, runes []rune) (ast.Node, *Error) {
	if !utf8.ValidString(src) {
		e := newError(runes, codeSyntax, 0, 0, nil, "the text is not valid UTF-8")
		return nil, &e
	}
	if len(runes) > MaxSource {
		e := newError(runes, codeComplex, MaxSource, len(runes), map[string]any{"max": MaxSource}, "the formula is longer than %d characters", MaxSource)
		return nil, &e
	}
	if strings.TrimSpace(src) == "" {
		e := newError(runes, codeSyntax, 0, len(runes), nil, "the formula is empty")
		return nil, &e
	}
	masked, problem := maskNumbers(src, runes)
	if problem != nil {
		return nil, problem
	}
	return parseMasked(masked, runes)
}

func parseMasked(masked string, runes []rune) (root ast.Node, problem *Error) {
	defer func() {
		if recover() != nil { // expr's parser dereferences what it failed to parse
			e := newError(runes, codeSyntax, 0, len(runes), nil, "the formula cannot be read")
			root, problem = nil, &e
		}
	}()
	tree, err := parser.Parse(masked)
	if err != nil {
		return nil, syntaxError(runes, err)
	}
	if tree.Node == nil {
		e := newError(runes, codeSyntax, 0, len(runes), nil, "the formula cannot be read")
		return nil, &e
	}
	return tree.Node, nil
}

func syntaxError(runes []rune, err error) *Error {
	var fe *file.Error
	if !errors.As(err, &fe) {
		e := newError(runes, codeSyntax, 0, len(runes), nil, "%s", err)
		return &e
	}
	code := codeSyntax
	if strings.Contains(fe.Message, "maximum allowed nodes") {
		code = codeComplex
	}
	e := newError(runes, code, fe.From, max(fe.To, fe.From+1), nil, "%s", strings.ReplaceAll(fe.Message, `"`, ""))
	return &e
}

func maskNumbers(src string, runes []rune) (string, *Error) {
	l := lexer.New()
	l.Reset(file.NewSource(src))
	out := append([]rune(nil), runes...)
	depth := 0
	for {
		t, err := l.Next()
		if errors.Is(err, io.EOF) || (err == nil && t.Kind == lexer.EOF) {
			return string(out), nil
		}
		if err != nil {
			return "", syntaxError(runes, err)
		}
		if t.Is(lexer.Bracket, "(", "[", "{") {
			depth++
		} else if t.Kind == lexer.Bracket {
			depth--
		}
		if depth > maxNesting {
			e := newError(runes, codeComplex, t.From, t.To, map[string]any{"max": maxNesting}, "brackets are nested more than %d deep", maxNesting)
			return "", &e
		}
		if t.Kind == lexer.Number {
			mask(out[t.From:t.To])
		}
	}
}

func mask(number []rune) {
	for i, r := range number {
		if r >= '1' && r <= '9' {
			number[i] = '0'
		}
	}
}
