package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// Button is a button of an app's own on the records of a form. Who may press
// it on which records is an operation of the access groups, ButtonOp(Key); what
// it does is said by whatever is triggered by it.
type Button struct {
	Key   string
	Title Text // Key where none is given
}

// maxButtons bounds the buttons of a form.
const maxButtons = 20

// buttonPrefix begins the operation of a button.
const buttonPrefix = "button:"

// ButtonOp is the operation of pressing a button: "button:<key>".
func ButtonOp(key string) string { return buttonPrefix + key }

// ButtonKey is the key of the button that an operation presses; ok is false
// for every other operation.
func ButtonKey(op string) (key string, ok bool) { return strings.CutPrefix(op, buttonPrefix) }

// Button returns the button with the key, nil when there is none.
func (f *Form) Button(key string) *Button {
	for i := range f.Buttons {
		if f.Buttons[i].Key == key {
			return &f.Buttons[i]
		}
	}
	return nil
}

// Operations lists what an access group may grant on this form: the product's
// operations, then one for each button.
func (f *Form) Operations() []string {
	ops := Operations()
	for _, b := range f.Buttons {
		ops = append(ops, ButtonOp(b.Key))
	}
	return ops
}

func (r formReader) buttons(p problems, v ordjson.Value) {
	if v.Kind != ordjson.Array {
		p.wrong("a list of buttons", v)
		return
	}
	if len(v.Items) > maxButtons {
		p.add("too_many", "more than "+strconv.Itoa(maxButtons)+" buttons", "max", maxButtons)
	}
	for i, x := range v.Items {
		b, at := Button{}, p.index(i)
		readObject(at, x, map[string]func(problems, ordjson.Value){
			"key":   func(p problems, v ordjson.Value) { b.Key = readString(p, v) },
			"title": func(p problems, v ordjson.Value) { b.Title = readText(p, v) },
		})
		switch {
		case !keyPattern.MatchString(b.Key):
			at.at("key").add("key", "a key is a lower-case letter, then up to 39 letters, digits or _", "key", b.Key)
		case slices.ContainsFunc(r.f.Buttons, func(o Button) bool { return o.Key == b.Key }):
			at.at("key").add("duplicate", "there is another button "+b.Key, "key", b.Key)
		}
		if len(b.Title) == 0 {
			b.Title = Plain(b.Key)
		}
		r.f.Buttons = append(r.f.Buttons, b)
	}
}

func buttonJSON(b Button) ordjson.Value {
	o := object{}
	o.str("key", b.Key)
	o.text("title", b.Title)
	return ordjson.Value(o)
}
