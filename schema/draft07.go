package schema

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// keywordKind says what the value of a draft-07 keyword must be.
type keywordKind uint8

const (
	kwAny keywordKind = iota
	kwSchema
	kwSchemas    // non-empty list of schemas
	kwSchemaMap  // name → schema
	kwPatternMap // pattern → schema
	kwItems      // schema or list of schemas
	kwDepends    // name → schema or list of names
	kwType       // type word or list of them
	kwList       // non-empty list
	kwNames      // list of different texts
	kwNumber     // any number
	kwPositive   // number greater than zero
	kwCount      // whole number from zero
	kwFlag       // true or false
	kwString     // text
	kwPattern    // regular expression
	kwRef        // local reference
	kwID         // identifier of the document
	kwDraft      // $schema
	kwExtension  // x-field: only where a field stands
)

var keywords = map[string]keywordKind{
	"$schema": kwDraft, "$id": kwID, "$ref": kwRef, "$comment": kwString,
	"title": kwAny, "description": kwAny, "default": kwAny, "examples": kwAny, "readOnly": kwFlag, "writeOnly": kwFlag,
	"multipleOf": kwPositive, "maximum": kwNumber, "exclusiveMaximum": kwNumber, "minimum": kwNumber, "exclusiveMinimum": kwNumber,
	"maxLength": kwCount, "minLength": kwCount, "pattern": kwPattern, "format": kwString,
	"additionalItems": kwSchema, "items": kwItems, "maxItems": kwCount, "minItems": kwCount, "uniqueItems": kwFlag, "contains": kwSchema,
	"maxProperties": kwCount, "minProperties": kwCount, "required": kwNames, "additionalProperties": kwSchema,
	"definitions": kwSchemaMap, "$defs": kwSchemaMap, "properties": kwSchemaMap, "patternProperties": kwPatternMap,
	"dependencies": kwDepends, "propertyNames": kwSchema, "const": kwAny, "enum": kwList, "type": kwType,
	"contentMediaType": kwString, "contentEncoding": kwString,
	"if": kwSchema, "then": kwSchema, "else": kwSchema, "allOf": kwSchemas, "anyOf": kwSchemas, "oneOf": kwSchemas, "not": kwSchema,
	"x-field": kwExtension,
}

var typeWords = []string{"null", "boolean", "object", "array", "number", "string", "integer"}

// schemaLimits bound a schema.
const (
	maxSchemaDepth = 40
	maxSchemaNodes = 20_000
)

// schemaWalk checks that a schema is one, and one we can enforce: draft-07, no
// remote reference, no pattern beyond RE2, no reference that leads to itself.
type schemaWalk struct {
	root  ordjson.Value
	nodes int
}

func checkSchema(p problems, root ordjson.Value) {
	w := &schemaWalk{root: root}
	before := len(*p.list)
	w.schema(p, root, 0)
	if len(*p.list) == before {
		w.refCycles(p)
	}
}

func (w *schemaWalk) schema(p problems, v ordjson.Value, depth int) {
	w.nodes++
	switch {
	case v.Kind == ordjson.Bool && depth > 0:
		return
	case v.Kind != ordjson.Object:
		p.wrong("a schema (an object, or true or false)", v)
		return
	case depth > maxSchemaDepth:
		p.add("too_deep", "the schema is nested too deeply", "max", maxSchemaDepth)
		return
	case w.nodes > maxSchemaNodes:
		if w.nodes == maxSchemaNodes+1 {
			p.add("too_large", "the schema has too many parts", "max", maxSchemaNodes)
		}
		return
	}
	for i, k := range v.Keys {
		kind, known := keywords[k]
		if !known {
			unknownKeyword(p, k)
			continue
		}
		w.keyword(p.at(k), kind, v.Items[i], depth)
	}
}

// unknownKeyword warns of what looks like a slip; other words have no meaning
// and JSON Schema lets them pass.
func unknownKeyword(p problems, k string) {
	if strings.HasPrefix(k, "x-") {
		return
	}
	if s := nearest(k, sortedKeys(keywords)); s != "" {
		p.at(k).warn("unknown_keyword", "unknown keyword "+strconv.Quote(k)+" has no effect; did you mean "+s+"?", "key", k, "suggestion", s)
	}
}

func (w *schemaWalk) keyword(p problems, kind keywordKind, v ordjson.Value, depth int) {
	switch kind {
	case kwSchema:
		w.schema(p, v, depth+1)
	case kwSchemas, kwItems, kwList:
		w.list(p, kind, v, depth)
	case kwSchemaMap, kwPatternMap, kwDepends:
		w.mapping(p, kind, v, depth)
	case kwType:
		w.types(p, v)
	case kwNames:
		distinct(p, readStrings(p, v))
	case kwNumber, kwPositive, kwCount:
		checkNumber(p, kind, v)
	case kwFlag:
		readFlag(p, v)
	case kwString:
		readString(p, v)
	case kwPattern:
		readPattern(p, v)
	default:
		w.identity(p, kind, v, depth)
	}
}

func (w *schemaWalk) list(p problems, kind keywordKind, v ordjson.Value, depth int) {
	if kind == kwItems && v.Kind != ordjson.Array {
		w.schema(p, v, depth+1)
		return
	}
	if v.Kind != ordjson.Array {
		p.wrong("a list", v)
		return
	}
	if len(v.Items) == 0 && kind != kwItems {
		p.add("empty", "the list is empty")
	}
	for i, x := range v.Items {
		if kind != kwList {
			w.schema(p.index(i), x, depth+1)
		}
	}
}

func (w *schemaWalk) mapping(p problems, kind keywordKind, v ordjson.Value, depth int) {
	if v.Kind != ordjson.Object {
		p.wrong("an object", v)
		return
	}
	for i, k := range v.Keys {
		if kind == kwPatternMap {
			checkPattern(p.at(k), k)
		}
		if kind == kwDepends && v.Items[i].Kind == ordjson.Array {
			distinct(p.at(k), readStrings(p.at(k), v.Items[i]))
			continue
		}
		w.schema(p.at(k), v.Items[i], depth+1)
	}
}

func (w *schemaWalk) types(p problems, v ordjson.Value) {
	list := []ordjson.Value{v}
	if v.Kind == ordjson.Array {
		list = v.Items
	}
	if len(list) == 0 {
		p.add("empty", "the list of types is empty")
	}
	for _, x := range list {
		readChoice(p, x, typeWords...)
	}
}

func distinct(p problems, names []string) {
	for i, n := range names {
		if slices.Contains(names[:i], n) {
			p.index(i).add("duplicate", strconv.Quote(n)+" stands twice", "value", n)
		}
	}
}

func checkNumber(p problems, kind keywordKind, v ordjson.Value) {
	if v.Kind != ordjson.Number {
		p.wrong("a number", v)
		return
	}
	d := bound(v.Text)
	switch {
	case d == nil:
		p.add("range", "the number has too many digits")
	case kind == kwPositive && d.Sign() <= 0:
		p.add("range", "expected a number greater than zero")
	case kind == kwCount && (d.Sign() < 0 || !d.IsInt()):
		p.add("range", "expected a whole number from zero")
	}
}

func (w *schemaWalk) identity(p problems, kind keywordKind, v ordjson.Value, depth int) {
	switch kind {
	case kwRef:
		w.ref(p, v)
	case kwID:
		s := readString(p, v)
		if depth > 0 && s != "" {
			p.add("id", "$id within a schema changes what references mean and is not supported", "id", s)
		}
	case kwDraft:
		s := strings.TrimSuffix(readString(p, v), "#")
		if !strings.HasSuffix(s, "json-schema.org/draft-07/schema") && !strings.HasSuffix(s, "json-schema.org/draft-06/schema") && v.Kind == ordjson.String {
			p.add("draft", "only draft-07 schemas are supported, not "+s, "draft", s)
		}
	}
}

func (w *schemaWalk) ref(p problems, v ordjson.Value) {
	s := readString(p, v)
	if v.Kind != ordjson.String {
		return
	}
	if !strings.HasPrefix(s, "#") {
		p.add("remote_ref", "a reference to another document is not allowed: "+s, "ref", s)
		return
	}
	target, ok := resolvePointer(w.root, s)
	if !ok || target.Kind != ordjson.Object && target.Kind != ordjson.Bool {
		p.add("broken_ref", "the reference leads nowhere: "+s, "ref", s)
	}
}

// resolvePointer follows "#/definitions/x" within a document.
func resolvePointer(root ordjson.Value, ref string) (ordjson.Value, bool) {
	ptr, ok := strings.CutPrefix(ref, "#")
	if u, err := url.PathUnescape(ptr); err == nil {
		ptr = u
	}
	if !ok || ptr != "" && ptr[0] != '/' {
		return ordjson.Value{}, false
	}
	v := root
	for _, seg := range strings.Split(ptr, "/")[1:] {
		seg = strings.ReplaceAll(strings.ReplaceAll(seg, "~1", "/"), "~0", "~")
		if v.Kind == ordjson.Array {
			i, err := strconv.Atoi(seg)
			if err != nil || i < 0 || i >= len(v.Items) {
				return ordjson.Value{}, false
			}
			v = v.Items[i]
			continue
		}
		if v, ok = v.Get(seg); !ok {
			return ordjson.Value{}, false
		}
	}
	return v, true
}
