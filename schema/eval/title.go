package eval

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/schema"
)

// maxTitle bounds a title, in code points.
const maxTitle = 200

// Title gives the record's title, never empty: the title formula's text, else
// the first text of the record, else the form's title. It is one line of at
// most 200 characters.
func (f *Form) Title(in Input) string {
	r := f.borrow(in)
	defer f.give(r)
	if f.title != nil {
		if v, err := f.title.Eval(&r.ctx, r.vars); err == nil {
			if s := line(v, r.ctx.Zone); s != "" {
				return s
			}
		}
	}
	for _, s := range f.slots {
		if s.parent != nil || s.field.Sensitive {
			continue
		}
		switch s.field.Type {
		case schema.TypeSerial, schema.TypeText, schema.TypeTextarea:
			if t := line(r.vars[s.path], nil); t != "" {
				return t
			}
		}
	}
	if s := line(f.Def.Title.In(r.ctx.Lang), nil); s != "" {
		return s
	}
	return f.Def.Key
}

// line makes one line of text of a value.
func line(v any, zone *time.Location) string {
	s := ""
	switch x := v.(type) {
	case string:
		s = x
	case decimal.Decimal:
		s = x.String()
	case time.Time:
		if zone != nil {
			x = x.In(zone)
		}
		s = x.Format("2006-01-02 15:04")
	case []any:
		parts := make([]string, 0, len(x))
		for _, e := range x {
			if p := line(e, zone); p != "" {
				parts = append(parts, p)
			}
		}
		s = strings.Join(parts, ", ")
	}
	if strings.ContainsAny(s, "\n\r\t") || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		s = strings.Join(strings.Fields(s), " ")
	}
	if utf8.RuneCountInString(s) > maxTitle {
		s = string([]rune(s)[:maxTitle-1]) + "…"
	}
	return s
}
