// Package pinyin spells Chinese characters. It is the only importer of
// go-pinyin; readings are looked up once per character, since search and
// pickers ask for the same few thousand again and again.
package pinyin

import (
	"sync"
	"sync/atomic"
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

// First and Last bound the block of Chinese characters that nearly all texts stay in.
const (
	First = '\u4e00'
	Last  = '\u9fff'
)

// initials are the first letters of the block's characters, 0 where nobody has
// asked yet: every save of a text asks, and a table costs less than the cache.
var initials [Last - First + 1]atomic.Uint32

const unread = 1 // a character of the block that has no reading

// Initials are the first letters of the usual readings of a text's Chinese
// characters; other characters are left out.
func Initials(s string) string {
	var room [64]byte
	out := room[:0]
	for _, r := range s {
		if c := initial(r); c > unread {
			out = append(out, c)
		}
	}
	return string(out)
}

func initial(r rune) byte {
	in := r >= First && r <= Last
	if in {
		if c := initials[r-First].Load(); c != 0 {
			return byte(c)
		}
	}
	c := byte(unread)
	if p := Reading(r); p != "" {
		c = p[0]
	}
	if in {
		initials[r-First].Store(uint32(c))
	}
	return c
}
