package schema

import (
	"encoding/json"
	"strings"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// maxDefinition bounds the JSON text and the nesting of a form's definition.
const (
	maxDefinition      = 2 << 20
	maxDefinitionDepth = 64
	maxFields          = 500
)

// ParseForm reads the canonical JSON of a form and normalises it: property
// order is kept, references to forms become "app.form", every field that the
// layout leaves out is appended in a last section. Every problem is returned,
// with its place as "forms/<key>#<JSON pointer>"; the form is usable only when
// none of them is an error. Formulas are compiled elsewhere (schema/eval).
func ParseForm(app, key string, raw json.RawMessage) (*Form, []Problem) {
	p := newProblems("forms/" + key + "#")
	f := &Form{App: app, Key: key}
	v, ok := parseDefinition(p, raw)
	if ok {
		parseFormParts(p, f, v)
	}
	return f, *p.list
}

func parseDefinition(p problems, raw []byte) (ordjson.Value, bool) {
	if len(raw) > maxDefinition {
		p.add("too_large", "the definition is larger than 2 MB", "max", maxDefinition)
		return ordjson.Value{}, false
	}
	v, err := ordjson.Parse(raw, maxDefinitionDepth)
	if err != nil {
		e := err.(*ordjson.Error) // Parse gives no other
		p.base += e.Path
		p.add("json", "not valid JSON: "+e.Msg, "offset", e.Offset)
		return v, false
	}
	if v.Kind != ordjson.Object {
		p.wrong("an object", v)
		return v, false
	}
	return v, true
}

// formReader is one run of ParseForm.
type formReader struct{ f *Form }

func parseFormParts(p problems, f *Form, v ordjson.Value) {
	r := formReader{f}
	readObject(p, v, map[string]func(problems, ordjson.Value){
		"key":          r.key,
		"title":        func(p problems, v ordjson.Value) { f.Title = readText(p, v) },
		"titleFormula": func(p problems, v ordjson.Value) { f.TitleFormula = readFormula(p, v) },
		"schema":       r.schema,
		"layout":       func(problems, ordjson.Value) {},
		"rules":        r.rules,
		"checks":       r.checks,
		"unique":       func(p problems, v ordjson.Value) { f.Unique = readLists(p, v) },
		"indexes":      func(p problems, v ordjson.Value) { f.Indexes = readLists(p, v) },
		"buttons":      r.buttons,
		"flow":         func(p problems, v ordjson.Value) { f.Flow = readString(p, v) },
		"offline":      func(p problems, v ordjson.Value) { f.Offline = readFlag(p, v) },
	})
	if _, ok := v.Get("schema"); !ok {
		p.add("missing", "the form has no schema", "key", "schema")
	}
	if len(f.Title) == 0 {
		f.Title = Plain(f.Key)
	}
	layout, _ := v.Get("layout")
	r.layout(p.at("layout"), layout) // after the fields, whatever the order of the keys
	r.references(p)
}

func (r formReader) key(p problems, v ordjson.Value) {
	if s := readString(p, v); s != r.f.Key && v.Kind == ordjson.String {
		p.add("key", "the key "+s+" is not that of the form, "+r.f.Key, "key", s)
	}
	if !keyPattern.MatchString(r.f.Key) {
		p.add("key", "a key is a lower-case letter, then up to 39 letters, digits or _", "key", r.f.Key)
	}
}

// readLists takes a list of lists of names; one name may stand alone.
func readLists(p problems, v ordjson.Value) [][]string {
	if v.Kind != ordjson.Array {
		p.wrong("a list of lists of fields", v)
		return nil
	}
	out := make([][]string, 0, len(v.Items))
	for i, x := range v.Items {
		if x.Kind == ordjson.String {
			x = ordjson.List(x)
		}
		list := readStrings(p.index(i), x)
		if len(list) == 0 {
			p.index(i).add("empty", "the list names no field")
		}
		out = append(out, list)
	}
	return out
}

// fullRef writes a reference to a form of the own app with the app.
func (r formReader) fullRef(form string) string {
	if form == "" || strings.Contains(form, ".") {
		return form
	}
	return r.f.App + "." + form
}

// qualify makes the form references of a field full ones.
func (r formReader) qualify(f *Field) {
	if f.Relation != nil {
		f.Relation.Form = r.fullRef(f.Relation.Form)
	}
	if f.Link != nil {
		f.Link.Form = r.fullRef(f.Link.Form)
	}
	if f.OptionsFrom != nil {
		f.OptionsFrom.Form = r.fullRef(f.OptionsFrom.Form)
	}
}
