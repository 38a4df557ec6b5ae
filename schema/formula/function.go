package formula

import (
	"sort"
	"strings"
)

// Function is one entry of the catalogue.
type Function struct {
	Name  string
	Group string // text, number, date, logic, list, person
	Args  []Arg
	// Result names the kind of the result: number, text, bool, date, datetime,
	// time, list, row, person, any; or "same" (the type of the first argument) and "element" (of its elements).
	Result string
	// Doc is one line by language: "zh-CN" and "en".
	Doc map[string]string
	// Example is a formula over ExampleEnv; ExampleResult is its result as it goes over the wire, "" when it varies.
	Example, ExampleResult string
	// Server marks functions the browser must ask the server for; Volatile
	// those whose result depends on more than their arguments.
	Server, Volatile bool
}

// Arg is one argument of a function.
type Arg struct {
	Name     string
	Kind     string // number, int, text, bool, date, moment, time, list, numbers, values, row, scalar, any, cond
	Optional bool
	Repeated bool // the last argument may be given any number of times
}

type param struct{ kind string }

// function is a catalogue entry with what runs it.
type function struct {
	Function
	min, max int // arguments; max < 0 = any number
	macro    func(c *checker, s *site) *node
	run      func(r *run, a []any) any
	loose    bool // run sees blanks and raw values instead of the general rule
}

// entry is how the groups write their functions down: the signature as in
// "LEFT(t text, n int?) text", texts, an example and its result.
type entry struct {
	sig, zh, en     string
	example, result string
	run             func(r *run, a []any) any
	macro           func(c *checker, s *site) *node
	loose           bool
	server          bool
	volatile        bool
	also            string // further names, separated by blanks
}

var library map[string]*function

// ordered names of the catalogue.
var libraryOrder []string

func init() {
	library = map[string]*function{}
	for _, g := range []struct {
		name    string
		entries []entry
	}{
		{"text", textFunctions}, {"text", convertFunctions}, {"number", numberFunctions}, {"number", aggregateFunctions}, {"date", dateFunctions}, {"date", calendarFunctions},
		{"logic", logicFunctions}, {"list", listFunctions}, {"person", personFunctions},
	} {
		for _, e := range g.entries {
			register(g.name, e)
		}
	}
}

func register(group string, e entry) {
	f := parseSignature(e.sig)
	f.Group, f.Example, f.ExampleResult = group, e.example, e.result
	f.Doc = map[string]string{"zh-CN": e.zh, "en": e.en}
	f.Server, f.Volatile, f.loose = e.server, e.volatile, e.loose
	f.run, f.macro = e.run, e.macro
	for _, name := range append([]string{f.Name}, strings.Fields(e.also)...) {
		if library[name] != nil {
			panic("formula: function " + name + " is defined twice")
		}
		alias := f
		alias.Name = name
		if name != f.Name {
			alias.Example, alias.ExampleResult = renamed(e.example, f.Name, name), e.result
		}
		library[name] = &alias
		libraryOrder = append(libraryOrder, name)
	}
}

func renamed(example, from, to string) string { return strings.ReplaceAll(example, from+"(", to+"(") }

func parseSignature(sig string) function {
	name, rest, _ := strings.Cut(sig, "(")
	inside, result, _ := strings.Cut(rest, ")")
	f := function{Function: Function{Name: name, Result: strings.TrimSpace(result)}}
	for _, part := range strings.Split(inside, ",") {
		words := strings.Fields(part)
		if len(words) != 2 {
			continue
		}
		a := Arg{Name: words[0], Kind: strings.TrimRight(words[1], "?*+"), Optional: strings.HasSuffix(words[1], "?") || strings.HasSuffix(words[1], "*")}
		a.Repeated = strings.HasSuffix(words[1], "*") || strings.HasSuffix(words[1], "+")
		f.Args = append(f.Args, a)
		if !a.Optional {
			f.min++
		}
		f.max++
		if a.Repeated {
			f.max = -1
		}
	}
	return f
}

// param is the i-th parameter; the last one repeats.
func (f *function) param(i int) param {
	if i >= len(f.Args) {
		i = len(f.Args) - 1
	}
	return param{f.Args[i].Kind}
}

var resultKinds = map[string]Kind{
	"number": Number, "text": String, "bool": Bool, "date": Date, "datetime": DateTime, "time": Time, "list": List, "row": Row,
	"person": Person, "dept": Dept,
}

func (f *function) resultType(args []Type) Type {
	base, inner, _ := strings.Cut(f.Result, " of ")
	first := Type{}
	if len(args) > 0 {
		first = args[0]
	}
	switch {
	case base == "same":
		return first
	case base == "element":
		return first.elem()
	case base == "list" && inner == "text":
		return listOf(of(String))
	case base == "list":
		return listOf(first.elem())
	}
	return of(resultKinds[base])
}

func functionNames() []string {
	names := make([]string, 0, len(library))
	for n := range library {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Functions lists the catalogue, by group and then in the order it is documented.
func Functions() []Function {
	out := make([]Function, 0, len(libraryOrder))
	for _, name := range libraryOrder {
		out = append(out, library[name].Function)
	}
	return out
}
