package schema

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// setter reads one x-field setting into the field.
type setter func(p problems, f *Field, v ordjson.Value)

// settings are the x-field settings a field type allows.
type settings map[string]setter

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// with adds settings; later ones win.
func (s settings) with(more ...settings) settings {
	out := maps.Clone(s)
	for _, m := range more {
		maps.Copy(out, m)
	}
	return out
}

// commonSettings are allowed for every field type. "type", "name" and
// "default" are read before and after them.
var commonSettings = settings{
	"type":        func(problems, *Field, ordjson.Value) {},
	"name":        setName,
	"readonly":    func(p problems, f *Field, v ordjson.Value) { f.Readonly = readFlag(p, v) },
	"hidden":      func(p problems, f *Field, v ordjson.Value) { f.Hidden = readFlag(p, v) },
	"help":        func(p problems, f *Field, v ordjson.Value) { f.Help = readText(p, v) },
	"placeholder": func(p problems, f *Field, v ordjson.Value) { f.Placeholder = readText(p, v) },
	"mobile":      func(p problems, f *Field, v ordjson.Value) { f.NoMobile = !readFlag(p, v) },
	"desktop":     func(p problems, f *Field, v ordjson.Value) { f.NoDesktop = !readFlag(p, v) },
	"whenHidden": func(p problems, f *Field, v ordjson.Value) {
		f.ClearHidden = readChoice(p, v, "keep", "clear") == "clear"
	},
}

// The settings that several types share.
var (
	// valueSettings belong to types a person or a formula may give a value.
	valueSettings = settings{
		"default":   setDefault,
		"formula":   func(p problems, f *Field, v ordjson.Value) { f.Formula = readFormula(p, v) },
		"sensitive": func(p problems, f *Field, v ordjson.Value) { f.Sensitive = readFlag(p, v) },
		"index":     func(p problems, f *Field, v ordjson.Value) { f.Index = readFlag(p, v) },
	}
	unitSetting     = settings{"unit": func(p problems, f *Field, v ordjson.Value) { f.Unit = readText(p, v) }}
	multipleSetting = settings{"multiple": func(p problems, f *Field, v ordjson.Value) { f.Multiple = readFlag(p, v) }}
	boundSettings   = settings{
		"min": func(p problems, f *Field, v ordjson.Value) { f.Min = readNumber(p, v) },
		"max": func(p problems, f *Field, v ordjson.Value) { f.Max = readNumber(p, v) },
	}
	scaleSetting = settings{"scale": func(p problems, f *Field, v ordjson.Value) { f.Scale = int(readInt(p, v, 0, 20)) }}
	textSettings = settings{
		"maxLength": func(p problems, f *Field, v ordjson.Value) { f.MaxLength = int(readInt(p, v, 1, MaxText)) },
		"pattern":   func(p problems, f *Field, v ordjson.Value) { f.Pattern = readPattern(p, v) },
	}
	itemSettings = settings{
		"minItems": func(p problems, f *Field, v ordjson.Value) { f.MinItems = int(readInt(p, v, 0, MaxRows)) },
		"maxItems": func(p problems, f *Field, v ordjson.Value) { f.MaxItems = int(readInt(p, v, 1, MaxRows)) },
	}
	optionSettings  = settings{"options": setOptions}
	displaySetting  = settings{"display": func(p problems, f *Field, v ordjson.Value) { f.Display = readString(p, v) }}
	fileSettings    = settings{"accept": setAccept, "maxBytes": setMaxBytes}
	daySettings     = settings{"min": setDay(true), "max": setDay(false)}
	precisionChoice = settings{"precision": func(p problems, f *Field, v ordjson.Value) {
		f.Precision = readChoice(p, v, "year", "month", "day", "hour", "minute", "second")
	}}
)

func setName(p problems, f *Field, v ordjson.Value) {
	f.Name = readString(p, v)
	if f.Name == f.Key {
		f.Name = ""
	}
}

// setDefault takes a wire value, or "=formula". A value is decoded when the field is complete.
func setDefault(_ problems, f *Field, v ordjson.Value) {
	if v.Kind == ordjson.String && strings.HasPrefix(v.Text, "=") {
		f.DefaultExpr = v.Text[1:]
		return
	}
	f.Default = v
}

// readFormula takes a formula, with or without "=" in front.
func readFormula(p problems, v ordjson.Value) string {
	s := strings.TrimPrefix(readString(p, v), "=")
	if v.Kind == ordjson.String && strings.TrimSpace(s) == "" {
		p.add("empty", "the formula is empty")
	}
	return s
}

func readPattern(p problems, v ordjson.Value) string {
	s := readString(p, v)
	checkPattern(p, s)
	return s
}

// checkPattern refuses what RE2 cannot express, naming look-around as such.
func checkPattern(p problems, s string) {
	if _, err := regexp.Compile(s); err != nil {
		msg := "the pattern is not a regular expression: " + err.Error()
		for _, look := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
			if strings.Contains(s, look) {
				msg = "the pattern uses look-around (" + look + "), which is not supported"
			}
		}
		p.add("pattern", msg, "pattern", s)
	}
}

// setOptions takes a list of options (texts, or objects), or {form, field, filter}.
func setOptions(p problems, f *Field, v ordjson.Value) {
	if v.Kind != ordjson.Object {
		f.Options = readOptions(p, v, f.Type == TypeCascade)
		return
	}
	src := &OptionSource{}
	readObject(p, v, map[string]func(problems, ordjson.Value){
		"form":   func(p problems, v ordjson.Value) { src.Form = readString(p, v) },
		"field":  func(p problems, v ordjson.Value) { src.Field = readString(p, v) },
		"filter": func(p problems, v ordjson.Value) { src.Filter = readFormula(p, v) },
	})
	if src.Form == "" || src.Field == "" {
		p.add("missing", "options from a form need form and field")
	}
	f.OptionsFrom = src
}

func readOptions(p problems, v ordjson.Value, tree bool) []Option {
	if v.Kind != ordjson.Array {
		p.wrong("a list of options", v)
		return nil
	}
	out := make([]Option, 0, len(v.Items))
	seen := map[string]bool{}
	for i, x := range v.Items {
		o := readOption(p.index(i), x, tree)
		if seen[o.Value] {
			p.index(i).add("duplicate", "the option "+strconv.Quote(o.Value)+" stands twice")
		}
		seen[o.Value] = true
		out = append(out, o)
	}
	return out
}

func readOption(p problems, v ordjson.Value, tree bool) Option {
	if v.Kind == ordjson.String {
		if v.Text == "" {
			p.add("empty", "an option has no value")
		}
		return Option{Value: v.Text, Text: Plain(v.Text)}
	}
	var o Option
	table := map[string]func(problems, ordjson.Value){
		"value":    func(p problems, v ordjson.Value) { o.Value = readString(p, v) },
		"text":     func(p problems, v ordjson.Value) { o.Text = readText(p, v) },
		"color":    func(p problems, v ordjson.Value) { o.Color = readString(p, v) },
		"disabled": func(p problems, v ordjson.Value) { o.Disabled = readFlag(p, v) },
	}
	if tree {
		table["children"] = func(p problems, v ordjson.Value) { o.Children = readOptions(p, v, true) }
	}
	readObject(p, v, table)
	if o.Value == "" && v.Kind == ordjson.Object {
		p.add("empty", "an option has no value")
	}
	if o.Text == nil {
		o.Text = Plain(o.Value)
	}
	return o
}

func setAccept(p problems, f *Field, v ordjson.Value) {
	for i, ext := range readStrings(p, v) {
		ext = strings.ToLower(strings.TrimPrefix(ext, "."))
		if ext == "" || strings.ContainsAny(ext, "./\\ *") {
			p.index(i).add("format", "expected a file extension such as pdf")
		}
		f.Accept = append(f.Accept, ext)
	}
}

func setMaxBytes(p problems, f *Field, v ordjson.Value) { f.MaxBytes = readInt(p, v, 1, 10<<30) }

// setDay takes the calendar day of a date bound.
func setDay(low bool) setter {
	return func(p problems, f *Field, v ordjson.Value) {
		s := readString(p, v)
		if v.Kind == ordjson.String && !validDay(s, len(s)) {
			p.add("format", "expected a day, month or year such as 2024-01-31")
		}
		if low {
			f.Min = s
		} else {
			f.Max = s
		}
	}
}
