package record

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/pinyin"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage/filter"
)

// Quick search keeps tokens per field: lower-cased words, Chinese characters
// one and two at a time, and their pinyin initials. Asking per field is what
// lets a search see only the fields this subject may read.

// maxTokens bounds the tokens of one field; what is behind is not found.
const maxTokens = 200

// searchable are the types whose text people look for.
func searchable(f *schema.Field) bool {
	if f.Sensitive {
		return false
	}
	switch f.Type {
	case schema.TypeText, schema.TypeTextarea, schema.TypeSerial, schema.TypePhone, schema.TypeEmail, schema.TypeBarcode, schema.TypeURL:
		return true
	}
	return false
}

func searchTokens(f *schema.Form, data map[string]any) map[string]any {
	out := map[string]any{}
	add := func(key, s string) {
		if l := tokens(s); len(l) > 0 {
			out[key] = l
		}
	}
	for _, fd := range f.Fields {
		if searchable(fd) {
			add(fd.Key, text(data, fd.Key))
		}
	}
	return out
}

// tokens splits a text for the index.
func tokens(s string) []any {
	var room [32]string
	t := tokenSet{list: room[:0]}
	eachRun(s, func(run string, han bool) {
		if !han {
			t.add(run)
			return
		}
		for i := 0; i < len(run); {
			_, one := utf8.DecodeRuneInString(run[i:])
			_, two := utf8.DecodeRuneInString(run[i+one:])
			t.add(run[i : i+one])
			if two > 0 {
				t.add(run[i : i+one+two])
			}
			i += one
		}
		t.add(pinyin.Initials(run))
	})
	if len(t.list) == 0 {
		return nil
	}
	out := make([]any, len(t.list))
	for i, s := range t.list {
		out[i] = s
	}
	return out
}

// tokenSet keeps up to maxTokens different tokens in order.
type tokenSet struct {
	list []string
	seen map[string]bool // made when looking through the list would take longer
}

func (t *tokenSet) add(s string) {
	if s == "" || len(t.list) >= maxTokens || t.has(s) {
		return
	}
	t.list = append(t.list, s)
	if t.seen != nil {
		t.seen[s] = true
	}
}

func (t *tokenSet) has(s string) bool {
	const few = 32
	if t.seen == nil && len(t.list) <= few {
		return slices.Contains(t.list, s)
	}
	if t.seen == nil {
		t.seen = make(map[string]bool, maxTokens)
		for _, x := range t.list {
			t.seen[x] = true
		}
	}
	return t.seen[s]
}

// runs cuts a text into lower-cased words and runs of Chinese characters.
func runs(s string) []string {
	var out []string
	eachRun(s, func(run string, _ bool) { out = append(out, run) })
	return out
}

// eachRun visits the lower-cased words and the runs of Chinese characters of a text.
func eachRun(s string, visit func(run string, han bool)) {
	const none, word, han = 0, 1, 2
	kind, start := none, 0
	end := func(i int) {
		switch kind {
		case word:
			visit(strings.ToLower(s[start:i]), false)
		case han:
			visit(s[start:i], true)
		}
	}
	for i, r := range s {
		is := none
		switch {
		case isHan(r):
			is = han
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			is = word
		}
		if is == kind {
			continue
		}
		end(i)
		kind, start = is, i
	}
	end(len(s))
}

func isHan(r rune) bool {
	return r >= firstHan && (r >= pinyin.First && r <= pinyin.Last || unicode.Is(unicode.Han, r))
}

// firstHan is the first Chinese character in the order of code points: most text lies before it.
const firstHan = '⺀'

// searchFilter finds records in which one readable field holds every part of what was typed.
func searchFilter(f *schema.Form, q string, readable func(path string) (filter.Expr, bool)) filter.Expr {
	parts := runs(q)
	if len(parts) == 0 {
		return filter.True
	}
	any := filter.Or{}
	for _, fd := range f.Fields {
		if !searchable(fd) {
			continue
		}
		scope, ok := readable(fd.Key)
		if !ok {
			continue
		}
		all := filter.And{scope}
		for _, p := range parts {
			all = append(all, partFilter("search."+fd.Key, p))
		}
		any = append(any, all)
	}
	return any
}

// partFilter: a Chinese part must have all its pairs; a word may be the beginning of one.
func partFilter(path, part string) filter.Expr {
	r := []rune(part)
	if !isHan(r[0]) {
		return filter.Cmp{Path: path, Op: filter.Prefix, Value: part}
	}
	if len(r) == 1 {
		return filter.Cmp{Path: path, Op: filter.Eq, Value: part}
	}
	pairs := make([]any, 0, len(r))
	for i := 0; i+1 < len(r); i++ {
		pairs = append(pairs, string(r[i:i+2]))
	}
	return filter.Cmp{Path: path, Op: filter.All, Value: pairs}
}
