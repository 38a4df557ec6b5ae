package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// defParser reads small definitions (app, view) strictly: each mismatch is a
// problem with its JSON pointer, and reading goes on to find the next one.
type defParser struct {
	part      string
	problems  []Problem
	menuItems int
}

func (d *defParser) fail(at, code, message string, params map[string]any) {
	d.problems = append(d.problems, Problem{Path: d.part + "#" + at, Code: code, Message: message, Params: params})
}

func (d *defParser) wrongType(at, want string, raw json.RawMessage) {
	d.fail(at, "type", fmt.Sprintf("expected %s, found %s", want, jsonKind(raw)), map[string]any{"want": want})
}

// jsonKind names the kind of a JSON value in messages.
func jsonKind(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "a mapping"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "nothing"
	}
	return "a number"
}

// object reads an object whose keys are known; required ones must be there.
func (d *defParser) object(at string, raw json.RawMessage, known map[string]func(string, json.RawMessage), required ...string) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil || m == nil {
		d.wrongType(at, "a mapping", raw)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		read, ok := known[key]
		if !ok {
			names := strings.Join(slices.Sorted(maps.Keys(known)), ", ")
			d.fail(at+"/"+escapePointer(key), "unknown_key", fmt.Sprintf("unknown key %q; known here: %s", key, names), map[string]any{"key": key})
			continue
		}
		read(at+"/"+key, m[key])
	}
	for _, key := range required {
		if _, ok := m[key]; !ok {
			d.fail(at, "required", fmt.Sprintf("%q is missing", key), map[string]any{"key": key})
		}
	}
}

func escapePointer(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

func (d *defParser) list(at string, raw json.RawMessage, read func(string, json.RawMessage)) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil || items == nil {
		d.wrongType(at, "a list", raw)
		return
	}
	for i, item := range items {
		read(fmt.Sprintf("%s/%d", at, i), item)
	}
}

func (d *defParser) str(to *string) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		if jsonKind(raw) != "a text" || json.Unmarshal(raw, to) != nil {
			d.wrongType(at, "a text", raw)
		}
	}
}

func (d *defParser) matching(to *string, pattern *regexp.Regexp, code, what string) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		before := len(d.problems)
		d.str(to)(at, raw)
		if len(d.problems) == before && !pattern.MatchString(*to) {
			d.fail(at, code, fmt.Sprintf("%q is not %s", *to, what), map[string]any{"value": *to})
		}
	}
}

func (d *defParser) key(to *string) func(string, json.RawMessage) {
	return d.matching(to, keyPattern, "key", "a key: lower-case letters, digits and _, beginning with a letter, at most 40")
}

func (d *defParser) strs(to *[]string) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		d.list(at, raw, func(at string, raw json.RawMessage) {
			var s string
			d.str(&s)(at, raw)
			*to = append(*to, s)
		})
	}
}

func (d *defParser) keyList(to *[]string) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		d.list(at, raw, func(at string, raw json.RawMessage) {
			var s string
			d.key(&s)(at, raw)
			if slices.Contains(*to, s) {
				d.fail(at, "duplicate", fmt.Sprintf("%q is given twice", s), map[string]any{"key": s})
			}
			*to = append(*to, s)
		})
	}
}

// localised reads a text in one or several languages.
func (d *defParser) localised(to *Text) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		if jsonKind(raw) == "a text" {
			var s string
			d.str(&s)(at, raw)
			*to = Plain(s)
			return
		}
		var m map[string]json.RawMessage
		if err := json.Unmarshal(raw, &m); err != nil || len(m) == 0 {
			d.wrongType(at, "a text, or texts by language", raw)
			return
		}
		t := make(Text, len(m))
		for _, lang := range slices.Sorted(maps.Keys(m)) {
			if !IsLanguageTag(lang) {
				d.fail(at+"/"+escapePointer(lang), "text.language", fmt.Sprintf("%q is not a language such as zh-CN or en", lang), map[string]any{"lang": lang})
				continue
			}
			var s string
			d.str(&s)(at+"/"+lang, m[lang])
			t[lang] = s
		}
		*to = t
	}
}
