package schema

import "github.com/formwork-run/formwork/schema/internal/ordjson"

// layout reads the layout and completes it: every field stands in it once.
func (r formReader) layout(p problems, v ordjson.Value) {
	l := layoutReader{form: r.f, placed: map[string]bool{}}
	if v.Kind != ordjson.Null {
		r.f.Layout = l.items(p, v, true)
	}
	var rest []string
	for _, f := range r.f.Fields {
		if !l.placed[f.Key] {
			rest = append(rest, f.Key)
		}
	}
	if len(rest) > 0 {
		r.f.Layout = append(r.f.Layout, LayoutItem{Kind: "section", Columns: 1, Fields: rest})
	}
}

type layoutReader struct {
	form   *Form
	placed map[string]bool
}

// items reads a list of layout items; top says that tabs and steps may stand here.
func (l layoutReader) items(p problems, v ordjson.Value, top bool) []LayoutItem {
	if v.Kind != ordjson.Array {
		p.wrong("a list of layout items", v)
		return nil
	}
	out := make([]LayoutItem, 0, len(v.Items))
	for i, x := range v.Items {
		out = append(out, l.item(p.index(i), x, top))
	}
	return out
}

// item reads {section, columns, fields}, {tabs, title}, {steps, title}, {note} or {divider}.
func (l layoutReader) item(p problems, v ordjson.Value, top bool) LayoutItem {
	var it LayoutItem
	kind := func(k string, read func(problems, ordjson.Value)) func(problems, ordjson.Value) {
		return func(p problems, v ordjson.Value) {
			if it.Kind != "" {
				p.add("conflict", "an item is either section, tabs, steps, note or divider")
			}
			it.Kind = k
			read(p, v)
		}
	}
	title := func(p problems, v ordjson.Value) { it.Title = readText(p, v) }
	table := map[string]func(problems, ordjson.Value){
		"section": kind("section", title),
		"note":    kind("note", func(p problems, v ordjson.Value) { it.Text = readText(p, v) }),
		"divider": kind("divider", title),
		"columns": func(p problems, v ordjson.Value) { it.Columns = int(readInt(p, v, 1, 4)) },
		"fields":  func(p problems, v ordjson.Value) { it.Fields = l.fields(p, v) },
	}
	if top {
		parts := func(p problems, v ordjson.Value) { it.Items = l.items(p, v, false) }
		table["tabs"], table["steps"] = kind("tabs", parts), kind("steps", parts)
		table["title"] = title
	}
	readObject(p, v, table)
	l.finish(p, v, &it)
	return it
}

func (l layoutReader) finish(p problems, v ordjson.Value, it *LayoutItem) {
	switch {
	case v.Kind != ordjson.Object:
	case it.Kind == "":
		if len(it.Fields) == 0 {
			p.add("missing", "an item needs section, tabs, steps, note or divider")
		}
		it.Kind = "section" // fields without a heading
	case it.Kind != "section" && len(it.Fields) > 0:
		p.at("fields").add("conflict", "only a section has fields")
	}
	if it.Kind == "section" && it.Columns == 0 {
		it.Columns = 1
	}
}

func (l layoutReader) fields(p problems, v ordjson.Value) []string {
	names := readStrings(p, v)
	for i, name := range names {
		switch {
		case l.form.Field(name) == nil:
			formReader{l.form}.name(p.index(i), name)
			if fieldOrColumn(l.form, name) != nil {
				p.index(i).add("unknown_field", "a column stands in its subtable, not in the layout: "+name, "field", name)
			}
		case l.placed[name]:
			p.index(i).add("duplicate", "the field "+name+" stands twice in the layout", "field", name)
		}
		l.placed[name] = true
	}
	return names
}
