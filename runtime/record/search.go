package record

import (
	"strings"
	"unicode"

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
	var out []any
	seen := map[string]bool{}
	add := func(t string) {
		if t != "" && !seen[t] && len(out) < maxTokens {
			seen[t] = true
			out = append(out, t)
		}
	}
	for _, run := range runs(s) {
		if !isHan([]rune(run)[0]) {
			add(run)
			continue
		}
		r := []rune(run)
		for i := range r {
			add(string(r[i]))
			if i+1 < len(r) {
				add(string(r[i : i+2]))
			}
		}
		add(pinyin.Initials(run))
	}
	return out
}

// runs cuts a text into lower-cased words and runs of Chinese characters.
func runs(s string) []string {
	var out []string
	var cur []rune
	flush := func() {
		if len(cur) > 0 {
			out = append(out, string(cur))
			cur = nil
		}
	}
	for _, r := range strings.ToLower(s) {
		switch {
		case isHan(r):
			if len(cur) > 0 && !isHan(cur[0]) {
				flush()
			}
			cur = append(cur, r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if len(cur) > 0 && isHan(cur[0]) {
				flush()
			}
			cur = append(cur, r)
		default:
			flush()
		}
	}
	flush()
	return out
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

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
