package schema

import (
	"strconv"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/formula"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// choiceKind is the base of the types with one option out of several.
type choiceKind struct{ textKind }

func choiceInfo(t FieldType) Info {
	i := textInfo(t)
	i.Operators = opsID
	return i
}

func (choiceKind) settings() settings { return valueSettings.with(optionSettings) }

func (choiceKind) finish(p problems, f *Field) { needOptions(p, f) }

func needOptions(p problems, f *Field) {
	if len(f.Options) == 0 && f.OptionsFrom == nil {
		p.at("x-field").add("missing", "the type "+string(f.Type)+" needs options", "setting", "options")
	}
}

func (choiceKind) Fragment(f *Field) ordjson.Value {
	v := stringFragment(0)
	if len(f.Options) > 0 {
		v = v.Set("enum", optionEnum(f.Options, ordjson.Str("")))
	}
	return v
}

func optionEnum(options []Option, more ...ordjson.Value) ordjson.Value {
	v := ordjson.List()
	for _, o := range options {
		v.Items = append(v.Items, ordjson.Str(o.Value))
	}
	v.Items = append(v.Items, more...)
	return v
}

func (choiceKind) check(c *Codec, v any, _ *time.Location) []fault.Field {
	s, _ := v.(string)
	return checkOption(c, s)
}

// checkOption tests a fixed option; options of another form are the runtime's to check.
func checkOption(c *Codec, s string) []fault.Field {
	if c.options != nil && !c.options[s] {
		return bad("option", "not one of the options: "+s, "value", s)
	}
	if len(s) > 4*MaxList {
		return bad("max_length", "longer than "+strconv.Itoa(MaxList)+" characters", "max", MaxList)
	}
	return nil
}

// listKind is the base of the types whose value is a list of texts.
type listKind struct{}

func listInfo(t FieldType) Info {
	return Info{Type: t, In: "list of strings", Out: "the same", Stored: "[]any of string", Formula: "List(String)",
		Operators: opsList, Column: true}
}

func listOf(k formula.Kind) formula.Type {
	return formula.Type{Kind: formula.List, Elem: &formula.Type{Kind: k}}
}

func (listKind) FormulaType(*Field, Forms) formula.Type { return listOf(formula.String) }

func (listKind) settings() settings { return valueSettings.with(optionSettings, itemSettings) }

func (listKind) finish(p problems, f *Field) { needOptions(p, f) }

func (listKind) Fragment(f *Field) ordjson.Value {
	item := stringFragment(0)
	if len(f.Options) > 0 && f.Type != TypeCascade {
		item = item.Set("enum", optionEnum(f.Options))
	}
	return arrayFragment(f, item)
}

func arrayFragment(f *Field, item ordjson.Value) ordjson.Value {
	v := ordjson.Value{Kind: ordjson.Object}.Set("type", ordjson.Str("array")).Set("items", item)
	if f.MaxItems > 0 {
		v = v.Set("maxItems", ordjson.Num(strconv.Itoa(f.MaxItems)))
	}
	return v
}

// decode reads the list; a value that stands twice is kept once, except in an
// imported schema, where a list is kept as it is.
func (listKind) decode(c *Codec, v ordjson.Value) (any, []fault.Field) {
	return decodeTexts(v, !c.Field.Plain, func(s string) bool { return s != "" })
}

func decodeTexts(v ordjson.Value, once bool, valid func(string) bool) (any, []fault.Field) {
	if v.Kind != ordjson.Array {
		return nil, wrongType("array", v)
	}
	out := make([]any, 0, len(v.Items))
	var errs []fault.Field
	for i, x := range v.Items {
		switch {
		case x.Kind != ordjson.String:
			errs = append(errs, under(wrongType("string", x), strconv.Itoa(i))...)
		case !valid(x.Text):
			errs = append(errs, issue("/"+strconv.Itoa(i), "format", "not a valid entry"))
		case !once || !holds(out, x.Text):
			out = append(out, x.Text)
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return out, nil
}

func holds(list []any, s string) bool {
	for _, x := range list {
		if x == any(s) {
			return true
		}
	}
	return false
}

func (listKind) check(c *Codec, v any, _ *time.Location) []fault.Field {
	list, _ := v.([]any)
	if errs := checkCount(c, len(list)); errs != nil {
		return errs
	}
	for i, x := range list {
		s, _ := x.(string)
		if errs := checkOption(c, s); errs != nil {
			return under(errs, strconv.Itoa(i))
		}
	}
	return nil
}

// checkCount tests the greatest number of entries of a list.
func checkCount(c *Codec, n int) []fault.Field {
	if limit := c.maxItems(MaxList); n > limit {
		return bad("max_items", "more than "+strconv.Itoa(limit)+" entries", "max", limit)
	}
	return nil
}
