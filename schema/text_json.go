package schema

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// languageTag is what a key of a localised text looks like: "zh-CN", "en".
var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// IsLanguageTag reports whether s names a language the way texts do: "zh-CN",
// "en", "zh-Hant-TW". "zh_CN" and "EN" do not.
func IsLanguageTag(s string) bool { return languageTag.MatchString(s) }

// MarshalJSON writes a text that is the same in every language as a plain
// string, any other as an object whose keys are sorted; no text is null.
func (t Text) MarshalJSON() ([]byte, error) {
	if t == nil {
		return []byte("null"), nil
	}
	if s, ok := t[""]; ok && len(t) == 1 {
		return json.Marshal(s)
	}
	return json.Marshal(map[string]string(t))
}

// UnmarshalJSON reads a string or an object of language tag → string. A key
// that is no language tag is an error, because no reader would ever find it.
func (t *Text) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		*t = nil
		return nil
	}
	var plain string
	if json.Unmarshal(raw, &plain) == nil {
		*t = Plain(plain)
		return nil
	}
	var byTag map[string]string
	if err := json.Unmarshal(raw, &byTag); err != nil {
		return fmt.Errorf("a text is a string or an object of language → string: %w", err)
	}
	for tag := range byTag {
		if tag != "" && !IsLanguageTag(tag) {
			return fmt.Errorf("%q is not a language tag such as zh-CN or en", tag)
		}
	}
	*t = byTag
	return nil
}
