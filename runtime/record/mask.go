package record

import (
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// Lengths of a bank card's number.
const (
	minCard = 12
	maxCard = 19
)

// Mask shows a value's ends only: enough to recognise, not enough to know. A
// phone number keeps 3 and 4 digits, an identity card 6 and 4, a bank card (a
// text of 12 to 19 digits) its last 4, an address of e-mail its first letter
// and its host, any other text its first character. What is no text is "***".
func Mask(f *schema.Field, v any) any {
	s, ok := v.(string)
	if !ok {
		return "***"
	}
	r := []rune(s)
	switch f.Type {
	case schema.TypePhone:
		if len(r) > 7 {
			return between(r, 3, 4)
		}
	case schema.TypeIDCard:
		if len(r) > 10 {
			return between(r, 6, 4)
		}
	case schema.TypeEmail:
		if at := strings.LastIndexByte(s, '@'); at > 0 {
			return string(r[:1]) + "***" + s[at:]
		}
	case schema.TypeDate, schema.TypeTime, schema.TypeSelect, schema.TypeRadio, schema.TypeMember, schema.TypeDepartment, schema.TypeRole, schema.TypeRelation:
		return "***" // the first character tells too much of a few, and nothing of an id
	}
	if isCard(r) {
		return between(r, 0, 4)
	}
	if len(r) <= 1 {
		return "*"
	}
	return between(r, 1, 0)
}

// between hides what stands between the first and the last characters.
func between(r []rune, first, last int) string {
	return string(r[:first]) + strings.Repeat("*", len(r)-first-last) + string(r[len(r)-last:])
}

// isCard: digits, as many as a bank card has; people part them by spaces.
func isCard(r []rune) bool {
	digits := 0
	for _, c := range r {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c != ' ' && c != '-':
			return false
		}
	}
	return digits >= minCard && digits <= maxCard
}
