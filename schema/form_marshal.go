package schema

import (
	"encoding/json"
	"strconv"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// MarshalCanonical writes the form as JSON that ParseForm reads as the same
// form again. The schema is written as it was read; everything else is
// normalised. A form that was not parsed (its Schema is empty) gives a form without schema.
func (f *Form) MarshalCanonical() json.RawMessage {
	o := object{}
	o.str("key", f.Key)
	o.text("title", f.Title)
	o.str("titleFormula", f.TitleFormula)
	if v, err := ordjson.Parse(f.Schema, maxDefinitionDepth); err == nil {
		o.put("schema", v)
	}
	o.list("layout", len(f.Layout), func(i int) ordjson.Value { return layoutJSON(f.Layout[i]) })
	o.list("rules", len(f.Rules), func(i int) ordjson.Value { return ruleJSON(f.Rules[i]) })
	o.list("checks", len(f.Checks), func(i int) ordjson.Value { return checkJSON(f.Checks[i]) })
	o.list("unique", len(f.Unique), func(i int) ordjson.Value { return ordjson.Strings(f.Unique[i]...) })
	o.list("indexes", len(f.Indexes), func(i int) ordjson.Value { return ordjson.Strings(f.Indexes[i]...) })
	o.list("buttons", len(f.Buttons), func(i int) ordjson.Value { return buttonJSON(f.Buttons[i]) })
	o.str("flow", f.Flow)
	if f.Offline {
		o.put("offline", ordjson.Flag(true))
	}
	return ordjson.Marshal(ordjson.Value(o))
}

// object builds a JSON object; empty parts are left out.
type object ordjson.Value

func (o *object) put(key string, v ordjson.Value) {
	o.Kind = ordjson.Object
	o.Keys, o.Items = append(o.Keys, key), append(o.Items, v)
}

func (o *object) str(key, s string) {
	if s != "" {
		o.put(key, ordjson.Str(s))
	}
}

func (o *object) strs(key string, ss []string) {
	if len(ss) > 0 {
		o.put(key, ordjson.Strings(ss...))
	}
}

func (o *object) text(key string, t Text) {
	if len(t) > 0 {
		o.put(key, textJSON(t))
	}
}

func (o *object) list(key string, n int, item func(int) ordjson.Value) {
	if n == 0 {
		return
	}
	v := ordjson.List()
	for i := range n {
		v.Items = append(v.Items, item(i))
	}
	o.put(key, v)
}

// textJSON is a plain string where the text is the same in every language.
func textJSON(t Text) ordjson.Value {
	if s, ok := t[""]; ok && len(t) == 1 {
		return ordjson.Str(s)
	}
	v := ordjson.Value{Kind: ordjson.Object}
	for _, lang := range sortedKeys(t) {
		v = v.Set(lang, ordjson.Str(t[lang]))
	}
	return v
}

func layoutJSON(it LayoutItem) ordjson.Value {
	o := object{}
	sub := func(key string) {
		o.text("title", it.Title)
		v := ordjson.List()
		for _, x := range it.Items {
			v.Items = append(v.Items, layoutJSON(x))
		}
		o.put(key, v)
	}
	switch it.Kind {
	case "tabs", "steps":
		sub(it.Kind)
	case "note":
		o.put("note", textJSON(it.Text))
	default:
		if len(it.Title) > 0 || it.Kind != "section" || len(it.Fields) == 0 {
			o.put(it.Kind, textJSON(orEmpty(it.Title)))
		}
		if it.Columns > 0 {
			o.put("columns", ordjson.Num(strconv.Itoa(it.Columns)))
		}
		o.strs("fields", it.Fields)
	}
	o.Kind = ordjson.Object
	return ordjson.Value(o)
}

func orEmpty(t Text) Text {
	if len(t) == 0 {
		return Plain("")
	}
	return t
}

func ruleJSON(r Rule) ordjson.Value {
	o := object{}
	o.str("when", r.When)
	o.put("then", thenJSON(r.Then))
	if r.Else != nil {
		o.put("else", thenJSON(*r.Else))
	}
	return ordjson.Value(o)
}

func thenJSON(t RuleThen) ordjson.Value {
	o := object{Kind: ordjson.Object}
	o.strs("show", t.Show)
	o.strs("hide", t.Hide)
	o.strs("require", t.Require)
	o.strs("optional", t.Optional)
	o.strs("lock", t.Lock)
	o.strs("unlock", t.Unlock)
	if len(t.Set) > 0 {
		set := object{}
		for _, a := range t.Set {
			set.put(a.Field, ordjson.Str(a.Value))
		}
		o.put("set", ordjson.Value(set))
	}
	return ordjson.Value(o)
}

func checkJSON(c Check) ordjson.Value {
	o := object{}
	o.str("assert", c.Assert)
	o.text("message", c.Message)
	o.str("level", c.Level)
	o.str("field", c.Field)
	return ordjson.Value(o)
}
