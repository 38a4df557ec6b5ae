// Package pinyin spells Chinese characters. It is the only importer of
// go-pinyin; readings are looked up once per character, since search and
// pickers ask for the same few thousand again and again.
package pinyin

import (
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// cache keeps the readings of characters: rune → []string.
var cache sync.Map

// Readings are the ways a character is read, without tones, the usual one
// first; nil for what is no Chinese character. The result must not be changed.
func Readings(r rune) []string {
	if found, ok := cache.Load(r); ok {
		return found.([]string)
	}
	if !unicode.Is(unicode.Han, r) {
		return nil
	}
	args := pinyin.NewArgs()
	args.Heteronym = true
	out := pinyin.SinglePinyin(r, args)
	cache.Store(r, out)
	return out
}

// Reading is the usual way a character is read, "" for what is no Chinese character.
func Reading(r rune) string {
	if l := Readings(r); len(l) > 0 {
		return l[0]
	}
	return ""
}

// Initials are the first letters of the usual readings of a text's Chinese
// characters; other characters are left out.
func Initials(s string) string {
	var b strings.Builder
	for _, r := range s {
		if p := Reading(r); p != "" {
			b.WriteByte(p[0])
		}
	}
	return b.String()
}
