package transfer

import (
	"strings"

	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
)

// of renders a column of a record.
func (c *cells) of(col column, o *record.Out) any {
	if col.shown != nil {
		return c.value(col.shown, o.Data[col.name])
	}
	switch col.name {
	case "sys.id":
		return c.text(o.ID)
	case "sys.title":
		return c.text(o.Title)
	case "sys.version":
		return int(o.Version)
	case "sys.created_by", "sys.updated_by":
		return c.text(c.words(&schema.Field{Type: schema.TypeMember}, o.Sys[strings.TrimPrefix(col.name, "sys.")]))
	case "sys.dept":
		return c.text(c.words(&schema.Field{Type: schema.TypeDepartment}, o.Sys["dept"]))
	case "sys.created_at", "sys.updated_at":
		s, _ := o.Sys[strings.TrimPrefix(col.name, "sys.")].(string)
		return c.date("second", s)
	}
	return c.ofCase(col.name, o.Case)
}

// ofCase renders where a record stands in its flow.
func (c *cells) ofCase(name string, in *record.OutCase) any {
	if in == nil {
		return nil
	}
	join := word(c.lang, "join")
	switch name {
	case "case.state":
		return c.text(named(c.lang, "state."+in.State, in.State))
	case "case.result":
		return c.text(named(c.lang, "result."+in.Result, in.Result))
	case "case.nodes":
		var l []string
		for _, n := range in.Nodes {
			l = append(l, n.Title)
		}
		return c.text(strings.Join(l, join))
	case "case.handlers":
		var l []string
		for _, u := range in.Handlers {
			l = append(l, c.named(&schema.Field{Type: schema.TypeMember}, u))
		}
		return c.text(strings.Join(l, join))
	}
	return nil
}

func named(lang, key, otherwise string) string {
	if w := word(lang, key); w != "" {
		return w
	}
	return otherwise
}

// fileName drops what a file's name must not hold.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 150 {
		s = string(r[:140]) + ".xlsx"
	}
	return s
}
