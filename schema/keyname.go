package schema

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/formwork-run/formwork/internal/pinyin"
)

// deriveKey makes a key of a property name of an imported schema that is
// none: Chinese becomes pinyin, words are joined by "_", and a number makes it
// different from the keys taken.
func deriveKey(name string, column bool, taken func(key string) bool) string {
	base := slug(name)
	if base == "" {
		base = "field"
	}
	if base[0] >= '0' && base[0] <= '9' {
		base = "f_" + base
	}
	base = strings.TrimRight(base[:min(len(base), 36)], "_")
	key := base
	for n := 2; isReserved(key, column) || taken(key); n++ {
		key = base + "_" + strconv.Itoa(n)
	}
	return key
}

func slug(name string) string {
	var b strings.Builder
	gap := false
	word := func(s string) {
		if gap && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteString(s)
	}
	lower := false
	for _, r := range name {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			gap = gap || lower && unicode.IsUpper(r) // camelCase
			word(string(unicode.ToLower(r)))
			lower = !unicode.IsUpper(r)
		case unicode.Is(unicode.Han, r):
			if py := pinyin.Reading(r); py != "" {
				gap = true
				word(py)
				gap = true
			}
			lower = false
		default:
			gap, lower = true, false
		}
	}
	return strings.Trim(b.String(), "_")
}
