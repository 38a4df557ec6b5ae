package org

import (
	"strings"
	"unicode"

	"github.com/formwork-run/formwork/internal/pinyin"
)

// name is a text prepared to be found by itself or by pinyin.
type name struct {
	lower    string
	readings [][]string // of each character: its readings; of others: itself
}

func newName(s string) name {
	n := name{lower: strings.ToLower(s)}
	for _, r := range n.lower {
		switch {
		case unicode.Is(unicode.Han, r):
			n.readings = append(n.readings, pinyin.Readings(r))
		case unicode.IsLetter(r), unicode.IsDigit(r):
			n.readings = append(n.readings, []string{string(r)})
		}
	}
	return n
}

func (n name) pinyin() string {
	var b strings.Builder
	for _, r := range n.readings {
		if len(r) > 0 {
			b.WriteString(r[0])
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// matches reports whether a lower-case query is part of the name, or spells
// characters of it that follow one another, each by its first letters:
// "zs", "zhangs" and "zsan" all find 张三.
func (n name) matches(q string) bool {
	if strings.Contains(n.lower, q) {
		return true
	}
	for i := range n.readings {
		if spells(n.readings[i:], q) {
			return true
		}
	}
	return false
}

func spells(readings [][]string, q string) bool {
	if q == "" {
		return true
	}
	if len(readings) == 0 {
		return false
	}
	for _, r := range readings[0] {
		for k := 1; k <= len(r) && k <= len(q) && r[k-1] == q[k-1]; k++ {
			if spells(readings[1:], q[k:]) {
				return true
			}
		}
	}
	return false
}
