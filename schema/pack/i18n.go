package pack

import (
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// translate adds the texts of i18n/<language>.yaml to the definitions. The file
// maps places to texts:
//
//	forms/expense_contract#/title: Expense contract
//	forms/expense_contract#/schema/properties/no/title: Contract no.
//
// A place that does not exist, or already has a text in that language, is a problem.
func (a *assembly) translate() {
	for _, name := range a.names("i18n/") {
		doc := a.docs[name]
		lang := strings.TrimSuffix(strings.TrimPrefix(name, "i18n/"), ".yaml")
		r := &reader{doc: doc}
		r.pairs(func(place string, n *node) {
			if r.want(n, kindText) {
				a.translateOne(r, lang, place, n)
			}
		})(doc.root)
		a.problems = append(a.problems, r.problems...)
	}
}

func (a *assembly) translateOne(r *reader, lang, place string, n *node) {
	file, ptr, ok := strings.Cut(place, "#")
	target := a.docs[file+".yaml"]
	if !ok || target == nil || strings.HasPrefix(file, "i18n/") || strings.HasPrefix(file, "data/") {
		r.fail(n, "i18n.place", "there is no definition %q in this pack", file)
		return
	}
	at, exact := target.root.find(ptr)
	switch {
	case !exact || (at.kind != kindText && at.kind != kindObject):
		r.fail(n, "i18n.place", "there is no text at %s", place)
	case at.kind == kindText:
		own := &node{kind: kindText, text: at.text, line: at.line, col: at.col, ptr: pointer(at.ptr, a.meta.Lang)}
		*at = node{kind: kindObject, ptr: at.ptr, line: at.line, col: at.col}
		at.keys = append(at.keys, entry{name: a.meta.Lang, value: own, line: own.line, col: own.col})
		addText(r, at, lang, place, n)
	default:
		addText(r, at, lang, place, n)
	}
}

func addText(r *reader, at *node, lang, place string, n *node) {
	if at.get(lang) != nil {
		r.fail(n, "i18n.twice", "%s already has a text in %s", place, lang)
		return
	}
	value := &node{kind: kindText, text: n.text, line: n.line, col: n.col, ptr: pointer(at.ptr, lang)}
	at.keys = append(at.keys, entry{name: lang, value: value, line: n.line, col: n.col})
}

// sortProblems puts problems in order of file and place.
func sortProblems(ps []schema.Problem) {
	slices.SortStableFunc(ps, func(a, b schema.Problem) int {
		fa, _, _ := strings.Cut(a.Path, "#")
		fb, _, _ := strings.Cut(b.Path, "#")
		if c := cmpText(fa, fb); c != 0 {
			return c
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}
