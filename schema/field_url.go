package schema

import (
	"net/url"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// urlField is an absolute http or https address; in an imported schema any absolute URI.
type urlField struct{ textKind }

func (urlField) Info() Info { return textInfo(TypeURL) }

func (urlField) Fragment(f *Field) ordjson.Value {
	return stringFragment(f.MaxLength).Set("format", ordjson.Str("uri"))
}

func (urlField) decode(c *Codec, v ordjson.Value) (any, []fault.Field) {
	s, errs := decodeText(v, false)
	if errs != nil || s == "" {
		return nil, errs
	}
	u, err := url.Parse(s)
	if err != nil || !u.IsAbs() {
		return nil, badFormat("url", "not an absolute web address")
	}
	if !c.Field.Plain && (u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return nil, badFormat("url", "not an http or https address")
	}
	return s, nil
}
