package schema

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// serialField is a number the server gives at submit, such as HT-202401-0007.
type serialField struct{ textKind }

func (serialField) Info() Info {
	i := textInfo(TypeSerial)
	i.Given, i.Column = true, false
	return i
}

func (serialField) settings() settings {
	return settings{
		"pattern": func(p problems, f *Field, v ordjson.Value) { serialOf(f).Pattern = readString(p, v) },
		"reset": func(p problems, f *Field, v ordjson.Value) {
			serialOf(f).Reset = readChoice(p, v, "none", "year", "month", "day")
		},
		"start": func(p problems, f *Field, v ordjson.Value) { serialOf(f).Start = readInt(p, v, 0, 1<<53) },
		"index": valueSettings["index"],
	}
}

func serialOf(f *Field) *Serial {
	if f.Serial == nil {
		f.Serial = &Serial{Reset: "none", Start: 1}
	}
	return f.Serial
}

// datePart reports whether a part is the date at submit, in the tenant's zone.
func datePart(body string) bool {
	switch body {
	case "yyyy", "yyyyMM", "yyyyMMdd", "yy", "yyMM", "yyMMdd", "MM", "MMdd", "dd":
		return true
	}
	return false
}

var serialPart = regexp.MustCompile(`\{[^{}]*\}`)

// finish checks the pattern's parts. {field} parts are checked when the form is compiled.
func (serialField) finish(p problems, f *Field) {
	s := serialOf(f)
	if s.Pattern == "" {
		s.Pattern = "{seq:6}"
	}
	p = p.at("x-field").at("pattern")
	seqs := 0
	for _, part := range serialPart.FindAllString(s.Pattern, -1) {
		body := part[1 : len(part)-1]
		digits, isSeq := strings.CutPrefix(body, "seq:")
		switch {
		case isSeq:
			if n, err := strconv.Atoi(digits); err != nil || n < 1 || n > 15 {
				p.add("format", "the digits of "+part+" must be 1 to 15", "part", part)
			}
			seqs++
		case datePart(body), keyPattern.MatchString(body):
		default:
			p.add("format", "unknown part "+part+"; known are {yyyy} {yy} {MM} {dd} {seq:n} and {field}", "part", part)
		}
	}
	if seqs != 1 || strings.ContainsAny(serialPart.ReplaceAllString(s.Pattern, ""), "{}") {
		p.add("format", "the pattern needs exactly one {seq:n} and no other braces than those of its parts")
	}
}
