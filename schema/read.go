package schema

import (
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// The readers below take one JSON value of a definition; a wrong type is
// reported at p and gives the zero value.

func (p problems) wrong(want string, v ordjson.Value) {
	p.add("type", "expected "+want+", not "+v.Kind.String(), "want", want)
}

func readString(p problems, v ordjson.Value) string {
	if v.Kind != ordjson.String {
		p.wrong("a text", v)
		return ""
	}
	return v.Text
}

func readFlag(p problems, v ordjson.Value) bool {
	if v.Kind != ordjson.Bool {
		p.wrong("true or false", v)
	}
	return v.True()
}

func readInt(p problems, v ordjson.Value, lo, hi int64) int64 {
	if v.Kind != ordjson.Number {
		p.wrong("a whole number", v)
		return 0
	}
	n, err := strconv.ParseInt(v.Text, 10, 64)
	if err != nil || n < lo || n > hi {
		p.add("range", "expected a whole number from "+strconv.FormatInt(lo, 10)+" to "+strconv.FormatInt(hi, 10), "min", lo, "max", hi)
		return 0
	}
	return n
}

// readNumber takes a JSON number or a decimal text and gives its text.
func readNumber(p problems, v ordjson.Value) string {
	if v.Kind != ordjson.Number && v.Kind != ordjson.String {
		p.wrong("a number", v)
		return ""
	}
	d, err := decimal.Parse(v.Text)
	if err != nil {
		p.add("range", "not a number: "+err.Error())
		return ""
	}
	return d.String()
}

// readText takes a text, or an object language → text.
func readText(p problems, v ordjson.Value) Text {
	if v.Kind == ordjson.String {
		return Plain(v.Text)
	}
	if v.Kind != ordjson.Object {
		p.wrong("a text, or an object language → text", v)
		return nil
	}
	t := make(Text, len(v.Keys))
	for i, lang := range v.Keys {
		if lang == "" || strings.ContainsAny(lang, " _/") {
			p.at(lang).add("language", "not a language tag such as zh-CN: "+strconv.Quote(lang))
		}
		t[lang] = readString(p.at(lang), v.Items[i])
	}
	return t
}

func readStrings(p problems, v ordjson.Value) []string {
	if v.Kind != ordjson.Array {
		p.wrong("a list of texts", v)
		return nil
	}
	out := make([]string, 0, len(v.Items))
	for i, x := range v.Items {
		out = append(out, readString(p.index(i), x))
	}
	return out
}

// readChoice takes one of the words.
func readChoice(p problems, v ordjson.Value, words ...string) string {
	s := readString(p, v)
	for _, w := range words {
		if s == w {
			return s
		}
	}
	if v.Kind == ordjson.String {
		p.add("choice", "expected one of "+strings.Join(words, ", ")+", not "+strconv.Quote(s), "choices", words)
	}
	return ""
}

// readObject walks the properties of an object whose keys must be in table.
func readObject(p problems, v ordjson.Value, table map[string]func(p problems, v ordjson.Value)) {
	if v.Kind != ordjson.Object {
		p.wrong("an object", v)
		return
	}
	for i, k := range v.Keys {
		if read := table[k]; read != nil {
			read(p.at(k), v.Items[i])
			continue
		}
		p.unknown(k, sortedKeys(table))
	}
}
