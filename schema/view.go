package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ViewKinds are the kinds of view this version shows. The other kinds of the
// format (kanban, calendar, gantt, gallery) are refused with a text that says so.
var ViewKinds = []string{"table"}

var laterViewKinds = []string{"kanban", "calendar", "gantt", "gallery"}

// viewTotals are the functions of a view's totals.
var viewTotals = []string{"sum", "avg", "min", "max", "count"}

// viewColors are the colours of a colour rule; the browser has a light and a dark tone of each.
var viewColors = []string{"red", "orange", "yellow", "green", "blue", "purple", "grey"}

// maxViewColumns bounds the columns of a view.
const maxViewColumns = 60

// ParseView reads a view definition strictly. Names are checked for their shape
// here and against the form by CheckView.
func ParseView(app, key string, raw json.RawMessage) (*View, []Problem) {
	v := &View{Kind: "table"}
	d := &defParser{part: "views/" + key}
	d.object("", raw, map[string]func(string, json.RawMessage){
		"key":     d.key(&v.Key),
		"form":    d.key(&v.Form),
		"title":   d.localised(&v.Title),
		"kind":    d.viewKind(&v.Kind),
		"columns": d.strs(&v.Columns),
		"filter":  d.str(&v.Filter),
		"sort":    d.strs(&v.Sort),
		"group":   d.str(&v.Group),
		"colors":  d.colors(&v.Colors),
		"totals":  d.totals(&v.Totals),
	}, "form")
	if v.Key == "" {
		v.Key = key
	}
	if v.Key != key {
		d.fail("/key", "key.mismatch", fmt.Sprintf("the key is %q but the view is stored as %q", v.Key, key), map[string]any{"key": v.Key})
	}
	if len(v.Columns) > maxViewColumns {
		d.fail("/columns", "view.columns", fmt.Sprintf("a view has at most %d columns", maxViewColumns), map[string]any{"max": maxViewColumns})
	}
	return v, d.problems
}

func (d *defParser) viewKind(to *string) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		d.str(to)(at, raw)
		switch {
		case slices.Contains(ViewKinds, *to):
		case slices.Contains(laterViewKinds, *to):
			d.fail(at, "view.kind", fmt.Sprintf("views of kind %q are not supported by this version", *to), map[string]any{"kind": *to})
		default:
			d.fail(at, "view.kind", fmt.Sprintf("there is no view kind %q", *to), map[string]any{"kind": *to})
		}
	}
}

func (d *defParser) colors(to *[]ColorRule) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		d.list(at, raw, func(at string, raw json.RawMessage) {
			var c ColorRule
			d.object(at, raw, map[string]func(string, json.RawMessage){
				"when":  d.str(&c.When),
				"color": d.str(&c.Color),
			}, "when", "color")
			if c.Color != "" && !slices.Contains(viewColors, c.Color) {
				d.fail(at+"/color", "view.color", fmt.Sprintf("%q is not one of %s", c.Color, strings.Join(viewColors, ", ")), map[string]any{"color": c.Color})
			}
			*to = append(*to, c)
		})
	}
}

func (d *defParser) totals(to *map[string]string) func(string, json.RawMessage) {
	return func(at string, raw json.RawMessage) {
		var m map[string]json.RawMessage
		if err := json.Unmarshal(raw, &m); err != nil || m == nil {
			d.wrongType(at, "a mapping", raw)
			return
		}
		*to = make(map[string]string, len(m))
		for _, field := range slices.Sorted(maps.Keys(m)) {
			here := at + "/" + escapePointer(field)
			var fn string
			d.str(&fn)(here, m[field])
			if fn != "" && !slices.Contains(viewTotals, fn) {
				d.fail(here, "view.total", fmt.Sprintf("%q is not one of %s", fn, strings.Join(viewTotals, ", ")), map[string]any{"fn": fn})
			}
			(*to)[field] = fn
		}
	}
}

// CheckView checks the names of a view against its form: columns, sort keys,
// the group and totals must be fields of the form or system names, and what is
// sorted, grouped or totalled must be stored in the record as one value.
func CheckView(v *View, f *Form) []Problem {
	d := &defParser{part: "views/" + v.Key}
	for i, name := range v.Columns {
		d.viewName(fmt.Sprintf("/columns/%d", i), name, f)
	}
	for i, name := range v.Sort {
		at := fmt.Sprintf("/sort/%d", i)
		name = strings.TrimPrefix(name, "-")
		if d.viewName(at, name, f) && !sortable(f.Field(name)) {
			d.fail(at, "view.sort", fmt.Sprintf("records cannot be sorted by %q", name), map[string]any{"field": name})
		}
	}
	if v.Group != "" && d.viewName("/group", v.Group, f) && !sortable(f.Field(v.Group)) {
		d.fail("/group", "view.group", fmt.Sprintf("records cannot be grouped by %q", v.Group), map[string]any{"field": v.Group})
	}
	for _, name := range slices.Sorted(maps.Keys(v.Totals)) {
		at := "/totals/" + escapePointer(name)
		if d.viewName(at, name, f) && v.Totals[name] != "count" && !numeric(f.Field(name)) {
			d.fail(at, "view.total", fmt.Sprintf("%q is not a number", name), map[string]any{"field": name})
		}
	}
	return d.problems
}

func (d *defParser) viewName(at, name string, f *Form) bool {
	_, system := sysPaths[name]
	if !system && f.Field(name) == nil {
		d.fail(at, "reference.field", fmt.Sprintf("form %q has no field %q", f.Key, name), map[string]any{"form": f.Key, "field": name})
		return false
	}
	return true
}

// sortable tells whether a field holds one comparable value; nil is a system name.
func sortable(f *Field) bool { return f == nil || f.Sortable() }

func numeric(f *Field) bool {
	if f == nil {
		return false
	}
	switch f.Type {
	case TypeNumber, TypeMoney, TypePercent, TypeRating, TypeSlider, TypeRollup:
		return true
	case TypeFormula:
		return f.ResultType == TypeNumber || f.ResultType == ""
	}
	return false
}
