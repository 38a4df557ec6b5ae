package formula

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// formatDate writes a wall clock by a pattern: runs of a letter are tokens,
// text in single quotes is copied.
func formatDate(wall time.Time, pattern string) string {
	var b strings.Builder
	p := []rune(pattern)
	for i := 0; i < len(p); {
		if p[i] == '\'' {
			i = quoted(&b, p, i)
			continue
		}
		j := i + 1
		for j < len(p) && p[j] == p[i] && unicode.IsLetter(p[i]) {
			j++
		}
		b.WriteString(dateToken(wall, string(p[i:j])))
		i = j
	}
	return b.String()
}

// quoted copies what stands in quotes from i on and returns the place after it; ” is one quote.
func quoted(b *strings.Builder, p []rune, i int) int {
	if i+1 < len(p) && p[i+1] == '\'' {
		b.WriteByte('\'')
		return i + 2
	}
	for i++; i < len(p); i++ {
		if p[i] != '\'' {
			b.WriteRune(p[i])
			continue
		}
		if i+1 < len(p) && p[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		return i + 1
	}
	return i
}

func dateToken(t time.Time, token string) string {
	switch token {
	case "yyyy", "YYYY":
		return pad(t.Year(), 4)
	case "yy", "YY":
		return pad(t.Year()%100, 2)
	case "MM":
		return pad(int(t.Month()), 2)
	case "M":
		return strconv.Itoa(int(t.Month()))
	case "dd", "DD":
		return pad(t.Day(), 2)
	case "d", "D":
		return strconv.Itoa(t.Day())
	case "Q":
		return strconv.Itoa((int(t.Month()) + 2) / 3)
	}
	return timeToken(t, token)
}

func timeToken(t time.Time, token string) string {
	switch token {
	case "HH":
		return pad(t.Hour(), 2)
	case "H":
		return strconv.Itoa(t.Hour())
	case "hh":
		return pad((t.Hour()+11)%12+1, 2)
	case "h":
		return strconv.Itoa((t.Hour()+11)%12 + 1)
	case "mm":
		return pad(t.Minute(), 2)
	case "m":
		return strconv.Itoa(t.Minute())
	case "ss":
		return pad(t.Second(), 2)
	case "s":
		return strconv.Itoa(t.Second())
	case "SSS":
		return pad(t.Nanosecond()/1e6, 3)
	case "a":
		if t.Hour() < 12 {
			return "AM"
		}
		return "PM"
	}
	return token
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	if len(s) < width {
		s = strings.Repeat("0", width-len(s)) + s
	}
	return s
}
