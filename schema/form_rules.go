package schema

import (
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

func (r formReader) rules(p problems, v ordjson.Value) {
	if v.Kind != ordjson.Array {
		p.wrong("a list of rules", v)
		return
	}
	for i, x := range v.Items {
		r.f.Rules = append(r.f.Rules, readRule(p.index(i), x))
	}
}

func readRule(p problems, v ordjson.Value) Rule {
	var rule Rule
	readObject(p, v, map[string]func(problems, ordjson.Value){
		"when": func(p problems, v ordjson.Value) { rule.When = readFormula(p, v) },
		"then": func(p problems, v ordjson.Value) { rule.Then = readThen(p, v) },
		"else": func(p problems, v ordjson.Value) { t := readThen(p, v); rule.Else = &t },
	})
	if rule.When == "" && v.Kind == ordjson.Object {
		p.add("missing", "a rule needs its condition", "key", "when")
	}
	return rule
}

func readThen(p problems, v ordjson.Value) RuleThen {
	var t RuleThen
	list := func(to *[]string) func(problems, ordjson.Value) {
		return func(p problems, v ordjson.Value) { *to = readStrings(p, v) }
	}
	readObject(p, v, map[string]func(problems, ordjson.Value){
		"show": list(&t.Show), "hide": list(&t.Hide), "require": list(&t.Require),
		"optional": list(&t.Optional), "lock": list(&t.Lock), "unlock": list(&t.Unlock),
		"set": func(p problems, v ordjson.Value) { t.Set = readAssigns(p, v) },
	})
	return t
}

func readAssigns(p problems, v ordjson.Value) []Assign {
	if v.Kind != ordjson.Object {
		p.wrong("an object field → formula", v)
		return nil
	}
	out := make([]Assign, 0, len(v.Keys))
	for i, k := range v.Keys {
		out = append(out, Assign{Field: k, Value: readFormula(p.at(k), v.Items[i])})
	}
	return out
}

func (r formReader) checks(p problems, v ordjson.Value) {
	if v.Kind != ordjson.Array {
		p.wrong("a list of checks", v)
		return
	}
	for i, x := range v.Items {
		r.f.Checks = append(r.f.Checks, readCheck(p.index(i), x))
	}
}

func readCheck(p problems, v ordjson.Value) Check {
	c := Check{Level: "block"}
	readObject(p, v, map[string]func(problems, ordjson.Value){
		"assert":  func(p problems, v ordjson.Value) { c.Assert = readFormula(p, v) },
		"message": func(p problems, v ordjson.Value) { c.Message = readText(p, v) },
		"level":   func(p problems, v ordjson.Value) { c.Level = readChoice(p, v, "block", "warn") },
		"field":   func(p problems, v ordjson.Value) { c.Field = readString(p, v) },
	})
	if c.Assert == "" && v.Kind == ordjson.Object {
		p.add("missing", "a check needs its assertion", "key", "assert")
	}
	return c
}

// references checks every name of a field within the form.
func (r formReader) references(p problems) {
	for i, rule := range r.f.Rules {
		at := p.at("rules").index(i)
		r.then(at.at("then"), rule.Then)
		if rule.Else != nil {
			r.then(at.at("else"), *rule.Else)
		}
	}
	for i, c := range r.f.Checks {
		if c.Field != "" {
			r.name(p.at("checks").index(i).at("field"), c.Field)
		}
	}
	r.lists(p.at("unique"), r.f.Unique, false)
	r.lists(p.at("indexes"), r.f.Indexes, true)
	r.indexCount(p)
	for _, f := range r.f.Fields {
		r.fieldNames(p, f)
	}
}

func (r formReader) then(p problems, t RuleThen) {
	for _, part := range []struct {
		key   string
		names []string
	}{{"show", t.Show}, {"hide", t.Hide}, {"require", t.Require}, {"optional", t.Optional}, {"lock", t.Lock}, {"unlock", t.Unlock}} {
		for i, name := range part.names {
			r.name(p.at(part.key).index(i), name)
		}
	}
	for _, a := range t.Set {
		at := p.at("set").at(a.Field)
		if f := r.name(at, a.Field); f != nil && (f.Type == TypeSubtable || !f.Writable()) {
			at.add("not_settable", "a rule cannot set "+a.Field+": it is computed, or a subtable", "field", a.Field)
		}
	}
}

// name finds a field or "subtable.column"; a name that is none is reported.
func (r formReader) name(p problems, name string) *Field {
	if f := fieldOrColumn(r.f, name); f != nil {
		return f
	}
	msg := "there is no field " + name
	if s := nearest(name, fieldNames(r.f)); s != "" {
		p.add("unknown_field", msg+"; did you mean "+s+"?", "field", name, "suggestion", s)
		return nil
	}
	p.add("unknown_field", msg, "field", name)
	return nil
}

// maxIndexes is what the stores allow a form.
const maxIndexes = 40

func (r formReader) indexCount(p problems) {
	n := len(r.f.Indexes) + len(r.f.Unique)
	for _, f := range r.f.Fields {
		if f.Index {
			n++
		}
		for _, c := range f.Columns {
			if c.Index {
				n++
			}
		}
	}
	if n > maxIndexes {
		p.at("indexes").add("too_many", "more than "+strconv.Itoa(maxIndexes)+" indexes", "max", maxIndexes)
	}
}

// listValued reports whether the stored value behind a name is a list.
func listValued(name string, f *Field) bool {
	k := KindOf(f.Type)
	return f.Multiple || strings.Contains(name, ".") || k != nil && strings.HasPrefix(k.Info().Stored, "[]any")
}

// lists checks unique keys, or indexes, which may name system fields and
// have "-" in front.
func (r formReader) lists(p problems, lists [][]string, index bool) {
	for i, names := range lists {
		manyValued := 0
		for j, name := range names {
			at := p.index(i).index(j)
			if index {
				name = strings.TrimPrefix(name, "-")
				// the design writes sys.created_at also without "sys."
				if _, ok := sysPaths[name]; ok {
					continue
				}
				if _, ok := sysPaths["sys."+name]; ok && fieldOrColumn(r.f, name) == nil {
					r.f.Indexes[i][j] = strings.TrimSuffix(names[j], name) + "sys." + name
					continue
				}
			}
			f := r.name(at, name)
			if f == nil {
				continue
			}
			if k := KindOf(f.Type); k == nil || k.Info().Live || len(f.Operators()) <= 1 && f.Type != TypeSubtable {
				at.add("not_indexable", "the field "+name+" cannot be indexed", "field", name)
			}
			if listValued(name, f) {
				if manyValued++; manyValued == 2 {
					at.add("not_indexable", "an index can contain one list-valued field, not two", "field", name)
				}
			}
		}
	}
}

// fieldNames checks what a field's settings say about fields beside it.
func (r formReader) fieldNames(p problems, f *Field) {
	at := p.at("schema").at("properties").at(f.Key)
	r.beside(at, f, r.f.Fields)
	for _, c := range f.Columns {
		r.beside(at.at("items").at("properties").at(c.Key), c, f.Columns)
	}
}

func (r formReader) beside(p problems, f *Field, fields []*Field) {
	p = p.at("x-field")
	if f.Relation != nil {
		for own := range f.Relation.Fill {
			if fieldIn(fields, own) == nil && fieldOrColumn(r.f, own) == nil {
				p.at("fill").at(own).add("unknown_field", "there is no field "+own+" to fill", "field", own)
			}
		}
	}
	if f.Link != nil && f.Link.Via != "" {
		if via := fieldIn(fields, f.Link.Via); via == nil || via.Type != TypeRelation {
			p.at("via").add("unknown_field", "there is no relation field "+f.Link.Via+" beside it", "field", f.Link.Via)
		}
	}
	if f.Serial != nil {
		for _, part := range serialPart.FindAllString(f.Serial.Pattern, -1) {
			body := strings.Trim(part, "{}")
			if keyPattern.MatchString(body) && !datePart(body) && fieldIn(fields, body) == nil {
				p.at("pattern").add("unknown_field", "there is no field "+body, "field", body)
			}
		}
	}
}
