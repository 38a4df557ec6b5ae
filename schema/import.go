package schema

import (
	"strconv"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// ImportSchema makes a form of any draft-07 schema of an object. Field types are
// chosen from type, format, enum and items; property names that are no keys
// get a derived key and stay as Field.Name. Everything the schema demands is
// kept in Form.Schema and enforced. What cannot be a form (a root that is no
// object, a reference to another document, a pattern with look-around, an
// invalid schema) is refused with its pointer into the given schema; then the
// form is nil.
func ImportSchema(app, key string, raw []byte) (*Form, []Problem) {
	p := newProblems("forms/" + key + "#")
	root, ok := parseDefinition(p, raw)
	if !ok {
		return nil, *p.list
	}
	checkSchema(p, root)
	if HasErrors(*p.list) {
		return nil, *p.list
	}
	root = inlineRoot(root)
	if _, typed := root.Get("type"); schemaType(root) != "object" && (typed || !hasProperties(root)) {
		p.add("root_type", "only a schema of type object can be a form")
		return nil, *p.list
	}
	im := importer{problems: p, root: root}
	canonical := ordjson.Value{Kind: ordjson.Object}.Set("key", ordjson.Str(key))
	if t, ok := root.Get("title"); ok && (t.Kind == ordjson.String || t.Kind == ordjson.Object) {
		canonical = canonical.Set("title", t)
	}
	canonical = canonical.Set("schema", im.rewrite())
	if HasErrors(*p.list) {
		return nil, *p.list
	}
	f, ps := ParseForm(app, key, ordjson.Marshal(canonical))
	ps = append(*p.list, ps...)
	if HasErrors(ps) {
		return nil, ps
	}
	return f, ps
}

func hasProperties(v ordjson.Value) bool {
	props, _ := v.Get("properties")
	return len(props.Keys) > 0
}

// inlineRoot replaces a root that is only a reference by what it refers to.
func inlineRoot(root ordjson.Value) ordjson.Value {
	target := root
	for range maxRefChain {
		ref, ok := target.Get("$ref")
		if !ok {
			break
		}
		target, _ = resolvePointer(root, ref.Text)
	}
	for _, k := range []string{"definitions", "$defs"} {
		if defs, ok := root.Get(k); ok {
			target = target.Set(k, defs)
		}
	}
	return target
}

type importer struct {
	problems problems
	root     ordjson.Value
}

// rewrite gives the schema of the form: a property for every name the schema
// knows, under a key.
func (im importer) rewrite() ordjson.Value {
	props, _ := im.root.Get("properties")
	props.Kind = ordjson.Object
	for _, extra := range im.hiddenProperties(props) {
		props = props.Set(extra.name, extra.schema)
	}
	out := im.properties(props, false)
	if im.open() {
		k := deriveKey("others", false, func(k string) bool { _, ok := out.Get(k); return ok })
		x := ordjson.Value{}.Set("type", ordjson.Str("json")).Set("name", ordjson.Str(Extra))
		out = out.Set(k, ordjson.Value{}.Set("title", otherTitle()).Set("x-field", x))
	}
	return im.root.Set("type", ordjson.Str("object")).Set("properties", out)
}

func otherTitle() ordjson.Value {
	return ordjson.Value{}.Set("zh-CN", ordjson.Str("其他属性")).Set("en", ordjson.Str("Other properties"))
}

// open reports whether the schema describes properties it does not name.
func (im importer) open() bool {
	patterns, _ := im.root.Get("patternProperties")
	more, _ := im.root.Get("additionalProperties")
	return len(patterns.Keys) > 0 || more.Kind == ordjson.Object
}

// properties puts every property under a key.
func (im importer) properties(props ordjson.Value, column bool) ordjson.Value {
	out := ordjson.Value{Kind: ordjson.Object}
	usable := func(name string) bool { return keyPattern.MatchString(name) && !isReserved(name, column) }
	taken := func(k string) bool {
		_, own := props.Get(k)
		_, given := out.Get(k)
		return own && usable(k) || given
	}
	for i, name := range props.Keys {
		if name == "" {
			im.problems.at("properties").at("").add("key", "a property without a name cannot be a field")
		}
		v := im.property(props.Items[i], column)
		key := name
		if !usable(name) {
			key = deriveKey(name, column, taken)
			x, _ := v.Get("x-field")
			v = v.Set("x-field", x.Set("name", ordjson.Str(name)))
		}
		out = out.Set(key, v)
	}
	return out
}

// property makes a boolean schema an object, and writes out the rows of a
// subtable, whose columns need keys of their own.
func (im importer) property(v ordjson.Value, column bool) ordjson.Value {
	if v.Kind == ordjson.Bool {
		if v.True() {
			return ordjson.Value{Kind: ordjson.Object}
		}
		return ordjson.Value{}.Set("not", ordjson.Value{Kind: ordjson.Object})
	}
	probe := &Field{}
	plainType(probe, im.root, v)
	if column || probe.Type != TypeSubtable {
		return v
	}
	v = deref(im.root, v)
	items, _ := v.Get("items")
	items = deref(im.root, items)
	cols, _ := items.Get("properties")
	return v.Set("items", items.Set("properties", im.properties(cols, true)))
}

type namedSchema struct {
	name   string
	schema ordjson.Value
}

// hiddenProperties finds properties that only allOf, oneOf, if and the like, or
// required, name. They become fields too: with their whole schema from allOf,
// by type alone where they depend on a choice, as JSON where the choices differ.
func (im importer) hiddenProperties(known ordjson.Value) []namedSchema {
	g := gatherer{root: im.root, known: known, at: map[string]int{}, seen: map[string]bool{}}
	g.walk(im.root, true, 0)
	return g.found
}

type gatherer struct {
	root, known ordjson.Value
	at          map[string]int
	found       []namedSchema
	seen        map[string]bool // references followed
}

func (g *gatherer) add(name string, v ordjson.Value) {
	if _, ok := g.known.Get(name); ok {
		return
	}
	i, seen := g.at[name]
	if !seen {
		g.at[name] = len(g.found)
		g.found = append(g.found, namedSchema{name, v})
		return
	}
	if len(g.found[i].schema.Keys) == 0 {
		g.found[i].schema = v
	} else if string(ordjson.Marshal(g.found[i].schema)) != string(ordjson.Marshal(v)) && len(v.Keys) > 0 {
		g.found[i].schema = ordjson.Value{Kind: ordjson.Object}.Set("title", ordjson.Str(name))
	}
}

// walk follows the schemas that apply to the record itself; always says that
// the schema holds whatever the record is.
func (g *gatherer) walk(v ordjson.Value, always bool, depth int) {
	if depth > maxRefChain || v.Kind != ordjson.Object {
		return
	}
	if ref, ok := v.Get("$ref"); ok {
		if key := strconv.FormatBool(always) + ref.Text; !g.seen[key] {
			g.seen[key] = true
			target, _ := resolvePointer(g.root, ref.Text)
			g.walk(target, always, depth+1)
		}
		return
	}
	if depth > 0 {
		props, _ := v.Get("properties")
		for i, name := range props.Keys {
			g.add(name, g.shape(props.Items[i], always))
		}
	}
	required, _ := v.Get("required")
	for _, n := range required.Items {
		g.add(n.Text, ordjson.Value{Kind: ordjson.Object})
	}
	for _, k := range inPlace {
		x, _ := v.Get(k)
		if k == "not" {
			continue // what must not be there needs no field
		}
		if x.Kind == ordjson.Object {
			g.walk(x, false, depth+1)
		}
		for _, e := range x.Items {
			if x.Kind == ordjson.Array {
				g.walk(e, always && k == "allOf", depth+1)
			}
		}
	}
	deps, _ := v.Get("dependencies")
	for _, d := range deps.Items {
		g.walk(d, false, depth+1)
	}
}

// shape is what a property's schema says about the field to show.
func (g *gatherer) shape(v ordjson.Value, always bool) ordjson.Value {
	if always || v.Kind != ordjson.Object {
		return v
	}
	out := ordjson.Value{Kind: ordjson.Object}
	switch t := schemaType(deref(g.root, v)); t {
	case "string", "number", "integer", "boolean":
		if _, typed := deref(g.root, v).Get("type"); typed {
			out = out.Set("type", ordjson.Str(t))
		}
	}
	return out
}
