package schema

import (
	"net/mail"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// emailField is one mail address without a name: local@domain, at most 254 characters.
type emailField struct{ textKind }

func (emailField) Info() Info { return textInfo(TypeEmail) }

func (emailField) Fragment(*Field) ordjson.Value {
	return stringFragment(254).Set("format", ordjson.Str("email"))
}

func (emailField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	s, errs := decodeText(v, false)
	if errs != nil || s == "" {
		return nil, errs
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 || strings.HasSuffix(s, ".") {
		return nil, badFormat("email", "not a mail address")
	}
	return s, nil
}
