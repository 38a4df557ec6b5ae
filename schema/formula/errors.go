package formula

import (
	"fmt"
	"sort"
	"strings"
)

// Error implements error; it names the place.
func (e *Error) Error() string {
	return fmt.Sprintf("formula: %d:%d: %s", e.Line, e.Column, e.Message)
}

// Codes of Error.
const (
	codeSyntax     = "syntax"
	codeName       = "unknown_name"
	codeFunction   = "unknown_function"
	codeType       = "type"
	codeArgs       = "args"
	codeForbidden  = "forbidden"
	codeComplex    = "too_complex"
	codeFilter     = "filter"
	runLimit       = "limit"
	runArgument    = "argument"
	runServerOnly  = "server_only"
	runFilterOnly  = "filter_only"
	warnZero       = "division_by_zero"
	warnNotANumber = "not_a_number"
)

// place fills line and column of a rune offset; column counts runes from 1.
func place(src []rune, from int) (line, column int) {
	line, column = 1, 1
	for i, r := range src {
		if i == from {
			break
		}
		if r == '\n' {
			line, column = line+1, 1
			continue
		}
		column++
	}
	return line, column
}

func newError(src []rune, code string, from, to int, params map[string]any, format string, args ...any) Error {
	from = min(max(from, 0), len(src))
	to = min(max(to, from), len(src))
	line, column := place(src, from)
	return Error{Code: code, Message: fmt.Sprintf(format, args...), From: from, To: to, Line: line, Column: column, Params: params}
}

// suggest returns up to three of the names that look most like name.
func suggest(name string, names []string) []string {
	type match struct {
		name     string
		distance int
	}
	var found []match
	lower := strings.ToLower(name)
	for _, n := range names {
		d := distance(lower, strings.ToLower(n))
		if d <= 1+len(name)/4 || (len(name) > 2 && strings.Contains(strings.ToLower(n), lower)) {
			found = append(found, match{n, d})
		}
	}
	sort.Slice(found, func(i, j int) bool {
		if found[i].distance != found[j].distance {
			return found[i].distance < found[j].distance
		}
		return found[i].name < found[j].name
	})
	out := []string{}
	for _, m := range found[:min(len(found), 3)] {
		out = append(out, m.name)
	}
	return out
}

// distance counts the letters to insert, delete, replace or swap to make b of a; names are short.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return 64
	}
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			d[i][j] = min(d[i-1][j], d[i][j-1]) + 1
			if x[i-1] == y[j-1] {
				d[i][j] = d[i-1][j-1]
			} else {
				d[i][j] = min(d[i][j], d[i-1][j-1]+1)
			}
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

func didYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, ", ") + "?"
}
