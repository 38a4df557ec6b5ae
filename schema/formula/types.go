package formula

import (
	"sort"
	"strings"
)

var kindNames = map[Kind]string{
	Any: "any", Number: "number", String: "text", Bool: "yes/no", Date: "date", DateTime: "date and time", Time: "time",
	Person: "person", Dept: "department", Record: "record", List: "list", Row: "row",
}

// String names the type for people, such as "list of number".
func (t Type) String() string {
	if t.Kind == List && t.Elem != nil && t.Elem.Kind != Any {
		return "list of " + t.Elem.String()
	}
	return kindNames[t.Kind]
}

func of(k Kind) Type { return Type{Kind: k} }

func listOf(t Type) Type { return Type{Kind: List, Elem: &t} }

// elem is the element type of a list; anything else counts as a list of one.
func (t Type) elem() Type {
	switch {
	case t.Kind == List && t.Elem != nil:
		return *t.Elem
	case t.Kind == List, t.Kind == Any:
		return Type{}
	}
	return t
}

// isID reports the kinds that are ids or plain text: they mix freely.
func (t Type) isID() bool {
	switch t.Kind {
	case String, Person, Dept, Record:
		return true
	}
	return false
}

// isText reports the kinds whose values are text.
func (t Type) isText() bool { return t.isID() || t.Kind == Date || t.Kind == Time }

func (t Type) isNumeric() bool { return t.Kind == Number || t.Kind == Any }

func (t Type) isDate() bool { return t.Kind == Date || t.Kind == DateTime }

func (t Type) isRows() bool {
	e := t.elem()
	return t.Kind == List && (e.Kind == Row || e.Kind == Record || e.Kind == Any)
}

// unify finds the type that holds both; ok is false when they differ in kind.
func unify(a, b Type) (t Type, ok bool) {
	switch {
	case a.Kind == Any || b.Kind == Any:
		return Type{}, true
	case a.Kind == List && b.Kind == List:
		e, ok := unify(a.elem(), b.elem())
		return listOf(e), ok
	case a.Kind == b.Kind:
		if (a.Kind == Row || a.Kind == Record) && len(a.Fields) < len(b.Fields) {
			return b, true
		}
		return a, true
	case a.isID() && b.isID():
		return of(String), true
	}
	return Type{}, false
}

// unifyNodes is unify where a blank literal fits every type.
func unifyNodes(a, b *node) (Type, bool) {
	switch {
	case a.isBlankLiteral():
		return b.typ, true
	case b.isBlankLiteral():
		return a.typ, true
	}
	return unify(a.typ, b.typ)
}

// fits reports whether a value of type t may stand where want is wanted.
func (t Type) fits(want Type) bool {
	switch {
	case want.Kind == Any || t.Kind == Any || t.Kind == want.Kind && t.Kind != List:
		return true
	case t.Kind == List && want.Kind == List:
		return t.elem().fits(want.elem())
	case want.Kind == String:
		return t.isText()
	case want.isID():
		return t.isID()
	case want.Kind == Row:
		return t.Kind == Record
	case want.Kind == Date:
		return t.Kind == DateTime
	}
	return false
}

func sortedNames(m map[string]Type) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// userType is what USER offers.
var userType = Type{Kind: Row, Fields: map[string]Type{
	"id": of(Person), "name": of(String), "dept": of(Dept), "depts": listOf(of(Dept)), "roles": listOf(of(String)),
}}

// reserved are the names no field may have.
var reserved = map[string]bool{
	"in": true, "not": true, "and": true, "or": true, "let": true, "if": true, "else": true, "nil": true, "true": true, "false": true,
	"matches": true, "contains": true, "startswith": true, "endswith": true,
	"sys": true, "case": true, "form": true, "user": true,
}

// Reserved reports whether a key cannot name a field, because the formula
// language (in, not, let, if, nil, true …) or the system (sys, case, form, user) uses it.
func Reserved(key string) bool { return reserved[strings.ToLower(key)] }
