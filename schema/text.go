package schema

// Text is a localised text: language tag → text. In files it is either a plain
// string (stored under "") or a mapping such as {zh-CN: 金额, en: Amount}.
type Text map[string]string

// In returns the text in the language, falling back to its base language
// ("en-US" → "en"), the plain text, zh-CN, en, and then any, in that order.
func (t Text) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	for i := range lang {
		if lang[i] == '-' {
			if s, ok := t[lang[:i]]; ok {
				return s
			}
			break
		}
	}
	for _, l := range []string{"", "zh-CN", "en"} {
		if s, ok := t[l]; ok {
			return s
		}
	}
	first := ""
	for l := range t {
		if first == "" || l < first {
			first = l
		}
	}
	return t[first]
}

// Plain makes a text that is the same in every language.
func Plain(s string) Text { return Text{"": s} }
